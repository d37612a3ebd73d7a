"""What a carrier asks of a number before it passes to somebody else or to another carrier (R74; domain.md section 2).

Each condition says whether it is met, why not, what clears it, and where it stands. What is not known is said to be
unknown: nothing is promised in a carrier's name. The carrier is the one on record, never the prefix's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason, Text
from cardfleet.kernel.money import to_fen
from cards.choices import RealNameState, ServiceState

REGISTRATION = "电话用户真实身份信息登记规定（工信部令第25号）"
TELECOM = "电信条例第28、34、58条"


@dataclass(frozen=True, kw_only=True)
class NumberFacts:
    """A number as a carrier would look at it. None means unknown; days are Shanghai days.

    `owed` is CNY, 0 where nothing is; `bound_until` the last day of the contract's running term; `number` E.164, and
    empty where only the card's record is at hand.
    """

    today: date
    service_state: str
    number: str = ""
    carrier: str = ""
    carrier_code: str = ""
    carrier_kind: str = ""
    registrant_kind: str = ""
    real_name_state: str = ""
    owed: Decimal | None = None
    bound_until: date | None = None
    activated_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Check:
    """One condition: `is_met` is None where it is not known. `reason` says why not, or what to find out."""

    code: str
    label: Text
    is_met: bool | None
    source: str
    message: Text = ""
    clears: Text = ""

    @property
    def reason(self) -> Reason:
        """It as an unmet condition."""
        return Reason(code=self.code, message=self.message, clears=self.clears)


def unmet(checks: Iterable[Check], *, with_unknown: bool = False) -> Sequence[Reason]:
    """Return the conditions that are not met; with the unknown ones where nothing may be left open."""
    return [check.reason for check in checks if check.is_met is False or (with_unknown and check.is_met is None)]


def in_service(facts: NumberFacts, *, source: str) -> Check:
    """Carriers do this for numbers in service only."""
    state = ServiceState(facts.service_state)
    return Check(
        code="not_in_service",
        label=_("Number in service"),
        is_met=state == ServiceState.ACTIVE,
        source=source,
        message=format_lazy(_("The card is “{state}”; the carrier asks for one in service."), state=state.label),
        clears=_("Have it restored first, or record that it is in service."),
    )


def real_name(facts: NumberFacts, *, source: str = REGISTRATION) -> Check:
    """The registration must be in order."""
    known = facts.real_name_state not in ("", RealNameState.UNKNOWN)
    return Check(
        code="real_name_not_valid",
        label=_("Real-name registration in order"),
        is_met=facts.real_name_state == RealNameState.VALID if known else None,
        source=source,
        message=_("The real-name registration is not recorded as valid."),
        clears=_("Check it with the carrier and record the result on the card."),
    )


def nothing_owed(facts: NumberFacts, *, source: str = TELECOM) -> Check:
    """Fees are settled first, unbilled ones too."""
    owes = facts.owed is not None and facts.owed > 0
    message = _("It is not known whether fees are open.")
    clears = _("Enter a balance reading, and ask the carrier for unbilled fees.")
    if owes:
        message = format_lazy(_("CNY {amount} is owed for this number."), amount=to_fen(facts.owed or Decimal(0)))
        clears = _("Pay it, and record the payment with its proof.")
    return Check(
        code="fees_open",
        label=_("Fees settled"),
        is_met=None if facts.owed is None else not owes,
        source=source,
        message=message,
        clears=clears,
    )


def not_bound(facts: NumberFacts, *, source: str) -> Check:
    """A contract's term locks the number."""
    is_bound = facts.bound_until is not None and facts.bound_until >= facts.today
    until = facts.bound_until.isoformat() if facts.bound_until else ""
    return Check(
        code="contract_binds",
        label=_("No contract term left"),
        is_met=not is_bound,
        source=source,
        message=format_lazy(_("The contract runs until {day}."), day=until),
        clears=_("Wait until then, or end the contract first: its penalty is on the card's page."),
    )
