"""Top-ups from asking to being confirmed, on the database (R6, R28, R29)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from rest_framework.test import APIClient

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
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import NotAllowed
from cardfleet.notify.models import InboxItem
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(reference):
    """A team with an agent and two supervisors; finance and compliance."""
    team = TeamFactory()
    found = {role.value: PersonFactory(role=role) for role in (Role.FINANCE, Role.COMPLIANCE)}
    found |= {"agent": PersonFactory(role=Role.AGENT, team=team), "team": team}
    for name in ("supervisor", "deputy"):
        found[name] = PersonFactory(role=Role.SUPERVISOR, scope=team)
    return found


@pytest.fixture
def card(people):
    card = CardFactory(team=people["team"], holder=people["agent"], custody_state="issued")
    AccountFactory(carrier=card.carrier, cards=[card])
    return card


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


def test_many_are_decided_on_at_once_and_each_answers_for_itself(card, people, client, now):
    """R28: one's own is refused by its row, as is one that moved meanwhile; the others are approved."""
    cards = [card, *CardFactory.create_batch(3, team=people["team"], carrier=card.carrier)]
    actors = [people["agent"], people["supervisor"], people["deputy"], people["agent"]]
    amounts = [50, 50, 300, 50]
    asks = [
        ask_top_up(card=one, amount=Decimal(amount), reason="", actor=by, now=now)
        for one, by, amount in zip(cards, actors, amounts, strict=True)
    ]
    withdraw_top_up(request_id=asks[3].pk, reason="", actor=people["agent"], now=now)
    client.force_login(people["supervisor"])
    page = client.get(reverse("billing:top-ups"))
    assert page.content.decode().count('name="pick"') == 3
    picks = {"pick": [f"{one.pk}:supervisor" for one in asks], "answer": "approve"}
    said = client.post(reverse("billing:top-ups-decide"), picks)
    assert said.status_code == 409
    assert {one.pk: why.code for one, why in said.context["refused"]} == {
        asks[1].pk: "own_top_up",
        asks[3].pk: "top_up_moved",
    }
    found = TopUpRequest.objects.order_by("pk").values_list("state", "rank")
    assert list(found) == [("approved", ""), ("asked", "supervisor"), ("asked", "finance"), ("withdrawn", "")]
    api = APIClient()
    api.force_authenticate(people["finance"])
    body = {"top_ups": [{"id": asks[2].pk, "rank": "finance"}, {"id": 999_999, "rank": "finance"}], "approved": True}
    answer = api.post("/api/v1/top-ups/decisions/", body, format="json").json()
    assert (answer["done"], [one["id"] for one in answer["refused"]]) == ([asks[2].pk], [999_999])
    client.force_login(people["deputy"])
    again = client.post(reverse("billing:top-ups-decide"), {**picks, "pick": [f"{asks[1].pk}:supervisor"]})
    assert again.status_code == 302
    assert TopUpRequest.objects.get(pk=asks[1].pk).state == TopUpState.APPROVED


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


def test_the_pages_lead_from_asking_to_the_arrival(card, people, client, now):
    """R28, R6: on the phone by the agent, then by supervisor and finance, each with one next step."""
    client.force_login(people["agent"])
    ask = reverse("billing:top-up-ask")
    assert client.get(ask, {"card": card.pk}).status_code == 200
    asked_for = {"card": card.iccid, "amount": "5000", "reason": "low"}
    assert client.post(ask, asked_for).context["form"].errors["amount"]
    assert not TopUpRequest.objects.exists()
    page = client.post(ask, {**asked_for, "amount": "50"}, follow=True)
    one = page.context["asked"]
    assert not page.context["steps"].label
    client.force_login(people["supervisor"])
    listed = client.get(reverse("billing:top-ups"), {"mine": "true"})
    assert [row.steps.label for row in listed.context["page_obj"]] == [gettext("Decide")]
    decide = {"rank": "supervisor", "answer": "approve"}
    assert client.post(reverse("billing:top-up-decide", args=[one.pk]), decide).status_code == 302
    client.force_login(people["finance"])
    at = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    payment = {"paid": "45", "face_value": "50", "channel": "alipay", "paid_at": at}
    page = client.post(reverse("billing:top-up-pay", args=[one.pk]), payment)
    assert (page.status_code, list(page.context["payment"].errors)) == (400, ["__all__", "risk_reason"])
    client.post(reverse("billing:top-up-pay", args=[one.pk]), {**payment, "risk_reason": "carrier's sale"})
    client.post(reverse("billing:top-up-arrive", args=[one.pk]), {"arrived_at": at})
    one.refresh_from_db()
    assert (one.state, one.risk) == ("arrived", "discounted")
    assert client.post(reverse("billing:top-up-withdraw", args=[one.pk]), {"reason": "came back"}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.account.balance) == ("withdrawn", 0)


def test_a_file_is_looked_at_and_each_row_answers_for_itself(card, people, client, now):
    """Bad input: rows that cannot be read, strangers' numbers, a number twice, a slipped dot that needs a tick."""
    other = CardFactory(team=people["team"], carrier=card.carrier)
    twice = CardFactory(team=people["team"], carrier=card.carrier)
    rows = [f"{card.msisdn},50", f"{other.msisdn},20000", "13900000009,50", f"{card.msisdn[3:]}x,5"]
    rows += [f"{twice.msisdn},{amount}" for amount in (30, 40)] + [f"{CardFactory().msisdn},ten"]
    content = "\n".join(["手机号,金额", *rows]).encode()
    client.force_login(people["finance"])
    file = SimpleUploadedFile("t.csv", content)
    looked = client.post(reverse("billing:top-up-file"), {"file": file, "what": "record"})
    codes = [row.fault.code if row.fault else str(row.doubt or "") for row in looked.context["rows"]]
    assert codes == ["", "very_large", "unknown_card", codes[3], "twice", "twice", codes[6]]
    assert codes[3]
    assert codes[6]
    assert not TopUpRequest.objects.exists()
    confirmed = {"stored": looked.context["stored"].pk, "what": "record"}
    assert client.post(reverse("billing:top-up-file"), confirmed).context["usable"] == 1
    done = client.post(reverse("billing:top-up-file"), {**confirmed, "sure": "3"})
    assert (done.context["usable"], LedgerEntry.objects.count()) == (2, 2)


def test_the_list_asks_as_much_for_three_as_for_one(card, people, client, now):
    client.force_login(people["finance"])
    counts = []
    for place, extra in enumerate((card, *CardFactory.create_batch(2, team=people["team"], carrier=card.carrier))):
        ask_top_up(card=extra, amount=Decimal(50), reason="", actor=people["supervisor"], now=now)
        if place != 1:
            with CaptureQueriesContext(connection) as asked_for:
                assert len(client.get(reverse("billing:top-ups")).context["page_obj"]) == place + 1
            counts.append(len(asked_for))
    assert counts[0] == counts[1]


def test_what_came_in_a_closed_month_counts_in_the_first_open_one(card, people, now):
    """What arrived is recorded late, too: the closed month stays as it is."""
    one = decided(asked(card, people, now - timedelta(days=30)), people["supervisor"], now - timedelta(days=30))
    paid(one, people["finance"], now - timedelta(days=30))
    ClosedMonth.objects.create(month=date(2026, 10, 1), closed_at=now, figures={})
    came = record_arrival(request_id=one.pk, arrived_at=now - timedelta(days=30), actor=people["finance"], now=now)
    assert came.entry.month == date(2026, 11, 1)
