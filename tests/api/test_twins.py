"""docs/api-twins.md: what is done on a page is done by the API too, by the same people."""

import json
import re
from collections import Counter
from dataclasses import dataclass

import pytest
from django.conf import settings

from cardfleet.accounts.choices import Role
from cardfleet.accounts.roles import roles_with
from cardfleet.kernel.management.commands.check_schema import SCHEMA
from tests.marks import ROLES
from tests.routes import PAGES

TABLE = settings.BASE_DIR / "docs" / "api-twins.md"
ROW = re.compile(r"^\| `([\w:-]+)` \| (.+?) \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
OPERATION = re.compile(r"`(GET|POST|PATCH|PUT) (/[^`]*/)`")


@dataclass(frozen=True)
class Line:
    """A page of the table."""

    page: str
    words: str
    twins: str
    differs: str

    @property
    def operations(self) -> list[tuple[str, str]]:
        """Method and path of each operation."""
        return OPERATION.findall(self.twins)


LINES = [Line(*found) for found in ROW.findall(TABLE.read_text("utf-8"))]
PATHS = json.loads((settings.BASE_DIR / SCHEMA).read_text("utf-8"))["paths"]


def test_every_page_has_one_line() -> None:
    """No page without, and none that is gone."""
    assert Counter(line.page for line in LINES) == Counter(PAGES.keys())


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.page)
def test_a_line_names_what_there_is(line: Line) -> None:
    """Operations that the schema has, or a reason why there is none."""
    unknown = [one for one in line.operations if operation(*one) is None]
    assert unknown == []
    rest = OPERATION.sub("", line.twins).strip(", ")
    assert bool(line.operations) != bool(re.fullmatch(r"\*.+\*", rest)), line.twins
    assert not rest or not line.operations, rest


@pytest.mark.parametrize("line", [line for line in LINES if line.operations], ids=lambda line: line.page)
def test_the_same_people_may(line: Line) -> None:
    """Who may use the page may use its operations and nobody else, or the table says who differs and why.

    Of a page that shows and does, what is done may be for fewer than what is shown.
    """
    page, posted = of_page(line.page)
    shows = {method for method, _path in line.operations} > {"GET"} and not posted
    wrong = [
        (method, path)
        for method, path in line.operations
        if (of_operation(method, path) - page if shows and method != "GET" else of_operation(method, path) ^ page)
    ]
    assert bool(wrong) == bool(line.differs), (sorted(page), wrong)


def operation(method: str, path: str) -> dict[str, object] | None:
    """Return an operation of the schema, None where it has none of the name."""
    found: dict[str, object] | None = PATHS.get(f"/api/v1{path}", {}).get(method.lower())
    return found


def of_page(name: str) -> tuple[set[str], bool]:
    """Return the roles that have the right of a page, and whether there is nothing to GET."""
    marks = PAGES[name][1]
    by_role = zip(ROLES, marks.removeprefix("post "), strict=True)
    return {role.removeprefix("other_") for role, mark in by_role if mark != "n"}, marks.startswith("post ")


def of_operation(method: str, path: str) -> set[str]:
    """Return the roles that have the right of an operation; all where a sign-in is enough."""
    right = (operation(method, path) or {}).get("x-permission")
    return {role.value for role in (roles_with(str(right)) if right else Role)}
