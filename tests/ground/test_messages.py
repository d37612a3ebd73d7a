"""The watch over translations sees what it must see."""

from pathlib import Path

import pytest

from cardfleet.kernel import messages
from cardfleet.kernel.signs import half_width, widened

CODE = """
from django.utils.translation import gettext as _, ngettext
_("Issue")
ngettext("%(n)s card", "%(n)s cards", 2)
"""
PAGE = """{% load i18n %}
<p title="{% translate "Return" context "deed" %}">{% blocktranslate %}Hi {{ name }}{% endblocktranslate %}</p>
"""
HEADER = r"""
msgid ""
msgstr ""
"Language: zh_Hans\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"
"""
WHOLE = {
    "Issue": "领用",
    "%(n)s card\4%(n)s cards": "%(n)s 张卡",
    "deed\4Return": "归还",
    "Hi %(name)s": "%(name)s，你好",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A root with one Python file, one template and an empty catalogue."""
    for path, text in {"cards/a.py": CODE, "templates/a.html": PAGE, "django.po": HEADER}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    return tmp_path


def whys(project: Path) -> dict[str, str]:
    """Return the faults by sentence."""
    found = messages.faults(messages.collect(project), project / "django.po")
    return {fault.sentence: fault.why for fault in found}


def test_each_sentence_of_code_and_pages_is_wanted(project: Path):
    assert whys(project) == dict.fromkeys(("Issue", "%(n)s card", "Return", "Hi %(name)s"), "missing")


def test_an_update_fills_the_catalogue_once_and_for_all(project: Path):
    for _ in range(2):
        messages.update(messages.collect(project), project / "django.po", WHOLE)
        assert whys(project) == {}
    assert "领用" in (project / "django.po").read_text("utf-8")


@pytest.mark.parametrize(
    ("sentence", "translation", "why"),
    [
        ("Issue", "", "not translated"),
        ("Hi %(name)s", "%(nam)s，你好", "other placeholders"),
        ("Hi %(name)s", "你好", "other placeholders"),
    ],
)
def test_a_poor_translation_is_named(project: Path, sentence: str, translation: str, why: str):
    messages.update(messages.collect(project), project / "django.po", WHOLE | {sentence: translation})
    assert whys(project) == {sentence: why}


def test_a_fuzzy_and_an_unused_sentence_are_named(project: Path):
    messages.update(messages.collect(project), project / "django.po", WHOLE)
    with (project / "django.po").open("a", encoding="utf-8") as po:
        po.write('\n#, fuzzy\nmsgid "Gone"\nmsgstr "没了"\n')
    text = (project / "django.po").read_text("utf-8")
    (project / "django.po").write_text(text.replace('msgid "Issue"', '#, fuzzy\nmsgid "Issue"'), "utf-8")
    assert whys(project) == {"Issue": "fuzzy", "Gone": "not in the code any more"}


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("请先签收,再外呼", "请先签收，再外呼"),
        ("请先签收, 再外呼", "请先签收，再外呼"),
        ("为什么?", "为什么？"),
        ("签收.", "签收。"),
        ("备注(%(count)s 字)", "备注（%(count)s 字）"),
        ("文件({rows} 行)过大", "文件（{rows} 行）过大"),
        ("时间 10:30, CSV,XLS", None),
        ("%(agent)s, %(card)s", None),
        ("请填写 id,或 0。", "请填写 id，或 0。"),
        ("金额:{amount} 元", "金额：{amount} 元"),
        ("请先选“全部”,再导出 a.csv", "请先选“全部”，再导出 a.csv"),
        ("时间.csv", None),
        ("导入 (CSV)", None),
        ("套餐，%(name)s", None),
    ],
)
def test_signs_beside_chinese_characters_are_wide(text: str, wide: str | None):
    """Latin text, numbers and placeholders keep their own signs."""
    assert widened(text) == (wide or text)
    assert bool(list(half_width(text))) == (wide is not None)
    assert not list(half_width(widened(text)))


def test_a_half_width_sign_is_named_with_its_place(project: Path):
    """An update sets it right; who edits the catalogue by hand is told the sentence and where."""
    narrow = WHOLE | {"Issue": "领用,并等待签收"}
    messages.update(messages.collect(project), project / "django.po", narrow)
    assert whys(project) == {}
    text = (project / "django.po").read_text("utf-8")
    (project / "django.po").write_text(text.replace("领用，并", "领用,并"), "utf-8")
    assert whys(project) == {"Issue": "half-width sign in “领用,并等待签收”"}
