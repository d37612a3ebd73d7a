"""What import-linter cannot see, parts of Django: rules are pure, and the domain knows no HTTP."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("cards", "agents", "billing", "lifecycle")
PURE_DJANGO = {"django.utils.translation", "django.utils.text", "django.utils.functional"}
HTTP = {"django.http", "django.shortcuts", "django.views", "django.urls"}


def modules(*parts: str) -> list[Path]:
    found = [path for app in APPS for part in parts for path in (ROOT / app).glob(f"{part}/**/*.py")]
    return sorted(found + [path for app in APPS for part in parts for path in (ROOT / app).glob(f"{part}.py")])


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return named | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def clock_readings(path: Path) -> list[int]:
    """Return the lines that call datetime.now(), datetime.utcnow() or date.today()."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
    ]


@pytest.mark.parametrize("path", modules("rules"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_rule_imports_no_orm_no_settings_and_no_clock(path: Path) -> None:
    used = imports(path)
    assert {name for name in used if name.split(".")[0] == "django"} <= PURE_DJANGO
    assert not used & {"time", "random", "os", "pathlib"}
    assert not clock_readings(path)


@pytest.mark.parametrize(
    "path", modules("services", "selectors", "models"), ids=lambda path: str(path.relative_to(ROOT))
)
def test_the_domain_imports_no_http(path: Path) -> None:
    assert not {name for name in imports(path) if name in HTTP or name.startswith(tuple(f"{part}." for part in HTTP))}


def test_there_is_something_to_look_at() -> None:
    assert len(modules("rules")) > 20
