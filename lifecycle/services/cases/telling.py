"""Telling who sees to a case, in their language."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils import translation

from cardfleet.accounts.models import User
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell, tell_many
from cards.choices import ServiceState
from lifecycle.messages import CASE_GIVEN, CASES_GIVEN
from lifecycle.models import Case
from lifecycle.selectors.watchers import in_charge_of


def tell_of_cases(cases: Sequence[Case], code: str, *, key: Callable[[Case], str], now: datetime) -> None:
    """Tell who sees to each case, else who opened it; nobody where a job did.

    The number of statements does not depend on the number of cases.
    """
    prefetch_related_objects(cases, "assignee", "opened_by")
    people = [(case.assignee or case.opened_by, case) for case in cases]
    tell_many(tellings=[_telling(person, case, code, key=key(case)) for person, case in people if person], now=now)


def tell_in_charge(case: Case, code: str, *, now: datetime) -> None:
    """Tell the supervisors of the card's team, once a case and message."""
    key = f"case:{case.pk}:{code}"
    tell_many(tellings=[_telling(person, case, code, key=key) for person in in_charge_of(case.card.team)], now=now)


def tell_given(cases: Sequence[Case], person: User, *, now: datetime) -> None:
    """Tell somebody of the cases given at once: of one in its words, of several by their number."""
    if len(cases) == 1:
        key = f"case:{cases[0].pk}:given:{now.isoformat()}"
        tell_many(tellings=[_telling(person, cases[0], CASE_GIVEN, key=key)], now=now)
        return
    url = url_or_empty("lifecycle:cases")
    tell(
        user=person,
        code=CASES_GIVEN,
        params={"count": len(cases)},
        key=f"cases:given:{person.pk}:{now.isoformat()}",
        url=f"{url}?mine=true" if url else "",
        now=now,
    )


def _telling(person: User, case: Case, code: str, *, key: str) -> Telling:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        params = {
            "case": case.pk,
            "kind": str(case.get_kind_display()),
            "card": str(case.card),
            "state": str(ServiceState(case.card.service_state).label),
            "level": str(case.get_level_display()),
        }
    return Telling(user=person, code=code, params=params, key=key, url=url_or_empty("lifecycle:case", case.pk))
