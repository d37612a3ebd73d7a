"""Findings, drivers and advice in the reader's words: `{% load risk_words %}`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text
from cardfleet.kernel.templatetags.ui import bar, draw_icon
from cards.choices import RuleAction, StopReason
from cards.models import CarrierRule
from cards.rules.scope import RuleTerms, explain
from lifecycle.models import Alert
from lifecycle.rules.findings import Finding, plain
from lifecycle.rules.kinds import KINDS
from lifecycle.rules.standing import HOLDER_ADVICE, SUPERVISOR
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
def holder_advice(alert: Alert) -> str:
    """Return what who holds the card does about an alert."""
    return str(HOLDER_ADVICE.get(alert.kind, SUPERVISOR))


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


UNITS: Mapping[str, Text] = {
    "calls": _("{number} calls"),
    "minutes": _("{number} minutes"),
    "seconds": _("{number} seconds"),
    "hours": _("{number} hours"),
    "days": _("{number} days"),
    "months": _("{number} months"),
    "cards": _("{number} cards"),
    "callees": _("{number} people"),
    "complaints": _("{number} complaints"),
    "marks": _("{number} marks"),
    "changes": _("{number} changes"),
    "tries": _("{number} tries"),
    "x": _("{number} times"),
}


@register.filter
def with_unit(value: Decimal | None, unit: str) -> str:
    """Return a limit with what it counts; a sign stands for itself."""
    number = plain(value)
    return str(UNITS[unit]).format(number=number) if unit in UNITS else f"{number} {unit}".strip()


@register.filter
def action_words(code: str) -> str:
    """Return what a rule does when it is hit."""
    return str(RuleAction(code).label)


@register.filter
def said(code: str, params: Mapping[str, Any]) -> str:
    """Return the sentence of a finding that is not stored."""
    return render(code, params)


@register.filter
def origin(rule: RuleTerms) -> Text:
    """Return where a rule comes from."""
    return explain(rule)


@register.simple_tag
def bar_of_finding(found: Finding) -> SafeString:
    """Draw a finding's value against its limit, with the warning as the tick; a floor's bar is full when hit."""
    return bar(found.value, found.limit or 0, tick=found.warn)


@register.simple_tag
def bar_of(driver: Mapping[str, Any]) -> SafeString:
    """Draw a driver's value against its limit, with the warning as the tick."""
    tick = Decimal(driver["warn"]) if driver.get("warn") else None
    return bar(Decimal(driver["value"]), Decimal(driver["limit"]), tick=tick)
