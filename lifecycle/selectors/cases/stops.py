"""The harm of the stop a case is about (R41), and whom its agent called before (R53)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from agents.choices import ListingKind
from agents.models import CalleeListing
from agents.selectors.callees import hash_of
from billing.choices import CallDirection
from billing.models import UsageRecord
from cards.choices import STOPPED
from cards.models import Card
from lifecycle.models import Case
from lifecycle.rules.cases.contingency import ContactBase
from lifecycle.rules.cases.impact import Impact, ImpactFacts, impact
from lifecycle.rules.downtime import Period, Stopped
from lifecycle.selectors.downtime import CUSTOMER_DAYS, stopped_in
from lifecycle.selectors.policy import calling_hours, policy_now, rates_of

# A stop that a case is about began at most so long before the case was opened.
FOUND_LATE = timedelta(days=400)
LONGEST_LIST = 5000


def stop_of(case: Case, *, now: datetime) -> Stopped | None:
    """Return the stop a case is about: the last that touched its time; None while the carrier has not stopped it."""
    until = case.closed_at or now
    found = stopped_in(
        f"SELECT {int(case.card_id)} AS id", Period(start=case.opened_at - FOUND_LATE, end=until), STOPPED
    )
    mine = [stop for stop in found if stop.ended is None or stop.ended >= case.opened_at]
    return mine[-1] if mine else None


def impact_of(stop: Stopped, *, now: datetime) -> Impact:
    """Return the harm of one stop up to now, or up to its end. Two queries."""
    facts = ImpactFacts(
        since=stop.begun,
        until=min(stop.ended or now, now),
        idle_agents=1 if stop.is_idle else 0,
        customers=stop.customers,
        calls_a_day=stop.calls_a_day,
    )
    return impact(facts, hours=calling_hours(), rates=rates_of(policy_now()))


def contact_base(card_id: int, *, before: datetime, now: datetime) -> ContactBase:
    """Return how many of the people called in the days before a moment agreed, refused, or said nothing.

    Numbers are compared by their keyed hashes and leave this function as counts only.
    """
    calls = UsageRecord.objects.filter(card=card_id, direction=CallDirection.OUT, started_at__lt=before)
    called = calls.filter(started_at__gte=before - timedelta(days=CUSTOMER_DAYS)).exclude(counterpart="")
    numbers = called.order_by("counterpart").values_list("counterpart", flat=True).distinct()[:LONGEST_LIST]
    hashes = {hash_of(number) for number in numbers}
    said = _said(hashes, now)
    refused = sum(ListingKind.DO_NOT_CALL in kinds for kinds in said.values())
    return ContactBase(agreed=len(said) - refused, refused=refused, silent=len(hashes) - len(said))


def _said(hashes: set[str], moment: datetime) -> Mapping[str, set[str]]:
    rows = CalleeListing.objects.in_force(moment).filter(number_hash__in=hashes).values_list("number_hash", "kind")
    found: dict[str, set[str]] = {}
    for number, kind in rows:
        found.setdefault(number, set()).add(kind)
    return found


def harm_of(case: Case, *, now: datetime) -> Mapping[str, Any]:
    """Return what a case page says of its stop: the stop, its harm, when the card is expected back, who took over."""
    stop = stop_of(case, now=now)
    expected = case.facts.get("due_resume")
    return {
        "stop": stop,
        "harm": impact_of(stop, now=now) if stop else None,
        "expected": datetime.fromisoformat(expected) if expected else None,
        "overdue": bool(expected) and case.is_open and datetime.fromisoformat(expected) < now,
        "successor": Card.objects.filter(pk=case.facts.get("replaced_by")).first(),
        "illustrative": policy_now().is_illustrative,
    }
