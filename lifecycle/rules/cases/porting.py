"""Whether a number may be ported to another carrier (携号转网), and what would clear the way (R74; rules of 2019).

Read in copies of Unicom's rules and in a report of 2019, not in the original: every page that shows this says so.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text
from cards.choices import CarrierKind, RegistrantKind
from cards.rules.identifiers import carrier_hint
from lifecycle.rules.cases.numbers import Check, NumberFacts, in_service, not_bound, nothing_owed, real_name

DAYS_ON_NETWORK = 120
RULES = "携号转网服务管理规定（2019）；据联通规则转载，未核对原文"
# Numbers of machines: thirteen digits from 10, and the blocks of eleven digits that carriers gave to them (M-m).
MACHINE_LENGTH = 13
MACHINE_BLOCKS = ("140", "141", "144", "146", "148")
CODE_HOURS = 1
PAPERS: Sequence[Text] = (
    _("Registrant's ID card, the original"),
    _("The SIM card in service, able to receive the porting code"),
    _("Proof that fees are settled, unbilled ones included"),
)


def is_machine_number(number: str) -> bool:
    """Tell whether an E.164 number belongs to a machine (IoT)."""
    national = number.removeprefix("+86")
    return (len(national) == MACHINE_LENGTH and national.startswith("1")) or national.startswith(MACHINE_BLOCKS)


def porting_checks(facts: NumberFacts) -> Sequence[Check]:
    """Return every condition of porting out, those that can never be cleared first."""
    return (
        _base_carrier(facts),
        _machine(facts),
        _person(facts),
        real_name(facts, source=RULES),
        in_service(facts, source=RULES),
        nothing_owed(facts, source=RULES),
        not_bound(facts, source=RULES),
        _long_enough(facts),
    )


def _base_carrier(facts: NumberFacts) -> Check:
    """A virtual operator's number stays with it, by the carrier on record; its blocks never left one either."""
    hint = carrier_hint(msisdn=facts.number) if facts.number else None
    is_virtual = facts.carrier_kind == CarrierKind.MVNO
    message: Text = _("Numbers of virtual operators cannot be ported.")
    clears: Text = _("Keep it with its carrier, or cancel it.")
    if hint and hint.mvno and not is_virtual:
        message = _("This number lies in a block of virtual operators, though a base carrier is on record.")
        clears = _("Ask the carrier whose number it is and correct the card's carrier.")
    return Check(
        code="virtual_operator",
        label=_("Number of a base carrier"),
        is_met=not is_virtual and not (hint and hint.mvno),
        source=f"{RULES}；170/171/162/165/167 号段不可携转",
        message=message,
        clears=clears,
    )


def _machine(facts: NumberFacts) -> Check:
    return Check(
        code="machine_number",
        label=_("Not an IoT number"),
        is_met=not is_machine_number(facts.number) if facts.number else None,
        source=RULES,
        message=_("Numbers of machines (IoT) cannot be ported."),
        clears=_("Keep it with its carrier, or cancel it."),
    )


def _person(facts: NumberFacts) -> Check:
    is_known = bool(facts.registrant_kind)
    return Check(
        code="registered_to_unit",
        label=_("Registered to a person"),
        is_met=facts.registrant_kind == RegistrantKind.PERSON if is_known else None,
        source=RULES,
        message=_("The number is registered to a company.")
        if is_known
        else _("Nobody is recorded to whom the number is registered."),
        clears=_("Transfer it formally to a person first; only that person may port it then.")
        if is_known
        else _("Record the registrant on the card."),
    )


def _long_enough(facts: NumberFacts) -> Check:
    if facts.activated_on is None:
        message: Text = _("Since when the number is on this network is not recorded.")
        clears: Text = _("Record the day of its activation, or of its last porting.")
    else:
        first = facts.activated_on + timedelta(days=DAYS_ON_NETWORK)
        days = (facts.today - facts.activated_on).days
        message = format_lazy(
            _("On this network for {days} days; at least {needed} are asked for."), days=days, needed=DAYS_ON_NETWORK
        )
        clears = format_lazy(_("Possible from {day} on."), day=first.isoformat())
    since = facts.activated_on
    return Check(
        code="too_soon",
        label=format_lazy(_("On this network for {days} days"), days=DAYS_ON_NETWORK),
        is_met=None if since is None else (facts.today - since).days >= DAYS_ON_NETWORK,
        source=RULES,
        message=message,
        clears=clears,
    )
