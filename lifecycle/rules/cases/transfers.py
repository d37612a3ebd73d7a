"""Formal transfer of a number's registration (过户) and change of its registered user (使用人变更) (R74).

Nothing else hands a number on: lending, renting and selling are offences (反电信网络诈骗法 art. 31, 44; 电信条例
art. 28, 58). A number goes into the company's own name, or to one of its own people; never to an outsider.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text
from cards.choices import CarrierKind, RegistrantKind
from lifecycle.choices import TransferTo
from lifecycle.rules.cases.numbers import (
    REGISTRATION,
    TELECOM,
    Check,
    NumberFacts,
    in_service,
    not_bound,
    nothing_owed,
    real_name,
)

NO_TRADE = "反电信网络诈骗法第31、44条；电信条例第28、58条"
TERMS = {
    "cmcc": "中国移动入网协议（约2014年）",
    "cucc": "中国联通北京入网协议",
    "lenovo": "联想懂的通信入网协议",
}
USER_TERMS = "华翔联信大语音卡业务协议附件；工信部令第25号"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper the carrier asks for, and where that was read."""

    text: Text
    source: str


BOTH: Sequence[Paper] = (
    Paper(
        text=_("ID cards of both parties, the originals; both come to the outlet"), source="移动、联通、懂的入网协议"
    ),
    Paper(text=_("The SIM card and its service password"), source="移动、联通入网协议"),
    Paper(text=_("Transfer form of the carrier, signed by both"), source="移动、联通、懂的入网协议"),
    Paper(text=_("Proof that fees are settled, unbilled ones included"), source=TELECOM),
)
OF_COMPANY: Sequence[Paper] = (
    Paper(text=_("Copy of the business licence with the company's seal"), source=REGISTRATION),
    Paper(text=_("Letter of authorisation with the seal"), source=REGISTRATION),
    Paper(text=_("ID card of the person who applies for the company"), source=REGISTRATION),
)
OF_USER: Sequence[Paper] = (
    Paper(text=_("ID card of the new user, the copy marked with its purpose"), source=USER_TERMS),
    Paper(text=_("Proof that the new user is the company's own staff"), source=USER_TERMS),
    Paper(text=_("Change-of-user form of the carrier with the company's seal"), source=USER_TERMS),
)
TARGET_KIND: Mapping[str, str] = {
    TransferTo.COMPANY: RegistrantKind.COMPANY,
    TransferTo.STAFF: RegistrantKind.PERSON,
}


def transfer_checks(facts: NumberFacts) -> Sequence[Check]:
    """Return every condition of a formal transfer."""
    return (
        _carrier_transfers(facts),
        in_service(facts, source=_terms_of(facts)),
        real_name(facts),
        nothing_owed(facts),
        not_bound(facts, source=_terms_of(facts)),
    )


def user_change_checks(facts: NumberFacts) -> Sequence[Check]:
    """Return every condition of a change of the registered user; the registration itself stays."""
    return (_unit_number(facts), in_service(facts, source=USER_TERMS), real_name(facts, source=USER_TERMS))


def papers(facts: NumberFacts, *, to: str) -> Sequence[Paper]:
    """Return what to bring for a transfer, each once."""
    company = RegistrantKind.COMPANY in (facts.registrant_kind, TARGET_KIND.get(to))
    return [*BOTH, *(OF_COMPANY if company else ())]


def user_papers(facts: NumberFacts) -> Sequence[Paper]:
    """Return what to bring for a change of the registered user."""
    return [*OF_COMPANY, *OF_USER]


def _terms_of(facts: NumberFacts) -> str:
    return TERMS.get(facts.carrier_code, REGISTRATION)


def _carrier_transfers(facts: NumberFacts) -> Check:
    """Mobile's, Unicom's and Lenovo's contracts read know the transfer; other virtual operators must be asked."""
    read = facts.carrier_code in TERMS
    virtual = facts.carrier_kind == CarrierKind.MVNO
    return Check(
        code="transfer_not_established",
        label=_("The carrier transfers numbers"),
        is_met=None if virtual and not read else True,
        source=_terms_of(facts) if read or not virtual else NO_TRADE,
        message=_("No contract of this virtual operator that names a transfer was read."),
        clears=_("Ask the carrier and record the answer as a contact of this case."),
    )


def _unit_number(facts: NumberFacts) -> Check:
    known = bool(facts.registrant_kind)
    return Check(
        code="not_a_unit_number",
        label=_("Registered to the company"),
        is_met=facts.registrant_kind == RegistrantKind.COMPANY if known else None,
        source=USER_TERMS,
        message=_("Only a number in the company's name has a registered user beside the registrant."),
        clears=_(
            "A number in a person's name is used by that person alone: transfer it formally into the company's name."
        ),
    )
