"""Bills brought, checked, accepted and paid (R27, R82)."""

from datetime import date
from decimal import Decimal

import pytest

from billing.choices import BillState, EntryKind, StatementState
from billing.errors import BillKnown, ColumnsUnknown, NothingBilled, StatementKnown, WrongMonth
from billing.models import Bill, BillLine, LedgerEntry, TopUpRequest
from billing.selectors.cost_rows import CostBy
from billing.selectors.costs import month_costs
from billing.services.accounts import open_accounts
from billing.services.bill_files import Sent, map_statement, put_away, receive_statement, start_statement
from billing.services.bill_settling import accept_bill, ledger_costs, record_payment
from billing.services.bills import store_bills, withdraw_bill
from billing.services.rating import rate_month
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from tests.billing.bills import ABOVE, HEADER, OCTOBER, brought, sent, shared
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CardFactory, PlanPriceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
ONE, TWO, STRANGE = "13812340001", "13812340002", "13899990000"
TEXT = (
    ABOVE + HEADER + f"1,{ONE},18.00,2.00,,,20.00\n2,{TWO},28.00,,5.00,-1.00,32.00\n合计,,46.00,2.00,5.00,-1.00,52.00\n"
)


@pytest.fixture
def finance():
    return PersonFactory(role=Role.FINANCE)


def kinds(bill: Bill) -> dict[str, Decimal]:
    return dict(bill.differences.values_list("kind", "amount"))


def test_a_shared_account_card_by_card(finance, now) -> None:
    """R82: what stands above the table, each amount as a line of its card, the total, the due day, the difference."""
    account, cards = shared(ONE, TWO)
    bill = brought(account, TEXT, actor=finance, now=now)
    assert (bill.month, bill.total, bill.previous_balance) == (OCTOBER, Decimal(52), Decimal(-12))
    assert (bill.due_on, bill.expected) == (date(2026, 11, 30), Decimal(42))
    lines = BillLine.objects.values_list("card", "item", "text", "amount", "stated")
    assert lines[1] == (cards[0].pk, "voice", "套餐外语音通信费", Decimal("2.00"), None)
    assert lines[2] == (cards[1].pk, "monthly_fee", "套餐及固定费", Decimal("28.00"), Decimal("32.00"))
    assert kinds(bill) == {"wrong_fee": Decimal(10), "unordered_value_added": Decimal(5)}


def test_a_row_a_card_and_item(finance, now) -> None:
    """Names of items in rows, those nobody knows kept, a total a card, a line of the month before, a strange number."""
    account, _cards = shared(ONE)
    text = (
        "账期,用户号码,费用项目,金额(元)\n"
        f"202610,{ONE},月租费,18.00\n202610,{ONE},国内长途通话费,1.20\n202609,{ONE},市话费,0.60\n"
        f"202610,{ONE},彩云空间,3.00\n202610,{ONE},合计,23.80\n202610,{STRANGE},月租费,18\n总计,,,41.80\n"
    )
    bill = brought(account, text, actor=finance, now=now)
    assert bill.total == Decimal("41.80")
    assert set(bill.lines.values_list("item", flat=True)) == {"monthly_fee", "voice", "other"}
    assert kinds(bill) == {
        "late_from_month_before": Decimal("0.60"),
        "items_do_not_add_up": Decimal(1),
        "unknown_card": Decimal(18),
    }


def test_cards_that_pay_for_themselves(finance, now) -> None:
    """A file of many cards gives each its bill; rows of unknown numbers and unreadable amounts say why they are not."""
    price = PlanPriceFactory(monthly_fee=Decimal(18))
    cards = [CardFactory(plan=price.plan, carrier=price.plan.carrier, msisdn=f"+86{number}") for number in (ONE, TWO)]
    open_accounts(card_ids=[card.pk for card in cards], actor=None, now=now)
    account = cards[0].paid_by.get().account
    text = HEADER + f"1,{ONE},18,,,,18\n2,{TWO},18,,,,19\n3,{STRANGE},18,,,,18\n4,{ONE},a,,,,1\n5,,7,,,,7\n"
    given = sent(account, text, month=OCTOBER)
    whole = Sent(content=given.content, name="b.csv", carrier=account.carrier, month=OCTOBER)
    statement = receive_statement(sent=whole, actor=finance, now=now)
    done = store_bills(statement=statement, actor=finance, now=now)
    assert [(bill.account_id, bill.total) for bill in done.bills] == [
        (card.paid_by.get().account_id, total) for card, total in zip(cards, [18, 19], strict=True)
    ]
    refused = [(reason.code, reason.line) for reason in done.refused]
    assert refused == [("unknown_card", 4), ("amount_unreadable", 5), ("number_missing", 6)]
    assert len(store_bills(statement=statement, actor=finance, now=now).bills) == Bill.objects.count() == 2


def test_what_is_refused(finance, now) -> None:
    """The same file, the same account and month, another month than said, and a file nothing can be read of."""
    account, _cards = shared(ONE, TWO)
    with pytest.raises(WrongMonth):
        receive_statement(sent=sent(account, TEXT, month=date(2026, 9, 1)), actor=finance, now=now)
    first = brought(account, TEXT, actor=finance, now=now)
    with pytest.raises(StatementKnown) as known:
        receive_statement(sent=sent(account, TEXT), actor=finance, now=now)
    assert known.value.reasons[0].clear_url.endswith(f"/{first.statement_id}/")
    with pytest.raises(BillKnown) as twice:
        receive_statement(sent=sent(account, TEXT + "\n"), actor=finance, now=now)
    assert twice.value.reasons[0].clear_url.endswith(f"/{first.pk}/")
    ahead = HEADER.replace("序号", "账期") + f"202611,{ONE},18,,,,18\n202610,x,,,,,1\n"
    other = receive_statement(sent=sent(account, ahead, month=date(2026, 11, 1)), actor=finance, now=now)
    other.month = date(2026, 8, 1)
    other.save()
    with pytest.raises(NothingBilled):
        store_bills(statement=other, actor=finance, now=now)


def test_taken_back_and_sent_again(finance, now) -> None:
    """A bill brought by mistake is taken back, and its file may come again."""
    account, _cards = shared(ONE, TWO)
    bill = brought(account, TEXT, actor=finance, now=now)
    withdraw_bill(bill=bill, actor=finance, now=now)
    again = brought(account, TEXT, actor=finance, now=now)
    assert list(Bill.objects.order_by("pk").values_list("state", flat=True)) == ["withdrawn", "checked"]
    assert again.statement.state == StatementState.PENDING or again.statement_id != bill.statement_id


def test_columns_are_mapped_once(finance, now) -> None:
    """A header nobody knows is mapped by a person; the next file with it is read at once."""
    account, cards = shared(ONE)
    text = f"线路,基础,额外\n{ONE},18,1\n"
    statement = receive_statement(sent=sent(account, text, month=OCTOBER), actor=finance, now=now)
    with pytest.raises(ColumnsUnknown):
        start_statement(statement=statement, actor=finance, now=now)
    map_statement(
        statement=statement, places={0: "number", 1: "monthly_fee", 2: "voice"}, line=1, actor=finance, now=now
    )
    put_away(statement=statement, actor=finance, now=now)
    bill = brought(account, text, month=OCTOBER, actor=finance, now=now)
    assert list(bill.lines.values_list("card", "item", "amount")) == [
        (cards[0].pk, "monthly_fee", Decimal(18)),
        (cards[0].pk, "voice", Decimal(1)),
    ]


def test_accepting_brings_the_ledger_to_the_bill(finance, now) -> None:
    """R27: after acceptance the costs of account and month are the bill's, to the fen, and it is paid once."""
    account, cards = shared(ONE, TWO)
    rate_month(month=OCTOBER, actor=None, now=now)
    bill = brought(account, TEXT.replace(",52.00\n", ",53.50\n"), actor=finance, now=now)
    accept_bill(bill=bill, actor=finance, now=now)
    costs = ledger_costs(account, OCTOBER)
    assert sum(costs.values()) == Decimal("53.50")
    assert costs[cards[1].pk, EntryKind.MONTHLY_FEE] == Decimal(28)
    assert costs[None, EntryKind.OTHER_CHARGE] == Decimal("1.50")
    assert set(bill.differences.values_list("state", flat=True)) == {"accepted"}
    record_payment(
        bill=bill, amount=Decimal("53.50"), paid_on=date(2026, 11, 18), reference="T1", actor=finance, now=now
    )
    account.refresh_from_db()
    assert account.balance == 0
    assert Bill.objects.get().state == BillState.ACCEPTED
    assert LedgerEntry.objects.filter(kind=EntryKind.TOP_UP).count() == 1
    paid = TopUpRequest.objects.get(account=account)
    assert (paid.card, paid.state, paid.origin, paid.paid) == (None, "arrived", "recorded", Decimal("53.50"))
    assert (business_day(paid.arrived_at), paid.entry.month) == (date(2026, 11, 18), date(2026, 11, 1))


def test_lines_of_no_card_are_the_shared_account_s(finance, now) -> None:
    """R82: a late fee and a group's fee count in total, check and ledger; by card they are split as its days are."""
    account, cards = shared(ONE, TWO)
    rows = [f"202610,{number},{item}" for number in (ONE, TWO) for item in ("月租费,18.00", "合计,18.00")]
    whole = ["202610,,违约金,2.05", f"202610,{account.code},集团短号费,6.00", "202610,,本页小计,8.05"]
    text = "\n".join(["账期,用户号码,费用项目,金额", *rows, *whole])
    bill = brought(account, text, actor=finance, now=now)
    assert (bill.total, bill.statement.rows_refused) == (Decimal("44.05"), 1)
    assert list(bill.lines.filter(number="").values_list("card", "item", "amount")) == [
        (None, "late_fee", Decimal("2.05")),
        (None, "other", Decimal("6.00")),
    ]
    assert kinds(bill) == {}
    accept_bill(bill=bill, actor=finance, now=now)
    costs = ledger_costs(account, OCTOBER)
    assert (costs[None, EntryKind.LATE_FEE], costs[None, EntryKind.OTHER_CHARGE]) == (Decimal("2.05"), 6)
    report = month_costs(OCTOBER, CostBy.CARD)
    assert sorted(row.total for row in report.rows) == [Decimal("22.02"), Decimal("22.03")]
    assert {row.key for row in report.rows} == {card.pk for card in cards}


def test_a_late_fee_beside_the_bill_before(finance, now) -> None:
    """R82: September was due on the 20th and paid four days late: 2.04 yuan of 170, and what is above is too much."""
    account, _cards = shared(ONE)
    september = f"账期,号码,费用项目,金额\n202609,{ONE},月租费,170\n"
    before = brought(account, september, month=date(2026, 9, 1), due_on=date(2026, 10, 20), actor=finance, now=now)
    accept_bill(bill=before, actor=finance, now=now)
    paid = {"amount": before.total, "paid_on": date(2026, 10, 24), "reference": ""}
    record_payment(bill=before, actor=finance, now=now, **paid)
    october = f"账期,号码,费用项目,金额\n202610,{ONE},月租费,18\n202610,{ONE},违约金,7.04\n"
    bill = brought(account, october, month=OCTOBER, actor=finance, now=now)
    found = bill.differences.get(kind="late_fee_too_high")
    assert (found.item, found.billed, found.expected, found.amount) == ("late_fee", Decimal("7.04"), Decimal("2.04"), 5)
