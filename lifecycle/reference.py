"""The rules and steps of escalation a new installation begins with, as editable rows (domain.md section 3).

A kind that has a general rule for its industry already, edited or ended, is left as it is.
"""

from datetime import date, datetime

from django.db import transaction

from cardfleet.kernel.reference import register
from cards.models import CarrierRule
from cards.services.rules import write_rules
from lifecycle.models import EscalationStep, NumberReviewPlan
from lifecycle.rules.defaults import DEFAULTS, DefaultRule
from lifecycle.rules.escalation import DEFAULT_STEPS
from lifecycle.services.calendar import load_calendar
from lifecycle.services.cases.playbooks import load_playbooks
from lifecycle.services.desk.audits import load_checklists
from lifecycle.services.desk.laws import load_register
from lifecycle.services.number_notices import load_texts
from lifecycle.services.policy import load_policy

IN_FORCE_FROM = date(2026, 1, 1)
REASON = "默认规则"


@transaction.atomic
def load_rules(*, now: datetime) -> None:
    """Write the default rules that are missing."""
    general = CarrierRule.objects.filter(carrier=None, plan=None, card=None, region="")
    known = set(general.values_list("kind", "industry"))
    missing = [rule for rule in DEFAULTS if (rule.kind, rule.industry) not in known]
    write_rules(
        rules=[(rule.kind, facts_of(rule)) for rule in missing],
        effective_from=IN_FORCE_FROM,
        reason=REASON,
        actor=None,
        now=now,
    )


def facts_of(rule: DefaultRule) -> dict[str, object]:
    """Return a default as the fields of a rule."""
    names = ("industry", "warn", "limit", "unit", "window", "severity", "action", "consequence", "source", "confidence")
    return {name: getattr(rule, name) for name in names} | {
        "params": dict(rule.params),
        "is_illustrative": rule.is_illustrative,
    }


@transaction.atomic
def load_escalation(*, now: datetime) -> None:
    """Write the steps of escalation that are missing; those that were changed stay so."""
    steps = [
        EscalationStep(severity=severity, level=level, after_hours=hours, role=role)
        for severity, level, hours, role in DEFAULT_STEPS
    ]
    EscalationStep.objects.bulk_create(steps, ignore_conflicts=True)


@transaction.atomic
def load_reviews(*, now: datetime) -> None:
    """Write the intervals of number reviews that are missing: illustrative, no source says which industries (R101)."""
    plans = [NumberReviewPlan(industry=industry, every_days=180) for industry in ("保险", "金融")]
    NumberReviewPlan.objects.bulk_create(plans, ignore_conflicts=True)


register("lifecycle.notice_texts", load_texts)
register("lifecycle.rules", load_rules)
register("lifecycle.calendar", load_calendar)
register("lifecycle.escalation", load_escalation)
register("lifecycle.playbooks", load_playbooks)
register("lifecycle.policy", load_policy)
register("lifecycle.reviews", load_reviews)
register("lifecycle.register", load_register)
register("lifecycle.checklists", load_checklists)
