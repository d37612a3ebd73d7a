"""The registrant has verified: the clock stops, and the step of an open case that waits for it is done (R79)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cardfleet.accounts.models import User
from lifecycle.choices import StepState
from lifecycle.models import CaseStep, Reverification
from lifecycle.services.cases.steps import complete_step
from lifecycle.services.reverification import confirm_verified


@transaction.atomic
def verified(*, reverification_id: int, actor: User | None, now: datetime) -> Reverification:
    """Stop a clock and do the steps that wait for it. VerifiedAlready, NotVisible."""
    clock = confirm_verified(reverification_id=reverification_id, actor=actor, now=now)
    waiting = CaseStep.objects.filter(code="verify", state=StepState.OPEN, case__card=clock.card_id)
    for step_id in waiting.filter(case__closed_at=None).values_list("pk", flat=True):
        complete_step(step_id=step_id, note=_("Confirmed on the page of re-verifications."), actor=actor, now=now)
    return clock
