"""Messages and data of a month, as told by a carrier's summary or a phone (R27, R81)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from billing.errors import MonthClosed, NoUseReadable
from billing.importers.bundle_uses import COUNTED, UseLine, read_uses
from billing.models import BundleUse
from billing.selectors.closing import closed_until, is_closed
from billing.services.bills import cards_by_number
from cardfleet.accounts.models import User
from cardfleet.files.services import store
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day, month_start
from cardfleet.kernel.editing import assign
from cardfleet.kernel.errors import Reason
from cards.models import Card

if TYPE_CHECKING:
    from django.core.files.base import File

JOB = "billing.import_bundle_use"
KEPT = timedelta(days=7)

Key = tuple[int, date]


@dataclass(frozen=True, kw_only=True)
class UsesOutcome:
    """What a file brought: rows recorded, rows that were known so already, and those refused with their reasons."""

    stored: int
    known: int
    refused: Sequence[Reason]


@transaction.atomic
def record_bundle_use(
    *, card: Card, month: date, counts: Mapping[str, Any], actor: User | None, now: datetime
) -> BundleUse:
    """Record what a card used in the month of a day, by field name; what was recorded of it before gives way.

    It is rated with the month. Raises MonthClosed, and BadInput for what is below zero.
    """
    first = month_start(month)
    if is_closed(first):
        raise MonthClosed
    Card.objects.locked().get(pk=card.pk)
    use = BundleUse.objects.filter(card=card, month=first).first() or BundleUse(card=card, month=first)
    use.recorded_at, use.actor = now, actor
    assign(use, counts, editable=frozenset(COUNTED))
    use.save()
    record(actor=actor, action="billing.bundle_use_recorded", subject=card, now=now, data={"month": f"{first:%Y-%m}"})
    return use


@transaction.atomic
def start_bundle_use(*, content: "File[Any]", name: str, month: date | None, actor: User, now: datetime) -> Job:
    """Ask for the import of a table and return the job, waiting; the edge that asks enqueues it. What files refuse."""
    stored = store(content=content, name=name, purpose=JOB, owner=actor, now=now, delete_after=now + KEPT)
    params = {"month": month.isoformat() if month else ""}
    return start_job(kind=JOB, owner=actor, params=params, input_file=stored, now=now)


@transaction.atomic
def import_bundle_use(*, file: BinaryIO, name: str, month: date | None, actor: User, now: datetime) -> UsesOutcome:
    """Record what a table says of many cards; `month` is that of rows which name none.

    A count that a row leaves empty stays as it was. Rows of cards out of the person's scope, of closed months or of
    months to come, and a number that comes twice in a month, come back refused; the same file again changes nothing.
    Raises BadInput for what is no such table, NoUseReadable where not one row can be taken.
    """
    read = read_uses(file, name)
    refused, taken = list(read.refused), dict[Key, UseLine]()
    places = _Places(read.lines, month, actor, business_day(now))
    for line in read.lines:
        place = places.of(line)
        if isinstance(place, Reason):
            refused.append(place)
        elif place in taken:
            refused.append(_twice(line, taken[place]))
        else:
            taken[place] = line
    if not taken:
        raise NoUseReadable(reasons=refused[:50])
    changed = list(_changed(taken, actor=actor, now=now))
    BundleUse.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["month", "card"],
        update_fields=[*COUNTED, "recorded_at", "actor"],
        batch_size=2000,
    )
    if changed:
        data = {"stored": len(changed), "rows_refused": len(refused)}
        record(actor=actor, action="billing.bundle_uses_imported", subject="billing.bundleuse:many", now=now, data=data)
    refused.sort(key=lambda reason: reason.line or 0)
    return UsesOutcome(stored=len(changed), known=len(taken) - len(changed), refused=refused)


class _Places:
    """Which card and month each row is about."""

    def __init__(self, lines: Sequence[UseLine], month: date | None, actor: User, today: date) -> None:
        cards = cards_by_number(line.msisdn for line in lines)
        seen = set(Card.objects.visible_to(actor).filter(pk__in=cards.values()).values_list("pk", flat=True))
        self.cards = {number: card for number, card in cards.items() if card in seen}
        self.month, self.today, self.closed = month, today, closed_until()

    def of(self, line: UseLine) -> Key | Reason:
        """Return card and month, or why the row cannot be taken."""
        card, month = self.cards.get(line.msisdn), line.month or self.month
        if card is None:
            message = _("No card in your scope has this number. Correct it, or import the card first.")
            return Reason(code="unknown_card", message=message, line=line.line, column="msisdn", value=line.msisdn)
        if month is None:
            message = _("The row does not say of which month it is. Name the month beside the file.")
            return Reason(code="month_missing", message=message, line=line.line, column="month")
        if month > self.today:
            message = _("This month has not come yet. Correct the month.")
            return Reason(code="wrong_month", message=message, line=line.line, column="month", value=f"{month:%Y-%m}")
        if self.closed and month <= self.closed:
            message = str(MonthClosed.sentence)
            return Reason(code="month_closed", message=message, line=line.line, column="month", value=f"{month:%Y-%m}")
        return card, month


def _twice(line: UseLine, first: UseLine) -> Reason:
    message = _("This number stands in line {line} for the same month. Leave one of the two.").format(line=first.line)
    return Reason(code="doubled", message=message, line=line.line, column="msisdn", value=line.msisdn)


def _changed(taken: Mapping[Key, UseLine], *, actor: User, now: datetime) -> Iterator[BundleUse]:
    """Yield what differs from what is recorded; the cards are locked, as for one of them."""
    list(Card.objects.locked().filter(pk__in={card for card, _month in taken}).values_list("pk"))
    months = {month for _card, month in taken}
    known = {
        (use.card_id, use.month): use
        for use in BundleUse.objects.filter(month__in=months, card__in={card for card, _month in taken})
    }
    for key, line in sorted(taken.items()):
        use = known.get(key) or BundleUse(card_id=key[0], month=key[1])
        if use.pk and all(getattr(use, name) == value for name, value in line.counts.items()):
            continue
        for name, value in line.counts.items():
            setattr(use, name, value)
        use.recorded_at, use.actor, use.pk = now, actor, None
        yield use
