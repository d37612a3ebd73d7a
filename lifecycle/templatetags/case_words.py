"""Cases in words: `{% load case_words %}`."""

from django import template

from cardfleet.kernel.errors import Text
from cardfleet.kernel.ui import look
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import kind_of, step_label

register = template.Library()
register.filter("step_label", step_label)


@register.filter
def case_reason(case: Case) -> Text:
    """Return why a case was opened, where the name of its kind does not say it."""
    return kind_of(case.kind).reason_beside(case.reason)


@register.filter
def case_label(case: Case) -> Text:
    """Return what a case is called."""
    return kind_of(case.kind).label


@register.filter
def step_tone(step: CaseStep) -> str:
    """Return the colour of a step."""
    return look("step", step.state).tone
