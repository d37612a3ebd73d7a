"""Partitions of call records."""

from datetime import date

import pytest

from billing.selectors.partitions import existing_partitions, missing_partitions
from billing.services.partitions import ensure_ahead, ensure_partitions
from billing.tasks import make_partitions
from tests.conftest import drop_partitions

pytestmark = pytest.mark.django_db


def test_this_month_and_three_ahead_are_made_once(now):
    """The job runs twice and does it once."""
    assert make_partitions(on=date(2026, 11, 30), now=now) == {"made": 4}
    assert make_partitions(on=date(2026, 11, 30), now=now) == {"made": 0}
    names = {f"billing_usagerecord_{month}" for month in ("202611", "202612", "202701", "202702")}
    assert existing_partitions() == names


def test_days_where_the_setting_says_so_and_a_month_keeps_its_form(settings):
    ensure_partitions(date(2026, 10, 1), date(2026, 10, 1))
    settings.USAGE_PARTITION = "day"
    assert ensure_partitions(date(2026, 10, 30), date(2026, 11, 2)) == 2
    settings.USAGE_PARTITION = "month"
    assert ensure_partitions(date(2026, 11, 1), date(2026, 11, 3)) == 1
    assert existing_partitions() == {
        "billing_usagerecord_202610",
        "billing_usagerecord_20261101",
        "billing_usagerecord_20261102",
        "billing_usagerecord_20261103",
    }


def test_what_lacks_is_named():
    ensure_ahead(date(2026, 11, 20))
    assert not missing_partitions(date(2026, 11, 20), date(2027, 2, 28))
    assert missing_partitions(date(2027, 2, 28), date(2027, 3, 1)) == {
        "billing_usagerecord_202703": (date(2027, 3, 1), date(2027, 4, 1))
    }


@pytest.mark.owner
def test_a_run_of_tests_begins_without_those_of_the_one_before():
    """What a transactional test made stays when tables are emptied; with --reuse-db others found it."""
    ensure_ahead(date(2026, 11, 20))
    drop_partitions()
    assert not existing_partitions()
