"""Cases and cards as the rules of cases read them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from cards.models import Card
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import kind_of, step_label
from lifecycle.rules.cases.facts import CardNow, CaseView, StepView

OF_CARD = ("carrier", "contract", "registrant")


def card_now(card: Card) -> CardNow:
    """Return a card (with carrier, contract and registrant joined) as the rules read it."""
    return CardNow(
        card_id=card.pk,
        service_state=card.service_state,
        stop_reason=card.stop_reason,
        service_since=card.service_since,
        custody_state=card.custody_state,
        holder_id=card.holder_id,
        real_name_state=card.real_name_state,
        carrier_kind=card.carrier.kind,
        registrant_kind=card.registrant.kind if card.registrant else "",
        purpose=card.purpose,
        expires_on=card.expires_on,
        contract_ends_on=card.contract.ends_on if card.contract else None,
        activated_on=card.activated_on,
    )


def standing_steps(case: Case) -> list[CaseStep]:
    """Return the steps of a case that count, in their order, each knowing its case."""
    return standing_steps_of([case])[case.pk]


def standing_steps_of(cases: Iterable[Case]) -> Mapping[int, list[CaseStep]]:
    """Return the same of each of some cases, by its id; one query."""
    by_id, found = {case.pk: case for case in cases}, defaultdict[int, list[CaseStep]](list)
    for step in CaseStep.objects.standing().filter(case__in=by_id).order_by("case", "position"):
        step.case = by_id[step.case_id]
        found[step.case_id].append(step)
    return found


def case_view(case: Case, steps: Sequence[CaseStep]) -> CaseView:
    """Return a case and its standing steps as the rules read them."""
    irreversible = kind_of(case.kind).irreversible
    return CaseView(
        kind=case.kind,
        reason=case.reason,
        opened_at=case.opened_at,
        is_open=case.is_open,
        facts=case.facts,
        steps=[_view(step, irreversible) for step in steps],
    )


def _view(step: CaseStep, irreversible: Collection[str]) -> StepView:
    return StepView(
        code=step.code,
        state=step.state,
        label=step_label(step),
        is_gate=step.is_gate,
        people=step.people,
        evidence=step.evidence,
        holds=step.holds,
        done_at=step.done_at,
        done_by=step.done_by_id,
        is_irreversible=step.code in irreversible,
    )
