"""Carrier notices: in force, by month, with how many cards each concerns; groups of alerts with their size."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Q, QuerySet

from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day, month_bounds
from cards.choices import StopReason
from cards.models import Card, Carrier
from lifecycle.choices import AlertKind, NoticeKind
from lifecycle.models import Alert, AlertGroup, CarrierNotice
from lifecycle.querysets import AlertQuerySet
from lifecycle.rules.notices import Announced, concerns


@dataclass(frozen=True, kw_only=True)
class Noted:
    """A notice with how many cards of a scope it concerns, and how many open alerts it explains there."""

    notice: CarrierNotice
    cards: int
    alerts: int


@dataclass(frozen=True, kw_only=True)
class OfGroup:
    """A group's open alerts in a scope: how many, how many nobody sees to, and the nearest deadline."""

    group_id: int
    count: int
    unseen: int
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Grouped:
    """A group with how many of its open alerts a person sees, how many nobody sees to, and the nearest deadline."""

    group: AlertGroup
    count: int
    unseen: int
    due_at: datetime | None


def announced(notices: Iterable[CarrierNotice]) -> list[tuple[CarrierNotice, Announced]]:
    """Return what the rules read of notices, each for its carrier and those on its network."""
    networks: defaultdict[int, set[int]] = defaultdict(set)
    for pk, network in Carrier.objects.filter(network_of__isnull=False).values_list("pk", "network_of"):
        networks[network or 0].add(pk)
    return [
        (
            notice,
            Announced(
                carriers=frozenset({notice.carrier_id, *networks[notice.carrier_id]}),
                kind=NoticeKind(notice.kind),
                regions=tuple(notice.regions),
                starts_at=notice.starts_at,
                ends_at=notice.ends_at,
            ),
        )
        for notice in notices
    ]


def month_notices(month: date) -> QuerySet[CarrierNotice]:
    """Return the notices whose time touches a month, the first to begin first."""
    start, end = month_bounds(month)
    found = CarrierNotice.objects.filter(starts_at__lt=end, ends_at__gte=start)
    return found.select_related("carrier", "recorded_by").order_by("starts_at", "pk")


def noted(notices: Iterable[CarrierNotice], user: User) -> list[Noted]:
    """Return notices with the cards of a person's scope that each concerns; a fixed number of queries."""
    homes = Card.objects.visible_to(user).live().order_by().values_list("carrier_id", "region")
    counted = list(homes.annotate(count=Count("pk")))
    open_alerts = Alert.objects.open().visible_to(user).filter(group__notice__isnull=False).order_by()
    explained: Mapping[int, int] = dict(open_alerts.values_list("group__notice").annotate(Count("pk")))
    return [
        Noted(
            notice=notice,
            cards=sum(count for carrier, region, count in counted if concerns(said, carrier_id=carrier, region=region)),
            alerts=explained.get(notice.pk, 0),
        )
        for notice, said in announced(notices)
    ]


def on_days(notices: Sequence[CarrierNotice], days: Iterable[date]) -> Mapping[date, Sequence[CarrierNotice]]:
    """Return which notices are in force on each day, those withdrawn left out."""
    spans = [
        (business_day(notice.starts_at), business_day(notice.ends_at), notice)
        for notice in notices
        if not notice.withdrawn_at
    ]
    return {day: [notice for first, last, notice in spans if first <= day <= last] for day in days}


def open_groups(alerts: AlertQuerySet) -> list[Grouped]:
    """Return the groups that some alerts of a scope belong to, the largest first; two queries."""
    counted = (
        alerts.open()
        .filter(group__isnull=False)
        .order_by()
        .values("group_id")
        .annotate(count=Count("pk"), unseen=Count("pk", filter=Q(acknowledged_by__isnull=True)), due_at=Min("due_at"))
    )
    return with_groups([OfGroup(**row) for row in counted])


def with_groups(counted: Iterable[OfGroup]) -> list[Grouped]:
    """Return counts with the groups they are of, the largest first; one query, none for none."""
    found = {of.group_id: of for of in counted}
    related = ("carrier", "notice__carrier", "rule")
    groups = AlertGroup.objects.filter(pk__in=found).select_related(*related) if found else []
    grouped = [
        Grouped(group=group, count=found[group.pk].count, unseen=found[group.pk].unseen, due_at=found[group.pk].due_at)
        for group in groups
    ]
    return sorted(grouped, key=lambda one: (-one.count, one.group.pk))


def group_words(group: AlertGroup) -> str:
    """Return what the alerts of a group have in common: the carrier's notice, or their kind, carrier and reason."""
    if group.notice:
        return f"{group.notice.carrier} · {group.notice}"
    reasons = dict(StopReason.choices)
    parts = [AlertKind(group.kind).label, group.carrier, reasons.get(group.reason, "")]
    return " · ".join(str(part) for part in parts if part)
