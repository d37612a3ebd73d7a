"""Deadlines and kinds of the queue in words: `{% load queue_words %}`."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.templatetags.figures import moment
from cardfleet.kernel.templatetags.ui import badge, risk_badge
from lifecycle.choices import AlertKind
from lifecycle.models import Alert
from lifecycle.selectors.notices import group_words

register = template.Library()
register.filter("group_words", group_words)

HOURS = timedelta(hours=24)
FLAGS = {
    AlertKind.ARREARS: "arrears",
    AlertKind.LOW_BALANCE: "arrears",
    AlertKind.FEE_SPIKE: "arrears",
    AlertKind.CARD_EXPIRY: "expiring",
    AlertKind.CONTRACT_END: "expiring",
    AlertKind.REAL_NAME_EXPIRY: "expiring",
    AlertKind.TRAINING_EXPIRY: "expiring",
    AlertKind.SECRET_CHANGE: "expiring",
    AlertKind.TRAINING_LAPSED: "expiring",
    AlertKind.IDLE: "silent",
    AlertKind.APPROVAL: "approval",
    AlertKind.CASE: "case",
    AlertKind.DESK: "desk",
    AlertKind.CONNECTION: "connection",
    AlertKind.LEAVER: "leaver",
}


@register.simple_tag
def kind_badge(kind: str) -> SafeString:
    """Show what a heap of alerts is about."""
    if kind in FLAGS:
        return badge("flag", FLAGS[AlertKind(kind)], AlertKind(kind).label)
    if kind == AlertKind.CARRIER_SIGNAL:
        return badge("service", "full_stop", AlertKind.CARRIER_SIGNAL.label)
    if kind == AlertKind.REVERIFICATION:
        return badge("service", "reverify_stop", AlertKind.REVERIFICATION.label)
    return badge("risk", "high") if kind == AlertKind.SUSPENSION_RISK else badge("service", "full_stop")


@register.simple_tag
def alert_badge(alert: Alert) -> SafeString:
    """Show what an alert is about: a stop by the card's state, a risk by its score."""
    if alert.kind == AlertKind.STOPPED and alert.card and alert.card.is_stopped:
        return badge("service", alert.card.service_state)
    if alert.kind == AlertKind.SUSPENSION_RISK and "score" in alert.params:
        return risk_badge(alert.params["score"])
    return kind_badge(alert.kind)


@register.filter
def is_over(due_at: datetime | None) -> bool:
    """Whether a deadline has passed."""
    return due_at is not None and due_at < timezone.now()


@register.filter
def rests(alert: Alert) -> bool:
    """Whether an alert rests now."""
    return alert.snoozed_until is not None and alert.snoozed_until > timezone.now()


@register.filter
def time_left(due_at: datetime) -> str:
    """Return how far a deadline is, or by how much it has passed: in days, within a day in hours or minutes."""
    now = timezone.now()
    days = (_last_day(due_at) - business_day(now)).days
    if due_at < now:
        text = ngettext("%(count)s day overdue", "%(count)s days overdue", -days)
        return text % {"count": -days} if days else _("%(time)s overdue") % {"time": timesince(due_at, now, depth=1)}
    if due_at - now < HOURS:
        return _("%(time)s left") % {"time": timeuntil(due_at, now, depth=1)}
    return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}


@register.filter
def due_moment(due_at: datetime) -> str:
    """Return a deadline: its time where it is today, the day alone where all of it counts, else both."""
    last = _last_day(due_at)
    if last != business_day(due_at):
        return _("until %(day)s") % {"day": f"{last:%m-%d}"}
    return _("today %(time)s") % {"time": moment(due_at)} if last == business_day(timezone.now()) else moment(due_at)


def _last_day(due_at: datetime) -> date:
    """Return the last day that is in time: a deadline at midnight means the day before."""
    return business_day(due_at - timedelta(microseconds=1))


@register.filter
def lasting(since: datetime) -> str:
    """Return how long something has lasted, in its two largest units."""
    return timesince(since, timezone.now(), depth=2)
