"""`manage.py check_docs`: do docs/requirements.md and docs/refusals.md name only tests that exist."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

TABLES = {"requirements.md": [f"R{number}" for number in range(1, 117)], "refusals.md": []}
TEST = re.compile(r"tests/[\w/]+\.py(?:::\w+)*")
KEY = re.compile(r"^\| *(R\d+) *\|", re.MULTILINE)


class Command(BaseCommand):
    """Read the tables; exit 1 when a line is missing or names a test that does not exist."""

    help = "Says which lines of the requirement tables name tests that do not exist."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print the faults."""
        faults = list(self._faults(settings.BASE_DIR))
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} lines of docs/ are not right.")

    def _faults(self, root: Path) -> Iterator[str]:
        for name, keys in TABLES.items():
            text = (root / "docs" / name).read_text("utf-8")
            lines = KEY.findall(text)
            yield from (
                f"docs/{name}: {key} stands in {lines.count(key)} lines" for key in keys if lines.count(key) != 1
            )
            for named in sorted(set(TEST.findall(text))):
                path, *names = named.split("::")
                if not (root / path).is_file() or not set(names) <= defined(root / path):
                    yield f"docs/{name}: {named} does not exist"


@cache
def defined(path: Path) -> set[str]:
    """Return the names of the test functions and classes in a file."""
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
