"""Alerts as a list: open ones the gravest first and then by deadline, closed ones the last first; one's history."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from cardfleet.accounts.models import User
from cardfleet.journal.models import Entry
from cardfleet.journal.selectors import Told, told
from cardfleet.journal.words import FACTS
from lifecycle.choices import AlertState
from lifecycle.models import Alert
from lifecycle.querysets import AlertQuerySet
from lifecycle.rules.priority import GRAVEST_FIRST

RELATED = (
    *("card__carrier", "card__holder", "card__team", "agent__user__team", "matter", "connection"),
    *("acknowledged_by", "assignee", "rule__carrier", "rule__plan"),
)
GRAVITY = Case(
    *(When(severity=severity, then=Value(rank)) for severity, rank in GRAVEST_FIRST.items()),
    output_field=IntegerField(),
)
HISTORY = 200
# What the alert's own page says anyway.
SAID = (FACTS["code"], FACTS["kind"])
SORTS: Mapping[str, tuple[Any, ...]] = {
    "": (F("closed_at").desc(nulls_first=True), GRAVITY, F("due_at").asc(nulls_last=True), "pk"),
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


def alerts_named(alerts: QuerySet[Alert], pks: Collection[int]) -> dict[int, Alert]:
    """Return some alerts of a scope by id, with what a row shows."""
    return alerts.select_related(*RELATED).in_bulk(pks)


def state_counts(alerts: AlertQuerySet, person: User, now: datetime) -> dict[str, int]:
    """Return how many alerts of a scope wait, are a person's, are seen to, rest, and are closed."""
    closed, resting = Q(state=AlertState.CLOSED), Q(snoozed_until__gt=now)
    return alerts.aggregate(
        standing=Count("pk", filter=~closed & Q(group__isnull=True) & (Q(snoozed_until__isnull=True) | ~resting)),
        mine=Count("pk", filter=~closed & Q(assignee=person)),
        acknowledged=Count("pk", filter=Q(state=AlertState.ACKNOWLEDGED)),
        resting=Count("pk", filter=~closed & resting),
        closed=Count("pk", filter=closed),
    )


def alert_history(alert: Alert) -> Sequence[Told]:
    """Return what happened to an alert, the latest first: opened, seen to, rested, assigned, commented, closed."""
    entries = Entry.objects.filter(subject=alert.about, data__alert=alert.pk).select_related("actor").order_by("-id")
    return [
        replace(one, details=[fact for fact in one.details if fact[0] not in SAID]) for one in told(entries[:HISTORY])
    ]
