"""VAT within amounts: parts add up, rates are dated, one in force stays (R13)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.errors import RateInForce
from billing.models import VatRate
from billing.rules.vat import net_of, nets_of
from billing.selectors.vat import rates_on
from billing.services.vat import edit_rate, record_rate
from tests.billing.conftest import at


@pytest.mark.parametrize(
    ("gross", "per_cent", "net"),
    [
        ("109.00", "9", "100.00"),
        ("106.00", "6", "100.00"),
        ("0.01", "9", "0.01"),
        ("30.00", "9", "27.52"),
        ("-109.00", "9", "-100.00"),
        ("12.34", "0", "12.34"),
        ("0.00", "9", "0.00"),
    ],
)
def test_net(gross, per_cent, net):
    assert net_of(Decimal(gross), Decimal(per_cent)) == Decimal(net)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(-99_999, 999_999).map(lambda fen: Decimal(fen) / 100), max_size=6), st.integers(0, 17))
def test_the_nets_of_parts_add_up_and_each_is_within_a_fen(amounts, per_cent):
    nets = nets_of(amounts, Decimal(per_cent))
    assert sum(nets) == net_of(sum(amounts, Decimal(0)), Decimal(per_cent))
    assert all(
        abs(net - net_of(amount, Decimal(per_cent))) <= Decimal("0.01")
        for net, amount in zip(nets, amounts, strict=True)
    )


@pytest.mark.usefixtures("reference")
def test_a_rate_holds_from_its_day_and_one_in_force_stays():
    """domain.md, section 6: 9 per cent, value-added services 6; the next rate comes with its day."""
    assert (rates_on(date(2026, 11, 1))["usage"], rates_on(date(2026, 11, 1))["value_added"]) == (9, 6)
    coming = {"kind": "usage", "per_cent": Decimal(8), "effective_from": date(2027, 1, 1)}
    rate = record_rate(facts=coming, actor=None, now=at(20))
    assert (rates_on(date(2026, 12, 31))["usage"], rates_on(date(2027, 1, 1))["usage"]) == (9, 8)
    edit_rate(rate_id=rate.pk, changes={"per_cent": Decimal(7)}, actor=None, now=at(20))
    assert rates_on(date(2027, 2, 1))["usage"] == 7
    old = VatRate.objects.get(kind="usage", per_cent=9)
    with pytest.raises(RateInForce):
        edit_rate(rate_id=old.pk, changes={"per_cent": Decimal(10)}, actor=None, now=at(20))
    assert edit_rate(rate_id=old.pk, changes={"note": "checked"}, actor=None, now=at(20)).note == "checked"
