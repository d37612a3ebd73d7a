"""Change of plan: asked for, one card or many, approved by another, written on the day the carrier says (R48, R66)."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from billing.models import PlanAdvice
from cardfleet.accounts.choices import Role
from cardfleet.jobs.services import start_job
from cards.errors import DayAhead
from cards.models import Card
from lifecycle.bulk.change_plan import ask_for_plans, withdraw
from lifecycle.bulk.registry import Asked, actions
from lifecycle.choices import CaseKind, CaseOutcome, CaseReason
from lifecycle.errors import StepRefused
from lifecycle.models import Case
from lifecycle.services.cases import complete_step, open_case
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory, CarrierFactory, RatePlanFactory
from tests.factories.cases import step_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def fleet(now):
    """Two cards with a better plan, one without, of one team; its supervisor and finance."""
    carrier, team = CarrierFactory(), TeamFactory()
    old, better = RatePlanFactory(carrier=carrier), RatePlanFactory(carrier=carrier)
    cards = CardFactory.create_batch(3, carrier=carrier, plan=old, team=team, activated_on=date(2026, 1, 1))
    for card in cards[:2]:
        told = {"plan": old, "best": better, "best_cost": Decimal(9), "saving_year": Decimal(120)}
        known = {"month": date(2026, 10, 1), "months": 3, "minutes": 10, "cost": Decimal(19), "advised_at": now}
        PlanAdvice.objects.create(card=card, **told, **known)
    supervisor = PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)
    return {"cards": cards, "old": old, "better": better, "supervisor": supervisor}


def step(case, code, actor, now, **given):
    return complete_step(step_id=step_of(case, code).pk, given=given, note="done", actor=actor, now=now)


def asked_by(person, now):
    """What a bulk action is told."""
    job = start_job(kind="lifecycle.bulk_change_plan", owner=person, params={}, now=now)
    return Asked(job=job, actor=person, now=now, given={"plan": None, "note": ""})


def test_many_cards_get_a_case_each_for_their_best_plan(fleet, now):
    """R48, R66: with the plan chosen, waiting for another's yes; a card without advice is told; undone together."""
    ids = [card.pk for card in fleet["cards"]]
    asked = asked_by(fleet["supervisor"], now)
    found = ask_for_plans(ids, asked)
    assert [reason.code for reason in found.refused.values()] == ["no_advice"]
    cases = Case.objects.filter(kind=CaseKind.PLAN_CHANGE)
    assert {case.card_id: case.facts["plan"] for case in cases} == dict.fromkeys(ids[:2], fleet["better"].pk)
    assert {(case.facts["asked_by"], case.is_open) for case in cases} == {(fleet["supervisor"].pk, True)}
    again = ask_for_plans(ids[:2], asked)
    assert (len(again.refused), cases.count()) == (2, 2)
    assert not withdraw(found.done, asked).refused
    assert {case.outcome for case in cases.all()} == {CaseOutcome.WITHDRAWN}
    assert set(Card.objects.values_list("plan", flat=True)) == {fleet["old"].pk}


def test_who_asked_does_not_approve_and_the_card_changes_on_the_carriers_day(fleet, now):
    """R48: the plan holds from the day on which the carrier changed it; none ahead, nothing before the yes."""
    card, asker = fleet["cards"][0], fleet["supervisor"]
    ask_for_plans([card.pk], asked_by(asker, now))
    case = Case.objects.get()
    with pytest.raises(StepRefused) as refused:
        step(case, "approve", asker, now)
    assert [reason.code for reason in refused.value.reasons] == ["own_request"]
    with pytest.raises(StepRefused):
        step(case, "changed", asker, now, since=NOVEMBER)
    step(case, "approve", PersonFactory(role=Role.FINANCE), now)
    step(case, "asked", asker, now)
    with pytest.raises(DayAhead):
        step(case, "changed", asker, now, since=date(2026, 12, 1))
    card.refresh_from_db()
    assert card.plan == fleet["old"]
    step(case, "changed", asker, now, since=NOVEMBER)
    card.refresh_from_db()
    case.refresh_from_db()
    assert (card.plan, case.outcome) == (fleet["better"], CaseOutcome.KEPT)
    periods = card.plan_periods.order_by("starts_on").values_list("plan", "starts_on", "ends_on")
    assert list(periods) == [
        (fleet["old"].pk, date(2026, 1, 1), NOVEMBER),
        (fleet["better"].pk, NOVEMBER, None),
    ]


@pytest.mark.parametrize(("plan", "code"), [("old", "same_plan"), ("foreign", "plan_of_other_carrier")])
def test_a_plan_that_cannot_be_is_refused(plan, code, fleet, now):
    card, asker = fleet["cards"][0], fleet["supervisor"]
    case = open_case(card_id=card.pk, kind=CaseKind.PLAN_CHANGE, reason=CaseReason.PLANNED, actor=asker, now=now)
    with pytest.raises(StepRefused) as refused:
        step(case, "plan", asker, now, plan=fleet.get(plan) or RatePlanFactory())
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_the_list_of_best_plans_leads_to_it(fleet, client, now):
    """R66: ticked cards go to the question, and the case shows both plans."""
    client.force_login(fleet["supervisor"])
    page = client.get(reverse("billing:best-plans")).content.decode()
    question = reverse("lifecycle:bulk", args=["change_plan"])
    assert f'action="{question}"' in page
    assert client.get(question, {"ids": [fleet["cards"][0].pk]}).status_code == 200
    assert "change_plan" in {action.name for action in actions()}
    ask_for_plans([fleet["cards"][0].pk], asked_by(fleet["supervisor"], now))
    shown = client.get(reverse("lifecycle:case", args=[Case.objects.get().pk])).content.decode()
    assert fleet["better"].name in shown
    assert fleet["old"].name in shown
