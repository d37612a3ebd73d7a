"""Keep or cancel on the card page, the decision in a case, and the reviews that a job opens."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from lifecycle.choices import CaseKind, CaseOutcome, KeepVerdict
from lifecycle.errors import StepRefused
from lifecycle.models import Case, NumberReviewPlan
from lifecycle.selectors.keeping import keeping, last_review
from lifecycle.services.cases import complete_step, open_case
from lifecycle.services.number_reviews import open_number_reviews
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CardFactory, ContractFactory, PlanPriceFactory
from tests.factories.lifecycle import UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def review(card, desk, now, **given) -> Case:
    """Open a review and take its only step."""
    case = open_case(card_id=card.pk, kind=CaseKind.NUMBER_REVIEW, reason="unused", actor=desk, now=now)
    complete_step(step_id=case.steps.get().pk, note="talked to sales", given=given, actor=desk, now=now)
    return case


def test_the_facts_for_keeping_or_cancelling(client, now, django_assert_num_queries):
    """R99, R100, R103, R109: idle days, when the carrier recycles the number, what leaving the contract costs."""
    today, price = business_day(now), PlanPriceFactory(monthly_fee=Decimal(20))
    contract = ContractFactory(
        carrier=price.plan.carrier, ends_on=date(2027, 1, 19), penalty_fixed=50, penalty_share=Decimal("0.5")
    )
    cards = CardFactory.create_batch(3, carrier=contract.carrier, contract=contract, plan=price.plan)
    UsageDailyFactory(card=cards[0], day=today - timedelta(days=40))
    for day in range(6):
        UsageDailyFactory(card=cards[1], day=today - timedelta(days=day), calls=7)
    with django_assert_num_queries(7) as seen:
        found = keeping(cards, now=now)
    with django_assert_num_queries(len(seen)):
        keeping(cards[:1], now=now)
    keep = found[cards[0].pk]
    assert (keep.facts.idle_days, keep.recycled.on) == (40, today + timedelta(days=50))
    assert (keep.weighing.verdict, keep.weighing.best.on) == (KeepVerdict.WAIT, date(2027, 1, 20))
    assert (keep.weighing.today.penalty.amount, keep.weighing.best.total) == (Decimal("70.00"), Decimal("40.00"))
    assert found[cards[1].pk].weighing.verdict == KeepVerdict.KEEP
    client.force_login(PersonFactory(role=Role.ADMIN))
    page = client.get(reverse("lifecycle:card-keeping", args=[cards[0].pk]))
    assert page.context["keep"].weighing.verdict == KeepVerdict.WAIT
    assert f"card={cards[0].pk}&amp;kind=cancellation".encode() in page.content


@pytest.mark.owner
def test_a_number_is_kept_with_its_reason_and_the_day_of_the_next_look(now):
    """R99: the decision is recorded with the figures it was taken on; without a next day it is refused."""
    card, desk = CardFactory(), PersonFactory(role=Role.ADMIN)
    with pytest.raises(StepRefused) as refused:
        review(card, desk, now, decision="keep")
    assert [reason.code for reason in refused.value.reasons] == ["review_unfit"]
    Case.objects.all().delete()
    review(card, desk, now, decision="keep", next_review_on=date(2027, 3, 1))
    last = last_review(card.pk)
    assert (last.outcome, last.closing_note) == (CaseOutcome.KEPT, "talked to sales")
    assert (last.facts["next_review_on"], last.facts["advice"]) == ("2027-03-01", KeepVerdict.CANCEL)
    assert open_number_reviews(on=date(2027, 2, 28), now=now) == 0
    assert open_number_reviews(on=date(2027, 3, 1), now=now) == 1
    assert open_number_reviews(on=date(2027, 3, 1), now=now) == 0


def test_a_number_given_up_gets_its_cancellation(now):
    """R99, R96: the review ends and the cancellation begins, one from the other."""
    card, desk = CardFactory(), PersonFactory(role=Role.ADMIN)
    case = review(card, desk, now, decision="cancel")
    child = Case.objects.get(kind=CaseKind.CANCELLATION)
    assert (child.parent_id, child.card_id, child.reason) == (case.pk, card.pk, "unused")


def test_industries_are_reviewed_from_time_to_time(now):
    """R101: numbers of an industry that asks for it get a review when its interval is over, each once."""
    today = business_day(now)
    NumberReviewPlan.objects.filter(industry="保险").update(every_days=90)
    NumberReviewPlan.objects.create(industry="教育", every_days=90, is_active=False)
    old = CardFactory(industry="保险", activated_on=today - timedelta(days=90))
    CardFactory(industry="保险", activated_on=today - timedelta(days=89))
    CardFactory(industry="保险", activated_on=today - timedelta(days=400), service_state="cancelled")
    CardFactory(industry="教育", activated_on=today - timedelta(days=400))
    assert open_number_reviews(on=today, now=now) == 1
    case = Case.objects.get()
    assert (case.card, case.kind, case.source, case.opened_by) == (old, CaseKind.NUMBER_REVIEW, "system", None)
