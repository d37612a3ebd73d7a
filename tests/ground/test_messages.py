"""The watch over translations sees what it must see."""

from pathlib import Path

import pytest

from cardfleet.kernel import messages

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
