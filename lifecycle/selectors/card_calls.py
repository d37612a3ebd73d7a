"""A card's calls beside what it may make, and the days on which it was stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from billing.selectors.calls import CallDay, call_days, call_hours
from cardfleet.kernel.clock import business_day
from cards.choices import Axis
from cards.models import Card, CardChange
from cards.rules.scope import RuleTerms
from lifecycle.rules.stops import Stop, stops_within
from lifecycle.selectors.rules import CONTRACT_KIND, rule_book

MONTH = 30


@dataclass(frozen=True, kw_only=True)
class CardCalls:
    """Calls by day (the last is today), or of today by hour; `cap` is the rule over the calls of a day, if any."""

    days: Sequence[CallDay]
    hours: Sequence[int]
    cap: RuleTerms | None
    stops: Sequence[Stop]

    @property
    def warn(self) -> int | None:
        """From how many calls a day the rule warns."""
        return int(self.cap.warn) if self.cap and self.cap.warn is not None else None

    @property
    def limit(self) -> int | None:
        """How many calls a day the rule allows."""
        return int(self.cap.limit) if self.cap and self.cap.limit is not None else None


def card_calls(card: Card, *, today: date, days: int = MONTH) -> CardCalls:
    """Return the calls of the last days in four queries; `contract` must be joined."""
    first = today - timedelta(days=days - 1)
    choice = rule_book(today, kinds=[CONTRACT_KIND]).choices(card).get(CONTRACT_KIND)
    changes = CardChange.objects.standing().filter(card=card, axis=Axis.SERVICE).order_by("at", "id")
    history = [
        (business_day(at), state, reason) for at, state, reason in changes.values_list("at", "to_state", "reason")
    ]
    return CardCalls(
        days=call_days(card.pk, today=today, days=days),
        hours=call_hours(card.pk, day=today),
        cap=choice.terms if choice else None,
        stops=stops_within(history, first=first, last=today),
    )
