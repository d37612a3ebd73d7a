"""May this card call now, and how often still? (R12, R31, R86; it refuses, and never suggests another card).

A rule refuses only where its action is block; one that warns is left to the alerts. A rule that cannot be read refuses:
what it would have forbidden is not known.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, time

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.errors import Reason
from cards.choices import CustodyState, Direction, Purpose, RuleAction, ServiceState
from cards.rules.scope import Choice
from lifecycle.choices import DayKind
from lifecycle.rules.days import DayType
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.hours import ALLOWED, moment_state, window_text
from lifecycle.rules.kinds import KINDS, blocked, find
from lifecycle.rules.texts import advise, render

CAN_CALL = frozenset({ServiceState.ACTIVE, ServiceState.CANCEL_PENDING})
# Said below in words of their own.
SAID_APART = frozenset({"daily_out_calls", "hourly_out_calls", "call_window", "holiday"})
# What any call is held against; for a callee there is more.
OF_A_CALL = SAID_APART | {kind for kind, known in KINDS.items() if "call" in known.blocks}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """In whose hands a card is and what it was given for; hours are Shanghai clock times, None for no limit.

    `accepted` is None where nobody holds it.
    """

    accepted: bool | None
    custody_state: str = CustodyState.ISSUED
    direction: str = Direction.BOTH
    purpose: str = Purpose.SALES
    hours_from: time | None = None
    hours_to: time | None = None


@dataclass(frozen=True, kw_only=True)
class Cap:
    """A cap on calls with what is used of it; `left` is never negative."""

    used: int
    limit: int
    warn: int | None
    illustrative: bool
    blocks: bool

    @property
    def left(self) -> int:
        """Calls that may still be made."""
        return max(self.limit - self.used, 0)


@dataclass(frozen=True, kw_only=True)
class CalleeCaps:
    """What holds for the callee asked about; `day` and `month` cap the calls of all cards in 24 hours and 30 days."""

    do_not_call: bool
    consent: bool
    day: Cap | None
    month: Cap | None


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """Whether a card may call now, and if not why; caps are None where no rule sets one."""

    reasons: tuple[Reason, ...]
    today: Cap | None
    hour: Cap | None
    hours: str
    day: DayType
    runs_out_at: datetime | None = None
    callee: CalleeCaps | None = None

    @property
    def allowed(self) -> bool:
        """Whether nothing forbids a call now."""
        return not self.reasons


def allowance(
    facts: CardFacts,
    rules: Mapping[str, Choice],
    standing: Standing,
    *,
    day: DayType,
    purpose: str = "",
    broken: AbstractSet[str] = frozenset(),
) -> Allowance:
    """Return what a card may still do now, for a purpose (blank: its own).

    `broken` are the kinds whose rule for the card cannot be read.

    Counts come from call lists and may lag; a count that is unknown is taken as nil.
    """
    today = cap_of(rules, "daily_out_calls", facts.calls_today)
    hour = cap_of(rules, "hourly_out_calls", facts.calls_last_hour)
    window = rules.get("call_window")
    params = window.terms.params if window else {}
    reasons = (
        *_of_card(facts, standing),
        *_of_caps(today, hour),
        *_of_hours(facts, rules, standing),
        *_of_day(day, rules),
        *_of_purpose(standing.purpose, purpose),
        *_of_rules(facts, rules),
        *of_broken(broken & OF_A_CALL),
    )
    return Allowance(
        reasons=reasons,
        today=today,
        hour=hour,
        hours=window_text(params),
        day=day,
        runs_out_at=_runs_out_at(facts, today),
    )


def cap_of(rules: Mapping[str, Choice], kind: str, used: int | None) -> Cap | None:
    """Return the cap a kind of rule sets, with what is used of it; None where no rule sets one."""
    if kind not in rules or rules[kind].terms.limit is None:
        return None
    terms = rules[kind].terms
    return Cap(
        used=used or 0,
        limit=int(terms.limit or 0),
        warn=None if terms.warn is None else int(terms.warn),
        illustrative=terms.is_illustrative,
        blocks=terms.action == RuleAction.BLOCK,
    )


def _of_card(facts: CardFacts, standing: Standing) -> Iterator[Reason]:
    if facts.service_state not in CAN_CALL:
        yield Reason(
            code="not_in_service",
            message=_("The card is not in service."),
            clears=_("Your supervisor sees to it; do not use another card meanwhile."),
        )
    if standing.accepted is None:
        yield Reason(code="not_issued", message=_("Nobody holds the card."), clears=_("It has to be handed out first."))
    elif not standing.accepted:
        yield Reason(code="not_accepted", message=_("The card is not accepted yet."), clears=_("Accept it first."))
    if standing.accepted is not None and standing.custody_state != CustodyState.ISSUED:
        yield Reason(
            code="not_in_use",
            message=format_lazy(
                _("The card is not in use: {state}."), state=CustodyState(standing.custody_state).label
            ),
            clears=_("Ask your supervisor."),
        )
    if standing.direction == Direction.INBOUND:
        yield Reason(
            code="inbound_only",
            message=_("The card is for incoming calls only."),
            clears=_("Its use is set on the card."),
        )


def _of_caps(today: Cap | None, hour: Cap | None) -> Iterator[Reason]:
    if today and today.blocks and not today.left:
        yield Reason(
            code="daily_cap",
            message=format_lazy(_("The {limit} calls of today are used up."), limit=today.limit),
            clears=_("Call again tomorrow."),
        )
    if hour and hour.blocks and not hour.left:
        yield Reason(
            code="hourly_cap",
            message=format_lazy(_("The {limit} calls of this hour are used up."), limit=hour.limit),
            clears=_("Wait for the next hour."),
        )


def _of_hours(facts: CardFacts, rules: Mapping[str, Choice], standing: Standing) -> Iterator[Reason]:
    at = facts.local_now.time()
    window = rules.get("call_window")
    if window and window.terms.action == RuleAction.BLOCK and moment_state(at, window.terms.params) != ALLOWED:
        yield Reason(
            code="outside_hours",
            message=_("It is outside the calling hours."),
            clears=format_lazy(_("Call within {hours}."), hours=window_text(window.terms.params)),
        )
    begins, ends = standing.hours_from, standing.hours_to
    if (begins and at < begins) or (ends and at >= ends):
        hours = f"{begins or time.min:%H:%M}-{f'{ends:%H:%M}' if ends else '24:00'}"
        yield Reason(
            code="outside_card_hours",
            message=_("It is outside the hours this card was given for."),
            clears=format_lazy(_("Call within {hours}."), hours=hours),
        )


def _of_day(day: DayType, rules: Mapping[str, Choice]) -> Iterator[Reason]:
    if day.is_rest and "holiday" in rules and rules["holiday"].terms.action == RuleAction.BLOCK:
        yield Reason(
            code="holiday",
            message=format_lazy(_("Today is a day of rest: {day}."), day=day.name or DayKind(day.kind).label),
            clears=_("Call on the next working day."),
        )


def _of_purpose(own: str, asked: str) -> Iterator[Reason]:
    """华翔联信 annex cl. 3: used for another purpose than was confirmed, every number is stopped."""
    if asked and asked != own:
        yield Reason(
            code="other_purpose",
            message=format_lazy(_("The card is for another purpose: {purpose}."), purpose=Purpose(own).label),
            clears=_("Keep to the purpose confirmed to the carrier."),
        )


def of_broken(kinds: Iterable[str]) -> Iterator[Reason]:
    """Yield a refusal for each rule that cannot be read."""
    said = _("The rule {rule} cannot be read, so nobody knows whether to call.")
    for kind in sorted(kinds):
        yield Reason(
            code="rule_unreadable",
            message=format_lazy(said, rule=KINDS[kind].label),
            clears=_("An administrator corrects the rule."),
            value=kind,
        )


def _of_rules(facts: CardFacts, rules: Mapping[str, Choice]) -> Iterator[Reason]:
    held = OF_A_CALL - SAID_APART
    found = find(facts, (choice.terms for kind, choice in rules.items() if kind in held))
    for hit in blocked(found, "call"):
        yield Reason(code=hit.kind, message=render(hit.code, hit.params), clears=advise(hit.advice))


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
