"""The three-way check of bills: by example, and on generated months of 200 errors."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from chinese_calendar import is_workday

from billing.choices import REMARKS, BillItem, DifferenceKind
from billing.rules.bill_calls import Call
from billing.rules.bill_check import Billed, CardSide, check_account, check_card, check_total, too_much
from billing.rules.bill_items import is_whole, item_of, months_in, value_of
from billing.rules.bill_late_fee import Owed, check_late_fee
from billing.rules.complaint_term import answer_due
from tests.billing.bill_errors import make
from tests.billing.bill_month import DUE_ON, MONTH, PAID_ON, PER_MESSAGE, PLANS, BillMonth, Sim

NINE = datetime(2026, 10, 8, 1, tzinfo=UTC)
ITEMS = {"视频彩铃": BillItem.VALUE_ADDED}


def billed(item, amount, *, text="", month=MONTH, stated=None):
    return Billed(item=BillItem(item), text=text or item, amount=Decimal(amount), month=month, stated=stated)


def call(fee="0.20", rated="0.20", *, after=0, to="+8613900000001", seconds=50):
    at = NINE + timedelta(seconds=after)
    return Call(started_at=at, counterpart=to, seconds=seconds, fee=Decimal(fee), rated=Decimal(rated))


def side(**facts):
    given = {"fee": Decimal(18), "other_fees": {"大": Decimal(58)}, "listed": Decimal(0), "is_used": True}
    return CardSide(**{**given, **facts})


FEE = billed("monthly_fee", 18)
CASES = [
    ("nothing is wrong", [FEE], side(), []),
    ("a fee above the plan's", [billed("monthly_fee", 20)], side(), [("wrong_fee", "2")]),
    ("another plan's fee", [billed("monthly_fee", 58)], side(), [("wrong_plan", "40")]),
    ("no price is known", [billed("monthly_fee", 58)], side(fee=None), []),
    ("less than the plan's", [billed("monthly_fee", 17)], side(), [("billed_too_little", "-1")]),
    ("a month of suspension", [FEE], side(fee=Decimal(0), is_served=False), [("charged_while_stopped", "18")]),
    ("after its end", [FEE], side(ended_on=date(2026, 8, 1)), [("charged_after_cancellation", "18")]),
    ("nobody's number", [FEE, billed("voice", 2)], None, [("unknown_card", "20")]),
    ("twice", [FEE, FEE], side(), [("double_billing", "18")]),
    ("two of one item are no double", [FEE, billed("other", 1, text="a"), billed("other", 1, text="b")], side(), []),
    ("a card without use", [FEE], side(is_used=False), [("unused_card", "0")]),
    ("use without use", [FEE, billed("voice", 3)], side(is_used=False),
     [("unused_card", "0"), ("zero_use_charged", "3")]),
    ("no detail imported", [FEE, billed("voice", 3)], side(listed=None, is_used=False), []),
    ("a row states more", [billed("monthly_fee", 18, stated=Decimal(20))], side(), [("items_do_not_add_up", "2")]),
    ("a line of the month before", [FEE, billed("voice", 2, month=date(2026, 9, 1))], side(),
     [("late_from_month_before", "2")]),
    ("calls of the month before", [FEE, billed("voice", 5)], side(listed=Decimal(3), carried=Decimal(2)),
     [("late_from_month_before", "2")]),
    ("calls nobody lists", [FEE, billed("voice", 5)], side(listed=Decimal(3)), [("call_missing_in_detail", "2")]),
    ("late ones, and more", [FEE, billed("voice", 6)], side(listed=Decimal(3), carried=Decimal(2)),
     [("late_from_month_before", "2"), ("call_missing_in_detail", "1")]),
    ("messages as counted", [FEE, billed("sms", 3)], side(used={BillItem.SMS: Decimal(3)}), []),
    ("messages too dear", [FEE, billed("sms", 3)], side(used={BillItem.SMS: Decimal(2)}), [("use_overcharged", "1")]),
    ("data not billed", [FEE], side(used={BillItem.DATA: Decimal(2)}), [("billed_too_little", "-2")]),
    ("data that nobody counted", [FEE, billed("data", 5)], side(), []),
    ("rounding", [FEE, billed("voice", "3.02")], side(listed=Decimal(3)), [("rounding", "0.02")]),
    ("too high a call", [FEE, billed("voice", "0.50")], side(listed=Decimal("0.50"), detail=[call("0.50")]),
     [("call_overcharged", "0.30")]),
    ("longer than we heard", [FEE, billed("voice", "1")],
     side(listed=Decimal(1), detail=[call("1", "1", seconds=290)], heard=[call("0", seconds=110, after=20)]),
     [("call_overcharged", "0.60")]),
    ("our prices are not known", [FEE, billed("voice", "0.50")],
     side(listed=Decimal("0.50"), detail=[call("0.50", "0")], prices_calls=False), []),
    ("one call twice", [FEE, billed("voice", "0.40")], side(listed=Decimal("0.40"), detail=[call(), call(after=2)]),
     [("duplicate_call", "0.20")]),
    ("called again", [FEE, billed("voice", "0.40")], side(listed=Decimal("0.40"), detail=[call(), call(after=51)]), []),
    ("a service nobody ordered", [FEE, billed("value_added", 6, text="彩铃")], side(),
     [("unordered_value_added", "6")]),
    ("one accepted before", [FEE, billed("value_added", 6, text="彩铃")], side(services=frozenset({"彩铃"})), []),
    ("a minimum spend", [FEE, billed("minimum", 12)], side(minimum=Decimal(30)), []),
    ("more than the minimum", [FEE, billed("minimum", 15)], side(minimum=Decimal(30)), [("wrong_fee", "3")]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "known", "wrong"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_what_is_wrong_with_a_card(lines, known, wrong) -> None:
    """R27, R82: each fen of a difference has one cause."""
    found = check_card(lines, known, MONTH)
    assert [(one.kind.value, one.amount) for one in found] == [(kind, Decimal(amount)) for kind, amount in wrong]


def test_a_bill_that_does_not_add_up() -> None:
    """A total is held against what its rows state, else against its items; remarks are no part of what is too much."""
    rows = [billed("monthly_fee", 18, stated=Decimal(20)), billed("voice", 2)]
    assert check_total(Decimal(20), [rows]) == []
    (wrong,) = check_total(Decimal(25), [rows])
    assert (wrong.kind, wrong.amount) == (DifferenceKind.ITEMS_DO_NOT_ADD_UP, 5)
    assert too_much([wrong, *check_card([FEE, billed("value_added", 6)], side(), MONTH)]) == 5
    assert check_total(Decimal(27), [rows, [billed("late_fee", 7)]]) == []


def test_what_is_wrong_with_lines_of_the_whole_account() -> None:
    """R82: no card is looked for; a double and what is of an earlier month are told, the rest stands."""
    fee, earlier = billed("late_fee", 7), billed("other", 3, month=date(2026, 9, 1))
    found = check_account([fee, fee, earlier], MONTH)
    assert [(one.kind.value, one.amount) for one in found] == [("double_billing", 7), ("late_from_month_before", 3)]


@pytest.mark.parametrize(
    ("cell", "of_account"),
    [("", True), (" — ", True), ("集团账户", True), ("A-2001", True), ("13812340001", False), ("合计", False)],
)
def test_what_stands_in_place_of_a_number(cell: str, of_account: bool) -> None:
    assert is_whole(cell, "A-2001") is of_account


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_month_of_200_errors(seed: int) -> None:
    """R82: all of 200 errors of fourteen kinds are found with their size, and at most 1 % is called wrong falsely."""
    month = make(seed, cards=900, errors=200)
    found = set(_checked(month))
    assert len({kind for _number, kind, _amount in month.errors}) == 14
    assert month.errors - found == set()
    assert len(found - month.errors) <= 2


def _checked(month: BillMonth):
    owed = [Owed(total=sum(month.before.values()), due_on=DUE_ON, paid_on=PAID_ON)]
    asked = [billed("late_fee", month.late_fee)]
    for one in check_late_fee(asked, owed, since=MONTH, until=date(2026, 11, 1)):
        yield "", one.kind.value, one.amount
    for sim in month.sims:
        lines = [
            billed(ITEMS.get(line.name) or item_of(line.name), line.amount, text=line.name, month=line.month)
            for line in sim.lines
        ]
        if lines:
            first = lines[0]
            lines[0] = Billed(
                item=first.item, text=first.text, amount=first.amount, month=first.month, stated=sim.stated
            )
        for one in check_card(lines, _known(sim) if sim.is_ours else None, MONTH):
            if one.kind not in REMARKS:
                yield sim.number, one.kind.value, one.amount


def _known(sim: Sim) -> CardSide:
    detail, heard = ([_as_call(one) for one in calls] for calls in (sim.listed, sim.heard))
    return CardSide(
        fee=Decimal(0) if sim.stopped else PLANS[sim.plan],
        other_fees={name: fee for name, fee in PLANS.items() if name != sim.plan},
        is_served=not sim.stopped,
        ended_on=date(2026, 8, 3) if sim.ended else None,
        listed=sum((one.fee for one in sim.listed), Decimal(0)),
        is_used=bool(detail or heard),
        detail=detail,
        heard=heard,
        carried=sim.carried,
        services=frozenset(sim.services),
        used={BillItem.SMS: PER_MESSAGE * sim.messages} if sim.messages else {},
    )


def _as_call(one) -> Call:
    return Call(started_at=one.at, counterpart=one.to, seconds=one.seconds, fee=one.fee, rated=one.right)


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("手机号码", "number"), ("套餐及固定费（元）", "monthly_fee"), ("月基本费", "monthly_fee"),
        ("长途通话费", "voice"),
        ("国内语音通话费(元)", "voice"), ("手机上网流量费", "data"), ("短信费", "sms"), ("增值业务费", "value_added"),
        ("代收费", "agency"), ("违约金", "late_fee"), ("保底", "minimum"), ("優惠減免", "discount"), ("合计", "total"),
        ("用户姓名", ""),
    ],
)  # fmt: skip
def test_names_of_columns(title: str, value: str) -> None:
    """Names of items by Mobile, Unicom and Telecom, however written (domain.md, section 6)."""
    assert value_of(title) == value


def test_months_and_terms() -> None:
    """Months are read as bills write them; the carrier has 15 days of work, the week of the National Day left out."""
    assert months_in("2026年10月1日-2026年10月31日") == [MONTH, MONTH]
    assert months_in("202609") == months_in("2026-9") == [date(2026, 9, 1)]
    assert answer_due(date(2026, 11, 2), is_working=is_workday) == date(2026, 11, 23)
    before = answer_due(date(2026, 9, 7), is_working=is_workday)
    assert answer_due(date(2026, 9, 28), is_working=is_workday) > before + timedelta(days=21)


PAID_LATE = Owed(total=Decimal(1000), due_on=date(2026, 10, 15), paid_on=date(2026, 10, 25))


@pytest.mark.parametrize(
    ("name", "owed", "fee", "beyond"),
    [
        ("ten days of 1000 yuan", [PAID_LATE], "30.00", None),
        ("ten days of it, and 5 yuan more", [PAID_LATE], "35.00", "5.00"),
        ("fewer days than were overdue", [PAID_LATE], "3.00", None),
        ("paid in time", [replace(PAID_LATE, paid_on=date(2026, 10, 10))], "3.00", "3.00"),
        ("not paid yet: until it was issued", [replace(PAID_LATE, paid_on=None)], "54.00", "3.00"),
        ("overdue since before: its own days only", [replace(PAID_LATE, due_on=date(2026, 8, 15))], "80.00", "5.00"),
        ("nothing is known of the month before", None, "35.00", None),
        ("none though ten days were overdue: it may come later", [PAID_LATE], "0", "-30.00"),
        ("none, and nothing was overdue", [replace(PAID_LATE, paid_on=date(2026, 10, 15))], "0", None),
        ("none, overdue since the last days of the month", [replace(PAID_LATE, due_on=date(2026, 10, 31))], "0", None),
    ],
)
def test_a_late_fee_beside_what_was_overdue(name, owed, fee, beyond) -> None:
    """R82: 3 per mille a day, for the days of the month until the bill was issued on 1 November."""
    found = check_late_fee([FEE, billed("late_fee", fee)], owed, since=MONTH, until=date(2026, 11, 1))
    assert [one.amount for one in found] == ([Decimal(beyond)] if beyond else [])
    kinds = {one.kind for one in found}
    assert kinds <= ({DifferenceKind.BILLED_TOO_LITTLE} if fee == "0" else {DifferenceKind.LATE_FEE_TOO_HIGH})
