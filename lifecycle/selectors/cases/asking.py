"""What other parts ask about cases."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from cardfleet.accounts.models import User
from lifecycle.choices import CaseKind
from lifecycle.models import Case, CaseStep

SEEING_TO_STOPS = (
    CaseKind.SUSPENSION,
    CaseKind.REVERIFICATION,
    CaseKind.LOSS,
    CaseKind.FAULT,
    CaseKind.CANCELLATION,
)


def of_card(card_id: int) -> QuerySet[Case]:
    """Return the cases of a card, open ones first, each group the latest first."""
    return Case.objects.filter(card=card_id).select_related("assignee").order_by("-closed_at", "-id")


def holding(card_ids: Collection[int]) -> dict[int, int]:
    """Return the cards that may neither be handed out nor stand in until compliance releases them, with their case."""
    ahead = CaseStep.objects.ahead().filter(holds=True, case__closed_at__isnull=True, case__card__in=card_ids)
    return dict(ahead.values_list("case__card_id", "case_id"))


def due(user: User, *, until: datetime) -> QuerySet[Case]:
    """Return the open cases a person sees whose nearest clock runs out before a moment, the most urgent first."""
    cases = Case.objects.visible_to(user).open().filter(due_at__lt=until)
    return cases.select_related("card__carrier", "assignee").order_by("due_at", "pk")


def open_about(card_ids: Collection[int]) -> dict[int, int]:
    """Return of each stopped card the open case that sees to it, where there is one: its kind decides. One query."""
    cases = Case.objects.open().filter(card__in=card_ids, kind__in=SEEING_TO_STOPS).values_list("card", "pk", "kind")
    ranked = sorted(cases, key=lambda case: SEEING_TO_STOPS.index(CaseKind(case[2])), reverse=True)
    return {card_id: pk for card_id, pk, _kind in ranked}
