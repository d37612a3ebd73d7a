"""Many alerts of one cause become one matter with a list: what a carrier's notice explains, what one rule does to many.

Groups are made equal to what is open: a second run, a late one, or one whose clock was set back changes nothing more.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.db.models.fields.json import KT

from lifecycle.models import Alert, AlertGroup, CarrierNotice
from lifecycle.rules.notices import EXPLAINED_KINDS, GRACE, STORM_AT, STORM_WITHIN, explains
from lifecycle.selectors.notices import announced

CAUSE = ("kind", "code", "rule_id", "carrier", "why")


@transaction.atomic
def group_alerts(*, now: datetime) -> None:
    """Group what is open: under notices in force first, then storms; close groups that nothing open is left of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lifecycle.storms'))")
    in_force = CarrierNotice.objects.filter(withdrawn_at=None, starts_at__lte=now, ends_at__gte=now - GRACE)
    alone = _explainable()
    for notice, said in announced(in_force.order_by("pk")):
        ids = {
            pk
            for pk, carrier, region, *facts in alone
            if explains(said, carrier_id=carrier, region=region, kind=facts[0], reason=facts[1], opened_at=facts[2])
        }
        alone = [facts for facts in alone if facts[0] not in ids]
        if ids:
            group = _group(f"notice:{notice.pk}", now, notice=notice, carrier_id=notice.carrier_id)
            Alert.objects.filter(pk__in=ids).update(group=group)
    _join_storms(now)
    left = Alert.objects.open().filter(group=OuterRef("pk"))
    AlertGroup.objects.filter(~Exists(left), closed_at=None).update(closed_at=now)


@transaction.atomic
def release(*, notice: CarrierNotice, now: datetime) -> list[int]:
    """Let the open alerts of a notice stand for themselves again, waiting from now on; return their ids."""
    groups = AlertGroup.objects.filter(notice=notice, closed_at=None)
    ids = list(Alert.objects.open().filter(group__in=groups).locked().values_list("pk", flat=True))
    Alert.objects.filter(pk__in=ids).update(group=None, opened_at=now, escalation=0)
    groups.update(closed_at=now)
    group_alerts(now=now)
    return ids


def _explainable() -> list[Any]:
    """Return the open alerts a notice may explain and none does yet: id, carrier, region, kind, reason, since."""
    alone = Alert.objects.open().filter(kind__in=EXPLAINED_KINDS, card__isnull=False, group__notice__isnull=True)
    facts = ("pk", "card__carrier_id", "card__region", "kind", "card__stop_reason", "opened_at")
    return list(alone.order_by("pk").values_list(*facts))


def _join_storms(now: datetime) -> None:
    """Open a group for each cause with many new alerts, and let further ones of an open group's cause join it."""
    alone = _by_cause(Alert.objects.open().filter(group=None, opened_at__gt=now - STORM_WITHIN))
    counted = list(alone.order_by().values(*CAUSE).annotate(count=Count("pk")))
    known = dict(AlertGroup.objects.filter(closed_at=None, notice=None).values_list("key", "pk"))
    for cause in counted:
        key = _key(cause)
        if key not in known and cause["count"] < STORM_AT:
            continue
        ids = list(alone.filter(**_lookups(cause)).values_list("pk", flat=True))
        Alert.objects.filter(pk__in=ids).update(group=known.get(key) or _storm(key, cause, now).pk)


def _by_cause(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    return alerts.annotate(carrier=F("card__carrier_id"), why=KT("params__reason"))


def _lookups(cause: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: cause[name] for name in CAUSE if cause[name] is not None}
    return known | {f"{name}__isnull": True for name in CAUSE if cause[name] is None}


def _key(cause: Mapping[str, Any]) -> str:
    return ":".join(str(cause[name] or "") for name in CAUSE)[:200]


def _storm(key: str, cause: Mapping[str, Any], now: datetime) -> AlertGroup:
    return _group(
        key,
        now,
        kind=cause["kind"],
        code=cause["code"],
        reason=str(cause["why"] or "")[:32],
        carrier_id=cause["carrier"],
        rule_id=cause["rule_id"],
    )


def _group(key: str, now: datetime, **facts: Any) -> AlertGroup:
    group, _made = AlertGroup.objects.get_or_create(key=key, closed_at=None, defaults={"opened_at": now, **facts})
    return group
