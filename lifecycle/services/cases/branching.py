"""Cases that go one way of several: the steps of the others are left out."""

from collections.abc import Collection
from datetime import datetime

from cardfleet.accounts.models import User
from lifecycle.choices import StepState
from lifecycle.models import Case, CaseStep


def leave_out(*, case: Case, codes: Collection[str], why: str, actor: User | None, now: datetime) -> int:
    """Leave out the steps of the ways not taken that are still ahead, and return how many.

    Called by an act in the transaction of its step, which opens and closes the others afterwards.
    """
    ahead = CaseStep.objects.standing().filter(case=case, code__in=codes).ahead()
    return ahead.update(state=StepState.SKIPPED, note=why, done_at=now, done_by=actor, due_at=None, opened_at=None)
