"""Forwarding an old number to a new one for a while: asked for, set up by a person, reminded of, ended (R111).

CardFleet touches no network: somebody sets the forwarding up at the carrier or in the phone, and says so here.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, NotVisible, Reason
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many
from lifecycle.errors import ForwardingEnded
from lifecycle.messages import FORWARDING_ENDS, FORWARDING_WAITS
from lifecycle.models import Forwarding, NumberNotice

# Days before the end on which whoever asked is reminded; on the first day after it once more.
LEADS = (7, 1, 0, -1)


@transaction.atomic
def ask_forwarding(*, notice_id: int, starts_on: date, ends_on: date, actor: User | None, now: datetime) -> Forwarding:
    """Ask for the forwarding of a notice's old number; one that is open already is kept. BadInput for wrong days."""
    notice = NumberNotice.objects.filter(pk=notice_id).select_related("old_card", "new_card").locked().first()
    if notice is None:
        raise NotVisible
    if notice.new_card is None:
        message = _("There is no new number yet. Name it first.")
        raise BadInput(reasons=[Reason(code="missing", field="new_card", message=message)])
    if ends_on < max(starts_on, business_day(now)):
        message = _("It ends before it begins, or in the past. Correct the day.")
        raise BadInput(reasons=[Reason(code="dates_run_backwards", field="ends_on", message=message)])
    known = Forwarding.objects.open().filter(old_card=notice.old_card).locked().first()
    if known:
        return known
    forwarding = Forwarding.objects.create(
        old_card=notice.old_card,
        new_card=notice.new_card,
        notice=notice,
        starts_on=starts_on,
        ends_on=ends_on,
        asked_by=actor,
    )
    _journal("lifecycle.forwarding_asked", forwarding, actor, now)
    return forwarding


@transaction.atomic
def set_up_forwarding(*, forwarding_id: int, ends_on: date, actor: User | None, now: datetime) -> Forwarding:
    """Record that the forwarding works, until a day; a further time moves the day. ForwardingEnded, BadInput."""
    forwarding = _locked(forwarding_id)
    if ends_on < max(forwarding.starts_on, business_day(now)):
        message = _("It ends before it begins, or in the past. Correct the day.")
        raise BadInput(reasons=[Reason(code="dates_run_backwards", field="ends_on", message=message)])
    forwarding.ends_on = ends_on
    forwarding.set_up_at, forwarding.set_up_by = forwarding.set_up_at or now, forwarding.set_up_by or actor
    forwarding.save(update_fields=["ends_on", "set_up_at", "set_up_by"])
    _journal("lifecycle.forwarding_set_up", forwarding, actor, now)
    return forwarding


@transaction.atomic
def end_forwarding(*, forwarding_id: int, actor: User, now: datetime) -> Forwarding:
    """Record that the forwarding was ended at the carrier, or is not wanted. ForwardingEnded."""
    forwarding = _locked(forwarding_id)
    forwarding.ended_at, forwarding.ended_by = now, actor
    forwarding.save(update_fields=["ended_at", "ended_by"])
    _journal("lifecycle.forwarding_ended", forwarding, actor, now)
    return forwarding


@transaction.atomic
def remind_forwardings(*, on: date, now: datetime) -> dict[str, int]:
    """Tell whoever asked of a forwarding that ends soon or has ended, or that nobody set up yet; once each.

    The key of a message holds the day of the end and the lead time, so that a second run tells nothing new and a run
    that comes late tells the nearest lead only.
    """
    tellings = []
    waiting = (
        Forwarding.objects.open().filter(asked_by__isnull=False).select_related("asked_by", "old_card", "new_card")
    )
    for one in waiting:
        left = (one.ends_on - on).days
        lead = min((lead for lead in LEADS if left <= lead), default=None)
        if one.set_up_at is None and one.starts_on < on and lead is None:
            tellings.append(_telling(one, FORWARDING_WAITS, f"waits:{on.isoformat()}"))
        elif lead is not None:
            tellings.append(_telling(one, FORWARDING_ENDS, f"ends:{one.ends_on.isoformat()}:{lead}"))
    tell_many(tellings=tellings, now=now)
    return {"open": len(waiting), "told": len(tellings)}


def _telling(one: Forwarding, code: str, key: str) -> Telling:
    assert one.asked_by is not None  # noqa: S101 - asked for above
    return Telling(
        user=one.asked_by,
        code=code,
        params={"old": str(one.old_card), "new": str(one.new_card), "day": one.ends_on.isoformat()},
        key=f"forwarding:{one.pk}:{key}",
        url=url_or_empty("lifecycle:number-notice", one.notice_id),
        email=True,
    )


def _locked(forwarding_id: int) -> Forwarding:
    known = Forwarding.objects.filter(pk=forwarding_id).select_related("old_card", "new_card").locked().first()
    if known is None:
        raise NotVisible
    if known.ended_at:
        raise ForwardingEnded
    return known


def _journal(action: str, forwarding: Forwarding, actor: User | None, now: datetime) -> None:
    data = {"until": forwarding.ends_on.isoformat()}
    record(actor=actor, action=action, subject=forwarding.old_card, related=(forwarding.new_card,), now=now, data=data)
