"""The watch over docs/requirements.md, docs/refusals.md and docs/security.md sees what it must see."""

from pathlib import Path

import pytest
from django.conf import settings

from cardfleet.kernel.management.commands.check_docs import TABLES, faults, security_faults

TESTS = '''
def test_shown():
    """R1: shown."""

def test_other():
    """R12: another number that begins alike."""
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A root with one test file and tables in which everything is still to come."""
    for path, text in {
        "tests/test_a.py": TESTS,
        **{f"docs/{name}": "".join(f"| {key} | - | not yet |\n" for key in keys) for name, keys in TABLES.items()},
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("| R1 | - | not yet |", ""),
        ("| R1 | here | tests/test_a.py::test_shown |", ""),
        ("| R1 | here | tests/test_a.py::test_other |", "does not name R1"),
        ("| R1 | here | tests/test_a.py::test_gone |", "does not exist"),
        ("| R1 | here | tests/test_b.py::test_shown |", "does not exist"),
        ("| R1 | here | soon |", "names no test"),
        ("", "stands in 0 rows"),
    ],
)
def test_a_row_tells_the_truth(project: Path, row: str, why: str):
    table = project / "docs" / "requirements.md"
    table.write_text(table.read_text("utf-8").replace("| R1 | - | not yet |", row), "utf-8")
    found = list(faults(project, "requirements.md"))
    assert len(found) == bool(why), found
    assert all(why in fault for fault in found)


def test_the_refuse_list_has_its_eighteen_rows(project: Path):
    assert list(faults(project, "refusals.md")) == []
    (project / "docs" / "refusals.md").write_text("| X1 | - | not yet |\n", "utf-8")
    assert len(list(faults(project, "refusals.md"))) == 17


@pytest.mark.parametrize(
    ("row", "instead", "why"),
    [
        ("V3.3.1-4 ", "V3.3.1-4 ", []),
        ("V3.3.1-4 ", "V3.3.1-3 ", ["V3.3.4 stands in 0 rows"]),
        ("V3.3.1-4 ", "V3.3.1-4, V3.4.1 ", ["V3.4.1 stands in 2 rows"]),
        ("V3.3.1-4 ", "V3.3.1-5 ", ["V3.3.5 is no requirement of level 1 or 2"]),
        (
            "::test_a_method_nobody_uses_is_refused` |",
            "::test_gone` |",
            ["test_headers.py::test_gone does not exist"] * 2,
        ),
        ("Runs it: a vault", "A vault", []),
        ("runs it: CardFleet alone on its host name", "soon", ["V3.5.4 names no test"]),
    ],
)
def test_the_table_of_security_is_whole_and_names_tests_that_exist(tmp_path: Path, row: str, instead: str, why):
    text = (settings.BASE_DIR / "docs" / "security.md").read_text("utf-8")
    assert row in text
    (tmp_path / "docs").mkdir()
    (tmp_path / "tests").symlink_to(settings.BASE_DIR / "tests")
    (tmp_path / "docs" / "security.md").write_text(text.replace(row, instead), "utf-8")
    found = list(security_faults(tmp_path))
    assert len(found) == len(why), found
    assert all(one in fault for one, fault in zip(why, found, strict=True))
