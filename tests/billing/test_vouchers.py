"""The accounting export: balanced lines in finance's own columns, or none (R13)."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.urls import reverse

from billing.choices import EntryKind
from billing.errors import AccountsMissing, ColumnsMissing, TextUnusable, Unbalanced
from billing.models import ClosedMonth, VoucherCentre, VoucherColumn, VoucherMapping
from billing.rules.vouchers import Accounts, Amount, Line, is_usable, lines_of, sums
from billing.selectors.costs import ledger_total
from billing.selectors.vouchers import balanced, file_columns, voucher_of
from billing.services import ledger
from billing.services.vouchers import edit_mapping
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from tests.billing.conftest import at
from tests.billing.test_api import API, signed_in
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory
from tests.factories.billing import AccountFactory, held
from tests.factories.cards import CardFactory

NOVEMBER = date(2026, 11, 1)
ACCOUNTS = {
    "usage": Accounts(debit="6601", credit="1123", tax="2221", text="{month} {kind} {team}"),
    "late_fee": Accounts(debit="6711", credit="1123", text="{kind}"),
}
WORDS = {"usage": "calls", "late_fee": "late fee"}


def amount(kind: str, gross: str, net: str, team: str = "") -> Amount:
    return Amount(kind=kind, gross=Decimal(gross), net=Decimal(net), team=team, centre=team.lower())


def test_lines_of_a_month():
    """Costs by team with the deductible VAT apart, one credit a kind; what is nothing has no line."""
    amounts = [amount("usage", "109", "100", "A"), amount("usage", "0", "0", "B"), amount("late_fee", "3", "2.75", "A")]
    lines = lines_of(amounts, accounts=ACCOUNTS, words=WORDS, month="2026-11")
    assert [(line.account, line.debit, line.credit, line.centre, line.text) for line in lines] == [
        ("6601", Decimal(100), 0, "a", "2026-11 calls A"),
        ("2221", Decimal(9), 0, "", "2026-11 calls A"),
        ("1123", 0, Decimal(109), "", "2026-11 calls"),
        ("6711", Decimal(3), 0, "a", "late fee"),
        ("1123", 0, Decimal(3), "", "late fee"),
    ]
    assert sums(lines) == (112, 112)


@pytest.mark.parametrize(
    ("text", "usable"), [("{month} {team}", True), ("", True), ("{price}", False), ("{", False), ("{0}", False)]
)
def test_which_texts_may_stand_in_a_line(text, usable):
    assert is_usable(text) is usable


def test_lines_that_do_not_balance_are_refused():
    with pytest.raises(Unbalanced):
        balanced(NOVEMBER, [Line(kind="usage", text="", account="6601", debit=Decimal(1))], provisional=False)


@pytest.fixture
def month(reference):
    """A month of two teams: a fee of 30 split between them, a late fee, and a top-up."""
    first, second = TeamFactory(), TeamFactory()
    card = CardFactory()
    held(card, AgentFactory(user__team=first), at(1), at(11))
    held(card, AgentFactory(user__team=second), at(11))
    account = AccountFactory(cards=[card])
    for kind, charged in ((EntryKind.MONTHLY_FEE, 30), (EntryKind.LATE_FEE, 1)):
        ledger.post(
            account=account, kind=kind, amount=-Decimal(charged), actor=None, now=at(1), card=card, month=NOVEMBER
        )
    ledger.top_up(account=account, amount=Decimal(50), actor=None, now=at(2))
    VoucherCentre.objects.create(team=first, code="C-1")
    return first


def test_the_export_of_a_month_balances_with_the_ledger(month, client):
    """R13: what cost is in it to the fen; an open month is marked, a taken file journalled with its hash."""
    voucher = voucher_of(NOVEMBER)
    costs = [line for line in voucher.lines if line.kind != EntryKind.TOP_UP]
    assert sums(costs)[0] == ledger_total(NOVEMBER) == 31
    assert (voucher.debit, voucher.credit, voucher.provisional) == (81, 81, True)
    assert [line.centre for line in costs if line.team == month.name] == ["C-1", "C-1"]

    client.force_login(PersonFactory(role=Role.FINANCE))
    assert client.get(reverse("billing:voucher"), {"month": "2026-11"}).context["voucher"] == voucher
    VoucherColumn.objects.filter(value="team").delete()
    VoucherColumn.objects.filter(value="account").update(title="科目编码", place=0)
    answer = client.get(reverse("billing:voucher-export"), {"month": "2026-11"})
    head, *rows = csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert (head[0], len(head), len(rows)) == ("科目编码", 9, len(voucher.lines))
    entry = Entry.objects.get(action="billing.voucher_exported")
    assert (entry.data["rows"], entry.data["provisional"], len(entry.data["sha256"])) == (len(rows), True, 64)

    api, url = signed_in(Role.FINANCE), f"{API}reports/voucher/?month=2026-11"
    told = api.get(url).json()
    assert (told["debit"], told["provisional"], len(told["lines"])) == ("81.00", True, len(rows))
    assert Entry.objects.filter(action="billing.voucher_exported").count() == 1
    file = api.get(url, headers={"accept": "text/csv"})
    assert list(csv.reader(StringIO(b"".join(file.streaming_content).decode("utf-8-sig")))) == [head, *rows]
    again = Entry.objects.filter(action="billing.voucher_exported").latest("pk")
    assert (again.pk > entry.pk, again.data) == (True, entry.data)

    ClosedMonth.objects.create(month=NOVEMBER, closed_at=at(20))
    assert not voucher_of(NOVEMBER).provisional


def test_what_is_missing_is_said_and_nothing_is_exported(month, client):
    VoucherMapping.objects.filter(kind=EntryKind.LATE_FEE).delete()
    with pytest.raises(AccountsMissing):
        voucher_of(NOVEMBER)
    client.force_login(PersonFactory(role=Role.FINANCE))
    assert client.get(reverse("billing:voucher"), {"month": "2026-11"}).context["refusal"].code == AccountsMissing.code
    assert client.get(reverse("billing:voucher-export"), {"month": "2026-11"}).status_code == 409
    for accept in ("application/json", "text/csv"):
        refused = signed_in(Role.FINANCE).get(f"{API}reports/voucher/?month=2026-11", headers={"accept": accept})
        assert (refused.status_code, refused.json()["code"]) == (409, AccountsMissing.code)
    VoucherColumn.objects.filter(value="debit").delete()
    with pytest.raises(ColumnsMissing):
        file_columns()
    fee = VoucherMapping.objects.get(kind=EntryKind.MONTHLY_FEE)
    with pytest.raises(TextUnusable):
        edit_mapping(mapping_id=fee.pk, changes={"text": "{price}"}, actor=None, now=at(2))
    assert not Entry.objects.filter(action="billing.voucher_exported").exists()
