"""`/api/v1/months/`, `/api/v1/wallets/`, `/api/v1/transfers/`: what finance does on its pages."""

from datetime import date
from decimal import Decimal

import pytest

from billing.choices import AccountKind, BatchState, ClosingCheck, EntryKind
from billing.models import ClosedMonth, LedgerEntry, Transfer, UsageBatch
from billing.services import ledger
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from tests.billing.test_api import API, signed_in
from tests.factories.accounts import TeamFactory
from tests.factories.billing import AccountFactory, UsageSourceFactory
from tests.factories.cards import CardFactory, CarrierFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def finance():
    return signed_in(Role.FINANCE)


def test_a_month_is_looked_at_and_closed(finance, now, time_machine):
    """R27: what stands against it and what is only to be seen, as on the page; one answer for one key."""
    time_machine.move_to(now, tick=False)
    assert finance.get(f"{API}months/").json() == {"following": None, "is_blocked": False, "found": [], "months": []}
    account = AccountFactory()
    ledger.charge(account=account, amount=Decimal(8), month=OCTOBER, actor=None, now=now)
    batch = UsageBatch.objects.create(source=UsageSourceFactory(), state=BatchState.RECEIVED, created_at=now)
    told = finance.get(f"{API}months/").json()
    assert (told["following"], told["is_blocked"], told["months"][1]["cost"]) == ("2026-10-01", True, "8.00")
    assert [(one["check"], one["count"], one["blocks"]) for one in told["found"]] == [("waiting", 1, True)]
    refused = finance.post(f"{API}months/", {"month": "2026-10-31"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "month_not_ready")
    UsageBatch.objects.filter(pk=batch.pk).update(state=BatchState.FAILED)
    refused = finance.post(f"{API}months/", {"month": "2026-10-31"}, format="json")
    assert (refused.status_code, refused.json()["details"][0]["code"]) == (409, ClosingCheck.FAILED)
    body, key = {"month": "2026-10-31", "is_seen": True}, {"Idempotency-Key": "october"}
    closed = [finance.post(f"{API}months/", body, format="json", headers=key) for _again in range(2)]
    assert [answer.status_code for answer in closed] == [201, 201]
    assert closed[0].json() == closed[1].json()
    assert closed[0].json()["figures"]["cost"] == "8.00"
    assert ClosedMonth.objects.count() == Entry.objects.filter(action="billing.month_closed").count() == 1
    assert finance.get(f"{API}months/").json()["months"][-1]["closed"]["month"] == "2026-10-01"


@pytest.fixture
def carrier():
    return CarrierFactory()


@pytest.fixture
def cards(carrier):
    """Two cards with accounts of their own."""
    cards = CardFactory.create_batch(2, carrier=carrier)
    for card in cards:
        AccountFactory(carrier=carrier, cards=[card])
    return cards


def test_a_wallet_is_opened_paid_into_and_given_of(carrier, cards, finance):
    """R28: the legs add up to nothing; a key sent twice moves once."""
    opened = finance.post(f"{API}wallets/", {"carrier": carrier.pk, "code": "W1"}, format="json")
    again = finance.post(f"{API}wallets/", {"carrier": carrier.pk, "code": "W1"}, format="json")
    assert (opened.status_code, again.status_code, again.json()["code"]) == (201, 409, "account_exists")
    wallet = opened.json()["id"]
    paid = finance.post(f"{API}wallets/{wallet}/pay/", {"amount": "100", "reference": "B1"}, format="json")
    assert (paid.status_code, paid.json()["kind"], paid.json()["amount"]) == (201, "top_up", "100.00")
    to = [{"card": card.pk, "amount": amount} for card, amount in zip(cards, ("30.00", "20.50"), strict=True)]
    body = {"source": {"wallet": wallet}, "to": to, "reason": "new cards", "reference": "T1"}
    moved = [
        finance.post(f"{API}transfers/", body, format="json", headers={"Idempotency-Key": "t"}) for _again in range(2)
    ]
    assert [answer.status_code for answer in moved] == [201, 201]
    told = moved[0].json()
    assert (told["moved"], told["accounts"], Transfer.objects.count()) == ("50.50", 2, 1)
    assert sorted(leg["amount"] for leg in told["legs"]) == ["-50.50", "20.50", "30.00"]
    assert finance.get(f"{API}transfers/{told['id']}/").json() == told
    assert [one["id"] for one in finance.get(f"{API}transfers/").json()["results"]] == [told["id"]]
    assert [one["balance"] for one in finance.get(f"{API}wallets/").json()["results"]] == ["49.50"]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"to": []}, 400, ""),
        ({"to": [{"card": 999_999, "amount": "1"}]}, 400, "account"),
        ({"to": [{"wallet": 999_999, "amount": "1"}]}, 400, "account"),
        ({"to": [{"amount": "1"}]}, 400, ""),
        ({"source": {"card": 1, "wallet": 1}}, 400, ""),
        ({"reason": ""}, 400, ""),
        ({"amount": "0"}, 400, ""),
        ({"amount": "0.001"}, 400, ""),
        ({"amount": "100.01"}, 409, "too_little"),
    ],
)
def test_a_transfer_that_does_not_hold_moves_nothing(changes, status, code, carrier, cards, finance, now):
    """R28: a wrong line is named, and no other line is done."""
    wallet = AccountFactory(kind=AccountKind.WALLET, carrier=carrier)
    ledger.post(account=wallet, kind=EntryKind.TOP_UP, amount=Decimal(100), actor=None, now=now)
    right = {"card": cards[0].pk, "amount": changes.get("amount", "5.00")}
    body = {"source": {"wallet": wallet.pk}, "to": [right], "reason": "new"} | changes
    body.pop("amount", None)
    if changes.get("to"):
        body["to"] = [right, *changes["to"]]
    answer = finance.post(f"{API}transfers/", body, format="json")
    assert answer.status_code == status, answer.json()
    if code:
        (reason,) = answer.json()["details"]
        assert (reason["code"], reason.get("line")) == (code, 2 if code == "account" else None)
    assert not Transfer.objects.exists()
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.COMPLIANCE, Role.AGENT])
def test_nobody_else_closes_opens_pays_or_moves(role, carrier, now):
    """R12: the rights are those of the pages, and nothing is written."""
    wallet = AccountFactory(kind=AccountKind.WALLET, carrier=carrier)
    api = signed_in(role, team=TeamFactory())
    posts = {
        "months/": {"month": "2026-10-01"},
        "wallets/": {"carrier": carrier.pk, "code": "W"},
        f"wallets/{wallet.pk}/pay/": {"amount": "5"},
        "transfers/": {"source": {"wallet": wallet.pk}, "to": [{"wallet": wallet.pk, "amount": "5"}], "reason": "x"},
    }
    assert {api.post(f"{API}{url}", body, format="json").status_code for url, body in posts.items()} == {403}
    assert [model.objects.count() for model in (ClosedMonth, LedgerEntry, Transfer)] == [0, 0, 0]
