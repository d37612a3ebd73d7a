"""Stored codes of usage and money in the reader's words: `{% load billing_words %}`."""

from django import template

from billing.choices import CallDirection, ReadingSource, RejectCode
from billing.importers.registry import FORMATS

register = template.Library()


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
