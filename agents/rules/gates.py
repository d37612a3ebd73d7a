"""May this card go into this agent's hands? (invariant 3; R23, R73, R74; Anti-Telecom-Fraud Law art. 9 and 31)

Four gates may be lowered to a warning for a while, so that a company can take over a running fleet: real name,
training, policies, registered user. Their settings are `block` or `warn until YYYY-MM-DD`. All others always hold.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agents.choices import AgentStatus
from cardfleet.kernel.errors import Reason, Text
from cards.choices import CustodyState, RealNameState, RegistrantKind, ServiceState

ISSUABLE_FROM = frozenset({CustodyState.IN_STOCK, CustodyState.SPARE})
LOWERABLE = ("real_name", "training", "policies", "actual_user")


@dataclass(frozen=True, kw_only=True)
class Gate:
    """How strict a lowerable gate is: it blocks, or warns up to and including a day."""

    warn_until: date | None = None

    def blocks(self, today: date) -> bool:
        """Tell whether the gate blocks on a day."""
        return self.warn_until is None or today > self.warn_until


def parse_gate(setting: str) -> Gate:
    """Read `block` or `warn until YYYY-MM-DD`; ValueError says what is allowed."""
    words = setting.strip().lower().split()
    if words == ["block"]:
        return Gate()
    try:
        if words[:2] == ["warn", "until"] and len(words) == 3:
            return Gate(warn_until=date.fromisoformat(words[2]))
    except ValueError:
        pass
    raise ValueError(f"a gate is `block` or `warn until YYYY-MM-DD`, not {setting!r}")


def parse_gates(settings: Mapping[str, str]) -> dict[str, Gate]:
    """Read the lowerable gates by name; one that is not set blocks."""
    return {name: parse_gate(settings.get(name, "block")) for name in LOWERABLE}


@dataclass(frozen=True, kw_only=True)
class Kept:
    """For whom a card is reserved, from and until which day."""

    for_whom: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class HandoutFacts:
    """What is known of a card and an agent on a day (Shanghai).

    `missing_courses` are the titles of required courses the agent has not passed or whose pass has lapsed,
    `unsigned_policies` those of required policies whose text in force the agent has not acknowledged.
    `actual_user_is_agent` is None where no user is registered. `holder` is who holds the card. `reserved` says for
    whom else the card is kept in the time of the hand-out; `own_reservation` is the id of the one it uses up.
    `sanctioned_until` is the last day of a sanction on the agent. `penalised_card` names a card of the same purpose
    that its carrier stopped as a penalty while the agent held it. `blocked_by` are sentences of block rules that
    are hit.
    """

    today: date
    service_state: str
    custody_state: str
    real_name_state: str
    real_name_valid_until: date | None = None
    registrant_kind: str = ""
    actual_user_is_agent: bool | None = None
    holder: str = ""
    reserved: Kept | None = None
    own_reservation: int | None = None
    agent_status: str
    hold_reason: str = ""
    sanctioned_until: date | None = None
    penalised_card: str = ""
    missing_courses: Sequence[str] = ()
    unsigned_policies: Sequence[str] = ()
    blocked_by: Sequence[Text] = ()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The unmet conditions that refuse, those that only warn for now, and in words what is met."""

    unmet: Sequence[Reason]
    warned: Sequence[Reason]
    met: Sequence[Text]


MET: Mapping[str, Text] = {
    "service": _("The card is in service"),
    "real_name": _("Real-name registration is valid"),
    "actual_user": _("The registered user is in order"),
    "custody": _("The card is in stock"),
    "agent": _("The agent is active"),
    "training": _("Required training is valid"),
    "policies": _("Required policies are acknowledged"),
    "rules": _("No rule blocks the card"),
}


def judge(facts: HandoutFacts, gates: Mapping[str, Gate]) -> Verdict:
    """Return every condition that is not met, split by what blocks and what warns today."""
    unmet: list[Reason] = []
    warned: list[Reason] = []
    met: list[Text] = []
    for name, reasons in _conditions(facts):
        if not reasons:
            met.append(MET[name])
        elif name in gates and not gates[name].blocks(facts.today):
            warned.extend(reasons)
        else:
            unmet.extend(reasons)
    return Verdict(unmet=unmet, warned=warned, met=met)


def _conditions(facts: HandoutFacts) -> Iterator[tuple[str, list[Reason]]]:
    yield "service", list(_service(facts))
    yield "real_name", list(_real_name(facts))
    yield "actual_user", list(_actual_user(facts))
    yield "custody", list(_custody(facts))
    yield "agent", list(_agent(facts))
    yield "training", list(_training(facts))
    yield "policies", list(_policies(facts))
    yield "rules", [_blocked(sentence) for sentence in facts.blocked_by]


def _service(facts: HandoutFacts) -> Iterator[Reason]:
    if facts.service_state != ServiceState.ACTIVE:
        yield Reason(
            code="not_in_service",
            message=format_lazy(
                _("The card is not in service: {state}."), state=ServiceState(facts.service_state).label
            ),
            clears=_("Settle the cause with the carrier and record that it is in service, or choose another card."),
        )


def _real_name(facts: HandoutFacts) -> Iterator[Reason]:
    if facts.real_name_state != RealNameState.VALID:
        yield Reason(
            code="real_name_not_valid",
            message=format_lazy(
                _("Real-name registration is not in order: {state}."), state=RealNameState(facts.real_name_state).label
            ),
            clears=_("Complete the registration with the carrier and record its proof on the card."),
        )
    elif facts.real_name_valid_until and facts.real_name_valid_until < facts.today:
        yield Reason(
            code="real_name_expired",
            message=format_lazy(_("The real-name proof ended on {day}."), day=facts.real_name_valid_until.isoformat()),
            clears=_("Renew the proof of the registrant."),
        )


def _actual_user(facts: HandoutFacts) -> Iterator[Reason]:
    if facts.actual_user_is_agent is not False:
        return
    if facts.registrant_kind == RegistrantKind.PERSON:
        yield Reason(
            code="personal_card_lent",
            message=_("The card is registered to another person; lending it breaks art. 31 of the Anti-Fraud Law."),
            clears=_("Use a card of the company, or have the number formally transferred at the carrier."),
        )
    else:
        yield Reason(
            code="registered_to_other_user",
            message=_("Another person is registered as the user of this number."),
            clears=_("Have the carrier change the registered user and record it on the card."),
        )


def _custody(facts: HandoutFacts) -> Iterator[Reason]:
    if facts.holder:
        yield Reason(
            code="held_already",
            message=format_lazy(_("{holder} holds this card already."), holder=facts.holder),
            clears=_("Take it back first, or choose another card."),
        )
    elif facts.custody_state not in ISSUABLE_FROM:
        yield Reason(
            code="not_in_stock",
            message=format_lazy(_("The card is not in stock: {state}."), state=CustodyState(facts.custody_state).label),
            clears=_("Put it back into stock or among the spares first."),
        )
    if facts.reserved:
        yield Reason(
            code="reserved_for_other",
            message=format_lazy(
                _("The card is reserved for {whom} from {start} to {end}."),
                whom=facts.reserved.for_whom,
                start=facts.reserved.starts_on.isoformat(),
                end=facts.reserved.ends_on.isoformat(),
            ),
            clears=_("Choose another card, let it come back before that day, or cancel the reservation."),
        )


def _agent(facts: HandoutFacts) -> Iterator[Reason]:
    if facts.agent_status == AgentStatus.LEFT:
        yield Reason(code="agent_left", message=_("The agent has left."), clears=_("Choose another agent."))
    elif facts.agent_status == AgentStatus.ON_HOLD:
        yield Reason(
            code="agent_on_hold",
            message=format_lazy(_("The agent is on hold: {reason}"), reason=facts.hold_reason),
            clears=_("End the hold on the agent's page once its reason is gone."),
        )
    if facts.sanctioned_until:
        yield Reason(
            code="sanctioned",
            message=format_lazy(
                _("The agent is under sanction until {day}: no new number."), day=facts.sanctioned_until.isoformat()
            ),
            clears=_("Choose another agent; after a successful appeal compliance lifts the sanction."),
        )
    if facts.penalised_card:
        yield Reason(
            code="release_missing",
            message=format_lazy(
                _("{card} was stopped by its carrier while this agent held it; no spare replaces it."),
                card=facts.penalised_card,
            ),
            clears=_("Settle the stop with the carrier and have compliance release the card first."),
        )


def _training(facts: HandoutFacts) -> Iterator[Reason]:
    for course in facts.missing_courses:
        yield Reason(
            code="training_missing",
            message=format_lazy(_("No valid training: {course}."), course=course),
            clears=_("The agent takes its test under My training, or somebody records a course that was passed."),
        )


def _policies(facts: HandoutFacts) -> Iterator[Reason]:
    for policy in facts.unsigned_policies:
        yield Reason(
            code="policy_unsigned",
            message=format_lazy(_("Not acknowledged: {policy}."), policy=policy),
            clears=_("The agent reads and signs it under Policies; the card can be handed out then."),
        )


def _blocked(sentence: Text) -> Reason:
    return Reason(
        code="rule_blocks", message=sentence, clears=_("Wait until the rule no longer applies, or choose another card.")
    )
