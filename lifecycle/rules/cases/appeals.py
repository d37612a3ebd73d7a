"""Appeals against wrong marks (R40, R87; domain.md section 7): no number-hopping, a marked number stays what it is.

A mark is appealed only where it is wrong: a number against which valid complaints or notifications stand is marked
rightly, and what helps then is rectification.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import StopReason
from cards.rules.transitions import CONDUCT

LOOK_BACK_DAYS = 90
SOURCE = "码号服务推进组及各标记平台申诉渠道；转载，未核对原文"


@dataclass(frozen=True, kw_only=True)
class ConductFacts:
    """What is known of how a number was used in the last 90 days; shares are per cent, None where nothing is known."""

    open_marks: int
    complaints: int
    notified: int
    stop_reason: str = ""
    calls: int = 0
    short_share: Decimal | None = None
    consent_share: Decimal | None = None
    refused_callees: int = 0


def against_appeal(facts: ConductFacts) -> Iterator[Reason]:
    """Yield why a mark is not appealed: none is on record, or it is probably right."""
    if not facts.open_marks:
        yield Reason(
            code="not_marked",
            message=_("No mark of this number is on record."),
            clears=_("Record first which platform shows which label."),
        )
    if facts.complaints or facts.notified:
        yield Reason(
            code="mark_may_be_right",
            message=format_lazy(
                _("{complaints} valid complaints and {notified} notifications within {days} days speak for the mark."),
                complaints=facts.complaints,
                notified=facts.notified,
                days=LOOK_BACK_DAYS,
            ),
            clears=_("Rectify: train, check the consents, let the number rest. A right mark is not appealed."),
        )
    if facts.stop_reason in CONDUCT:
        yield Reason(
            code="stopped_for_conduct",
            message=format_lazy(
                _("The carrier stopped this card: {reason}."), reason=StopReason(facts.stop_reason).label
            ),
            clears=_("End the case of the stop first."),
        )
    if facts.refused_callees:
        yield Reason(
            code="refusals_were_called",
            message=_("People who had refused were called from this number."),
            clears=_("Rectify first: whoever refused is not called again."),
        )
