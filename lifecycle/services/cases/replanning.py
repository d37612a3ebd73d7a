"""A case that goes on by another playbook, because its reason turned out to be another (R44)."""

from datetime import datetime

from cardfleet.kernel.clock import business_day
from cards.models import Card
from lifecycle.choices import StepState
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import kind_of
from lifecycle.selectors.cases.playbooks import plans_of

AHEAD = (StepState.WAITING, StepState.OPEN)


def go_on_with(*, case: Case, after: CaseStep, reason: str, now: datetime) -> None:
    """Replace the steps ahead of a locked case by those of another reason's playbook.

    What is done stays, and no step is done twice: of the new playbook only what was not done yet follows. The steps
    open by themselves when the step `after` is stored.
    """
    standing = CaseStep.objects.standing().filter(case=case).exclude(pk=after.pk)
    standing.filter(state__in=AHEAD).update(state=StepState.VOID)
    done = {after.code, *standing.exclude(state__in=AHEAD).values_list("code", flat=True)}
    card = Card.objects.get(pk=case.card_id)
    plan = plans_of(kind_of(case.kind), reason=reason, cards=[card], day=business_day(now))[card.carrier_id]
    last = CaseStep.objects.filter(case=case).order_by("-position").values_list("position", flat=True)[0]
    fresh = [terms for terms in plan.steps if terms["code"] not in done]
    CaseStep.objects.bulk_create(
        CaseStep(case=case, position=position, state=StepState.WAITING, **terms)
        for position, terms in enumerate(fresh, start=last + 1)
    )
    case.playbook_id = plan.playbook_id
    case.save(update_fields=["playbook"])
