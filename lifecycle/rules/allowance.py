"""May this card call now, and how often still? (R31, R86; it refuses, and never suggests another card)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.errors import Reason
from cards.choices import ServiceState
from cards.rules.scope import Choice
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.hours import ALLOWED, moment_state, window_text

CAN_CALL = frozenset({ServiceState.ACTIVE, ServiceState.CANCEL_PENDING})


@dataclass(frozen=True, kw_only=True)
class Cap:
    """A cap on calls with what is used of it; `left` is never negative."""

    used: int
    limit: int
    warn: int | None
    illustrative: bool

    @property
    def left(self) -> int:
        """Calls that may still be made."""
        return max(self.limit - self.used, 0)


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """Whether a card may call now, and if not why; caps are None where no rule sets one."""

    reasons: tuple[Reason, ...]
    today: Cap | None
    hour: Cap | None
    hours: str
    runs_out_at: datetime | None = None

    @property
    def allowed(self) -> bool:
        """Whether nothing forbids a call now."""
        return not self.reasons


def allowance(facts: CardFacts, rules: Mapping[str, Choice], *, accepted: bool) -> Allowance:
    """Return what a card may still do now. `accepted` tells whether its holder signed for it.

    Counts come from call lists and may lag; a count that is unknown is taken as nil.
    """
    today = _cap(rules, "daily_out_calls", facts.calls_today)
    hour = _cap(rules, "hourly_out_calls", facts.calls_last_hour)
    window = rules.get("call_window")
    params = window.terms.params if window else {}
    return Allowance(
        reasons=tuple(_reasons(facts, today, hour, params, accepted=accepted)),
        today=today,
        hour=hour,
        hours=window_text(params),
        runs_out_at=_runs_out_at(facts, today),
    )


def _cap(rules: Mapping[str, Choice], kind: str, used: int | None) -> Cap | None:
    if kind not in rules or rules[kind].terms.limit is None:
        return None
    terms = rules[kind].terms
    return Cap(
        used=used or 0,
        limit=int(terms.limit or 0),
        warn=None if terms.warn is None else int(terms.warn),
        illustrative=terms.is_illustrative,
    )


def _reasons(
    facts: CardFacts, today: Cap | None, hour: Cap | None, window: Mapping[str, object], *, accepted: bool
) -> Iterator[Reason]:
    if facts.service_state not in CAN_CALL:
        yield Reason(
            code="not_in_service",
            message=_("The card is not in service."),
            clears=_("Your supervisor sees to it; do not use another card meanwhile."),
        )
    if not accepted:
        yield Reason(code="not_accepted", message=_("The card is not accepted yet."), clears=_("Accept it first."))
    if today and not today.left:
        yield Reason(
            code="daily_cap",
            message=format_lazy(_("The {limit} calls of today are used up."), limit=today.limit),
            clears=_("Call again tomorrow."),
        )
    if hour and not hour.left:
        yield Reason(
            code="hourly_cap",
            message=format_lazy(_("The {limit} calls of this hour are used up."), limit=hour.limit),
            clears=_("Wait for the next hour."),
        )
    if window and moment_state(facts.local_now.time(), window) != ALLOWED:
        yield Reason(
            code="outside_hours",
            message=_("It is outside the calling hours."),
            clears=format_lazy(_("Call within {hours}."), hours=window_text(window)),
        )


def _runs_out_at(facts: CardFacts, today: Cap | None) -> datetime | None:
    """Return when today's calls are used up at the mean pace since the first call hour; None when they will not be."""
    if not today or not today.used or not today.left or not facts.hours_today:
        return None
    first = next(hour for hour, count in enumerate(facts.hours_today) if count)
    begun = facts.local_now.replace(hour=first, minute=0, second=0, microsecond=0)
    elapsed = facts.local_now - begun
    if elapsed.total_seconds() <= 0:
        return None
    end = begun + elapsed * today.limit / today.used
    return end.astimezone(SHANGHAI) if end.date() == facts.local_now.date() else None
