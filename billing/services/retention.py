"""The nightly run over all categories of data: what was kept long enough goes (invariant 4; PIPL art. 19, 47)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection, transaction

from billing.errors import NothingWaits, RetentionTooShort
from billing.messages import RETENTION_WAITS
from billing.models import RetentionRule
from billing.services.usage_import import ONE_AT_A_TIME
from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import discard
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.kernel.owning import as_owner
from cardfleet.kernel.retention import Category, categories, kept_from
from cardfleet.notify.services import tell_many
from cardfleet.notify.services.telling import Telling

# Readers of calls wait behind a partition that is being dropped: rather than for long, it is dropped the next night.
PATIENCE = "SET LOCAL lock_timeout = '30s'"
RIGHT = "billing.change_retentionrule"


@transaction.atomic
def load_retention(*, now: datetime) -> None:
    """Write the rules that are missing, and the floors as the list has them now; a raised floor raises the months."""
    known = {rule.category: rule for rule in RetentionRule.objects.select_for_update()}
    for category in categories().values():
        floor, rule = category.floor.months, known.get(category.code)
        if rule is None:
            RetentionRule.objects.create(
                category=category.code,
                months=max(category.default, floor),
                floor=floor,
                at_once=category.at_once,
                changed_at=now,
            )
        elif rule.floor != floor:
            rule.floor, rule.months = floor, max(rule.months, floor)
            rule.save(update_fields=["floor", "months"])


@transaction.atomic
def set_retention(
    *, rule_id: int, months: int, actor: User | None, now: datetime, at_once: int | None = None
) -> RetentionRule:
    """Set how many months a category is kept, and how much a run takes unasked. RetentionTooShort below the floor."""
    rule = RetentionRule.objects.select_for_update().get(pk=rule_id)
    floor = categories()[rule.category].floor
    if months < floor.months:
        raise RetentionTooShort(
            reasons=[Reason(code="below_floor", field="months", message=floor.basis, value=str(floor.months))]
        )
    at_once = rule.at_once if at_once is None else at_once
    if (months, at_once) == (rule.months, rule.at_once):
        return rule
    data = {"category": rule.category, "from": rule.months, "to": months, "at_once": at_once}
    rule.months, rule.at_once, rule.waiting, rule.changed_at = months, at_once, None, now
    rule.save(update_fields=["months", "at_once", "waiting", "changed_at"])
    record(actor=actor, action="billing.retention_set", subject=rule, now=now, data=data)
    return rule


@transaction.atomic
def confirm_retention(*, rule_id: int, on: date, reason: str, actor: User | None, now: datetime) -> RetentionRule:
    """Let the next run take what it asked for, up to the days that are past their time on a Shanghai day. NothingWaits.

    BadInput without a reason.
    """
    rule = RetentionRule.objects.select_for_update().get(pk=rule_id)
    if rule.waiting is None:
        raise NothingWaits
    if not reason.strip():
        message = categories()[rule.category].label
        raise BadInput(reasons=[Reason(code="reason_missing", field="reason", message=message)])
    waited, rule.waiting, rule.confirmed_before = rule.waiting, None, kept_from(on, rule.months)
    rule.save(update_fields=["waiting", "confirmed_before"])
    data = {"category": rule.category, "before": rule.confirmed_before.isoformat(), "rows": waited}
    action = "billing.retention_confirmed"
    record(actor=actor, action=action, subject=rule, now=now, reason=reason.strip(), data=data)
    return rule


def apply_retention(*, on: date, now: datetime) -> dict[str, int]:
    """Drop what is past its time on a Shanghai day, and return how much of each category; a second run finds nothing.

    Rollups and charges of dropped months stay as the history of costs; nothing reckons them anew. Each category is a
    transaction.
    """
    counts = {rule.category: _apply(rule.pk, on=on, now=now) for rule in RetentionRule.objects.order_by("pk")}
    with transaction.atomic():
        counts["expired_files"] = discard(files=StoredFile.objects.filter(delete_after__lt=now), now=now)
    return counts


@transaction.atomic
def _apply(rule_id: int, *, on: date, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        cursor.execute(PATIENCE)
    rule = RetentionRule.objects.select_for_update().get(pk=rule_id)
    category = categories().get(rule.category)
    if category is None:
        return 0
    before = max(category.kept(kept_from(on, rule.months)), rule.dropped_before or date.min)
    count = category.look(before).count
    if count > rule.at_once and (rule.confirmed_before is None or before > rule.confirmed_before):
        _wait(rule, category, count, before, now=now)
        return 0
    with as_owner():
        dropped = category.drop(before, now)
    _write_down(rule, before, dropped, now=now)
    return sum(dropped.values())


def _write_down(rule: RetentionRule, before: date, dropped: Mapping[str, int], *, now: datetime) -> None:
    if not sum(dropped.values()) and before == rule.dropped_before:
        return
    rule.dropped_before, rule.dropped_at, rule.waiting = before, now, None
    rule.save(update_fields=["dropped_before", "dropped_at", "waiting"])
    data = {"category": rule.category, "before": before.isoformat(), "dropped": dict(dropped)}
    record(actor=None, action="billing.retention_applied", subject=rule, now=now, data=data)


def _wait(rule: RetentionRule, category: Category, count: int, before: date, *, now: datetime) -> None:
    """Take nothing, and ask once a day's end: a time that was set too short by mistake would empty the books."""
    if rule.waiting == count:
        return
    rule.waiting = count
    rule.save(update_fields=["waiting"])
    data = {"category": rule.category, "before": before.isoformat(), "rows": count}
    record(actor=None, action="billing.retention_waits", subject=rule, now=now, data=data)
    params = {"label": str(category.label), "count": count}
    key, url = f"retention:{rule.category}:{before}", url_or_empty("lifecycle:retention")
    told = User.objects.with_right(RIGHT).filter(is_active=True)
    tell_many(
        tellings=[Telling(user=one, code=RETENTION_WAITS, params=params, key=key, url=url) for one in told], now=now
    )
