"""The service-state graph: what the carrier's view of a card may become (domain.md section 4; R34-R39, R45, R46, R106).

The graph is data. `refusal` answers whether one step is legal and, if not, what would be; the service that writes
states asks it and nothing else.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason, Text
from cards.choices import ChangeSource, ServiceState, StopReason

State = ServiceState
Stop = StopReason

CONDUCT = frozenset(
    {Stop.VIOLATION, Stop.COMPLAINT, Stop.HARASSMENT, Stop.ABNORMAL_USE, Stop.FRAUD_MODEL, Stop.AUTHORITY}
)
GIVEN_UP = frozenset({Stop.VOLUNTARY, Stop.BUSINESS_CHANGE, Stop.DEMAND_CHANGE, Stop.UNUSED})
LOSS = frozenset({Stop.LOST, Stop.STOLEN})
CARRIER_STOP = frozenset(Stop) - LOSS - GIVEN_UP | {Stop.VOLUNTARY}
EVERY_REASON = frozenset(Stop)
UNEXPLAINED_FROM = frozenset({ChangeSource.IMPORT, ChangeSource.CARRIER, ChangeSource.TAKEOVER})


@dataclass(frozen=True, kw_only=True)
class TransitionSpec:
    """One edge: who brings it about, what proves it, which reasons it may carry.

    Without `reasons` the state entered carries none. `default_reason` stands where nobody gives one; where there is
    no default a reason must be given. `needs_release`: compliance signs before the card is used again.
    """

    who: Text
    evidence: Text
    reasons: frozenset[StopReason] = frozenset()
    default_reason: StopReason | None = None
    needs_reason: bool = False
    needs_release: bool = False


CARRIER = _("carrier")
REGISTRANT = _("registrant")
CARD_ADMIN = _("card administrator")
FINANCE = _("finance and carrier")
COMPLIANCE = _("compliance and carrier")
SYSTEM = _("CardFleet, by date")

ENTERING: Mapping[State, TransitionSpec] = {
    State.PENDING: TransitionSpec(who=CARD_ADMIN, evidence=_("order, invoice, real-name proof")),
    State.HALF_STOP: TransitionSpec(
        who=CARRIER, evidence=_("notice text and amount"), reasons=CARRIER_STOP, needs_reason=True
    ),
    State.FULL_STOP: TransitionSpec(
        who=CARRIER, evidence=_("notice text and bill"), reasons=CARRIER_STOP, needs_reason=True
    ),
    State.VOLUNTARY_STOP: TransitionSpec(
        who=CARD_ADMIN,
        evidence=_("approval, receipt, fee and end date"),
        reasons=GIVEN_UP,
        default_reason=Stop.VOLUNTARY,
    ),
    State.LOST_STOP: TransitionSpec(
        who=CARD_ADMIN,
        evidence=_("loss report, the carrier's case number and time"),
        reasons=LOSS,
        default_reason=Stop.LOST,
    ),
    State.FORCED_STOP: TransitionSpec(
        who=CARRIER,
        evidence=_("notice, rule, call statistics, complaint number"),
        reasons=CONDUCT | {Stop.REAL_NAME, Stop.OTHER},
        needs_reason=True,
    ),
    State.REVERIFY_STOP: TransitionSpec(
        who=CARRIER,
        evidence=_("notice and deadline"),
        reasons=frozenset({Stop.REVERIFICATION, Stop.REAL_NAME, Stop.FRAUD_MODEL}),
        default_reason=Stop.REVERIFICATION,
    ),
    State.CANCEL_PENDING: TransitionSpec(
        who=CARD_ADMIN,
        evidence=_("approval, settlement, backup, notices and the form"),
        reasons=EVERY_REASON,
        default_reason=Stop.VOLUNTARY,
    ),
    State.PRE_CANCELLED: TransitionSpec(
        who=CARRIER,
        evidence=_("notice and computed date"),
        reasons=EVERY_REASON,
        default_reason=Stop.ARREARS,
    ),
    State.CANCELLED: TransitionSpec(
        who=CARRIER,
        evidence=_("confirmation, a second check call, the final bill"),
        reasons=EVERY_REASON,
        default_reason=Stop.OTHER,
    ),
    State.FROZEN: TransitionSpec(who=SYSTEM, evidence=_("computed end of the freeze")),
    State.RELEASED: TransitionSpec(who=SYSTEM, evidence=_("end of the freeze")),
    State.PORTED_OUT: TransitionSpec(who=REGISTRANT, evidence=_("eligibility check and porting code")),
    State.TRANSFERRED: TransitionSpec(who=REGISTRANT, evidence=_("agreement and both parties' ID")),
}

RETURNING: Mapping[State, TransitionSpec] = {
    State.PENDING: TransitionSpec(who=REGISTRANT, evidence=_("activation message and registration of the user")),
    State.HALF_STOP: TransitionSpec(who=CARRIER, evidence=_("the carrier's message and a test call")),
    State.FULL_STOP: TransitionSpec(who=CARRIER, evidence=_("the carrier's message and a test call")),
    State.VOLUNTARY_STOP: TransitionSpec(who=CARD_ADMIN, evidence=_("receipt")),
    State.LOST_STOP: TransitionSpec(
        who=REGISTRANT, evidence=_("receipt; for a re-issued SIM the new ICCID, the old card voided")
    ),
    State.FORCED_STOP: TransitionSpec(
        who=COMPLIANCE,
        evidence=_("rectification record, the carrier's reply, training"),
        needs_release=True,
    ),
    State.REVERIFY_STOP: TransitionSpec(
        who=REGISTRANT, evidence=_("result of the verification and the signed risk notice")
    ),
    State.CANCEL_PENDING: TransitionSpec(who=CARD_ADMIN, evidence=_("the carrier's reply")),
    State.PRE_CANCELLED: TransitionSpec(who=FINANCE, evidence=_("receipt within the recoverable window")),
}

PROOF_OF_RETURN: Mapping[StopReason, Text] = {
    Stop.ARREARS: _("payment proof and a test call"),
    Stop.HIGH_FEE: _("payment proof and a test call"),
    Stop.MAINTENANCE: _("the carrier's notice that works are over"),
    Stop.CARD_FAULT: _("receipt of the replaced card"),
    Stop.EXPIRED: _("receipt of the extension"),
    Stop.REAL_NAME: _("proof of the corrected registration"),
}

ANY_LIVE = (State.LOST_STOP, State.FORCED_STOP, State.REVERIFY_STOP)
WAY_OUT = (State.CANCEL_PENDING, State.PRE_CANCELLED)
BEFORE_CANCELLING = (State.HALF_STOP, State.FULL_STOP, State.VOLUNTARY_STOP)
GONE = (State.PORTED_OUT, State.TRANSFERRED)
STEPS: Mapping[State, tuple[State, ...]] = {
    State.PENDING: (State.ACTIVE, *ANY_LIVE, State.CANCELLED),
    State.ACTIVE: (*BEFORE_CANCELLING, *ANY_LIVE, State.CANCEL_PENDING, *GONE),
    State.HALF_STOP: (State.ACTIVE, State.FULL_STOP, *ANY_LIVE, *WAY_OUT),
    State.FULL_STOP: (State.ACTIVE, State.HALF_STOP, *ANY_LIVE, *WAY_OUT),
    State.VOLUNTARY_STOP: (State.ACTIVE, *ANY_LIVE, *WAY_OUT),
    State.LOST_STOP: (State.ACTIVE, State.FORCED_STOP, State.REVERIFY_STOP, *WAY_OUT),
    State.FORCED_STOP: (State.ACTIVE, State.LOST_STOP, State.REVERIFY_STOP, *WAY_OUT, State.CANCELLED),
    State.REVERIFY_STOP: (State.ACTIVE, State.LOST_STOP, State.FORCED_STOP, *WAY_OUT),
    State.CANCEL_PENDING: (State.ACTIVE, *BEFORE_CANCELLING, *ANY_LIVE, State.CANCELLED),
    State.PRE_CANCELLED: (State.ACTIVE, *ANY_LIVE, State.CANCELLED),
    State.CANCELLED: (State.FROZEN,),
    State.FROZEN: (State.RELEASED,),
    State.RELEASED: (),
    State.PORTED_OUT: (),
    State.TRANSFERRED: (),
}
TERMINAL = frozenset(state for state, targets in STEPS.items() if not targets)


def _edge(origin: State, target: State) -> TransitionSpec:
    return RETURNING[origin] if target == State.ACTIVE else ENTERING[target]


SERVICE_GRAPH: Mapping[State, Mapping[State, TransitionSpec]] = {
    origin: {target: _edge(origin, target) for target in targets} for origin, targets in STEPS.items()
}


def legal_targets(from_state: str) -> tuple[State, ...]:
    """Return what a card in a state may become; a new card, the empty state, may only be pending."""
    return STEPS[State(from_state)] if from_state else (State.PENDING,)


def spec(from_state: str, to_state: str, *, stop_reason: str = "") -> TransitionSpec:
    """Return the edge; out of a stop it asks for the proof, and the release, that the stop's reason calls for."""
    if not from_state or to_state not in SERVICE_GRAPH[State(from_state)]:
        return _entering(State(to_state))
    edge = SERVICE_GRAPH[State(from_state)][State(to_state)]
    if to_state != State.ACTIVE or not stop_reason:
        return edge
    proof = PROOF_OF_RETURN.get(Stop(stop_reason), edge.evidence)
    if stop_reason in CONDUCT and from_state != State.REVERIFY_STOP:
        forced = RETURNING[State.FORCED_STOP]
        return replace(edge, who=forced.who, evidence=forced.evidence, needs_release=True)
    return replace(edge, evidence=proof)


def _entering(state: State) -> TransitionSpec:
    """Return the edge by which a card taken over enters a state."""
    return ENTERING.get(state, RETURNING[State.PENDING])


def refusal(
    from_state: str,
    to_state: str,
    *,
    reason: str = "",
    source: str = ChangeSource.PERSON,
    prior_state: str = "",
) -> Reason | None:
    """Return why a step is not legal, with what would be, or None when it is.

    A take-over may enter any state. `prior_state` is where a cancellation under way began: withdrawn, the card goes
    back there or into service. Rows of a file may leave the reason of a stop open, people may not.
    """
    target = State(to_state)
    if from_state == to_state:
        return Reason(code="state_unchanged", message=_("The card is in this state already."))
    if source != ChangeSource.TAKEOVER and not _is_step(from_state, target, prior_state):
        return _illegal(from_state, target)
    return _wrong_reason(spec(from_state, to_state), reason, source)


def _is_step(from_state: str, target: State, prior_state: str) -> bool:
    if target not in legal_targets(from_state):
        return False
    withdrawn = from_state == State.CANCEL_PENDING and target in BEFORE_CANCELLING
    return not (withdrawn and prior_state and prior_state != target)


def _illegal(from_state: str, target: State) -> Reason:
    start = State(from_state).label if from_state else _("a new card")
    targets = legal_targets(from_state)
    if not targets:
        clears = format_lazy(_("{start} is final. A card that comes back is recorded as a new one."), start=start)
    else:
        clears = format_lazy(_("Possible now: {states}."), states=listed(state.label for state in targets))
        if steps := way(from_state, target):
            path = listed((state.label for state in steps), separator=" → ")
            clears = format_lazy(_("{first} Step by step: {path}."), first=clears, path=path)
    message = format_lazy(_("A card cannot go from {start} to {target}."), start=start, target=target.label)
    return Reason(code="illegal_transition", message=message, clears=clears, field="to", value=target)


def _wrong_reason(edge: TransitionSpec, reason: str, source: str) -> Reason | None:
    if reason and edge.reasons and reason not in edge.reasons:
        message = _("This reason does not fit the state.")
    elif edge.needs_reason and not reason and source not in UNEXPLAINED_FROM:
        message = _("Say why the carrier stopped the card.")
    else:
        return None
    fitting = listed(choice.label for choice in Stop if choice in edge.reasons)
    clears = format_lazy(_("Reasons that fit: {reasons}."), reasons=fitting)
    return Reason(code="reason_unfit", message=message, clears=clears, field="reason", value=reason)


def reason_kept(edge: TransitionSpec, reason: str, *, before: str = "") -> str:
    """Return the reason to store with the state: the one given, else the one in force, else the edge's own."""
    if not edge.reasons:
        return ""
    kept = before if before in edge.reasons else edge.default_reason
    return reason or kept or ""


def way(from_state: str, target: State) -> tuple[State, ...]:
    """Return the shortest legal way from a state to another, both ends left out; empty when there is none.

    It never leads through a loss, a penalty or a verification stop: those happen, one does not choose them.
    """
    origin = State(from_state) if from_state else State.PENDING
    came_from: dict[State, State] = {}
    waiting = deque([origin])
    while waiting and target not in came_from:
        here = waiting.popleft()
        for step in STEPS[here] if here == origin or here not in ANY_LIVE else ():
            if step not in came_from and step != origin:
                came_from[step] = here
                waiting.append(step)
    steps: list[State] = []
    at = came_from.get(target)
    while at is not None and at != origin:
        steps.insert(0, at)
        at = came_from[at]
    return tuple(steps)


def listed(labels: Iterable[Text], separator: str = ", ") -> Text:
    """Return labels joined when shown, so that they follow the reader's language."""
    return _joined(separator, tuple(labels))


def _join(separator: str, labels: tuple[Any, ...]) -> str:
    return separator.join(str(label) for label in labels)


_joined = lazy(_join, str)
