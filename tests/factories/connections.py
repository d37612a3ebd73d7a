"""Connections to others, as little as is valid."""

from factory import Sequence
from factory.django import DjangoModelFactory

from lifecycle.models import Connection
from tests.conftest import FRIDAY


class ConnectionFactory(DjangoModelFactory):
    """A connection that fetches balances by HTTP."""

    class Meta:
        model = Connection

    name = Sequence(lambda number: f"carrier {number}")
    kind = "json"
    subject = "balances"
    settings = {
        "url": "https://open.carrier.example/balances",
        "as_of_is_now": True,
        "fields": {"msisdn": "phone", "balance": "left"},
    }
    next_try_at = FRIDAY
