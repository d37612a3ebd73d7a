"""Telling who sees to a case, in their language."""

from datetime import datetime

from django.conf import settings
from django.utils import translation

from cardfleet.accounts.models import User
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import tell
from cards.choices import ServiceState
from lifecycle.models import Case
from lifecycle.selectors.watchers import in_charge_of


def tell_of_case(case: Case, code: str, *, key: str, now: datetime) -> None:
    """Tell who sees to a case, else who opened it; nobody where a job did."""
    person = case.assignee or case.opened_by
    if person is not None:
        _tell(person, case, code, key=key, now=now)


def tell_in_charge(case: Case, code: str, *, now: datetime) -> None:
    """Tell the supervisors of the card's team, once a case and message."""
    for person in in_charge_of(case.card.team):
        _tell(person, case, code, key=f"case:{case.pk}:{code}", now=now)


def _tell(person: User, case: Case, code: str, *, key: str, now: datetime) -> None:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        params = {
            "case": case.pk,
            "kind": str(case.get_kind_display()),
            "card": str(case.card),
            "state": str(ServiceState(case.card.service_state).label),
            "level": str(case.get_level_display()),
        }
    tell(user=person, code=code, params=params, key=key, url=url_or_empty("lifecycle:case", case.pk), now=now)
