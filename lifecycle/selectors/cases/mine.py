"""What an agent reported and what becomes of it, for the agent's own page."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from cardfleet.accounts.models import User
from lifecycle.choices import CaseKind
from lifecycle.models import Case
from lifecycle.selectors.cases.progress import RELATED, CaseRow, rows_of

REPORTED = (CaseKind.LOSS, CaseKind.FAULT, CaseKind.SUSPENSION)
KEPT = timedelta(days=7)
SHOWN = 10


def my_reports(user: User, *, now: datetime) -> Sequence[CaseRow]:
    """Return the reports about a person's cards, open ones and those that ended within a week.

    One query where there are none, as on most days, and two more where there are.
    """
    mine = Q(opened_by=user) | Q(card__holder=user)
    lately = Q(closed_at__isnull=True) | Q(closed_at__gte=now - KEPT)
    cases = Case.objects.filter(mine, lately, kind__in=REPORTED).order_by("-id")
    found = list(cases.values_list("pk", flat=True)[:SHOWN])
    if not found:
        return []
    return rows_of(list(Case.objects.filter(pk__in=found).select_related(*RELATED).order_by("-id")), now=now)
