"""A month rated for all cards: fees, calls beyond the bundle, messages, data and minimum spend, posted by card.

Calls that a carrier charged, and those on a plan without a bundle, are charged one by one when they are imported
(`usage_posting`). What a month's rating says less what it said before is posted, so a run that finds nothing new adds
nothing; an entry that somebody reversed is not posted again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from django.db import transaction

from billing.choices import EntryKind
from billing.rules.rating import MonthTerms, Use, minimum_top, month_terms, use_charges
from billing.selectors import rated_calls, rating_facts
from billing.selectors.rated_entries import RatedSum, payers, rated_entries
from billing.selectors.rating_facts import RatedCard
from billing.services import ledger
from billing.services.accounts import open_accounts
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import day_start, month_bounds, month_start
from cardfleet.kernel.money import ZERO

RATED_KINDS = (
    EntryKind.MONTHLY_FEE,
    EntryKind.OUT_OF_BUNDLE,
    EntryKind.SMS,
    EntryKind.DATA,
    EntryKind.MINIMUM,
)
SECOND = timedelta(seconds=1)
FEW = 1000  # cards, up to which they are named rather than the whole month read
MINUTE = 60
NOTHING = RatedSum(entries=0, amount=ZERO)

Due = Mapping[int, Decimal]


@dataclass(frozen=True, kw_only=True)
class Posting:
    """What is posted beside: the month's first day, since when each card is on it, and who does it."""

    month: date
    activated: Mapping[int, date]
    actor: User | None
    now: datetime


@transaction.atomic
def rate_month(
    *,
    month: date,
    actor: User | None,
    now: datetime,
    card_ids: Collection[int] | None = None,
    every_call: bool = False,
) -> ledger.Posted:
    """Rate the month of a day and post what changed since it was rated last; a second run adds nothing.

    Calls are read only of cards that may have left their bundle or changed their plan; `every_call` reads all that no
    carrier charged, as is needed where a price was set for days that had passed. The minimum is asked for when the
    month is over. What concerns a closed month is posted into the first open one (`ledger`).
    """
    first = month_start(month)
    cards = list(rating_facts.rated_cards(first, card_ids))
    uses = rating_facts.uses(first, card_ids)
    due = amounts_due(first, cards, uses, is_over=now >= month_bounds(first)[1], every_call=every_call)
    activated = {card.card_id: card.life.activated_on for card in cards if card.life.activated_on}
    posting = Posting(month=first, activated=activated, actor=actor, now=now)
    known = rated_entries(first, RATED_KINDS, card_ids)
    posted = [_post(kind, due[kind], known.get(kind, {}), posting) for kind in RATED_KINDS]
    whole = ledger.Posted(sum(one.entries for one in posted), sum((one.amount for one in posted), ZERO))
    if whole.entries:
        data = {"month": f"{first:%Y-%m}", "entries": whole.entries, "amount": str(whole.amount)}
        data |= {"every_call": True} if every_call else {}
        record(actor=actor, action="billing.month_rated", subject="billing.account:many", now=now, data=data)
    return whole


def amounts_due(
    month: date, cards: Sequence[RatedCard], uses: Mapping[int, Use], *, is_over: bool, every_call: bool = False
) -> Mapping[EntryKind, Due]:
    """Return what each kind costs each card in a month, CNY above zero; below zero where calls were overcharged."""
    terms = {card.card_id: _month_terms(card) for card in cards}
    calls = _own_calls(month, cards, terms, every_call=every_call)
    due: dict[EntryKind, dict[int, Decimal]] = {kind: {} for kind in RATED_KINDS}
    due[EntryKind.MONTHLY_FEE] = {card_id: term.fee for card_id, term in terms.items()}
    due[EntryKind.OUT_OF_BUNDLE] = dict(calls)
    for card_id, use in uses.items():
        due[EntryKind.SMS][card_id], due[EntryKind.DATA][card_id] = use_charges(terms.get(card_id, MonthTerms()), use)
    if is_over:
        due[EntryKind.MINIMUM] = _minimums(month, terms, due)
    return due


def _minimums(month: date, terms: Mapping[int, MonthTerms], due: Mapping[EntryKind, Due]) -> dict[int, Decimal]:
    bound = [card_id for card_id, term in terms.items() if term.minimum > 0]
    called = rating_facts.call_charges(month, bound)
    return {
        card_id: minimum_top(
            terms[card_id],
            called.get(card_id, ZERO) + sum((due[kind].get(card_id, ZERO) for kind in RATED_KINDS), ZERO),
        )
        for card_id in bound
    }


def _own_calls(
    month: date, cards: Sequence[RatedCard], terms: Mapping[int, MonthTerms], *, every_call: bool
) -> dict[int, Decimal]:
    """Return by how much calls that no carrier charged cost more than they were charged, by card."""
    some = None if len(cards) > FEW else [card.card_id for card in cards]
    sums, unpriced = rated_calls.call_sums(month, some), rated_calls.unpriced(month, some)
    read: list[rated_calls.CallTerm] = []
    for card in cards:
        own = sums.get(card.card_id)
        if own is None or not (own.is_own or card.card_id in unpriced):
            continue
        if every_call or _is_unsettled(card, terms[card.card_id], own):
            read += _call_terms(card, terms[card.card_id])
    rated = rated_calls.own_calls(month, read)
    return {card_id: calls.due - calls.charged for card_id, calls in rated.items()}


def _is_unsettled(card: RatedCard, term: MonthTerms, sums: rated_calls.CallSums) -> bool:
    """Tell whether calls may cost something else than each was charged by itself, by today's plan."""
    if any(plan_id != card.plan_id for plan_id in card.plan_ids):
        return True
    prices = [price for one in card.terms for price in one.prices if price.effective_from < one.ends]
    if not any(price.included_minutes for price in prices):
        return False
    step = max(max(price.rounding_s, price.least_s) for price in prices)
    return bool(sums.charged) or sums.seconds + sums.calls * step > min(term.minutes) * MINUTE


def _call_terms(card: RatedCard, term: MonthTerms) -> Iterable[rated_calls.CallTerm]:
    for plan_id, one, minutes in zip(card.plan_ids, card.terms, term.minutes, strict=True):
        yield rated_calls.CallTerm(
            card_id=card.card_id, plan_id=plan_id, starts=one.starts, ends=one.ends, bundle_s=minutes * MINUTE
        )


def _post(kind: EntryKind, due: Due, known: Mapping[int, RatedSum], posting: Posting) -> ledger.Posted:
    """Post, for each card, what a kind costs less what was posted of it."""
    wrong: defaultdict[int, Decimal] = defaultdict(Decimal)
    for card_id in due.keys() | known.keys():
        change = -due.get(card_id, ZERO) - known.get(card_id, NOTHING).amount
        if change:
            wrong[card_id] = change
    if not wrong:
        return ledger.Posted(0, ZERO)
    open_accounts(card_ids=list(wrong), actor=posting.actor, now=posting.now)
    accounts = payers(posting.month, wrong)
    postings = [
        ledger.Posting(
            account_id=accounts[card_id],
            card_id=card_id,
            amount=change,
            at=_moment(kind, card_id, posting),
            month=posting.month,
            key=f"rating:{kind}:{card_id}:{posting.month:%Y-%m}:{known.get(card_id, NOTHING).entries}",
        )
        for card_id, change in sorted(wrong.items())
        if card_id in accounts
    ]
    return ledger.post_many(kind=kind, postings=postings, actor=posting.actor, now=posting.now, is_reckoned=True)


def _moment(kind: EntryKind, card_id: int, posting: Posting) -> datetime:
    """Return when an amount is due: a fee with the month or the card's first day in it, else by now."""
    starts, ends = month_bounds(posting.month)
    if kind != EntryKind.MONTHLY_FEE:
        return min(posting.now, ends - SECOND)
    born = posting.activated.get(card_id)
    return max(starts, day_start(born)) if born else starts


def _month_terms(card: RatedCard) -> MonthTerms:
    return _cached_terms(card.terms, card.life)


_cached_terms = lru_cache(maxsize=4096)(month_terms)
