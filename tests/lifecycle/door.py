"""Asking as gunicorn does: the site as it is served, with what stands ahead of Django, or its ordinary way alone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory
from django.utils import timezone

from cardfleet.accounts.services.access import ANYTHING, issue_token
from cardfleet.wsgi import application
from cards.models import CarrierRule
from lifecycle.models import CalendarDay
from tests.conftest import FRIDAY


@contextmanager
def one_connection() -> Iterator[None]:
    """Close no connection: the server takes a test's transaction for one too old, as Django's test client knows."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Answer(NamedTuple):
    """What a server would send."""

    status_code: int
    headers: dict[str, str]
    content: bytes

    def json(self):
        return json.loads(self.content)


def over(way, path, asked=None, method="GET", **heads) -> Answer:
    """Ask as gunicorn does: the site as it is served, or its ordinary way alone."""
    made = getattr(RequestFactory(headers=heads), method.lower())
    told = []
    answer = way(made(path, asked).environ, lambda status, headers, *_info: told.extend((status, headers)))
    content = b"".join(answer)
    getattr(answer, "close", int)()
    return Answer(int(told[0][:3]), {name: value for name, value in told[1] if name != "X-Request-ID"}, content)


def dialler(person, terms=ANYTHING, **heads):
    """Return what asks with a token of the person."""
    token, _expiry = issue_token(person=person, terms=terms, now=timezone.now())
    return partial(over, application, authorization=f"Token {token}", **heads)


def set_window(hours):
    return lambda _card: CarrierRule.objects.filter(kind="call_window").update(params={"allowed": [hours]})


def rest(_card):
    CarrierRule.objects.filter(kind="holiday").update(action="block")
    CalendarDay.objects.create(day=FRIDAY.date(), kind="holiday", name="Founders' day")
