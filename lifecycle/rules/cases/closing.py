"""When a case may end, and how: no open gate, and a card that is what the outcome says (R44-R47, R91-R93, R96)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import ENDED, CustodyState, ServiceState
from cards.rules.transitions import STEPS
from lifecycle.choices import CaseOutcome, StepState
from lifecycle.rules.cases.facts import CardNow, CaseView

Outcome = CaseOutcome

LIVE = frozenset(ServiceState) - ENDED
GONE = frozenset({ServiceState.CANCELLED, ServiceState.FROZEN, ServiceState.RELEASED})
# In which service states of the card an outcome tells the truth; an outcome without a line fits every state.
FITTING: Mapping[str, frozenset[ServiceState]] = {
    Outcome.RESTORED: frozenset({ServiceState.ACTIVE}),
    Outcome.KEPT: LIVE,
    Outcome.CANCELLED: GONE,
    Outcome.TRANSFERRED: frozenset({ServiceState.TRANSFERRED}),
    Outcome.PORTED_OUT: frozenset({ServiceState.PORTED_OUT}),
}
# The card is gone then, so that nobody has to release it.
WITHOUT_RELEASE = frozenset({Outcome.CANCELLED, Outcome.DESTROYED, Outcome.TRANSFERRED, Outcome.PORTED_OUT})
GIVEN_UP = frozenset({Outcome.WITHDRAWN, Outcome.REFUSED})


@dataclass(frozen=True, kw_only=True)
class EndingTerms:
    """How cases of a kind may end.

    `early`: outcomes that need no gate, beside withdrawn and refused. `needs`: steps that must be done for an outcome,
    gates or not. `fits`: the states of the card in which an outcome is true, instead of the usual ones.
    """

    outcomes: Collection[str]
    early: Collection[str] = frozenset()
    needs: Mapping[str, Collection[str]] = field(default_factory=dict)
    fits: Mapping[str, Collection[str]] = field(default_factory=dict)


def unmet_to_close(
    case: CaseView, card: CardNow, outcome: str, *, terms: EndingTerms, may_release: bool
) -> Iterator[Reason]:
    """Yield everything that stands against an outcome. `may_release`: the person may let held cards go."""
    if outcome not in terms.outcomes:
        yield Reason(code="outcome_unfit", message=_("A case of this kind does not end so."), field="outcome")
        return
    if outcome in GIVEN_UP:
        yield from _given_up(case, card, terms, may_release=may_release)
    else:
        yield from _gates(case, outcome, terms)
    yield from _card_unfit(case, card, outcome, terms)


def possible_outcomes(case: CaseView, card: CardNow, *, terms: EndingTerms, may_release: bool) -> list[str]:
    """Return the outcomes the case could have now."""
    return [
        outcome
        for outcome in terms.outcomes
        if not any(unmet_to_close(case, card, outcome, terms=terms, may_release=may_release))
    ]


def is_beyond(card: CardNow, terms: EndingTerms) -> bool:
    """Tell whether the carrier ended the card otherwise than any outcome could tell of, now or later."""
    ahead = {ServiceState(card.service_state)}
    while more := {target for state in ahead for target in STEPS[state]} - ahead:
        ahead |= more
    fitting = [terms.fits.get(outcome, FITTING.get(outcome)) for outcome in terms.outcomes if outcome not in GIVEN_UP]
    return all(states is not None and ahead.isdisjoint(states) for states in fitting)


def _given_up(case: CaseView, card: CardNow, terms: EndingTerms, *, may_release: bool) -> Iterator[Reason]:
    if not is_beyond(card, terms) and any(step.is_irreversible and step.state == StepState.DONE for step in case.steps):
        yield Reason(
            code="irreversible",
            message=_("A step that cannot be undone was done. The case goes on to its end."),
            field="outcome",
        )
    if _holds(case) and not may_release:
        yield Reason(
            code="held_back",
            message=_("This case holds the card back until compliance releases it."),
            clears=_("Ask compliance to release the card, or to close the case."),
            field="outcome",
        )


def _gates(case: CaseView, outcome: str, terms: EndingTerms) -> Iterator[Reason]:
    needed = set(terms.needs.get(outcome, ()))
    early, held = outcome in terms.early, outcome not in WITHOUT_RELEASE
    for step in case.steps:
        wanted = step.code in needed or (step.holds and held) or (step.is_gate and not early)
        if wanted and step.state != StepState.DONE:
            message = format_lazy(
                _("“{step}” has to be done before the case can end so."), step=step.label or step.code
            )
            yield Reason(code="gate_open", message=message, value=step.code)
        elif step.state == StepState.HALF_DONE:
            message = format_lazy(_("“{step}” waits for its second person."), step=step.label or step.code)
            yield Reason(code="second_missing", message=message, value=step.code)


def _holds(case: CaseView) -> bool:
    return any(step.holds and step.state != StepState.DONE for step in case.steps)


def _card_unfit(case: CaseView, card: CardNow, outcome: str, terms: EndingTerms) -> Iterator[Reason]:
    is_old_sim = case.facts.get("voided_sim") is not None  # its number lives on a new one
    if outcome == Outcome.DESTROYED and not is_old_sim and card.custody_state != CustodyState.DESTROYED:
        yield Reason(code="card_state_unfit", message=_("The plastic is not recorded as destroyed."), field="outcome")
    fitting = terms.fits.get(outcome, FITTING.get(outcome))
    if fitting is not None and card.service_state not in fitting:
        state = ServiceState(card.service_state).label
        yield Reason(
            code="card_state_unfit",
            message=format_lazy(_("The card is “{state}”, which does not fit this outcome."), state=state),
            clears=_("Record first what the carrier did to the card."),
            field="outcome",
            value=card.service_state,
        )
