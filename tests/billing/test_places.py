"""Where cards were when they called, of the formats that tell it (R49)."""

import pytest

from billing.models import UsagePlace
from billing.rules.regions import province_of
from billing.services.revocation import revoke_batch
from cards.models import Card
from lifecycle.selectors.facts import facts_of, ground_at, inputs_of
from tests.billing.conftest import OWN
from tests.factories.accounts import PersonFactory

DETAIL = """起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)
2026-11-18 09:00:00,广州,主叫,13900000001,1分,本地,,0.15
2026-11-19 09:00:00,四川成都,主叫,13900000001,1分,漫游,,0.15
2026-11-19 10:00:00,四川绵阳,主叫,13900000002,1分,漫游,,0.15
2026-11-20 09:00:00,广东广州,主叫,13900000003,1分,本地,,0.15
"""


@pytest.mark.parametrize(
    ("place", "province"),
    [("四川成都", "四川"), ("内蒙古自治区", "内蒙古"), ("北京市", "北京"), ("成都", ""), ("", "")],
)
def test_a_place_names_its_province_or_says_nothing(place, province):
    assert province_of(place) == province


@pytest.mark.usefixtures("reference")
def test_days_in_another_province_are_days_outside_the_region(card, load, now):
    """R49: told by the carrier's detail, day by day; they go with a revoked file."""
    Card.objects.filter(pk=card.pk).update(region="广东广州")
    batch = load(DETAIL, own_number=OWN)
    assert sorted(UsagePlace.objects.values_list("day__day", "province")) == [(19, "四川"), (20, "广东")]
    assert facts_of(inputs_of([card.pk], now=now)[card.pk], ground_at(now)).days_outside_region == 1
    revoke_batch(batch=batch, reason="wrong file", actor=PersonFactory(), now=now)
    assert not UsagePlace.objects.exists()
