"""Stored codes of usage and money in the reader's words: `{% load billing_words %}`."""

from django import template

from billing.choices import ReadingSource, RejectCode

register = template.Library()


@register.filter
def reading_source(code: str) -> str:
    """Return where a balance was read."""
    return str(ReadingSource(code).label)


@register.filter
def reject_reason(code: str) -> str:
    """Return why a row of call records was refused, and what to do."""
    return str(RejectCode(code).label)
