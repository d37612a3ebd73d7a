"""The job that opens renewals and idle cases, and what ends an idle case."""

from datetime import timedelta
from decimal import Decimal

import pytest

from billing.choices import EntryKind
from billing.services.ledger import post
from cardfleet.accounts.choices import Role
from cards.choices import CustodyState, ServiceState, StopReason
from lifecycle.choices import CaseKind, CaseOutcome, IdleDecision
from lifecycle.errors import ClosingRefused, StepRefused
from lifecycle.models import Case
from lifecycle.services.cases import close_case
from lifecycle.services.cases.future import look_ahead
from tests.cases.test_validity import NOW, TODAY, call, codes, in_days
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory
from tests.factories.cases import CaseFactory, do
from tests.factories.lifecycle import UsageDailyFactory
from tests.lifecycle.bulk_jobs import done

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("reference")
def test_a_bulk_job_decides_and_tells_of_each_card() -> None:
    """R15: many renewals at once; a card that may not just lapse is refused alone."""
    team = TeamFactory()
    person = PersonFactory(role=Role.SUPERVISOR, scope=team)
    cards = CardFactory.create_batch(2, team=team, expires_on=in_days(20))
    kept = CardFactory(team=team, expires_on=in_days(20), is_customer_facing=True)
    job = done("renew", [*cards, kept], person, decision="lapse", note="no longer needed")
    assert (job.succeeded, job.refused) == (2, 1)
    assert list(Case.objects.values_list("outcome", flat=True)) == [CaseOutcome.LAPSED] * 2


def test_the_job_opens_what_is_due_and_nothing_twice(django_assert_max_num_queries) -> None:
    """R15, R95, R100, R102, R109: 30 days before the validity ends, 21 before the number is recycled; twice, late."""
    ends = CardFactory(expires_on=in_days(30))
    CardFactory(expires_on=in_days(31))
    CardFactory(expires_on=in_days(3), service_state=ServiceState.FORCED_STOP, stop_reason=StopReason.VIOLATION)
    silent = CardFactory(custody_state=CustodyState.SPARE)
    UsageDailyFactory(card=silent, day=in_days(-70))
    called = CardFactory()
    UsageDailyFactory(card=called, day=in_days(-68))
    topped = CardFactory()
    UsageDailyFactory(card=topped, day=in_days(-80))
    account = AccountFactory(carrier=topped.carrier, cards=[topped])
    post(account=account, kind=EntryKind.TOP_UP, amount=Decimal(50), actor=None, now=NOW - timedelta(days=30))
    first = look_ahead(today=TODAY, now=NOW)
    with django_assert_max_num_queries(12):
        again = look_ahead(today=TODAY, now=NOW)
    assert (first.counts(), again.counts()) == (
        {"renewals": 1, "idle": 1, "used": 0},
        {"renewals": 0, "idle": 0, "used": 0},
    )
    opened = dict(Case.objects.values_list("card", "kind"))
    assert opened == {ends.pk: CaseKind.RENEWAL, silent.pk: CaseKind.IDLE}
    for case in Case.objects.all():
        close_case(case_id=case.pk, outcome=CaseOutcome.WITHDRAWN, actor=None, now=NOW)
    assert look_ahead(today=in_days(1), now=NOW + timedelta(days=1)).counts()["renewals"] == 1
    assert Case.objects.filter(card=silent).count() == 1


def test_an_idle_case_closes_by_itself_on_genuine_use_only() -> None:
    """R100, R109; X4: a call between our own numbers, an unanswered one and an earlier one are no use."""
    card, own, other = CardFactory(), CardFactory(), CardFactory()
    for one in (card, other):
        CaseFactory(card=one, kind=CaseKind.IDLE, reason=StopReason.IDLE)
    after = NOW + timedelta(hours=1)
    call(card, after, own.msisdn)
    call(card, after, "+8613900000001", seconds=0)
    call(card, NOW - timedelta(hours=1), "+8613900000001")
    later = NOW + timedelta(hours=3)
    assert look_ahead(today=TODAY, now=later).used == 0
    case = Case.objects.get(card=card)
    do(case, "decide", given={"decision": IdleDecision.USE}, now=later)
    with pytest.raises(StepRefused) as refused:
        do(case, "used", now=later)
    assert codes(refused) == {"not_used_yet"}
    with pytest.raises(ClosingRefused) as refused:
        close_case(case_id=case.pk, outcome=CaseOutcome.KEPT, actor=None, now=later)
    assert codes(refused) == {"not_used_yet"}
    call(card, after, "+8613900000002")
    account = AccountFactory(carrier=other.carrier, cards=[other])
    post(account=account, kind=EntryKind.TOP_UP, amount=Decimal(50), actor=None, now=after)
    assert look_ahead(today=TODAY, now=later).used == 2
    assert set(Case.objects.values_list("outcome", flat=True)) == {CaseOutcome.KEPT}
