"""What services record beside a deed has words; or programs alone read it, and people do not see it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from cardfleet.journal.words import FACTS, FOR_PROGRAMS

APPS = ("cardfleet", "cards", "agents", "billing", "lifecycle")
# What the subject's name or the action says already (`SAID_BY_SUBJECT`).
SAID = frozenset({"code", "purpose", "columns"})


def recorded(path: Path) -> Iterator[str]:
    """Yield the names of the facts that a module gives to `record` and `Deed`, as written or in a `data` before it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.keyword(arg="data", value=ast.Dict() as given):
                yield from _names(given)
            case ast.Assign(targets=[ast.Name(id="data")], value=ast.Dict() as given):
                yield from _names(given)


def _names(given: ast.Dict) -> Iterator[str]:
    return (key.value for key in given.keys if isinstance(key, ast.Constant))


def test_every_fact_has_words():
    """R14: nobody reads the name of a field in the timeline of a card."""
    modules = [path for app in APPS for path in (settings.BASE_DIR / app).rglob("services/**/*.py")]
    wordless = {
        f"{name} ({path.relative_to(settings.BASE_DIR)})"
        for path in modules
        for name in recorded(path)
        if name not in FACTS and name not in FOR_PROGRAMS and name not in SAID
    }
    assert len(modules) > 50
    assert wordless == set()
