"""Storing what was fetched, or nothing of it: never half, never older than what is known, never twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from billing.choices import ReadingSource
from billing.importers.reading_lines import Readings, ReadLine
from billing.models import AccountCard, BalanceReading, UsageBatch
from billing.services.readings import record_readings
from billing.services.usage_bundles import Refused, request_new
from billing.services.usage_requests import Delivery
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.masking import mask_msisdn
from cards.models import Card
from lifecycle.errors import AnswerOutdated
from lifecycle.importers.connectors.interface import CallFile
from lifecycle.models import Connection
from lifecycle.services.states import record_states

SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What became of the rows; `data_as_of` is the newest moment they spoke of, `imports` are those that read calls."""

    rows_read: int
    rows_stored: int = 0
    rows_known: int = 0
    rows_outdated: int = 0
    rows_refused: int = 0
    refused: Sequence[dict[str, Any]] = ()
    data_as_of: datetime | None = None
    imports: Sequence[UsageBatch] = ()


def store_readings(connection: Connection, readings: Readings, *, now: datetime) -> Stored:
    """Record balances and states of the connection's cards. AnswerOutdated where all of it is older than what came.

    A balance older than the last one of its account is left out; numbers nobody has, or another carrier's, are refused
    and named, and the others are recorded.
    """
    newest = max((line.read_at for line in readings.lines), default=None)
    if newest and connection.data_as_of and newest < connection.data_as_of:
        raise AnswerOutdated
    foreign = _foreign(connection, readings.lines)
    lines = [line for line in readings.lines if line.line not in foreign]
    fresh = _fresh(lines)
    outcome = record_readings(
        readings=replace(readings, lines=fresh, refused=[*readings.refused, *foreign.values()]),
        source=ReadingSource.CARRIER,
        actor=None,
        now=now,
        change_states=record_states,
    )
    return Stored(
        rows_read=len(readings.lines) + len(readings.refused),
        rows_stored=outcome.stored + outcome.states,
        rows_known=outcome.known,
        rows_outdated=len(lines) - len(fresh),
        rows_refused=len(outcome.refused),
        refused=[_told(reason) for reason in outcome.refused[:SHOWN]],
        data_as_of=newest,
    )


def store_calls(calls: CallFile, *, now: datetime) -> Stored:
    """Ask for the import of calls; its batches say what became of each row. What was imported before is left alone.

    Of an archive that holds files which cannot be read, the others are imported. A Refusal where none can be.
    """
    if calls.rows == 0:
        return Stored(rows_read=0, data_as_of=now)
    received = request_new(delivery=Delivery(content=calls.content, name=calls.name, source=calls.source), now=now)
    rows = calls.rows or sum(batch.lines or 0 for batch in received.batches)
    return Stored(
        rows_read=rows,
        rows_known=rows if received.known else 0,
        rows_refused=len(received.refused),
        refused=[_refused(one) for one in received.refused[:SHOWN]],
        data_as_of=None if calls.rows is None else now,
        imports=received.batches,
    )


def _refused(one: Refused) -> dict[str, Any]:
    return Reason(code=one.refusal.code, message=one.refusal.message, column=one.name).as_json()


def _foreign(connection: Connection, lines: Sequence[ReadLine]) -> dict[int, Reason]:
    """Return why lines are refused, by line: cards of another carrier, whose balances and states that one knows."""
    if connection.carrier is None:
        return {}
    cards = Card.objects.live().filter(msisdn__in={line.msisdn for line in lines})
    others = set(cards.exclude(carrier=connection.carrier).values_list("msisdn", flat=True))
    message = _("This number is of a card of another carrier than the connection's.")
    return {
        line.line: Reason(code="other_carrier", message=message, line=line.line, column="msisdn", value=line.msisdn)
        for line in lines
        if line.msisdn in others
    }


def _fresh(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """Return the lines that are not older than the last balance of their account."""
    payers = AccountCard.objects.current().filter(card__msisdn__in={line.msisdn for line in lines})
    accounts = dict(payers.values_list("card__msisdn", "account"))
    read = BalanceReading.objects.filter(account__in=set(accounts.values())).values_list("account")
    last = dict(read.annotate(last=Max("read_at")))
    return [line for line in lines if not _is_older(line, last.get(accounts.get(line.msisdn)))]


def _is_older(line: ReadLine, last: datetime | None) -> bool:
    return line.balance is not None and last is not None and line.read_at < last


def _told(reason: Reason) -> dict[str, Any]:
    """Return why a row was refused; a number is shown masked, the raw answer has it whole."""
    return replace(reason, value=mask_msisdn(reason.value) if reason.column == "msisdn" else "").as_json()
