"""A generated month of bills with errors in it, through files and database, and what the check makes of it (R82)."""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest

from billing.models import Account, AccountCard, Bill, BillDifference
from billing.services.bill_checking import check_again
from billing.services.bill_settling import accept_bill, record_payment
from billing.services.bundle_use import import_bundle_use
from cardfleet.accounts.choices import Role
from cards.models import Card
from tests.billing.bill_errors import make
from tests.billing.bill_month import (
    BEFORE,
    DUE_ON,
    FEE,
    LATE_FEE,
    MONTH,
    PAID_ON,
    PER_MESSAGE,
    PER_MINUTE,
    PLANS,
    SHANGHAI,
    BillMonth,
    Sim,
)
from tests.billing.bills import brought, shared
from tests.billing.conftest import at
from tests.factories.accounts import PersonFactory
from tests.factories.billing import UsageSourceFactory
from tests.factories.cards import PlanPriceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
CALLS = "uid,msisdn,started_at,direction,counterpart,duration_s,fee"
REMARKS = ["unordered_value_added", "billed_too_little", "unused_card", "rounding"]
ERRORS = 200


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_200_errors_are_found_from_files_and_records(seed: int, load, now) -> None:
    """R82: bills, details, messages and our own records come as files; all errors are found, 1 % more at most."""
    finance = PersonFactory(role=Role.FINANCE)
    month = make(seed, cards=900, errors=ERRORS)
    ours = [sim for sim in month.sims if sim.is_ours]
    account = _recorded(ours)
    _loaded(ours, load)
    counted = [f"{sim.number},{sim.messages}" for sim in ours if sim.messages]
    summary = io.BytesIO("\n".join(["号码,短信条数", *counted]).encode())
    uses = import_bundle_use(file=summary, name="sms.csv", month=MONTH, actor=finance, now=now)
    assert (uses.stored, uses.refused) == (len(counted), [])
    before = brought(account, _bill_before(month), month=BEFORE, due_on=DUE_ON, actor=finance, now=now)
    accept_bill(bill=before, actor=finance, now=now)
    record_payment(bill=before, amount=before.total, paid_on=PAID_ON, reference="", actor=finance, now=now)
    bill = brought(account, _bill(month), actor=finance, now=now)
    found = _found(bill)
    assert len({kind for _number, kind, _amount in month.errors}) == 14
    assert month.errors - found == set()
    assert len(found - month.errors) <= ERRORS // 100
    differences = bill.differences.count()
    check_again(bill=bill, actor=finance, now=now)
    assert bill.differences.count() == differences


def _found(bill: Bill) -> set[tuple[str, str, Decimal]]:
    errors = BillDifference.objects.filter(bill=bill).exclude(kind__in=REMARKS)
    return set(errors.values_list("number", "kind", "amount"))


def _bill(month: BillMonth) -> str:
    """Return the bill as a table with a row a card and item; a total a card."""
    rows = ["账期,号码,费用项目,金额"]
    for sim in month.sims:
        late = month.late_fee if sim is month.asked_late_fee else Decimal(0)
        rows += [f"{MONTH:%Y%m},{sim.number[3:]},{LATE_FEE},{late}"] if late else []
        rows += [f"{line.month:%Y%m},{sim.number[3:]},{line.name},{line.amount}" for line in sim.lines]
        rows += [f"{MONTH:%Y%m},{sim.number[3:]},合计,{sim.stated + late}"] if sim.lines else []
    return "\n".join(rows)


def _bill_before(month: BillMonth) -> str:
    """Return the bill of the month before, which left out the calls that come late now."""
    fees = [f"{BEFORE:%Y%m},{number[3:]},{FEE},{fee}" for number, fee in month.before.items()]
    return "\n".join(["账期,号码,费用项目,金额", *fees])


def _recorded(sims: list[Sim]) -> Account:
    """Record the cards as the sims are, all on one shared account."""
    account, _cards = shared()
    prices = {
        name: PlanPriceFactory(
            plan__carrier=account.carrier,
            plan__name=name,
            monthly_fee=fee,
            minute_price=PER_MINUTE,
            sms_price=PER_MESSAGE,
        )
        for name, fee in PLANS.items()
    }
    cards = Card.objects.bulk_create(
        Card(
            iccid=f"898600{index:013}",
            carrier=account.carrier,
            plan=prices[sim.plan].plan,
            msisdn=sim.number,
            service_state="cancelled" if sim.ended else "full_stop" if sim.stopped else "active",
            service_since=at(1, month=9),
            custody_since=at(1, month=9),
            created_at=at(1, month=9),
            updated_at=at(1, month=9),
        )
        for index, sim in enumerate(sims)
    )
    AccountCard.objects.bulk_create(
        AccountCard(account=account, card=card, starts_on=date(2026, 8, 1)) for card in cards
    )
    return account


def _loaded(sims: list[Sim], load) -> None:
    """Import the carrier's detail of both months and what our exchange wrote down."""
    listed = [(sim, one.at, one.to, one.seconds, one.fee) for sim in sims for one in sim.listed]
    late = datetime(2026, 9, 28, 10, tzinfo=SHANGHAI)
    listed += [
        (sim, late, "+8613900000001", 60 * int(sim.carried / PER_MINUTE), sim.carried) for sim in sims if sim.carried
    ]
    heard = [(sim, one.at, one.to, one.seconds, "") for sim in sims for one in sim.heard]
    for name, calls, role in (("detail.csv", listed, "carrier"), ("exchange.csv", heard, "switch")):
        rows = [
            f"{place},{sim.number},{moment:%Y-%m-%d %H:%M:%S},out,{to},{seconds},{fee}"
            for place, (sim, moment, to, seconds, fee) in enumerate(calls)
        ]
        batch = load("\n".join([CALLS, *rows]), source=UsageSourceFactory(slug=role, role=role), name=name)
        assert (batch.rows_stored, batch.rows_refused) == (len(rows), 0)
