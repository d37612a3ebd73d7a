"""The ledger under whatever sequence of posts, reversals, transfers and closings, some of them beside each other.

Beside the services a plain list of amounts is kept; after each step balances and months must be what it says.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from billing.choices import AccountKind, EntryKind
from billing.errors import AlreadyReversed, KeyReused, MonthClosed, NotReversible, TransferRefused, WrongAmount
from billing.models import Account, ClosedMonth, LedgerEntry, TransferRule
from billing.selectors.month_proofs import wrong_months
from billing.selectors.proofs import wrong_balances, wrong_transfers
from billing.services import ledger
from billing.services.closing import close_month
from billing.services.transfers import transfer
from cardfleet.kernel.clock import business_day, day_start, month_start, next_month
from cardfleet.kernel.errors import Refusal
from tests.billing.test_ledger_writers import in_threads
from tests.conftest import FRIDAY
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory, CarrierFactory

DRAWN = settings(
    max_examples=10,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
KINDS = st.sampled_from([EntryKind.TOP_UP, EntryKind.OTHER_CHARGE, EntryKind.ADJUSTMENT])
FEN = st.integers(-9_999, 9_999).map(lambda fen: Decimal(fen) / 100)
PLACE, NUMBER = st.integers(0, 2), st.integers(0, 99)
KEY = st.sampled_from(["", "a", "b"])
DEED = st.tuples(PLACE, KINDS, FEN, KEY)


class Books(RuleBasedStateMachine):
    """A wallet and two cards' accounts of a carrier that lets balance go every way. What is done stays: closed months
    of one run are closed in the next, so the clock never goes back."""

    clock = FRIDAY
    runs = 0

    def __init__(self) -> None:
        super().__init__()
        Books.runs += 1
        carrier = CarrierFactory()
        TransferRule.objects.create(carrier=carrier, to_wallet=True, between_cards=True)
        cards = CardFactory.create_batch(2, carrier=carrier)
        self.accounts = [AccountFactory(carrier=carrier, kind=AccountKind.WALLET)]
        self.accounts += [AccountFactory(carrier=carrier, cards=[card]) for card in cards]
        self.known: list[tuple[int, Decimal, date]] = []  # account, amount, month of every entry of this run
        self.entries: list[LedgerEntry] = []
        self.keys: dict[str, LedgerEntry] = {}

    def teardown(self) -> None:
        assert [*wrong_balances(), *wrong_transfers(), *wrong_months()] == []

    @property
    def now(self) -> datetime:
        return Books.clock

    @property
    def month(self) -> date:
        return month_start(business_day(self.now))

    def is_closed(self, month: date) -> bool:
        return ClosedMonth.objects.filter(month=month).exists()

    def keep(self, entry: LedgerEntry) -> None:
        self.known.append((entry.account_id, entry.amount, entry.month))
        self.entries.append(entry)

    def post(self, place: int, kind: EntryKind, amount: Decimal, key: str, month: date) -> LedgerEntry | Refusal:
        """Post, or return what refuses it."""
        named = f"{Books.runs}:{key}" if key else ""
        given = {"account": self.accounts[place], "kind": kind, "amount": amount, "key": named, "month": month}
        try:
            return ledger.post(**given, actor=None, now=self.now)
        except Refusal as refusal:
            return refusal

    def fits(self, kind: EntryKind, amount: Decimal) -> bool:
        if kind == EntryKind.TOP_UP:
            return amount > 0
        return amount < 0 if kind == EntryKind.OTHER_CHARGE else amount != 0

    @rule(deed=DEED, last_month=st.booleans())
    def post_alone(self, deed, last_month) -> None:
        """Refused by sign, by a key of another posting, by a closed month, in this order; a known key adds nothing."""
        place, kind, amount, key = deed
        month = month_start(self.month - timedelta(days=1)) if last_month else self.month
        posted, known = self.post(place, kind, amount, key, month), self.keys.get(key)
        if not self.fits(kind, amount):
            assert isinstance(posted, WrongAmount)
        elif known:
            same = (known.account_id, known.kind, known.amount) == (self.accounts[place].pk, kind, amount)
            assert posted == known if same else isinstance(posted, KeyReused)
        elif self.is_closed(month):
            assert isinstance(posted, MonthClosed)
        else:
            assert (posted.amount, posted.month) == (amount, month)
            self.keep(posted)
            if key:
                self.keys[key] = posted

    @rule(deeds=st.lists(DEED.filter(lambda deed: deed[2] != 0), min_size=2, max_size=4))
    def post_beside_each_other(self, deeds) -> None:
        """Of postings with one key one is an entry, whoever came first; the same one again is that entry."""
        fitting = [deed for deed in deeds if self.fits(deed[1], deed[2])]
        done = in_threads(*(lambda deed=deed: self.post(*deed, self.month) for deed in fitting)) if fitting else []
        new: dict[int, LedgerEntry] = {}
        for (place, kind, amount, key), posted in zip(fitting, done, strict=True):
            if isinstance(posted, LedgerEntry):
                assert (posted.account_id, posted.kind, posted.amount) == (self.accounts[place].pk, kind, amount)
                new[posted.pk] = posted
                if key:
                    assert self.keys.setdefault(key, posted) == posted
            else:
                assert isinstance(posted, KeyReused)
                assert key
        for entry in new.values():
            if entry not in self.entries:
                self.keep(entry)

    @rule(places=st.lists(st.tuples(PLACE, FEN.filter(bool)), min_size=1, max_size=4), back=st.integers(0, 2))
    def post_a_set_twice(self, places, back) -> None:
        """A set of a closed month counts in the first open one, and once however often it comes."""
        about = self.month
        for _month in range(back):
            about = month_start(about - timedelta(days=1))
        counted = about
        while self.is_closed(counted):
            counted = next_month(counted)
        serial = len(self.known)
        postings = [
            ledger.Posting(
                account_id=self.accounts[place].pk,
                card_id=None,
                amount=amount,
                at=self.now,
                month=about,
                key=f"set:{Books.runs}:{serial}:{number}",
            )
            for number, (place, amount) in enumerate(places)
        ]
        given = {"kind": EntryKind.ADJUSTMENT, "postings": postings, "actor": None, "now": self.now}
        added = in_threads(lambda: ledger.post_many(**given), lambda: ledger.post_many(**given))
        assert sorted(one.entries for one in added) == [0, len(places)]
        for entry in LedgerEntry.objects.filter(key__in=[posting.key for posting in postings]).order_by("id"):
            assert (entry.month, entry.of_month) == (counted, about if about != counted else None)
            self.keep(entry)

    @rule(number=NUMBER)
    def take_back(self, number) -> None:
        """Once, by a row in its own month or the first open one; neither a reversal nor a leg."""
        if not self.entries:
            return
        entry = self.entries[number % len(self.entries)]
        is_taken_back = LedgerEntry.objects.filter(reverses=entry).exists()
        try:
            reversal = ledger.reverse(entry=entry, note="", actor=None, now=self.now)
        except NotReversible:
            assert entry.kind in {EntryKind.REVERSAL, EntryKind.TRANSFER}
        except AlreadyReversed:
            assert is_taken_back
        else:
            assert entry.kind not in {EntryKind.REVERSAL, EntryKind.TRANSFER}
            assert not is_taken_back
            assert not self.is_closed(reversal.month)
            assert reversal.amount == -entry.amount
            assert reversal.month == entry.month or self.is_closed(entry.month)
            self.keep(reversal)

    @rule(giving=PLACE, taking=PLACE, amount=FEN)
    def move(self, giving, taking, amount) -> None:
        """Of what is there, above zero, to another account; the legs add up to nothing."""
        giver, taker = self.accounts[giving], self.accounts[taking]
        has = sum((known for pk, known, _month in self.known if pk == giver.pk), Decimal(0))
        may = giving != taking and 0 < amount <= has
        try:
            moved = transfer(source=giver, amounts={taker.pk: amount}, reason="move", actor=None, now=self.now)
        except TransferRefused:
            assert not may
        else:
            assert may
            legs = list(moved.legs.all())
            assert sorted(leg.amount for leg in legs) == [-amount, amount]
            for leg in legs:
                self.keep(leg)

    @rule()
    def close(self) -> None:
        """The first open month, as soon as it is over."""
        first = LedgerEntry.objects.order_by("month").values_list("month", flat=True).first()
        last = ClosedMonth.objects.values_list("month", flat=True).first()
        month = next_month(last) if last else first
        if month is None:
            return
        Books.clock = max(Books.clock, day_start(next_month(month)) + timedelta(hours=9))
        closed = close_month(month=month, actor=None, now=self.now, is_seen=True)
        assert closed.figures["entries"] == LedgerEntry.objects.filter(month=month).count()

    @invariant()
    def balances_and_months_are_what_was_done(self) -> None:
        """Of accounts the sum of their entries, of months, closed or open, what was put there and nothing else."""
        own = [account.pk for account in self.accounts]
        sums = dict.fromkeys(own, Decimal(0))
        months: dict[date, Decimal] = {}
        for pk, amount, month in self.known:
            sums[pk] += amount
            months[month] = months.get(month, Decimal(0)) + amount
        assert dict(Account.objects.filter(pk__in=own).values_list("pk", "balance")) == sums
        stored = LedgerEntry.objects.filter(account__in=own)
        assert dict(stored.order_by().values_list("month").annotate(Sum("amount"))) == months
        assert stored.count() == len(self.known)


@pytest.mark.django_db(transaction=True)
def test_no_sequence_of_deeds_breaks_the_ledger() -> None:
    """R27, R28; invariants 4 and 5: over every deed of the ledger, alone and beside others, months closed for good."""
    Books.clock, Books.runs = FRIDAY, 0
    run_state_machine_as_test(Books, settings=DRAWN)
    assert ClosedMonth.objects.count() > 1
