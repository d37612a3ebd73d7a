"""Carrier notices: recorded, withdrawn, and over (R38, R51)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import Reason
from cards.models import Carrier
from lifecycle.choices import NoticeKind
from lifecycle.errors import NoticePeriodUnfit, NoticeWithdrawn
from lifecycle.models import CarrierNotice
from lifecycle.rules.notices import GRACE
from lifecycle.services.alert_delivery import tell_of_alerts
from lifecycle.services.storms import group_alerts, release


@transaction.atomic
def record_notice(
    *,
    carrier: Carrier,
    kind: NoticeKind,
    title: str,
    regions: Sequence[str],
    starts_at: datetime,
    ends_at: datetime,
    source: str = "",
    actor: User | None,
    now: datetime,
) -> CarrierNotice:
    """Record a notice; open alerts that it explains are grouped under it at once. NoticePeriodUnfit."""
    if ends_at <= starts_at:
        reason = Reason(code=NoticePeriodUnfit.code, field="ends_at", message=NoticePeriodUnfit.sentence)
        raise NoticePeriodUnfit(reasons=[reason])
    notice = CarrierNotice.objects.create(
        carrier=carrier,
        kind=kind,
        title=title.strip(),
        regions=sorted({region.strip() for region in regions if region.strip()}),
        starts_at=starts_at,
        ends_at=ends_at,
        source=source.strip(),
        recorded_by=actor,
        recorded_at=now,
    )
    data = {"kind": kind, "from": starts_at.isoformat(), "until": ends_at.isoformat()}
    record(actor=actor, action="lifecycle.notice_recorded", subject=notice, related=(carrier,), now=now, data=data)
    group_alerts(now=now)
    return notice


@transaction.atomic
def withdraw_notice(*, notice: CarrierNotice, actor: User, now: datetime) -> CarrierNotice:
    """Say that it did not hold; the alerts under it stand for themselves again. NoticeWithdrawn a second time."""
    notice = CarrierNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if notice.withdrawn_at:
        raise NoticeWithdrawn
    notice.withdrawn_at = now
    notice.save(update_fields=["withdrawn_at"])
    record(actor=actor, action="lifecycle.notice_withdrawn", subject=notice, related=(notice.carrier,), now=now)
    tell_of_alerts(release(notice=notice, now=now), run=f"notice:{notice.pk}", now=now)
    return notice


@transaction.atomic
def end_notices(*, now: datetime) -> dict[str, int]:
    """Let what is still open some time after a notice ended stand for itself, and tell of it, once."""
    over = CarrierNotice.objects.filter(ends_at__lt=now - GRACE, groups__closed_at=None, groups__isnull=False)
    released = 0
    for notice in over.distinct().order_by("pk"):
        ids = release(notice=notice, now=now)
        tell_of_alerts(ids, run=f"notice:{notice.pk}", now=now)
        released += len(ids)
    return {"released": released}
