"""What the tests of connections share."""

from collections.abc import Callable, Iterator

import pytest

from lifecycle.models import Connection
from lifecycle.services.connections.editing import record_connection
from tests.billing.conftest import OWN, card  # noqa: F401 - a fixture
from tests.connections.carrier import Carrier, carrier_server
from tests.factories.cards import CardFactory

NUMBERS = ("+8613812345671", "+8613812345672", OWN)
BALANCES = {
    "method": "GET",
    "headers": {"Authorization": "Bearer {secret}"},
    "params": {"page": "{page}"},
    "rows": "data.items",
    "total": "data.total",
    "page_size": 2,
    "fields": {"msisdn": "phone", "balance": "money.left", "as_of": "at"},
    "units": {"balance": "fen"},
}


@pytest.fixture
def carrier(settings) -> Iterator[Carrier]:
    """A carrier's server that may be asked."""
    settings.OUTGOING_ALLOWED_HOSTS = ["127.0.0.1/32"]
    with carrier_server() as server:
        yield server


@pytest.fixture
def cards(db) -> list:
    """Three cards of one carrier."""
    first = CardFactory(msisdn=NUMBERS[0])
    return [first, *(CardFactory(msisdn=number, carrier=first.carrier) for number in NUMBERS[1:])]


@pytest.fixture
def connect(db, carrier, now) -> Callable[..., Connection]:
    """Set up a connection to the carrier."""

    def connect(*, subject: str = "balances", settings: dict | None = None, **facts) -> Connection:
        given = {"url": f"{carrier.url}/open", **(BALANCES if settings is None else settings)}
        facts = {"name": "carrier", "kind": "json", "subject": subject, "secret": "very-secret", **facts}
        return record_connection(facts={"settings": given, **facts}, actor=None, now=now)

    return connect


def balance(number: str, fen: int | str, at: str = "2026-11-20 09:00:00") -> dict:
    """A row of an answer."""
    return {"phone": number.removeprefix("+86"), "money": {"left": fen}, "at": at}
