"""Asking others: what is fetched by a connection, with every answer kept as it came."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agents.importers.agents import AgentSheet
from billing.importers.reading_lines import Readings
from billing.services.usage_preview import ReadRow, look_at
from billing.services.usage_requests import Delivery
from cardfleet.kernel.errors import Refusal
from cards.models import Card
from lifecycle.choices import ConnectionSubject
from lifecycle.importers.connectors.interface import Ask, CallFile, Connector, Keep
from lifecycle.importers.connectors.registry import KINDS
from lifecycle.models import Connection
from lifecycle.services.connections.editing import refuse_unfit

BEGINNING = 2000
# Calls of the last while come late; those known already are not stored twice.
OVERLAP, FIRST_TIME = timedelta(hours=1), timedelta(days=1)
Fetched = Readings | AgentSheet | CallFile


@dataclass
class Kept:
    """The answers of a run, as they came."""

    answers: dict[str, bytes] = field(default_factory=dict)

    def keep(self, name: str, content: bytes) -> None:
        """Keep an answer."""
        self.answers[name] = content

    def packed(self) -> bytes:
        """Return them as an archive: a web page in place of data is text in there, and nothing that a browser runs."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.answers.items():
                archive.writestr(name, content)
        return target.getvalue()

    def beginning(self) -> str:
        """Return the beginning of the first answer, for somebody who corrects the settings by it."""
        first = next(iter(self.answers.values()), b"")
        return first[:BEGINNING].decode("utf-8", "replace")


def connector_of(connection: Connection, *, now: datetime, keep: Keep, is_trial: bool = False) -> Connector:
    """Return what fetches by a connection. ConnectionUnfit where its settings do not hold any more."""
    settings = refuse_unfit(connection)
    cards = Card.objects.live().filter(**({"carrier": connection.carrier} if connection.carrier else {}))
    ask = Ask(
        settings=settings,
        secret=connection.secret,
        since=_since(connection, now),
        now=now,
        numbers=list(cards.order_by("pk").values_list("msisdn", flat=True)),
        keep=keep,
        is_trial=is_trial,
    )
    return KINDS[connection.kind].connector(ask)


def _since(connection: Connection, now: datetime) -> datetime | None:
    if connection.subject != ConnectionSubject.USAGE:
        return connection.data_as_of
    return (connection.data_as_of or now - FIRST_TIME) - OVERLAP


def fetch(connector: Connector, subject: str) -> Fetched | None:
    """Return what a connector fetches of a subject, None where nothing is there; raises a Refusal as that does."""
    if subject == ConnectionSubject.USAGE:
        return connector.fetch_usage()
    if subject == ConnectionSubject.AGENTS:
        return connector.fetch_agents()
    if subject == ConnectionSubject.BALANCES:
        return connector.fetch_balances()
    return connector.fetch_states()


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What a connection would read: rows, and why others cannot be; or why nothing can be read. Nothing is written."""

    readings: Readings | None = None
    agents: AgentSheet | None = None
    calls: Sequence[ReadRow] | None = None
    refusal: Refusal | None = None
    answer: str = ""


def try_out(connection: Connection, *, now: datetime) -> Trial:
    """Ask for the first page by a connection and return what it comes to, with the beginning of the answer."""
    kept = Kept()
    try:
        connector = connector_of(connection, now=now, keep=kept.keep, is_trial=True)
        try:
            return _tried(fetch(connector, connection.subject), kept, now=now)
        finally:
            connector.settle(None)
    except Refusal as refusal:
        return Trial(refusal=refusal, answer=kept.beginning())


def _tried(fetched: Fetched | None, kept: Kept, *, now: datetime) -> Trial:
    if isinstance(fetched, AgentSheet):
        return Trial(agents=fetched)
    if isinstance(fetched, CallFile):
        delivery = Delivery(content=fetched.content, name=fetched.name, source=fetched.source)
        return Trial(calls=look_at(delivery, now=now), answer=kept.beginning())
    return Trial(readings=fetched, answer=kept.beginning())
