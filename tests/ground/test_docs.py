"""The watch over docs/requirements.md and docs/refusals.md sees what it must see."""

from pathlib import Path

import pytest

from cardfleet.kernel.management.commands.check_docs import TABLES, faults

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
