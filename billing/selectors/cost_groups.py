"""What the groups of a cost report are called."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from agents.models import Agent
from billing.selectors.cost_rows import Key
from cardfleet.accounts.models import Team
from cardfleet.kernel.masking import mask_iccid, mask_msisdn
from cards.choices import Purpose
from cards.models import Card, Carrier, RatePlan, Registrant

Name = tuple[str, str]
Names = dict[Key, Name]


def names_of(by: str, keys: Collection[Key], *, whole_numbers: bool) -> Names:
    """Return name and detail of each group by its key; the group of nobody is called 未分配 in Chinese."""
    ids = [key for key in keys if key is not None]
    found = _cards(ids, whole=whole_numbers) if by == "card" else _FINDERS[by](ids)
    return {None: (_nobody(by), ""), **found}


def _nobody(by: str) -> str:
    words = {"plan": _("No plan"), "region": _("No region known"), "entity": _("Registered to no company")}
    return words.get(by, _("Unassigned"))


def _teams(keys: list[Any]) -> Names:
    return {team.pk: (team.name, "") for team in Team.objects.filter(pk__in=keys)}


def _agents(keys: list[Any]) -> Names:
    agents = Agent.objects.filter(pk__in=keys).select_related("user")
    return {agent.pk: (agent.user.name, agent.user.staff_no or "") for agent in agents}


def _cards(keys: list[Any], *, whole: bool) -> Names:
    cards = Card.objects.filter(pk__in=keys).values_list("pk", "msisdn", "iccid")
    if whole:
        return {pk: (msisdn.removeprefix("+86"), iccid) for pk, msisdn, iccid in cards}
    return {pk: (mask_msisdn(msisdn), mask_iccid(iccid)) for pk, msisdn, iccid in cards}


def _carriers(keys: list[Any]) -> Names:
    return {carrier.pk: (carrier.name, "") for carrier in Carrier.objects.filter(pk__in=keys)}


def _plans(keys: list[Any]) -> Names:
    plans = RatePlan.objects.filter(pk__in=keys).select_related("carrier")
    return {plan.pk: (plan.name, plan.carrier.name) for plan in plans}


def _regions(keys: list[Any]) -> Names:
    return {key: (key, "") for key in keys}


def _purposes(keys: list[Any]) -> Names:
    return {key: (str(Purpose(key).label), "") for key in keys}


def _entities(keys: list[Any]) -> Names:
    return {unit.pk: (str(unit.name), "") for unit in Registrant.objects.filter(pk__in=keys)}


_FINDERS = {
    "team": _teams,
    "agent": _agents,
    "carrier": _carriers,
    "plan": _plans,
    "region": _regions,
    "purpose": _purposes,
    "entity": _entities,
}
