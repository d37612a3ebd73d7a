"""Top-ups from asking to being confirmed, on the database (R6, R28, R29)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from billing.choices import TopUpState
from billing.errors import (
    OwnTopUp,
    RiskReasonMissing,
    TopUpMoved,
    TopUpNotUsable,
    TopUpOpen,
    TopUpReasonMissing,
    TopUpUnusual,
)
from billing.models import BalanceReading, ClosedMonth, LedgerEntry, TopUpDecision, TopUpRequest
from billing.services.top_ups.asking import ask_top_up, withdraw_top_up
from billing.services.top_ups.confirming import confirm_top_ups, watch_top_ups
from billing.services.top_ups.deciding import decide_top_up
from billing.services.top_ups.paying import Payment, record_arrival, record_payment, record_top_up
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import NotAllowed
from cardfleet.notify.models import InboxItem
from tests.factories.top_ups import card_of, people_around

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(reference):
    return people_around()


@pytest.fixture
def card(people):
    return card_of(people)


def asked(card, people, now, amount="50", **given):
    return ask_top_up(card=card, amount=Decimal(amount), reason="low", actor=people["agent"], now=now, **given)


def decided(one, by, now, *, yes=True, reason=""):
    return decide_top_up(request_id=one.pk, rank=one.rank, is_approved=yes, reason=reason, actor=by, now=now)


def paid(one, by, now, *, cost="50", face="50", **given):
    payment = Payment(paid=Decimal(cost), face_value=Decimal(face), channel="alipay", payer="Wang", at=now)
    return record_payment(request_id=one.pk, payment=payment, actor=by, now=now, **given)


def told(person):
    return list(InboxItem.objects.filter(user=person).order_by("pk").values_list("code", flat=True))


def test_a_top_up_is_asked_approved_paid_arrives_and_is_confirmed(card, people, now):
    """R28: top-up record and approval; the ledger is posted once, and the next balance confirms it (R29)."""
    BalanceReading.objects.create(
        account=card.paid_by.get().account, read_at=now - timedelta(hours=2), balance=3, source="app", recorded_at=now
    )
    one = asked(card, people, now)
    assert told(people["supervisor"]) == told(people["deputy"]) == ["billing.top_up_asked"]
    decided(one, people["supervisor"], now)
    paid(one, people["finance"], now)
    assert not LedgerEntry.objects.exists(), "paid is not there yet"
    came = record_arrival(request_id=one.pk, arrived_at=now, actor=people["finance"], now=now)
    entry = LedgerEntry.objects.get()
    assert (came.state, came.entry, entry.amount) == ("arrived", entry, Decimal(50))
    assert told(people["agent"]) == ["billing.top_up_approved", "billing.top_up_arrived"]
    with pytest.raises(TopUpMoved):
        record_arrival(request_id=one.pk, arrived_at=now, actor=people["finance"], now=now)
    later = now + timedelta(hours=1)
    BalanceReading.objects.create(account=one.account, read_at=later, balance=51, source="app", recorded_at=later)
    counts = [confirm_top_ups(account_ids=[one.account_id], now=later) for _run in range(2)]
    assert counts == [{"confirmed": 1, "doubted": 0}, {"confirmed": 0, "doubted": 0}]
    one.refresh_from_db()
    assert (one.state, one.confirmed_at) == (TopUpState.CONFIRMED, later)
    deeds = Entry.objects.filter(subject=f"billing.topuprequest:{one.pk}").order_by("pk")
    assert [deed.action.removeprefix("billing.top_up_") for deed in deeds] == [
        "asked", "approved", "paid", "arrived", "confirmed",
    ]  # fmt: skip


def test_a_balance_without_the_money_is_doubted_until_one_shows_it(card, people, now):
    one = record_top_up(
        account=card.paid_by.get().account, card=card, amount=Decimal(50), key="k", actor=people["finance"], now=now
    )
    for hours, balance in ((1, 2), (2, 49)):
        at = now + timedelta(hours=hours)
        BalanceReading.objects.create(account=one.account, read_at=at, balance=balance, source="app", recorded_at=at)
        confirm_top_ups(account_ids=[one.account_id], now=at)
        one.refresh_from_db()
        assert one.state == ("arrived" if hours == 1 else "confirmed")
    assert told(people["finance"]).count("billing.top_up_doubted") == 1


def test_nobody_approves_their_own_and_levels_go_by_amount(card, people, now):
    """R28: the one who asks is not the one who approves, by rule and by the database."""
    one = ask_top_up(card=card, amount=Decimal(300), reason="", actor=people["supervisor"], now=now)
    with pytest.raises(OwnTopUp):
        decided(one, people["supervisor"], now)
    with pytest.raises(NotAllowed):
        decided(one, people["agent"], now)
    with pytest.raises(IntegrityError), transaction.atomic():
        TopUpDecision.objects.create(request=one, rank="supervisor", is_approved=True, by=people["supervisor"], at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        TopUpRequest.objects.update(approved_by=people["supervisor"])
    half = decided(one, people["deputy"], now)
    assert (half.state, half.rank) == ("asked", "finance")
    with pytest.raises(OwnTopUp):
        decided(half, people["deputy"], now)
    with pytest.raises(TopUpMoved):
        decide_top_up(
            request_id=one.pk, rank="supervisor", is_approved=True, reason="", actor=people["finance"], now=now
        )
    whole = decided(half, people["finance"], now)
    assert (whole.state, whole.approved_by) == ("approved", people["finance"])


def test_a_no_needs_a_reason_and_ends_it(card, people, now):
    one = asked(card, people, now)
    with pytest.raises(TopUpReasonMissing):
        decided(one, people["supervisor"], now, yes=False)
    decided(one, people["supervisor"], now, yes=False, reason="enough until Monday")
    assert told(people["agent"]) == ["billing.top_up_refused"]
    with pytest.raises(TopUpMoved):
        paid(one, people["finance"], now)


def test_a_slipped_dot_is_asked_about(card, people, now):
    """Bad input: a top-up in thousands by a slipped dot asks, and is made when that is confirmed."""
    account = card.paid_by.get().account
    record_top_up(account=account, card=card, amount=Decimal(50), key="k", actor=people["finance"], now=now)
    with pytest.raises(TopUpUnusual) as caught:
        asked(card, people, now, amount="5000")
    assert [reason.code for reason in caught.value.reasons] == ["above_usual"]
    one = asked(card, people, now, amount="5000", is_sure=True)
    with pytest.raises(TopUpOpen):
        asked(card, people, now)
    withdraw_top_up(request_id=one.pk, reason="", actor=people["agent"], now=now)
    with pytest.raises(TopUpNotUsable):
        asked(card, people, now, amount="0")


def test_a_discounted_or_slow_one_needs_a_reason_and_compliance_is_told(card, people, now):
    """Discounted slow top-ups are a known way of laundering money (domain.md, section 6)."""
    one = decided(asked(card, people, now, amount="100"), people["supervisor"], now)
    with pytest.raises(RiskReasonMissing):
        paid(one, people["finance"], now, cost="95", face="100")
    paid(one, people["finance"], now, cost="95", face="100", risk_reason="carrier's own sale")
    late = now + timedelta(hours=25)
    assert [watch_top_ups(now=late) for _run in range(2)] == [1, 1]
    assert told(people["finance"]).count("billing.top_up_late") == 1
    with pytest.raises(RiskReasonMissing):
        record_arrival(request_id=one.pk, arrived_at=late, actor=people["finance"], now=late)
    came = record_arrival(
        request_id=one.pk, arrived_at=late, risk_reason="carrier was down", actor=people["finance"], now=late
    )
    assert (came.risk, came.risk_reason) == ("both", "carrier's own sale carrier was down")
    assert told(people["compliance"]) == ["billing.top_up_risky"] * 2


@pytest.mark.parametrize(
    ("cost", "face", "hours"), [("50", "60", 0), ("0", "50", 0), ("50", "50", 1)], ids=["more", "nothing", "ahead"]
)
def test_a_payment_that_does_not_fit_is_refused(card, people, now, cost, face, hours):
    one = decided(asked(card, people, now), people["supervisor"], now)
    payment = Payment(paid=Decimal(cost), face_value=Decimal(face), channel="alipay", at=now + timedelta(hours=hours))
    with pytest.raises(TopUpNotUsable):
        record_payment(request_id=one.pk, payment=payment, actor=people["finance"], now=now)


def test_what_is_recorded_afterwards_is_the_one_that_waits_and_a_key_counts_once(card, people, now):
    account = card.paid_by.get().account
    one = decided(asked(card, people, now), people["supervisor"], now)
    given = {"account": account, "card": card, "amount": Decimal(50), "actor": people["finance"], "now": now}
    first, again = record_top_up(**given, key="bulk:1"), record_top_up(**given, key="bulk:1")
    assert first.pk == again.pk == one.pk
    other = record_top_up(**given, key="bulk:2")
    assert (other.origin, LedgerEntry.objects.count()) == ("recorded", 2)
    withdraw_top_up(request_id=other.pk, reason="twice", actor=people["finance"], now=now)
    account.refresh_from_db()
    assert account.balance == Decimal(50)
    with pytest.raises(NotAllowed):
        withdraw_top_up(request_id=one.pk, reason="no", actor=people["agent"], now=now)


def test_what_came_in_a_closed_month_counts_in_the_first_open_one(card, people, now):
    """What arrived is recorded late, too: the closed month stays as it is."""
    one = decided(asked(card, people, now - timedelta(days=30)), people["supervisor"], now - timedelta(days=30))
    paid(one, people["finance"], now - timedelta(days=30))
    ClosedMonth.objects.create(month=date(2026, 10, 1), closed_at=now, figures={})
    came = record_arrival(request_id=one.pk, arrived_at=now - timedelta(days=30), actor=people["finance"], now=now)
    assert came.entry.month == date(2026, 11, 1)
