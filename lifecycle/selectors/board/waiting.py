"""What waits for a person beside the queue of the board."""

from dataclasses import dataclass
from datetime import datetime

from agents.selectors.approvers import waiting_for
from billing.models import Dispute
from billing.selectors.top_ups import waiting_for as top_ups_for
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from lifecycle.selectors.kept import kept_inspections


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How many requests and top-ups wait for a person, cards are to be looked at, complaints a carrier is late with.

    None of what the person has no right to see; each number is that of the list it leads to.
    """

    requests: int | None
    top_ups: int | None
    disputes: int | None
    inspections: int | None


def waiting(person: User, *, now: datetime) -> Waiting:
    """Return what waits; a fixed number of queries."""
    late = Dispute.objects.visible_to(person).overdue(business_day(now))
    return Waiting(
        requests=waiting_for(person).count() if person.has_perm("agents.view_cardrequest") else None,
        top_ups=top_ups_for(person).count() if person.has_perm("billing.approve_top_up") else None,
        disputes=late.count() if person.has_perm("billing.view_dispute") else None,
        inspections=kept_inspections(person, now=now) if person.has_perm("cards.view_inspection") else None,
    )
