"""What a carrier's notice explains, and when a group is told of again."""

from datetime import timedelta

import pytest

from cards.choices import StopReason
from lifecycle.choices import AlertKind, NoticeKind
from lifecycle.rules.notices import GRACE, Announced, concerns, explains, is_told_again
from tests.conftest import FRIDAY

HOUR = timedelta(hours=1)
WORKS = Announced(
    carriers=frozenset({1, 2}),
    kind=NoticeKind.MAINTENANCE,
    regions=("广东", "北京"),
    starts_at=FRIDAY,
    ends_at=FRIDAY + 4 * HOUR,
)


@pytest.mark.parametrize(
    ("carrier", "region", "fits"),
    [(1, "广东深圳", True), (2, "北京", True), (3, "北京", False), (1, "上海", False), (1, "", False)],
)
def test_a_notice_concerns_its_carriers_and_regions(carrier, region, fits):
    """R38, R51: a province concerns its cities; carriers on the network are concerned with it."""
    assert concerns(WORKS, carrier_id=carrier, region=region) is fits


@pytest.mark.parametrize(
    ("changed", "fits"),
    [
        ({}, True),
        ({"kind": AlertKind.CARRIER_SIGNAL}, True),
        ({"kind": AlertKind.ARREARS}, False),
        ({"reason": StopReason.ARREARS}, False),
        ({"reason": StopReason.MAINTENANCE}, True),
        ({"opened_at": FRIDAY - HOUR}, False),
        ({"opened_at": FRIDAY + 4 * HOUR + GRACE}, True),
        ({"opened_at": FRIDAY + 5 * HOUR + GRACE}, False),
    ],
)
def test_works_explain_stops_of_their_time_that_have_no_other_reason(changed, fits):
    facts = {"carrier_id": 1, "region": "广东", "kind": AlertKind.STOPPED, "reason": "", "opened_at": FRIDAY + HOUR}
    assert explains(WORKS, **facts | changed) is fits


@pytest.mark.parametrize(("size", "told", "again"), [(20, 0, True), (39, 20, False), (40, 20, True)])
def test_a_group_is_told_of_again_when_it_has_doubled(size, told, again):
    assert is_told_again(size, told=told) is again
