"""Which rules hold for somebody's claims, and which cards they may claim for (R67)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from agents.models import Agent, Assignment
from agents.querysets import AssignmentQuerySet
from billing.choices import LIVE_CLAIMS, ClaimState
from billing.models import Claim, ClaimPolicy
from billing.rules.claims import Terms, left_of
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import month_bounds
from cardfleet.kernel.money import ZERO
from cards.models import Card


def claimant_of(user: User) -> Agent | None:
    """Return the person as an agent, with team; None for who is none."""
    return Agent.objects.filter(user=user).select_related("user__team").first()


def claim_terms(agent: Agent) -> Terms:
    """Return the person's own rules, else those of the nearest team above, else everybody's."""
    path = (agent.user.team.path or "") if agent.user.team else ""
    above = [int(part) for part in path.split("/") if part]
    rows = ClaimPolicy.objects.filter(Q(agent=agent) | Q(team__in=above) | Q(agent=None, team=None))
    nearest = max(rows, key=lambda row: (row.agent_id is not None, _depth(row, above)), default=None)
    if nearest is None:
        return Terms()
    return Terms(cap=nearest.cap, deadline_day=nearest.deadline_day, months_back=nearest.months_back)


def cards_held_in(agent: Agent, month: date) -> Sequence[Card]:
    """Return the cards an agent held at any time of a Shanghai month, with carrier."""
    held = assignments_in(month).filter(agent=agent).values("card")
    return list(Card.objects.filter(pk__in=held).select_related("carrier").order_by("msisdn", "pk"))


def assignments_in(month: date) -> AssignmentQuerySet:
    """Return the assignments that held at any time of a Shanghai month."""
    start, end = month_bounds(month)
    standing = Assignment.objects.standing().filter(started_at__lt=end)
    return standing.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=start))


def waiting_claims(agent: Agent) -> Sequence[Claim]:
    """Return somebody's claims that wait to be sent, approved or paid."""
    waiting = (ClaimState.DRAFT, ClaimState.SUBMITTED, ClaimState.APPROVED)
    return list(Claim.objects.filter(claimant=agent, state__in=waiting).order_by("pk"))


def left_in(claim: Claim, terms: Terms) -> Decimal | None:
    """Return what other claims of the person and month leave of the cap; None where there is none."""
    others = Claim.objects.filter(claimant=claim.claimant_id, month=claim.month, state__in=LIVE_CLAIMS)
    used = others.exclude(pk=claim.pk).aggregate(used=Sum("payable"))["used"] or ZERO
    return left_of(terms.cap, used=used)


def _depth(row: ClaimPolicy, above: Sequence[int]) -> int:
    return above.index(row.team_id) if row.team_id else -1
