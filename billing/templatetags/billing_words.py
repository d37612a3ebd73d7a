"""Stored codes of usage and money in the reader's words: `{% load billing_words %}`."""

from datetime import datetime

from django import template
from django.utils.translation import gettext as _

from billing.choices import CallDirection, ReadingSource, RejectCode
from billing.importers.registry import FORMATS
from billing.models import BillDifference
from cardfleet.kernel.clock import SHANGHAI

register = template.Library()
CALLS_SHOWN = 2
TONES = {
    "open": "orange",
    "disputed": "purple",
    "accepted": "green",
    "checked": "azure",
    "received": "azure",
    "pending": "blue",
    "stored": "green",
    "failed": "red",
    "credited": "green",
    "partly": "blue",
    "refused": "red",
}


@register.filter
def reading_source(code: str) -> str:
    """Return where a balance was read."""
    return str(ReadingSource(code).label)


@register.filter
def reject_reason(code: str) -> str:
    """Return why a row of call records was refused, and what to do."""
    return str(RejectCode(code).label)


@register.filter
def format_name(code: str) -> str:
    """Return a format of call records in words; a mapping of a file by its own name."""
    return next((str(known.label) for known in FORMATS if known.name == code), code)


@register.filter
def direction(code: str | None) -> str:
    """Return which way a call went; nothing where that is not known."""
    return str(CallDirection(code).label) if code else ""


@register.filter
def bill_tone(state: str) -> str:
    """Return the colour of a state of a bill, a difference, a statement or a dispute."""
    return TONES.get(state, "gray")


@register.filter
def evidence(difference: BillDifference) -> list[str]:
    """Return what shows a difference, in a few words each: a plan, a name, a month, a day, two calls."""
    shown = difference.evidence
    words = [
        shown.get("plan") and _("as of plan %(plan)s") % {"plan": shown["plan"]},
        shown.get("text"),
        shown.get("month"),
        shown.get("ended_on") and _("cancelled on %(day)s") % {"day": shown["ended_on"]},
        *(_call_time(moment) for moment in shown.get("calls", ())[:CALLS_SHOWN]),
    ]
    return [word for word in words if word]


def _call_time(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(SHANGHAI):%m-%d %H:%M:%S}"
