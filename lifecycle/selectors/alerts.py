"""Alerts as a list: open ones by deadline, closed ones the last first."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet

from lifecycle.choices import AlertState
from lifecycle.models import Alert

RELATED = (
    *("card__carrier", "card__holder", "card__team", "agent__user__team"),
    *("acknowledged_by", "rule__carrier", "rule__plan"),
)
SORTS: Mapping[str, tuple[Any, ...]] = {
    "": (F("closed_at").desc(nulls_first=True), F("due_at").asc(nulls_last=True), "pk"),
    "due": (F("due_at").asc(nulls_last=True), "pk"),
    "-due": (F("due_at").desc(nulls_last=True), "-pk"),
    "since": ("first_seen_at", "pk"),
    "-since": ("-first_seen_at", "-pk"),
}


def alert_page(alerts: QuerySet[Alert], *, number: str, size: int, sort: str = "") -> "Page[Alert]":
    """Return a page of already filtered and scoped alerts with what a row shows; an unknown sort is the usual one."""
    ordered = alerts.order_by(*SORTS.get(sort, SORTS[""])).select_related(*RELATED)
    return Paginator(ordered, size).get_page(number)


def alert_row(alerts: QuerySet[Alert], pk: int) -> Alert | None:
    """Return one alert of a scope with what its row shows."""
    return alerts.select_related(*RELATED).filter(pk=pk).first()


def state_counts(alerts: QuerySet[Alert]) -> dict[str, int]:
    """Return how many alerts of a scope are not closed, acknowledged, and closed."""
    return alerts.aggregate(
        standing=Count("pk", filter=~Q(state=AlertState.CLOSED)),
        acknowledged=Count("pk", filter=Q(state=AlertState.ACKNOWLEDGED)),
        closed=Count("pk", filter=Q(state=AlertState.CLOSED)),
    )
