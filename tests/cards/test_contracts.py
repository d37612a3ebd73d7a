"""Contracts that renew themselves: recorded, rolled forward by a job, ended by notice."""

from datetime import date

import pytest

from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput
from cards.choices import NoticeUnit
from cards.services.contracts import edit_contract, record_contract, renew_contracts
from tests.conftest import FRIDAY
from tests.factories.cards import CarrierFactory, ContractFactory

pytestmark = pytest.mark.django_db

BY = {"actor": None, "now": FRIDAY}


def contract(starts_on: date, **more):
    facts = {
        "number": "HT-1",
        "carrier": CarrierFactory(),
        "starts_on": starts_on,
        "first_months": 60,
        "ends_on": None,
        "renewal_months": 12,
        "notice": 3,
        "notice_unit": NoticeUnit.MONTHS,
    }
    return record_contract(facts=facts | more, **BY)


def test_a_contract_is_on_the_term_that_runs_when_it_is_recorded():
    """R103: 60 months and renewals of 12; one whose first term is over is in its renewal."""
    assert contract(date(2026, 1, 1)).ends_on == date(2030, 12, 31)
    assert contract(date(2019, 3, 1), number="HT-2").ends_on == date(2027, 2, 28)


def test_a_contract_renews_itself_once_however_late_the_job_runs():
    """R103: a job years late finds the right term, and a second run nothing."""
    first = contract(date(2026, 1, 1))
    ended = ContractFactory(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    given = ContractFactory(
        starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), renewal_months=12, notice_given_on=date(2025, 6, 1)
    )
    assert renew_contracts(today=date(2033, 5, 1), now=FRIDAY) == 1
    assert renew_contracts(today=date(2033, 5, 1), now=FRIDAY) == 0
    for one in (first, ended, given):
        one.refresh_from_db()
    assert [one.ends_on.year for one in (first, ended, given)] == [2033, 2025, 2025]
    assert Entry.objects.get(action="cards.contract_renewed").data == {"from": "2030-12-31", "to": "2033-12-31"}


@pytest.mark.parametrize(
    ("given_on", "ends_on"), [(date(2025, 11, 30), date(2026, 2, 28)), (date(2025, 12, 1), date(2027, 2, 28))]
)
def test_notice_ends_the_term_it_was_in_time_for(given_on, ends_on):
    """R103: a notice entered late finds its own term; a day late it binds a year more."""
    one = contract(date(2019, 3, 1), number="HT-2")
    for _twice in range(2):
        changed = edit_contract(contract_id=one.pk, changes={"notice_given_on": given_on}, **BY)
        assert changed.ends_on == ends_on


def test_what_cannot_be_a_contract_is_refused():
    with pytest.raises(BadInput) as early:
        contract(date(2026, 1, 1), notice_given_on=date(2026, 11, 21))
    assert [reason.field for reason in early.value.reasons] == ["notice_given_on"]
    with pytest.raises(BadInput):
        contract(date(2026, 1, 1), first_months=None)
