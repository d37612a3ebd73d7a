"""Change of plan: asked for, one card or many, approved by another, written on the day the carrier says (R48, R66)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from billing.models import PlanAdvice
from cardfleet.accounts.choices import Role
from cardfleet.jobs.services import start_job
from cardfleet.notify.models import InboxItem
from cards.models import Card
from lifecycle.bulk.change_plan import ask_for_plans, withdraw
from lifecycle.bulk.registry import Asked, actions
from lifecycle.choices import CaseKind, CaseOutcome, CaseReason, StepState
from lifecycle.errors import ClosingRefused, StepRefused
from lifecycle.models import Case
from lifecycle.services.cases import close_case, complete_step, open_case, reopen_step
from lifecycle.services.cases.plans import change_plans
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory, CarrierFactory, RatePlanFactory
from tests.factories.cases import step_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


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
    """R48: the plan holds from the day on which the carrier changed it, nothing before the yes."""
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
    step(case, "changed", asker, now, since=NOVEMBER)
    card.refresh_from_db()
    case.refresh_from_db()
    assert (card.plan, case.outcome) == (fleet["better"], CaseOutcome.KEPT)
    periods = card.plan_periods.order_by("starts_on").values_list("plan", "starts_on", "ends_on")
    assert list(periods) == [
        (fleet["old"].pk, date(2026, 1, 1), NOVEMBER),
        (fleet["better"].pk, NOVEMBER, None),
    ]


def announced(fleet, now, cards=2):
    """Changes asked for in bulk, approved, and announced by the carrier for the first of December."""
    ask_for_plans([card.pk for card in fleet["cards"][:cards]], asked_by(fleet["supervisor"], now))
    finance, cases = PersonFactory(role=Role.FINANCE), list(Case.objects.order_by("card"))
    for case in cases:
        step(case, "approve", finance, now)
        step(case, "asked", fleet["supervisor"], now)
        step(case, "changed", fleet["supervisor"], now, since=DECEMBER)
    return cases


def test_plans_announced_for_a_day_are_the_cards_on_that_day(fleet, client, now):
    """R48, R66: many cases wait for their day; a job, also late or twice, dates the plan on it and ends them."""
    cases, then = announced(fleet, now), now + timedelta(days=14)
    client.force_login(fleet["supervisor"])
    shown = client.get(reverse("lifecycle:case", args=[cases[0].pk]))
    assert "2026-12-01" in shown.content.decode()
    with pytest.raises(ClosingRefused) as refused:
        close_case(case_id=cases[0].pk, outcome=CaseOutcome.KEPT, actor=fleet["supervisor"], now=now)
    assert [reason.code for reason in refused.value.reasons] == ["day_ahead"]
    assert change_plans(on=DECEMBER - timedelta(days=1), now=now) == {"changed": 0, "put_back": 0}
    assert set(Card.objects.values_list("plan", flat=True)) == {fleet["old"].pk}
    assert change_plans(on=date(2026, 12, 4), now=then) == {"changed": 2, "put_back": 0}
    assert change_plans(on=date(2026, 12, 4), now=then) == {"changed": 0, "put_back": 0}
    for card, case in zip(fleet["cards"], cases, strict=False):
        case.refresh_from_db()
        assert case.outcome == CaseOutcome.KEPT
        periods = card.plan_periods.order_by("starts_on").values_list("plan", "starts_on")
        assert list(periods)[1:] == [(fleet["better"].pk, DECEMBER)]


def test_what_was_announced_may_still_be_put_right_or_given_up(fleet, now):
    """R48: a day that the carrier moves is recorded anew, and what is withdrawn changes nothing."""
    moved, given_up = announced(fleet, now)
    reopen_step(step_id=step_of(moved, "changed").pk, reason="moved", actor=fleet["supervisor"], now=now)
    close_case(case_id=given_up.pk, outcome=CaseOutcome.WITHDRAWN, actor=fleet["supervisor"], now=now)
    assert change_plans(on=DECEMBER, now=now + timedelta(days=11)) == {"changed": 0, "put_back": 0}
    with pytest.raises(StepRefused) as refused:
        step(moved, "changed", fleet["supervisor"], now, since=date(2062, 12, 1))
    assert [reason.code for reason in refused.value.reasons] == ["day_too_far"]
    step(moved, "changed", fleet["supervisor"], now, since=NOVEMBER)
    assert set(Card.objects.values_list("plan", flat=True)) == {fleet["old"].pk, fleet["better"].pk}


def test_a_plan_that_cannot_be_the_cards_any_more_is_told(fleet, now):
    """R48: the card is another carrier's by then; the step is open again with the reason, the others change."""
    cases, then = announced(fleet, now), now + timedelta(days=11)
    Card.objects.filter(pk=cases[0].card_id).update(carrier=CarrierFactory(), plan=None)
    assert change_plans(on=DECEMBER, now=then) == {"changed": 1, "put_back": 1}
    again = step_of(cases[0], "changed")
    assert (again.state, bool(again.why_again)) == (StepState.OPEN, True)
    told = InboxItem.objects.filter(user=fleet["supervisor"], code="lifecycle.plan_not_changed")
    assert told.count() == 1
    assert change_plans(on=DECEMBER, now=then) == {"changed": 0, "put_back": 0}


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
