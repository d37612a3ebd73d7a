"""What transfer, change of user and porting out share: the carrier's conditions, on their page and at their gates."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone

from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason
from cards.models import Card
from lifecycle.errors import StepRefused
from lifecycle.models import Case
from lifecycle.playbooks.registry import Asked
from lifecycle.rules.cases.facts import OpeningFacts
from lifecycle.rules.cases.leaving import still_in_hands
from lifecycle.rules.cases.numbers import Check, NumberFacts, unmet
from lifecycle.selectors.cases.numbers import number_facts

Checks = Callable[[NumberFacts], Sequence[Check]]
PANEL = "lifecycle/cases/parts/conditions.html"


def opened_where(checks: Checks) -> Callable[[OpeningFacts], Iterator[Reason]]:
    """Return the rule that opens a case only where the card's own record stands against nothing."""

    def may_open(facts: OpeningFacts) -> Iterator[Reason]:
        card = facts.card
        known = NumberFacts(
            today=facts.today,
            service_state=card.service_state,
            carrier_kind=card.carrier_kind,
            registrant_kind=card.registrant_kind,
            real_name_state=card.real_name_state,
            bound_until=card.contract_ends_on,
            activated_on=card.activated_on,
        )
        yield from unmet(checks(known))

    return may_open


def refuse_unmet(case: Case, checks: Checks, asked: Asked, *, with_unknown: bool, leaves: bool) -> None:
    """Refuse a step while a condition is not met, the unknown ones too where nothing may be left open."""
    card = card_of(case)
    reasons = list(unmet(checks(facts_of(case, asked)), with_unknown=with_unknown))
    if leaves:
        reasons += still_in_hands(is_held=card.holder_id is not None, is_in_phone=bool(card.device_imei))
    if reasons:
        raise StepRefused(reasons=reasons)


def facts_of(case: Case, asked: Asked) -> NumberFacts:
    """Return the case's card as a carrier sees it."""
    return number_facts(card_of(case), today=business_day(asked.now))


def card_of(case: Case) -> Card:
    """Return the case's card with what the conditions read, as it is now."""
    return Card.objects.select_related("carrier", "contract", "registrant").get(pk=case.card_id)


def conditions(checks: Checks) -> Callable[[Case, User], Mapping[str, Any]]:
    """Return the facts of the panel that shows each condition, and what clears it."""

    def panel_facts(case: Case, _user: User) -> Mapping[str, Any]:
        facts = number_facts(card_of(case), today=business_day(timezone.now()))
        return {"checks": checks(facts) if case.is_open else ()}

    return panel_facts
