"""Writing the money: accounts, fees, opening balances, top-ups and what the carriers say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from billing.choices import EntryKind, ReadingSource, SourceRole
from billing.importers.reading_lines import Readings, ReadLine
from billing.models import Account, AccountCard, LedgerEntry, UsageDaily
from billing.services import ledger
from billing.services.accounts import move_cards, open_shared_account, take_over_balances
from billing.services.balance_gaps import find_gaps
from billing.services.plan_advice import advise_plans
from billing.services.rating import rate_month
from billing.services.readings import record_readings
from billing.services.top_ups.paying import record_top_up
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import SHANGHAI, business_day, month_start, next_month
from cardfleet.kernel.money import ZERO
from cards.choices import Payment, ServiceState
from cards.models import Card, Carrier
from lifecycle.demo.blueprint import CardPlan
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.catalogue import SHARED_CARRIER, SHARED_CREDIT
from lifecycle.demo.chance import dice
from lifecycle.demo.fates import within
from lifecycle.demo.months import fill_wallet
from lifecycle.demo.purse import Purse, fill
from lifecycle.demo.stock import ATTESTED

SHARED_CODE = "JT-示例-0001"
PAID_ON = 18
READ_AGO = (29, 22, 15, 8, 1)
ODD_ONES = 50  # one card in so many is charged by its carrier for what we never saw
ODD_CHARGE = Decimal("3.50")

Spending = Mapping[int, Mapping[date, Decimal]]


def open_shared(calendar: Calendar, actor: User) -> None:
    """Let one account pay for all cards of a carrier (集团统付)."""
    carrier = Carrier.objects.get(code=SHARED_CARRIER)
    account = open_shared_account(
        carrier=carrier,
        code=SHARED_CODE,
        payment=Payment.POSTPAID,
        credit_limit=SHARED_CREDIT,
        actor=actor,
        now=calendar.opening,
    )
    cards = list(Card.objects.filter(carrier=carrier).order_by("pk"))
    move_cards(account=account, cards=cards, on=calendar.day(calendar.days), actor=actor, now=calendar.opening)
    fill_wallet(account, calendar, actor)


def write_money(plans: Mapping[int, CardPlan], calendar: Calendar, finance: User) -> None:
    """Write fees, then what was paid in so that each card ends with what its fate says. `plans` by card id."""
    _post_fees(calendar, finance)
    _pay_shared_bills(calendar, finance)
    spending = _spending(plans)
    purses = {card_id: _purse(plan, spending[card_id], calendar) for card_id, plan in plans.items() if plan.is_prepaid}
    _open(purses, plans, calendar, finance)
    _top_up(purses, plans, calendar, finance)
    _read(purses, plans, spending, calendar, finance)
    find_gaps(now=calendar.moment)
    advise_plans(now=calendar.moment)


def _post_fees(calendar: Calendar, finance: User) -> None:
    month = next_month(business_day(calendar.opening))
    while month <= calendar.on:
        now = max(calendar.opening, datetime.combine(month, time(2), tzinfo=SHANGHAI))
        rate_month(month=month, actor=finance, now=min(now, calendar.moment))
        month = next_month(month)


def _pay_shared_bills(calendar: Calendar, finance: User) -> None:
    account = Account.objects.get(code=SHARED_CODE)
    month = month_start(business_day(calendar.opening))
    while month < month_start(calendar.on):
        amounts = LedgerEntry.objects.filter(account=account, month=month).values_list("amount", flat=True)
        due = -sum(amounts, ZERO)
        paid = datetime.combine(next_month(month).replace(day=PAID_ON), time(10, 20), tzinfo=SHANGHAI)
        if due > 0 and paid <= calendar.moment:
            record_top_up(account=account, amount=due, actor=finance, now=paid, reference=f"{month:%Y-%m} 账单")
        month = next_month(month)


def _spending(plans: Iterable[int]) -> dict[int, dict[date, Decimal]]:
    """Return what each card cost by day, fees on the first of their month."""
    spent: defaultdict[int, defaultdict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for card_id in plans:
        spent[card_id].clear()
    calls = UsageDaily.objects.filter(role=SourceRole.CARRIER, cost__gt=0).values_list("card_id", "day", "cost")
    for card_id, day, cost in calls:
        spent[card_id][day] += cost
    fees = LedgerEntry.objects.filter(kind=EntryKind.MONTHLY_FEE).values_list("card_id", "at", "amount")
    for card_id, at, amount in fees:
        if card_id is not None:
            spent[card_id][business_day(at)] -= amount
    return {card_id: dict(days) for card_id, days in spent.items()}


def _purse(plan: CardPlan, spent: Mapping[date, Decimal], calendar: Calendar) -> Purse:
    first = calendar.day(calendar.days if plan.arrives is None else plan.arrives)
    left = within(plan.fate.balance, dice("left", plan.iccid))
    return fill(spent=spent, left=left, first=first, last=calendar.on, forgotten=plan.idle_ago > 0)


def _open(purses: Mapping[int, Purse], plans: Mapping[int, CardPlan], calendar: Calendar, finance: User) -> None:
    """Post what was there at first: with the take-over, or when the card came."""
    taken_over = {card_id: purse.opening for card_id, purse in purses.items() if plans[card_id].arrives is None}
    moment = calendar.opening
    take_over_balances(balances=taken_over, at=moment, actor=finance, now=moment, reason=ATTESTED)
    arrived: defaultdict[datetime, dict[int, Decimal]] = defaultdict(dict)
    for card_id, purse in purses.items():
        arrives = plans[card_id].arrives
        if arrives is not None:
            arrived[calendar.at(arrives, 11, 30)][card_id] = purse.opening
    for moment, balances in sorted(arrived.items()):
        take_over_balances(balances=balances, at=moment, actor=finance, now=moment, reason=ATTESTED)


def _top_up(purses: Mapping[int, Purse], plans: Mapping[int, CardPlan], calendar: Calendar, finance: User) -> None:
    """Post the top-ups in one set, as if each had come on its day."""
    accounts = dict(AccountCard.objects.current().filter(card__in=purses).values_list("card", "account"))
    postings = [
        ledger.Posting(
            account_id=accounts[card_id],
            card_id=card_id,
            amount=amount,
            at=datetime.combine(day, time(19, 30), tzinfo=SHANGHAI),
            month=month_start(day),
            key=f"demo:{plans[card_id].iccid}:{day}",
        )
        for card_id, purse in purses.items()
        for day, amount in purse.income().items()
    ]
    posted = ledger.post_many(kind=EntryKind.TOP_UP, postings=postings, actor=finance, now=calendar.moment)
    data = {"entries": posted.entries, "amount": str(posted.amount)}
    record(actor=finance, action="billing.entry_posted", subject="billing.account:many", now=calendar.moment, data=data)


def _read(
    purses: Mapping[int, Purse],
    plans: Mapping[int, CardPlan],
    spending: Spending,
    calendar: Calendar,
    finance: User,
) -> None:
    """Write what carriers said of the balances, a week apart, at the end of the day."""
    live = set(Card.objects.live().exclude(service_state=ServiceState.PENDING).values_list("pk", flat=True))
    for ago in READ_AGO:
        read_at = calendar.at(ago, 21, 30)
        lines = [
            ReadLine(
                line=number,
                msisdn=plans[card_id].msisdn,
                read_at=read_at,
                balance=_balance_on(purse, spending[card_id], calendar.day(ago)) - _odd(plans[card_id]),
            )
            for number, (card_id, purse) in enumerate(purses.items(), start=1)
            if card_id in live and (plans[card_id].arrives or calendar.days) > ago
        ]
        if lines and ago < calendar.days:
            readings = Readings(lines=lines, refused=[], pasted=False)
            now = read_at + timedelta(minutes=10)
            record_readings(readings=readings, source=ReadingSource.FILE, actor=finance, now=now)


def _balance_on(purse: Purse, spent: Mapping[date, Decimal], day: date) -> Decimal:
    income = purse.income()
    paid_in = sum((amount for paid, amount in income.items() if paid <= day), ZERO)
    return purse.opening + paid_in - sum((amount for spent_on, amount in spent.items() if spent_on <= day), ZERO)


def _odd(plan: CardPlan) -> Decimal:
    return ODD_CHARGE if plan.index % ODD_ONES == 11 else ZERO
