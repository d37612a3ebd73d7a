"""What the groups of a cost report are called."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from agents.models import Agent
from cardfleet.accounts.models import Team
from cardfleet.kernel.masking import mask_iccid, mask_msisdn
from cards.models import Card, Carrier, RatePlan

Name = tuple[str, str]


def names_of(by: str, keys: Collection[int | None], *, whole_numbers: bool) -> dict[int | None, Name]:
    """Return name and detail of each group by its id; the group of nobody is called 未分配 in Chinese."""
    ids = [key for key in keys if key is not None]
    found = _cards(ids, whole=whole_numbers) if by == "card" else _FINDERS[by](ids)
    return {None: (_nobody(by), ""), **found}


def _nobody(by: str) -> str:
    return _("No plan") if by == "plan" else _("Unassigned")


def _teams(keys: list[int]) -> dict[int | None, Name]:
    return {team.pk: (team.name, "") for team in Team.objects.filter(pk__in=keys)}


def _agents(keys: list[int]) -> dict[int | None, Name]:
    agents = Agent.objects.filter(pk__in=keys).select_related("user")
    return {agent.pk: (agent.user.name, agent.user.staff_no or "") for agent in agents}


def _cards(keys: list[int], *, whole: bool) -> dict[int | None, Name]:
    cards = Card.objects.filter(pk__in=keys).values_list("pk", "msisdn", "iccid")
    if whole:
        return {pk: (msisdn.removeprefix("+86"), iccid) for pk, msisdn, iccid in cards}
    return {pk: (mask_msisdn(msisdn), mask_iccid(iccid)) for pk, msisdn, iccid in cards}


def _carriers(keys: list[int]) -> dict[int | None, Name]:
    return {carrier.pk: (carrier.name, "") for carrier in Carrier.objects.filter(pk__in=keys)}


def _plans(keys: list[int]) -> dict[int | None, Name]:
    plans = RatePlan.objects.filter(pk__in=keys).select_related("carrier")
    return {plan.pk: (plan.name, plan.carrier.name) for plan in plans}


_FINDERS = {"team": _teams, "agent": _agents, "carrier": _carriers, "plan": _plans}
