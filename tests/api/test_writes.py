"""Issue 9: all that one can make by the API is made in one way; each resource of tests.api.writables is held to it."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import resolve
from rest_framework.test import APIClient

from cardfleet.journal.models import Entry, Seal
from cardfleet.journal.sealing import seal_next
from cardfleet.kernel.management.commands.check_schema import SCHEMA
from tests.api.writables import OTHERWISE, WRITABLE, Writable
from tests.api_routes import API
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.marks import ROLES

ROOT = "/api/v1/"
PATHS = json.loads((settings.BASE_DIR / SCHEMA).read_text())["paths"]
NO_VALUE = {"no": "value"}
KEY = {"Idempotency-Key": "k-1"}
SEEN = {"y": 200, "n": 403, "-": 404}


class Resource:
    """A resource, and somebody who makes a thing of it."""

    def __init__(self, name: str, person: Any) -> None:
        self.row: Writable = WRITABLE[name]
        self.path = f"{ROOT}{name}/"
        self.where = self.path + self.row.to
        self.right = PATHS[self.where]["post"]["x-permission"]
        self.api = signed_in(person)
        self.person = person

    @property
    def shows_one(self) -> bool:
        """Whether one of its things can be read by itself."""
        return "get" in PATHS.get(f"{self.path}{{id}}/", {})

    def make(self, body: dict[str, Any], **more: Any) -> Any:
        """Post a body."""
        return self.api.post(self.where, body, **more)

    def listed(self, api: APIClient, **query: str) -> dict[Any, dict[str, Any]]:
        """Return what is listed, by id; nothing for who may see no list."""
        answer = api.get(self.path, {"page_size": 500, **query})
        return {one["id"]: one for one in answer.json()["results"]} if answer.status_code == 200 else {}


def signed_in(person: Any) -> APIClient:
    """Return somebody's client."""
    api = APIClient(headers={"accept-language": "en"})
    api.force_authenticate(person)
    return api


@contextmanager
def undone() -> Iterator[None]:
    """Leave nothing of what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_every_resource_in_which_one_makes_things_has_a_line() -> None:
    """What takes posts and lists what was posted; one told elsewhere says where."""
    made = {
        path.removeprefix(ROOT).removesuffix("/").removesuffix("/mine")
        for path, item in PATHS.items()
        if "post" in item and "{" not in path and ("get" in item or path.endswith("/mine/"))
    }
    assert made == {*WRITABLE, *OTHERWISE}
    assert not WRITABLE.keys() & OTHERWISE.keys()
    told = [re.search(r"tests/\S+\.py", reason)[0] for reason in OTHERWISE.values()]
    assert all((settings.BASE_DIR / path).exists() for path in told)
    changed = {path.removeprefix(ROOT).split("/{")[0] for path, item in PATHS.items() if "patch" in item}
    changed |= {path.removeprefix(ROOT).split("/{")[0] for path in PATHS if path.endswith("{id}/change/")}
    # A notice of a number is drafted by a switch of cards: tests/lifecycle/test_api_registers.py.
    assert changed - {name for name, row in WRITABLE.items() if row.change} == {"number-notices"}


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_a_thing_is_made_in_one_way(of, people, subtests, time_machine) -> None:
    """Refused by field, by role and by scope; made once by a key; read back, listed, shaped, changed, journalled."""
    time_machine.move_to(FRIDAY, tick=False)
    everything, nobody = PersonFactory(is_superuser=True), PersonFactory()
    for name, row in WRITABLE.items():
        resource = Resource(name, people[row.by] if row.by else everything)
        with subtests.test(name), undone():
            body, start = row.body(of), head()
            is_refused_by_field(resource, body)
            is_refused_without_the_right(resource, body, nobody)
            made = is_made_once(resource, body)
            is_read_back(resource, made, signed_in(everything))
            is_for_those_in_scope(
                resource, made, people["supervisor" if row.by == "other_agent" else "other_supervisor"]
            )
            is_changed_as_it_was_seen(resource, made, of)
            is_journalled(resource, body, made, start)


def head() -> int:
    """Return the last position of the journal."""
    seal_next(now=FRIDAY)
    return Seal.objects.head().position


def is_refused_by_field(resource: Resource, body: dict[str, Any]) -> None:
    """An unknown field, and each field with what it never is: 400 that names it, and nothing done."""
    before = Entry.objects.count()
    for field in (*body, "no_such_field"):
        answer = resource.make({**body, field: NO_VALUE})
        assert answer.status_code == 400, field
        named = {reason["field"].split(".")[0] for reason in answer.json()["details"]}
        assert field in named, (field, named)
    assert Entry.objects.count() == before


def is_refused_without_the_right(resource: Resource, body: dict[str, Any], nobody: Any) -> None:
    """Whoever has no role makes nothing, unless a sign-in is enough."""
    if resource.right:
        assert signed_in(nobody).post(resource.where, body).status_code == 403


def is_made_once(resource: Resource, body: dict[str, Any]) -> dict[str, Any]:
    """The same key and body: the same answer, and nothing done again; another body: 422. Return what was made."""
    first = resource.make(body, headers=KEY)
    assert first.status_code == 201, first.json()
    done = Entry.objects.count()
    again, other = resource.make(body, headers=KEY), resource.make({**body, "note": "another"}, headers=KEY)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Entry.objects.count() == done
    made = first.json()[resource.row.told] if resource.row.told else first.json()
    return made if isinstance(made, dict) else {"id": made}


def is_read_back(resource: Resource, made: dict[str, Any], api: APIClient) -> None:
    """The list has it as it was answered, and so has its own address; with the fields asked for, with things in full.

    What is told once, like a password, is told by no other answer.
    """
    listed, spec = resource.listed(api)[made["id"]], PATHS[resource.path]["get"]
    assert common(made, listed) == common(listed, made)
    assert resource.listed(api, fields="id")[made["id"]] == {"id": made["id"]}
    for name in spec.get("x-expand", ()):
        assert isinstance(resource.listed(api, expand=name)[made["id"]][name], dict | None)
    if resource.shows_one:
        alone = api.get(f"{resource.path}{made['id']}/").json()
        assert common(made, alone) == common(alone, made)


def common(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return what one tells of that which the other tells, too."""
    return {name: one[name] for name in sorted(one.keys() & other.keys())}


def is_for_those_in_scope(resource: Resource, made: dict[str, Any], other: Any) -> None:
    """A supervisor of another team sees it as the table of routes says; what is out of scope is in no list, either."""
    api = signed_in(other)
    if resource.shows_one:
        path = f"{resource.path}{made['id']}/"
        _needs, marks = API[resolve(path).view_name]
        seen = SEEN[marks[ROLES.index("other_supervisor")]]
        assert api.get(path).status_code == seen
        assert (made["id"] in resource.listed(api)) == (seen == 200)


def is_changed_as_it_was_seen(resource: Resource, made: dict[str, Any], of: dict[str, Any]) -> None:
    """With the tag of what was read it is changed, and is what was sent; with that tag once more it is not: 412."""
    if resource.row.change is None:
        return
    to, body = resource.row.change
    path, change = f"{resource.path}{made['id']}/", body(of)
    send = resource.api.post if to else resource.api.patch
    seen = {"If-Match": resource.api.get(path)["ETag"]}
    answers = [send(path + to, change, headers=seen) for _twice in range(2)]
    assert [answer.status_code for answer in answers] == [200, 412], answers[0].json()
    assert answers[1].json()["code"] == "stale"
    now = resource.api.get(path).json()
    assert {name: now[name] for name in change} == change


def is_journalled(resource: Resource, body: dict[str, Any], made: dict[str, Any], start: int) -> None:
    """The feed of events tells who did it, and names it or what it is about: all the journal got since the start."""
    events = (
        signed_in(PersonFactory(is_superuser=True))
        .get(f"{ROOT}events/", {"after": start, "page_size": 500})
        .json()["results"]
    )
    ours = [event for event in events if (event["actor"] or {}).get("id") == resource.person.pk]
    assert ours
    about = {subject.partition(":")[2] for event in ours for subject in (event["subject"], *event["related"])}
    assert about & {str(made["id"]), *re.findall(r"\d+", json.dumps(body))}, ours
    assert Seal.objects.head().position == start + len(events)
