"""Traditional Chinese follows the simplified by itself: OpenCC, then our glossary's word against OpenCC's."""

from pathlib import Path

import pytest

from cardfleet.kernel import traditional
from cardfleet.settings import BASE_DIR

PO = r"""
msgid ""
msgstr ""
"Language: zh_Hans\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"

msgid "Hi %(name)s"
msgstr "%(name)s，请登录"

msgctxt "table"
msgid "Column"
msgstr "列"

msgid "{n} card"
msgid_plural "{n} cards"
msgstr[0] "{n} 张卡"
"""
OURS = traditional.convert_of(BASE_DIR / "locale")


@pytest.mark.parametrize(
    ("simplified", "made"),
    [
        ("登录后查看 %(count)s 个文件", "登入後檢視 %(count)s 個檔案"),
        ("撤销发卡", "撤銷發卡"),
        ("在网卡片", "在網卡片"),
        ("或注销全部号码", "或註銷全部號碼"),
        ("待激活，余额 ¥12.50", "待激活，餘額 ¥12.50"),
        ("“{title}”列", "「{title}」欄"),
        ("列", "欄"),
        ("下列文件", "下列檔案"),
        ("单元格里是", "儲存格裡是"),
        ("违反《反电信网络诈骗法》第三十一条", "違反《反電信網絡詐騙法》第三十一條"),
    ],
)
def test_what_a_reader_of_traditional_chinese_expects(simplified: str, made: str):
    assert OURS(simplified) == made


def test_a_longer_term_goes_before_a_shorter_and_a_sentence_before_both():
    convert = traditional.converter({"网": "A", "网络": "B", "=网络": "C"})
    assert (convert("网络网"), convert("网络")) == ("BA", "C")


def test_the_traditional_catalogue_is_made_whole_and_held_to_what_it_was_made_from(tmp_path: Path):
    simplified, made = tmp_path / "hans.po", tmp_path / "hant.po"
    simplified.write_text(PO, "utf-8")
    traditional.update(simplified, made, OURS)
    assert list(traditional.faults(simplified, made, OURS)) == []
    text = made.read_text("utf-8")
    assert "Language: zh_Hant" in text
    assert "請登入" in text
    made.write_text(text.replace("請登入", "請登錄").replace('msgid "Column"', 'msgid "Row"'), "utf-8")
    found = sorted(fault.sentence for fault in traditional.faults(simplified, made, OURS))
    assert found == ["Column", "Hi %(name)s", "Row"]
