"""Whether a rule's values can be applied at all: tried on a card about which everything is known."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.errors import Reason
from cards.rules.scope import RuleTerms
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.kinds import KINDS

WORKDAY_NOON = datetime(2026, 1, 5, 12, 0, tzinfo=SHANGHAI)
A_CARD = CardFacts(
    now=WORKDAY_NOON,
    calls_today=100,
    answered_today=100,
    short_calls_today={5: 100, 10: 100, 15: 100, 30: 100},
    vacant_calls_today=100,
    hours_today=(4,) * 24,
    activated_on=WORKDAY_NOON.date(),
    industry="保险",
)


def unusable(terms: RuleTerms) -> Reason | None:
    """Return why a rule could not be applied, or None: an unknown kind, or further values of another shape."""
    if terms.kind not in KINDS:
        return Reason(
            code="unknown_kind",
            message=_("There is no rule of this kind. Choose one of the list."),
            field="kind",
            value=terms.kind,
        )
    try:
        KINDS[terms.kind].check(A_CARD, terms)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return Reason(
            code="params_unusable",
            message=_('The further values cannot be read. Hours are written as {"allowed": [["09:00", "12:00"]]}.'),
            field="params",
        )
    return None
