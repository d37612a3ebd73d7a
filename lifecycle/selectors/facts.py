"""Every input of the rules for the whole fleet, or some cards, in a fixed number of set-based statements.

Rollups are read, never records (design, section 5). A page reads the inputs of its cards; a run over the fleet keeps
them in the table `card_input` of its session, and reads only those of cards that a rule may hit (see `sieve`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from billing.selectors.balances import BURN_DAYS
from billing.selectors.usage_sql import SHORT
from cardfleet.kernel.clock import business_day, day_bounds, day_start, month_start
from cardfleet.kernel.compiled import rows_of
from cardfleet.kernel.money import ZERO
from cards.choices import ENDED, STOPPED, StopReason
from cards.models import Card, Carrier
from cards.rules.carrier_terms import CarrierTerms
from lifecycle.rules.arrears import AccountFacts, Debt, debt
from lifecycle.rules.days import DayType
from lifecycle.rules.facts import CardFacts
from lifecycle.selectors.calendar import day_type_on
from lifecycle.selectors.facts_more import COLUMNS, JOINS, MoreInputs, confirmed, further_facts
from lifecycle.selectors.facts_sql import OF_FLEET, OF_SOME, typed
from lifecycle.selectors.groups import last_hour
from lifecycle.selectors.notified import rates_on

# With the server's usual few megabytes the sums of a large fleet go through the disk; it holds for the transaction.
MEMORY = "SET LOCAL work_mem = '128MB'"
COMPLAINT_DAYS = timedelta(days=30)
WHOLE = typed(f"SELECT input.*, {COLUMNS} FROM ({OF_SOME}) input {JOINS}")


class CardInputs(NamedTuple):
    """What is stored about a card and its calls and money, in the order of the statement's columns (`facts_sql`).

    Of a card that did not call today the counts of today are None; of one without a known balance its money is.
    """

    card_id: int
    carrier_id: int
    plan_id: int | None
    region: str
    industry: str
    service_state: str
    stop_reason: str
    service_since: datetime
    received_on: date | None
    activated_on: date | None
    expires_on: date | None
    created_at: datetime
    real_name_state: str
    marks: int
    reverify_due_at: datetime | None
    holder_id: int | None
    actual_user_id: int | None
    contract_ends_on: date | None
    agreed: int | None
    contract: str | None
    registrant_kind: str | None
    cards_on_id_here: int | None
    cards_on_id: int | None
    bundle_minutes: int | None
    calls: int | None
    answered: int | None
    under_5: int | None
    under_10: int | None
    under_15: int | None
    under_30: int | None
    distinct_callees: int | None
    most_to_one: int | None
    most_in_60: int | None
    most_in_10: int | None
    hours: Sequence[int] | None
    seconds_today: int | None
    seconds_month: int | None
    last_call_on: date | None
    payment: str | None
    credit_limit: Decimal | None
    topped_up_at: datetime | None
    balance: Decimal | None
    daily_burn: Decimal | None
    billed_this: Decimal | None
    billed_last: Decimal | None
    fees_month: Decimal | None
    fees_mean: Decimal | None
    complaints: int | None
    more: MoreInputs | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether the carrier or owner stopped it and it may come back."""
        return self.service_state in STOPPED


PLAIN = len(CardInputs.__annotations__) - 1


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What holds for every card at a moment: the day's kind, the terms of each carrier, notified-number rates.

    `rates` are per cent by carrier and contract number (None: cards without a contract).
    """

    now: datetime
    day: DayType
    terms: Mapping[int, CarrierTerms]
    rates: Mapping[tuple[int, str | None], Decimal]

    @property
    def today(self) -> date:
        """The Shanghai day."""
        return business_day(self.now)

    @property
    def is_holiday(self) -> bool:
        """Whether people rest today."""
        return self.day.is_rest


def ground_at(now: datetime) -> Ground:
    """Return the ground of a moment, in four queries."""
    terms = {carrier.pk: terms_of(carrier) for carrier in Carrier.objects.all()}
    today = business_day(now)
    return Ground(now=now, day=day_type_on(today), terms=terms, rates=rates_on(today))


def moment_on(day: date, now: datetime) -> datetime:
    """Return the moment for which a job run for a day looks at the fleet: now, or the end of another day."""
    return now if business_day(now) == day else day_bounds(day)[1] - timedelta(seconds=1)


def inputs_of(card_ids: Collection[int], *, now: datetime) -> dict[int, CardInputs]:
    """Return the inputs of some cards by card id, in one statement, which takes longer to plan than to answer."""
    return {row[0]: inputs_from(row) for row in rows_of(WHOLE, parameters(now, card_ids))}


def inputs_from(row: Sequence[Any], *, more_from: int = PLAIN) -> CardInputs:
    """Return the inputs of a row that holds the columns of `facts_sql` first and those of `facts_more` last."""
    return CardInputs(*(*row[:PLAIN], MoreInputs(*row[more_from:])))


def keep_inputs(card_ids: Collection[int] | None, *, now: datetime) -> None:
    """Keep the inputs of some cards, or (None) of all whose number is still ours, in the session's `card_input`."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.card_input")
        cursor.execute(MEMORY)
        statement = OF_FLEET if card_ids is None else OF_SOME
        cursor.execute(f"CREATE TEMPORARY TABLE card_input AS {statement}", parameters(now, card_ids))
        cursor.execute("ANALYZE pg_temp.card_input (card_id, carrier_id, plan_id, region, industry, agreed)")


def count_inputs(*, but: Collection[str]) -> int:
    """Return how many cards `card_input` holds, but those in some service states."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM card_input WHERE service_state <> ALL(%s)", [sorted(but)])
        return int(cursor.fetchone()[0])


def parameters(now: datetime, card_ids: Collection[int] | None) -> dict[str, Any]:
    """Return what the statement of the inputs asks for."""
    today = business_day(now)
    month = month_start(today)
    last_month = month_start(month - timedelta(days=1))
    return {
        "now": now,
        "today": today,
        "day_start": day_start(today),
        "month": month,
        "last_month": last_month,
        "past_since": month_start(month_start(last_month - timedelta(days=1)) - timedelta(days=1)),
        "burn_since": today - timedelta(days=BURN_DAYS),
        "burn_days": BURN_DAYS,
        "complaints_since": day_start(today - COMPLAINT_DAYS),
        "ended": sorted(ENDED),
        "cards": None if card_ids is None else list(card_ids),
    }


def facts_of(known: CardInputs, ground: Ground) -> CardFacts:
    """Return the facts of one card. Makes no query."""
    return CardFacts(
        now=ground.now,
        **_calls(known, ground),
        **_money(known, ground),
        **_identity(known),
        **further_facts(known, ground.now),
        recycle_after_days=ground.terms[known.carrier_id].recycle_after_days,
        contract_ends_on=known.contract_ends_on,
        registrant_kind=known.registrant_kind,
        cards_on_id_here=known.cards_on_id_here,
        cards_on_id=known.cards_on_id,
    )


def own_facts(card: Card, *, now: datetime) -> CardFacts:
    """Return what the card itself says, without its calls and money; `carrier`, `contract`, `registrant` joined."""
    return CardFacts(
        now=now,
        **_identity(card),
        recycle_after_days=card.carrier.recycle_after_days,
        contract_ends_on=card.contract.ends_on if card.contract else None,
        registrant_kind=card.registrant.kind if card.registrant else None,
        purpose=card.purpose,
        purpose_matches=confirmed(card.contract.purposes if card.contract else [], card.purpose),
        industry_matches=confirmed(card.contract.industries if card.contract else [], card.industry.strip()),
    )


def _calls(known: CardInputs, ground: Ground) -> dict[str, Any]:
    seconds, month_seconds = known.seconds_today, known.seconds_month
    hours = tuple(known.hours) if known.hours else None
    return {
        "calls_today": known.calls,
        "calls_last_hour": last_hour(hours, ground.now) if hours else None,
        "most_in_60": known.most_in_60,
        "most_in_10": known.most_in_10,
        "answered_today": known.answered,
        "short_calls_today": {length: getattr(known, f"under_{length}") for length in SHORT} if hours else None,
        "distinct_callees_today": known.distinct_callees,
        "hours_today": hours,
        "minutes_today": None if seconds is None else Decimal(seconds) / 60,
        "minutes_month": None if month_seconds is None else Decimal(month_seconds) / 60,
        "bundle_minutes": known.bundle_minutes or None,
        "is_holiday": ground.is_holiday,
        "last_call_on": known.last_call_on,
        "complaints_30d": known.complaints or 0,
        "marks": known.marks,
        "reported_rate": ground.rates.get((known.carrier_id, known.contract)),
    }


def _money(known: CardInputs, ground: Ground) -> dict[str, Any]:
    debt = debt_of(known, ground)
    has_balance = known.balance is not None
    return {
        "balance": known.balance,
        "credit_limit": known.credit_limit if has_balance else None,
        "daily_burn": known.daily_burn if has_balance else None,
        "overdue_amount": debt.amount if debt else None,
        "overdue_days": debt.days if debt else None,
        "fees_month": known.fees_month,
        "fees_mean_3_months": known.fees_mean,
        "last_topup_on": business_day(known.topped_up_at) if known.topped_up_at and has_balance else None,
    }


def debt_of(known: CardInputs, ground: Ground) -> Debt | None:
    """Return what is overdue for a card by its carrier's terms; None where its balance is not known."""
    if known.balance is None or known.payment is None:
        return None
    stopped_for_money = known.is_stopped and known.stop_reason in (StopReason.ARREARS, StopReason.HIGH_FEE)
    return debt(
        AccountFacts(
            today=ground.today,
            payment=known.payment,
            balance=known.balance,
            credit_limit=known.credit_limit or ZERO,
            charges_this_month=known.billed_this or ZERO,
            charges_last_month=known.billed_last or ZERO,
            terms=ground.terms[known.carrier_id],
            stopped_on=business_day(known.service_since) if stopped_for_money else None,
        )
    )


def _identity(card: Card | CardInputs) -> dict[str, Any]:
    return {
        "service_state": card.service_state,
        "received_on": card.received_on,
        "activated_on": card.activated_on,
        "known_since": business_day(card.created_at),
        "expires_on": card.expires_on,
        "real_name_state": card.real_name_state,
        "user_matches": card.actual_user_id == card.holder_id if card.actual_user_id and card.holder_id else None,
        "reverify_due_at": card.reverify_due_at,
        "industry": card.industry or None,
    }


def terms_of(carrier: Carrier) -> CarrierTerms:
    """Return a carrier's terms as pure data."""
    return CarrierTerms(
        stop_below=carrier.stop_below,
        due_day=carrier.due_day,
        stop_after_days=carrier.stop_after_days,
        restore_hours=carrier.restore_hours,
        terminate_after_days=carrier.terminate_after_days,
        freeze_days=carrier.freeze_days,
        recycle_after_days=carrier.recycle_after_days,
    )
