"""Balance moved between wallets and accounts of cards, by double entry (R28)."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError
from django.urls import reverse

from billing.choices import AccountKind, EntryKind
from billing.errors import NotReversible, TransferRefused
from billing.models import LedgerEntry, Transfer, TransferRule
from billing.rules.transfers import Against, Side, Way, against
from billing.selectors.proofs import wrong_balances
from billing.services import ledger
from billing.services.transfers import open_wallet, transfer
from cardfleet.accounts.choices import Role
from tests.factories.accounts import PersonFactory
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory, CarrierFactory

WALLET, CARD = AccountKind.WALLET, AccountKind.CARD


def side(account_id=1, *, kind=CARD, carrier_id=1, balance="100", amount="0"):
    """An account of a transfer."""
    return Side(
        account_id=account_id, carrier_id=carrier_id, kind=kind, balance=Decimal(balance), amount=Decimal(amount)
    )


@pytest.mark.parametrize(
    ("source", "targets", "allowed", "found"),
    [
        (side(kind=WALLET), [side(2, amount="60"), side(3, amount="40")], {Way.TO_CARDS}, []),
        (side(kind=WALLET), [side(2, amount="100.01")], {Way.TO_CARDS}, [Against.TOO_LITTLE]),
        (side(kind=WALLET), [], {Way.TO_CARDS}, [Against.NOTHING]),
        (side(kind=WALLET), [side(2, amount="-1")], {Way.TO_CARDS}, [Against.NOTHING]),
        (side(kind=WALLET), [side(2, carrier_id=2, amount="1")], {Way.TO_CARDS}, [Against.OTHER_CARRIER]),
        (side(), [side(2, amount="1")], {Way.TO_CARDS}, [Against.NOT_ALLOWED]),
        (side(), [side(2, amount="1")], {Way.BETWEEN_CARDS}, []),
        (side(), [side(2, kind=WALLET, amount="1")], {Way.TO_CARDS}, [Against.NOT_ALLOWED]),
        (side(), [side(2, kind=WALLET, amount="1")], {Way.TO_WALLET}, []),
        (side(), [side(1, amount="1")], {Way.BETWEEN_CARDS}, [Against.ITSELF]),
    ],
)
def test_what_stands_against_a_transfer(source, targets, allowed, found):
    """R28: only within one carrier, of what is there, and the ways the carrier lets it go."""
    assert against(source, targets, allowed=frozenset(allowed)) == found


@pytest.mark.django_db
def test_a_wallet_gives_to_cards_and_the_legs_add_up_to_nothing(now):
    """R28: each leg is an entry, balances follow, and no leg is taken back alone."""
    carrier = CarrierFactory()
    cards = [CardFactory(carrier=carrier), CardFactory(carrier=carrier)]
    first, second = (AccountFactory(carrier=carrier, cards=[card]) for card in cards)
    known = {"actor": None, "now": now}
    wallet = open_wallet(carrier=carrier, code="prepaid", **known)
    ledger.top_up(account=wallet, amount=Decimal(100), **known)
    moved = transfer(source=wallet, amounts={first.pk: Decimal(30), second.pk: Decimal(20)}, reason="new", **known)
    for account, balance in ((wallet, 50), (first, 30), (second, 20)):
        account.refresh_from_db()
        assert account.balance == balance
    legs = moved.legs.order_by("account_id")
    assert sum(leg.amount for leg in legs) == 0
    assert {leg.card_id for leg in legs} == {None, *(card.pk for card in cards)}
    assert not list(wrong_balances())
    with pytest.raises(NotReversible):
        ledger.reverse(entry=legs[0], note="", **known)
    with pytest.raises(TransferRefused) as refused:
        transfer(source=first, amounts={second.pk: Decimal(1)}, reason="move", **known)
    assert [reason.code for reason in refused.value.reasons] == [Against.NOT_ALLOWED]
    TransferRule.objects.create(carrier=carrier, between_cards=True)
    transfer(source=first, amounts={second.pk: Decimal(1)}, reason="move", **known)


@pytest.mark.django_db
def test_the_database_refuses_legs_that_do_not_add_up(now):
    """R28: a deferred trigger adds the legs up at the end of the transaction."""
    account = AccountFactory()
    facts = {"account": account, "at": now, "posted_at": now, "month": now.date().replace(day=1)}
    moved = Transfer.objects.create(made_at=now, reason="one leg")
    with pytest.raises(InternalError), transaction.atomic():
        _one_leg(moved, facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(kind=EntryKind.TRANSFER, amount=5, key="no transfer", **facts)


def _one_leg(moved, facts):
    LedgerEntry.objects.create(kind=EntryKind.TRANSFER, amount=5, key="leg", transfer=moved, **facts)
    connection.check_constraints()


@pytest.mark.django_db
def test_finance_gives_of_a_wallet_on_its_page(client, reference, now):
    """R28: wrong lines name their line, and what was entered stays."""
    carrier = CarrierFactory()
    card = CardFactory(carrier=carrier, msisdn="+8613812345678")
    account = AccountFactory(carrier=carrier, cards=[card])
    wallet = open_wallet(carrier=carrier, code="prepaid", actor=None, now=now)
    client.force_login(PersonFactory(role=Role.FINANCE))
    paid = client.post(reverse("billing:wallet-pay"), {"wallet": wallet.pk, "amount": "80"})
    assert paid.status_code == 302
    given = {"wallet": wallet.pk, "lines": "13812345678 50.00\n13900000000 x", "reason": "new cards"}
    wrong = client.post(reverse("billing:transfer"), given)
    assert (wrong.status_code, [error.code for error in wrong.context["form"].errors.as_data()["lines"]]) == (
        422,
        ["card"],
    )
    done = client.post(reverse("billing:transfer"), {**given, "lines": "13812345678, 50.00"})
    account.refresh_from_db()
    assert (done.status_code, account.balance) == (302, 50)
    page = client.get(reverse("billing:wallets"))
    assert [(one.accounts, one.moved) for one in page.context["transfers"]] == [(1, 50)]
