"""Who may go where: every address the router knows, for every role, in scope and outside it (invariant 10)."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, resolve, reverse
from rest_framework.test import APIClient

from cardfleet.journal.models import Entry
from tests.admin_routes import ADMIN
from tests.api_routes import API
from tests.factories.accounts import (
    sign_in_freshly,
)
from tests.marks import ROLES
from tests.router import routes
from tests.routes import ELSEWHERE, PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
STAFF = {"A": "admin", "F": "finance", "C": "compliance"}


def address(name: str, needs: str, things: dict[str, Any]) -> str:
    """Return the address of a route, filled with the dataset."""
    return reverse(name, args=[things.get(word, word) if word != "agents" else word for word in needs.split()])


def signed_in(person: Any, *, api: bool) -> Any:
    """Return a client of theirs; of nobody for None."""
    client = APIClient() if api else Client()
    if person and api:
        client.force_authenticate(person)
    elif person:
        client.force_login(person)
    return client


def lines(things: dict[str, Any]):
    """Yield each line of the table: name, address, whether it is the API's, whether there is a GET, marks by role."""
    for table, api in ((PAGES, False), (API, True)):
        for name, (needs, marks) in table.items():
            by_role = dict(zip(ROLES, marks.removeprefix("post "), strict=True))
            yield name, address(name, needs, things), api, not marks.startswith("post "), by_role


def writing_methods(path: str) -> set[str]:
    """Return the methods by which an address of the API writes; to any other it answers 405 whoever asks."""
    view = resolve(path).func
    return {"post", "put", "patch", "delete"} & {*(getattr(view, "actions", None) or dir(view.cls))}


def is_sign_in(answer: Any) -> bool:
    """Tell whether an answer sends to the sign-in."""
    return answer.status_code == 302 and "/account/login" in answer["Location"]


# What is asked by words of the address: without them those who may are told what to give.
ASKED = frozenset({"api:why"})


def fits(status: int, mark: str, *, may_get: bool, asked: bool = False) -> bool:
    """Tell whether a GET was answered as the mark says; `asked`: it needs words of the address, and got none."""
    if not may_get:
        return status in {302, 403, 404, 405}
    return status in {"y": {400} if asked else {200, 302}, "n": {403}, "-": {404}}[mark]


def test_every_route_has_a_line() -> None:
    """R12: a new address says who may go there before it can be added."""
    known = {*PAGES, *API, *(f"admin:{model}_{page}" for model in ADMIN for page in CRUD)}
    names = {name for name, _pattern in routes(get_resolver())}
    assert [n for n in names - known if not any(re.fullmatch(pattern, n) for pattern in ELSEWHERE)] == []
    assert known - names == set()


CRUD = ("changelist", "add", "change", "history", "delete")


def test_everybody_sees_what_is_theirs_to_see(people, things) -> None:
    """R12: by role and by scope, in pages, panels and the API alike; nobody without signing in."""
    wrong = []
    for role, person in people.items():
        clients = {api: signed_in(person, api=api) for api in (False, True)}
        for name, path, api, may_get, marks in lines(things):
            answer = clients[api].get(path)
            answer.getvalue()  # which closes a file
            is_right = fits(answer.status_code, marks[role], may_get=may_get, asked=name in ASKED)
            if is_sign_in(answer) or not is_right:
                wrong.append((name, role, marks[role], answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


def test_strangers_are_sent_to_the_sign_in(things) -> None:
    """R12: nothing without signing in."""
    wrong = []
    clients = {api: signed_in(None, api=api) for api in (False, True)}
    for name, path, api, _may_get, _marks in lines(things):
        answer = clients[api].get(path)
        away = (
            answer.status_code == 401 if api else answer.status_code == 302 and "/account/login" in answer["Location"]
        )
        if not away:
            wrong.append((name, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


def test_who_may_not_changes_nothing(people, things) -> None:
    """R12: a write by those without the right, or out of scope, is refused and leaves no trace in the books."""
    wrong, before = [], Entry.objects.count()
    for role, person in people.items():
        clients = {api: signed_in(person, api=api) for api in (False, True)}
        for name, path, api, _may_get, marks in lines(things):
            if marks[role] != "y":
                for method in writing_methods(path) if api else ("post",):
                    answer = getattr(clients[api], method)(path, {"reason": "mistake"})
                    if answer.status_code not in {403, 404, 405}:
                        wrong.append((name, role, method, marks[role], answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))
    assert Entry.objects.count() == before


def test_the_administration_is_for_those_it_is_for(people) -> None:
    """R12: reference data is changed by few, and evidence by nobody; who has no entry is sent to the sign-in."""
    wrong = []
    for role, person in people.items():
        client = Client()
        sign_in_freshly(client, person)
        for model, letters in ADMIN.items():
            may = [{STAFF[letter] for letter in part} for part in [*letters.split(" "), "", ""]][:2]
            for page, allowed in zip(("changelist", "add"), may, strict=True):
                status = client.get(reverse(f"admin:{model}_{page}")).status_code
                expected = 200 if role in allowed else 403 if role in STAFF.values() else 302
                if status != expected:
                    wrong.append((model, page, role, expected, status))
    assert not wrong, "\n".join(map(str, wrong))
