"""The ledger (R27, R28; invariants 4 and 5)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import InternalError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.choices import EntryKind
from billing.errors import AlreadyReversed, CardPaidByAnother, KeyReused, NotReversible, WrongAmount
from billing.models import Account, AccountCard, LedgerEntry
from billing.services import ledger
from billing.services.accounts import move_cards, open_accounts, open_shared_account, take_over_balances
from cardfleet.journal.models import Entry
from cards.choices import Payment
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory, CarrierFactory, RatePlanFactory

pytestmark = pytest.mark.django_db


def test_a_top_up_is_an_entry_and_moves_the_balance(now):
    """R28: top-ups are recorded."""
    account = AccountFactory()
    entry = ledger.top_up(account=account, amount=Decimal("50"), actor=None, now=now, reference="WX-1")
    account.refresh_from_db()
    assert account.balance == entry.amount == Decimal("50.00")
    assert entry.month == date(2026, 11, 1)
    assert Entry.objects.get(action="billing.entry_posted").data == {"kind": "top_up", "amount": "50.00"}


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        (EntryKind.TOP_UP, "-1"),
        (EntryKind.TOP_UP, "0"),
        (EntryKind.TOP_UP, "0.001"),
        (EntryKind.OTHER_CHARGE, "1"),
        (EntryKind.ADJUSTMENT, "100000000"),
    ],
)
def test_an_amount_that_does_not_fit_its_kind_is_refused(kind, amount, now):
    account = AccountFactory()
    with pytest.raises(WrongAmount):
        ledger.post(account=account, kind=kind, amount=Decimal(amount), actor=None, now=now)
    assert not LedgerEntry.objects.exists()


def test_the_same_key_posts_once(now):
    account = AccountFactory()
    first = ledger.top_up(account=account, amount=Decimal(5), actor=None, now=now, key="k")
    second = ledger.top_up(account=account, amount=Decimal(5), actor=None, now=now, key="k")
    with pytest.raises(KeyReused):
        ledger.top_up(account=account, amount=Decimal(6), actor=None, now=now, key="k")
    account.refresh_from_db()
    assert first == second
    assert account.balance == Decimal(5)


def test_a_card_of_another_account_is_refused(now):
    with pytest.raises(CardPaidByAnother):
        ledger.top_up(account=AccountFactory(), card=CardFactory(), amount=Decimal(5), actor=None, now=now)


def test_a_mistake_is_reversed_once_by_a_further_row(now):
    account = AccountFactory()
    entry = ledger.top_up(account=account, amount=Decimal(5), actor=None, now=now)
    reversal = ledger.reverse(entry=entry, note="twice", actor=None, now=now)
    account.refresh_from_db()
    assert account.balance == 0
    assert reversal.amount == -entry.amount
    with pytest.raises(AlreadyReversed):
        ledger.reverse(entry=entry, note="again", actor=None, now=now)
    with pytest.raises(NotReversible):
        ledger.reverse(entry=reversal, note="back", actor=None, now=now)


@pytest.mark.owner
def test_entries_are_never_changed(now):
    entry = ledger.top_up(account=AccountFactory(), amount=Decimal(5), actor=None, now=now)
    with pytest.raises(InternalError), transaction.atomic():
        LedgerEntry.objects.filter(pk=entry.pk).update(amount=6)
    with pytest.raises(InternalError), transaction.atomic():
        entry.delete()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    amounts=st.lists(st.integers(-10_000, 10_000).filter(bool), max_size=12),
    reversed_ones=st.sets(st.integers(0, 11)),
    many=st.lists(st.integers(-10_000, -1), max_size=5),
)
def test_balance_is_the_sum_of_entries(amounts, reversed_ones, many, now):
    """Invariant 4: the cached balance equals the sum, whatever is posted and taken back."""
    account = AccountFactory()
    fen = Decimal("0.01")
    entries = [
        ledger.post(account=account, kind=EntryKind.ADJUSTMENT, amount=a * fen, actor=None, now=now) for a in amounts
    ]
    for index in reversed_ones:
        if index < len(entries):
            ledger.reverse(entry=entries[index], note="", actor=None, now=now)
    postings = [
        ledger.Posting(
            account_id=account.pk, card_id=None, amount=a * fen, at=now, month=date(2026, 11, 1), key=f"{account}{n}"
        )
        for n, a in enumerate(many)
    ]
    for _repeat in range(2):
        ledger.post_many(kind=EntryKind.MONTHLY_FEE, postings=postings, actor=None, now=now)
    account.refresh_from_db()
    total = LedgerEntry.objects.filter(account=account).aggregate(total=Sum("amount"))["total"] or 0
    assert account.balance == total


def test_each_card_gets_an_account_on_its_plan_s_terms_once(now):
    plan = RatePlanFactory(payment=Payment.POSTPAID, credit_limit=Decimal(100))
    cards = [CardFactory(plan=plan, activated_on=date(2026, 3, 1)), CardFactory()]
    ids = [card.pk for card in cards]
    assert open_accounts(card_ids=ids, actor=None, now=now) == 2
    assert open_accounts(card_ids=ids, actor=None, now=now) == 0
    account = Account.objects.get(members__card=cards[0])
    assert (account.payment, account.credit_limit) == ("postpaid", Decimal(100))
    assert account.members.get().starts_on == date(2026, 3, 1)


def test_a_card_moves_to_a_shared_account_and_back_to_its_own(now):
    carrier = CarrierFactory()
    card = CardFactory(carrier=carrier)
    open_accounts(card_ids=[card.pk], actor=None, now=now)
    own = Account.objects.get()
    shared = open_shared_account(
        carrier=carrier, code="G1", payment=Payment.POSTPAID, credit_limit=Decimal(0), actor=None, now=now
    )
    assert move_cards(account=shared, cards=[card], on=date(2026, 11, 10), actor=None, now=now) == 1
    assert move_cards(account=shared, cards=[card], on=date(2026, 11, 10), actor=None, now=now) == 0
    assert open_accounts(card_ids=[card.pk], actor=None, now=now) == 0
    AccountCard.objects.filter(account=shared).update(ends_on=date(2026, 11, 15))
    assert open_accounts(card_ids=[card.pk], actor=None, now=now) == 1
    assert [member.account for member in card.paid_by.order_by("starts_on")] == [own, shared, own]


def test_balances_taken_over_open_accounts_once(now):
    """Take-over: what each card holds is its opening balance."""
    cards = CardFactory.create_batch(2)
    balances = {cards[0].pk: Decimal("12.30"), cards[1].pk: Decimal("-4.00")}
    for _repeat in range(2):
        take_over_balances(balances=balances, at=now, actor=None, now=now, reason="from the spreadsheet")
    assert sorted(LedgerEntry.objects.values_list("kind", "amount")) == [
        ("opening", Decimal("-4.00")),
        ("opening", Decimal("12.30")),
    ]
    assert sorted(Account.objects.values_list("balance", flat=True)) == [Decimal("-4.00"), Decimal("12.30")]
