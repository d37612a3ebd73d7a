"""What the letter to the carrier and the plan for customers say of a stopped card (R46, R53)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from agents.models import Agent, TrainingRecord
from billing.models import UsageDaily
from cardfleet.kernel.clock import business_day
from cards.choices import StopReason
from cards.models import Card
from lifecycle.choices import CustomerChannel
from lifecycle.models import Case, CaseStep
from lifecycle.rules.downtime import Stopped
from lifecycle.selectors.cases.stops import contact_base, stop_of
from lifecycle.selectors.rules import rule_book

DAYS = 7
COMPLAINT_DAYS = timedelta(days=30)
CAPS = ("daily_out_calls", "hourly_out_calls")
HUNDRED = Decimal(100)
TENTH = Decimal("0.1")


@dataclass(frozen=True, kw_only=True)
class CallFigures:
    """Outgoing calls of some Shanghai days, both ends counted; `days` are those with calls, shares in per cent."""

    first: date
    last: date
    days: int
    calls: int
    answered: int
    most_a_day: int
    most_in_hour: int
    callees: int
    short_share: Decimal | None
    outside_hours: int
    seconds: int

    @property
    def a_day(self) -> int:
        """The mean of days with calls."""
        return round(self.calls / self.days) if self.days else 0

    @property
    def mean_seconds(self) -> int:
        """How long an answered call took in the mean."""
        return round(self.seconds / self.answered) if self.answered else 0


def call_figures(card_id: int, *, first: date, last: date) -> CallFigures:
    """Return a card's calls of some days; of two sources that saw a day, the one that saw most speaks. One query."""
    rows = UsageDaily.objects.filter(card_id=card_id, day__range=(first, last)).order_by("day", "calls")
    days = list({row.day: row for row in rows if row.calls}.values())
    answered, short = sum(row.answered for row in days), sum(row.under_10 for row in days)
    return CallFigures(
        first=first,
        last=last,
        days=len(days),
        calls=sum(row.calls for row in days),
        answered=answered,
        most_a_day=max((row.calls for row in days), default=0),
        most_in_hour=max((row.most_in_60 for row in days), default=0),
        callees=sum(row.distinct_callees for row in days),
        short_share=(short * HUNDRED / answered).quantize(TENTH) if answered else None,
        outside_hours=sum(row.outside_window for row in days),
        seconds=sum(row.seconds for row in days),
    )


def commitment(case: Case, *, now: datetime) -> Mapping[str, Any]:
    """Return the facts of the letter of commitment: the stop, calls before it and since, measures, training, limits."""
    card = Card.objects.select_related("carrier", "registrant", "contract", "plan", "team").get(pk=case.card_id)
    stop, today = stop_of(case, now=now), business_day(now)
    stopped_on = business_day(stop.begun if stop else case.opened_at)
    done, complained = _done(case), card.complaints.standing().filter(is_valid=True)
    return {
        "card": card,
        "today": today,
        "stopped_on": stopped_on,
        "reason": _reason(case, stop),
        "holder": _holder(stop, card),
        "before": call_figures(card.pk, first=stopped_on - timedelta(days=DAYS), last=stopped_on - timedelta(days=1)),
        "since": call_figures(card.pk, first=stopped_on, last=today),
        "complaints": complained.filter(received_at__gte=now - COMPLAINT_DAYS).count(),
        "tickets": _tickets(case),
        "measures": _lines(done.get("rectify"), "measures"),
        "calls_a_day": _data(done.get("rectify"), "calls_a_day"),
        "ready_on": _day(done.get("rectify"), "ready_on"),
        "trainings": _trainings(done.get("training")),
        "caps": _caps(card, today),
    }


def contingency_plan(case: Case, *, now: datetime) -> Mapping[str, Any]:
    """Return the facts of the plan for customers: channels, consent, until when; people are counted, never named."""
    step, stop = _done(case).get("contingency"), stop_of(case, now=now)
    words = dict(CustomerChannel.choices)
    return {
        "card": Card.objects.select_related("carrier", "team", "holder").get(pk=case.card_id),
        "plan": step,
        "channels": [words.get(channel, channel) for channel in _data(step, "channels") or ()],
        "basis": _data(step, "basis"),
        "until": _day(step, "until"),
        "base": contact_base(case.card_id, before=stop.begun if stop else case.opened_at, now=now),
    }


def _tickets(case: Case) -> Sequence[str]:
    """Return the numbers under which the carrier was asked, each once."""
    given = case.contacts.exclude(ticket="").order_by("at", "pk").values_list("ticket", flat=True)
    return list(dict.fromkeys(given))


def _done(case: Case) -> dict[str, CaseStep]:
    steps = CaseStep.objects.standing().filter(case=case, done_at__isnull=False).select_related("done_by")
    return {step.code: step for step in steps}


def _reason(case: Case, stop: Stopped | None) -> str:
    value = case.cause or (stop.reason if stop else "") or case.reason
    return str(StopReason(value).label) if value in StopReason.values else ""


def _holder(stop: Stopped | None, card: Card) -> str:
    if stop and stop.agent:
        return str(Agent.objects.select_related("user").get(pk=stop.agent).user.name)
    return card.holder.name if card.holder else ""


def _trainings(step: CaseStep | None) -> Sequence[TrainingRecord]:
    known = TrainingRecord.objects.select_related("agent__user", "course").order_by("pk")
    return list(known.filter(pk__in=_data(step, "records") or ()))


def _caps(card: Card, today: date) -> Sequence[tuple[str, int, int | None]]:
    """Return the limits on calls that hold for the card: kind, limit, calls from which it warns."""
    choices = rule_book(today, kinds=CAPS).choices(card)
    terms = [(kind, choices[kind].terms) for kind in CAPS if kind in choices]
    return [
        (kind, int(rule.limit), None if rule.warn is None else int(rule.warn))
        for kind, rule in terms
        if rule.limit is not None
    ]


def _data(step: CaseStep | None, name: str) -> Any:
    return step.data.get(name) if step else None


def _day(step: CaseStep | None, name: str) -> date | None:
    text = _data(step, name)
    return date.fromisoformat(text) if text else None


def _lines(step: CaseStep | None, name: str) -> list[str]:
    return [line.strip() for line in str(_data(step, name) or "").splitlines() if line.strip()]
