"""`manage.py check_docs`: do docs/requirements.md and docs/refusals.md tell the truth about the tests they name.

A row is `| R15 | where it is in the product | tests/cards/test_issue.py::test_name |`; instead of a test it may say
"not yet". The docstring of a named test names the row's number. Some pages have a table that is written from the code
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


@cache
def docstrings(path: Path) -> dict[str, str]:
    """Return the docstring of each test function of a file; empty where the file is missing."""
    if not path.is_file():
        return {}
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name: ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
