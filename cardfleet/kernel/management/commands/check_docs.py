"""`manage.py check_docs`: do docs/requirements.md and docs/refusals.md tell the truth about the tests they name.

A row is `| R15 | where it is in the product | tests/cards/test_issue.py::test_name |`; instead of a test it may say
"not yet". The docstring of a named test names the row's number. docs/security.md has each requirement of the ASVS
in one row, with tests that exist or why there is none. Some pages have a table that is written from the code
(`cardfleet.kernel.tables`); `--write` writes those anew.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cardfleet.kernel.tables import PAGES, with_table

TABLES = {"requirements.md": [f"R{number}" for number in range(1, 117)], "refusals.md": [f"X{n}" for n in range(1, 19)]}
ROW = re.compile(r"^\| *([RX]\d+) *\|(.*)$", re.MULTILINE)
TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
SECURITY = "docs/security.md"
# OWASP ASVS 5.0.0: how many requirements of levels 1 and 2 each section begins with.
ASVS = {
    "V1": (2, 9, 11, 3, 2), "V2": (3, 3, 4, 1), "V3": (0, 2, 4, 6, 5, 0, 2), "V4": (3, 1, 2, 4), "V5": (1, 3, 2, 3),
    "V6": (3, 12, 4, 4, 5, 3, 0, 4), "V7": (3, 4, 2, 5, 2, 2), "V8": (2, 3, 1, 1), "V9": (3, 4),
    "V10": (2, 2, 4, 11, 5, 2, 3), "V11": (2, 3, 3, 4, 1, 1), "V12": (3, 2, 4), "V13": (1, 5, 2, 5), "V14": (2, 4, 3),
    "V15": (3, 3, 7), "V16": (1, 5, 4, 3, 3), "V17": (1, 4, 2),
}  # fmt: skip
ASVS_ROW = re.compile(r"^\| *(V\d+\.\d+\.\d[^|]*)\|(.*)$", re.MULTILINE)
ASVS_KEYS = re.compile(r"(V\d+\.\d+)\.(\d+)(?:-(\d+))?")
UNTESTED = re.compile(r"\b(not here|runs it|short):", re.IGNORECASE)


class Command(BaseCommand):
    """Read the tables; exit 1 when a row is missing, doubled, or names a test that does not show it."""

    help = "Says which rows of the requirement tables name tests that do not show them."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --write."""
        parser.add_argument("--write", action="store_true", help="Write the tables anew.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the faults."""
        root: Path = settings.BASE_DIR
        anew = {root / name: with_table((root / name).read_text("utf-8"), lines()) for name, lines in PAGES.items()}
        if options["write"]:
            for page, text in anew.items():
                page.write_text(text, "utf-8")
        found = [fault for name in TABLES for fault in faults(root, name)]
        found += security_faults(root)
        for page, text in anew.items():
            if page.read_text("utf-8") != text:
                found.append(f"{page.name}: the table is not as the code has it; run manage.py check_docs --write")
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{len(found)} rows of docs/ are not right.")


def faults(root: Path, name: str) -> Iterator[str]:
    """Yield what is wrong with one table."""
    rows = ROW.findall((root / "docs" / name).read_text("utf-8"))
    keys = [key for key, _ in rows]
    for key in TABLES[name]:
        if keys.count(key) != 1:
            yield f"docs/{name}: {key} stands in {keys.count(key)} rows"
    for key, text in rows:
        tests = TEST.findall(text)
        if not tests and "not yet" not in text:
            yield f"docs/{name}: {key} names no test and does not say: not yet"
        for path, test in tests:
            if not re.search(rf"\b{key}\b", docstrings(root / path).get(test, "")):
                yield f"docs/{name}: {key}: {path}::{test} does not exist, or its docstring does not name {key}"


def security_faults(root: Path) -> Iterator[str]:
    """Yield what is wrong with the table of security requirements."""
    rows = ASVS_ROW.findall((root / SECURITY).read_text("utf-8"))
    named = [key for keys, _ in rows for key in _asvs_keys(keys)]
    wanted = [
        f"{chapter}.{section}.{number}"
        for chapter, counts in ASVS.items()
        for section, count in enumerate(counts, start=1)
        for number in range(1, count + 1)
    ]
    for key in wanted:
        if named.count(key) != 1:
            yield f"{SECURITY}: {key} stands in {named.count(key)} rows"
    for key in set(named) - set(wanted):
        yield f"{SECURITY}: {key} is no requirement of level 1 or 2"
    for keys, text in rows:
        tests = TEST.findall(text)
        if not tests and not UNTESTED.search(text):
            yield f"{SECURITY}: {keys.strip()} names no test and does not say why"
        for path, test in tests:
            if test not in docstrings(root / path):
                yield f"{SECURITY}: {keys.strip()}: {path}::{test} does not exist"


def _asvs_keys(text: str) -> Iterator[str]:
    for section, first, last in ASVS_KEYS.findall(text):
        yield from (f"{section}.{number}" for number in range(int(first), int(last or first) + 1))


@cache
def docstrings(path: Path) -> dict[str, str]:
    """Return the docstring of each test function of a file; empty where the file is missing."""
    if not path.is_file():
        return {}
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name: ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
