"""The explanation of a charge in words, for the page, the API and the command alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from billing.choices import CallDirection, EntryKind, SourceRole
from billing.rules.rating import RatedCall
from billing.selectors.explaining import Explanation
from cardfleet.kernel.clock import SHANGHAI


@dataclass(frozen=True)
class Step:
    """One step of a charge."""

    title: str
    text: str


def steps_of(told: Explanation) -> list[Step]:
    """Return each step from the call to the ledger."""
    return list(_steps(told))


def _steps(told: Explanation) -> Iterator[Step]:
    record = told.record
    at = date_format(localtime(record.started_at, SHANGHAI), "Y-m-d H:i:s")
    way = CallDirection(record.direction).label
    yield Step(_("Call"), _("{at}, {way}, {seconds} s").format(at=at, way=way, seconds=record.duration_s))
    yield Step(_("Source"), _source(told))
    yield Step(_("Price in force"), _price(told))
    if told.rated and told.rated.price:
        yield from _rating(told, told.rated)
    yield Step(_("Cost"), _cost(told))
    yield Step(_("Who is charged"), _whom(told))
    yield Step(_("Posted"), _posted(told))


def _source(told: Explanation) -> str:
    role = SourceRole(told.record.source.role).label
    if told.counts:
        return _("{source} ({role}), which counts on this day").format(source=told.record.source, role=role)
    counting = SourceRole(told.counting).label
    return _("{source} ({role}); {counting} counts on this day, so this call is charged there").format(
        source=told.record.source, role=role, counting=counting
    )


def _price(told: Explanation) -> str:
    if told.rated is None or told.plan is None:
        return _("The card had no plan on that day.")
    price = told.rated.price
    if price is None:
        return _("{plan} has no price for that day.").format(plan=told.plan)
    return _("{plan} from {day}: {minutes} min included, {out} yuan a minute beyond, {incoming} incoming").format(
        plan=told.plan,
        day=price.effective_from.isoformat(),
        minutes=price.included_minutes,
        out=_plain(price.minute_price),
        incoming=_plain(price.incoming_price),
    )


def _rating(told: Explanation, rated: RatedCall) -> Iterator[Step]:
    price = rated.price
    if price is None:
        return
    rounding = _("steps of {step} s, at least {least} s: {seconds} s become {billed} s").format(
        step=price.rounding_s, least=price.least_s, seconds=rated.call.duration_s, billed=rated.billed_s
    )
    yield Step(_("Rounding"), rounding)
    if rated.call.direction == CallDirection.OUT:
        left = _("{left} min left before this call of {all} min in this part of the month; {beyond} s beyond")
        minutes = _plain(Decimal(rated.left_s) / 60)
        yield Step(_("Bundle"), left.format(left=minutes, all=told.minutes, beyond=rated.beyond_s))


def _cost(told: Explanation) -> str:
    if told.is_carriers:
        return _("{amount} yuan, as the carrier charged; its word stands").format(amount=told.record.fee)
    return _("{amount} yuan by the plan's price").format(amount=told.cost)


def _whom(told: Explanation) -> str:
    if told.agent is None:
        return _("Nobody held the card then.")
    return f"{told.agent} · {told.team}" if told.team else str(told.agent)


def _posted(told: Explanation) -> str:
    if not told.counts:
        return _("Not posted: another source counts on this day.")
    if not told.entries:
        return _("Not posted yet, or all calls of the month are in the bundle.")
    parts = [
        _("no. {number} {kind} {amount} on {account}").format(
            number=entry.pk, kind=EntryKind(entry.kind).label, amount=entry.amount, account=entry.account
        )
        for entry in told.entries
    ]
    return _("With the other calls of the card in {month}: {entries}").format(
        month=f"{told.entries[0].of_month or told.entries[0].month:%Y-%m}", entries="; ".join(parts)
    )


def _plain(number: Decimal) -> str:
    """Return a number without zeros at its end."""
    text = f"{number:.4f}".rstrip("0")
    return text.rstrip(".")
