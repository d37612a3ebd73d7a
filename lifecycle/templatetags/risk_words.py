"""Findings, drivers and advice in the reader's words: `{% load risk_words %}`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString

from cardfleet.kernel.templatetags.ui import bar, draw_icon
from cards.choices import StopReason
from cards.models import CarrierRule
from lifecycle.models import Alert
from lifecycle.rules.kinds import KINDS
from lifecycle.rules.texts import advise, render

register = template.Library()


@register.filter
def driver_words(driver: Mapping[str, Any]) -> str:
    """Return the sentence of a stored driver, finding or alert: a mapping with `code` and `params`."""
    return render(driver["code"], driver["params"])


@register.filter
def kind_label(kind: str) -> str:
    """Return what a rule kind is called."""
    return str(KINDS[kind].label)


@register.filter
def advice_words(code: str) -> str:
    """Return what to do, for an advice code."""
    return advise(code)


@register.simple_tag
def action_icon(name: str) -> SafeString | str:
    """Draw the icon of a journal action."""
    return draw_icon(name)


@register.filter
def alert_words(alert: Alert) -> str:
    """Return the sentence of an alert."""
    return render(alert.code, alert.params)


@register.filter
def stop_reason(code: str) -> str:
    """Return what a stop reason is called."""
    return str(StopReason(code).label)


@register.filter
def rule_of(rules: Mapping[int, CarrierRule], driver: Mapping[str, Any]) -> CarrierRule | None:
    """Return the rule version a driver was measured by."""
    return rules.get(driver.get("rule") or 0)


@register.simple_tag
def bar_of(driver: Mapping[str, Any]) -> SafeString:
    """Draw a driver's value against its limit, with the warning as the tick."""
    tick = Decimal(driver["warn"]) if driver.get("warn") else None
    return bar(Decimal(driver["value"]), Decimal(driver["limit"]), tick=tick)
