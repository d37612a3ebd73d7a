"""A closed month: nothing is posted into it, and its cost report stays as it is (R27, R13)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.utils import InternalError
from django.urls import reverse

from billing.choices import BatchState, ClosingCheck, EntryKind
from billing.errors import MonthClosed, MonthNotReady, NotReversible, WarningsNotSeen
from billing.models import ClosedMonth, LateUsage, LedgerEntry, UsageBatch
from billing.selectors.closing import is_closed, open_month_for
from billing.selectors.cost_rows import CostBy
from billing.selectors.costs import ledger_total, month_costs
from billing.selectors.month_proofs import wrong_months
from billing.selectors.proofs import wrong_balances, wrong_usage
from billing.services import ledger
from billing.services.accounts import move_cards
from billing.services.closing import close_month
from billing.services.revocation import revoke_batch
from cardfleet.accounts.choices import Role
from tests.billing.conftest import at, generic
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory
from tests.factories.billing import held

OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
CALL = "13812345678,2026-11-0{day} 09:00:00,out,13900000001,61,{fee}"


@pytest.fixture
def later(now):
    """After the month's end."""
    return now.replace(month=12, day=3)


def call(day=9, fee="0.31"):
    """A file of one call."""
    return generic(CALL.format(day=day, fee=fee))


@pytest.mark.django_db
def test_what_comes_late_is_a_cost_of_the_open_month(card, load, later):
    """R13, R27: late and revoked calls of a closed month change the open one, and every split is the ledger's sum."""
    agent, other = AgentFactory(), AgentFactory()
    held(card, agent, at(1), at(5))
    held(card, other, at(5))
    first = load(call(day=3))
    account = card.paid_by.get().account
    ledger.post(
        account=account,
        card=card,
        kind=EntryKind.MONTHLY_FEE,
        amount=Decimal(-30),
        month=NOVEMBER,
        actor=None,
        now=at(2),
    )
    close_month(month=NOVEMBER, actor=None, now=later)
    before = {by: month_costs(NOVEMBER, by) for by in CostBy}

    load(call(day=7, fee="0.50"))
    revoke_batch(batch=first, reason="wrong month", actor=None, now=later)

    assert {by: month_costs(NOVEMBER, by) for by in CostBy} == before
    for by in CostBy:
        report = month_costs(DECEMBER, by)
        assert report.total.calls == ledger_total(DECEMBER) == Decimal("0.19")
    assert {row.key: row.calls for row in month_costs(DECEMBER, CostBy.AGENT).rows if row.calls} == {
        agent.pk: Decimal("-0.31"),
        other.pk: Decimal("0.50"),
    }
    late = LedgerEntry.objects.filter(of_month=NOVEMBER)
    assert set(late.values_list("kind", "month")) == {("usage", DECEMBER)}
    assert LateUsage.objects.count() == 2
    assert [*wrong_usage(), *wrong_months(), *wrong_balances()] == []


@pytest.mark.owner
@pytest.mark.django_db
def test_a_person_posts_nothing_into_a_closed_month(card, load, later):
    """R27: refused by hand, taken by the first open month from a job; a reversal goes there too, and only once."""
    load(call())
    account = card.paid_by.get().account
    known = {"account": account, "actor": None, "now": later}
    charged = ledger.charge(amount=Decimal(5), month=NOVEMBER, **known)
    close_month(month=NOVEMBER, actor=None, now=later)
    assert (is_closed(date(2026, 11, 30)), open_month_for(OCTOBER)) == (True, DECEMBER)
    with pytest.raises(MonthClosed):
        ledger.top_up(amount=Decimal(5), month=NOVEMBER, **known)
    with pytest.raises(MonthClosed):
        move_cards(account=account, cards=[card], on=date(2026, 11, 30), actor=None, now=later)
    late = ledger.charge(amount=Decimal(2), month=NOVEMBER, is_late=True, **known)
    assert (late.month, late.of_month) == (DECEMBER, NOVEMBER)
    reversal = ledger.reverse(entry=charged, note="", actor=None, now=later)
    assert (reversal.month, reversal.of_month, reversal.at) == (DECEMBER, NOVEMBER, charged.at)
    with pytest.raises(NotReversible):
        ledger.reverse(entry=reversal, note="", actor=None, now=later)
    assert ledger_total(DECEMBER) == Decimal(-3)
    with pytest.raises(InternalError), transaction.atomic():
        LedgerEntry.objects.filter(pk=late.pk).update(month=NOVEMBER)


@pytest.mark.django_db
def test_the_database_itself_keeps_a_closed_month(card, load, later):
    """R27: an entry written around the services is refused by the trigger."""
    load(call())
    close_month(month=NOVEMBER, actor=None, now=later)
    entry = LedgerEntry.objects.get()
    entry.pk, entry.key = None, "around"
    with pytest.raises(InternalError), transaction.atomic():
        entry.save(force_insert=True)


@pytest.mark.django_db
def test_closing_is_refused_while_something_is_unposted(card, load, later, now):
    """R27: the month must be over, the ones before it closed, its files imported; what is merely open must be seen."""
    batch = load(call())
    with pytest.raises(MonthNotReady) as refused:
        close_month(month=NOVEMBER, actor=None, now=now)
    assert [reason.code for reason in refused.value.reasons] == [ClosingCheck.NOT_OVER]
    UsageBatch.objects.create(source=batch.source, sha256="b" * 64, state=BatchState.RECEIVED, created_at=now)
    with pytest.raises(MonthNotReady) as refused:
        close_month(month=DECEMBER, actor=None, now=later.replace(year=2027))
    codes = [reason.code for reason in refused.value.reasons]
    assert codes == [ClosingCheck.EARLIER_OPEN, ClosingCheck.WAITING]
    UsageBatch.objects.filter(state=BatchState.RECEIVED).update(state=BatchState.FAILED)
    with pytest.raises(WarningsNotSeen):
        close_month(month=NOVEMBER, actor=None, now=later)
    close_month(month=NOVEMBER, actor=None, now=later, is_seen=True)
    with pytest.raises(MonthClosed):
        close_month(month=NOVEMBER, actor=None, now=later)


@pytest.mark.django_db
def test_finance_closes_the_month_on_its_page(card, load, client, reference, later, time_machine):
    """R27: the page lists the months and what stands against the next; supervisors have no such page."""
    load(call())
    time_machine.move_to(later, tick=False)
    client.force_login(PersonFactory(role=Role.FINANCE))
    page = client.get(reverse("billing:closing"))
    assert (page.context["closing"].following, page.context["closing"].found) == (NOVEMBER, [])
    done = client.post(reverse("billing:closing"), {"month": NOVEMBER.isoformat()})
    assert done.status_code == 302
    closed = ClosedMonth.objects.get()
    assert (closed.figures["entries"], closed.figures["cost"]) == (1, "0.31")
    page = client.get(reverse("billing:closing"))
    assert [(line.month, bool(line.closed)) for line in page.context["closing"].months] == [
        (DECEMBER, False),
        (NOVEMBER, True),
    ]
    assert client.post(reverse("billing:closing"), {"month": DECEMBER.isoformat()}).status_code == 409
    call_command("reconcile_balances")
    with pytest.raises(CommandError):
        call_command("close_month", "2026-12")
