"""Who decides on an agent's request, and what waits for somebody."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import StrIndex

from agents.choices import ApprovalLevel, RequestState
from agents.models import Agent, CardRequest
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import Delegation, ScopeGrant, Team, User

RIGHTS: Mapping[str, str] = {
    ApprovalLevel.SUPERVISOR: "agents.approve_request",
    ApprovalLevel.COMPLIANCE: "agents.approve_large_request",
}


def approvers(agent: Agent, level: str) -> QuerySet[User]:
    """Return the active people who decide at a level, but the agent: supervisors who see the team, deputies too."""
    if level == ApprovalLevel.COMPLIANCE:
        found = User.objects.active().filter(groups__name=Role.COMPLIANCE)
    else:
        found = supervisors_of(agent.user.team)
    deciding: QuerySet[User] = found.exclude(pk=agent.user_id).order_by("pk")
    return deciding


def supervisors_of(team: Team | None) -> QuerySet[User]:
    """Return the active supervisors who see a team, deputies too."""
    path = team.path if team and team.path else ""
    place = StrIndex(Value(path), "team__path")
    own = ScopeGrant.objects.filter(user=OuterRef("pk")).annotate(place=place).filter(place=1)
    lent = Delegation.objects.running().filter(receiver=OuterRef("pk")).annotate(place=place).filter(place=1)
    found: QuerySet[User] = User.objects.active().filter(Exists(own) | Exists(lent), groups__name=Role.SUPERVISOR)
    return found


def waiting_for(user: User) -> QuerySet[CardRequest]:
    """Return the requests that a person may decide on or hand out from, the oldest first."""
    mine = Q()
    for level, right in RIGHTS.items():
        if user.has_perm(right):
            mine |= Q(state=RequestState.WAITING, level=level)
    if user.has_perm("agents.issue_card"):
        mine |= Q(state=RequestState.APPROVED)
    if not mine:
        return CardRequest.objects.none()
    found = CardRequest.objects.visible_to(user).filter(mine).exclude(agent__user=user)
    return found.select_related("agent__user__team", "replaces").order_by("asked_at", "pk")
