"""Changes of plan that the carrier made or announced (R48)."""

from datetime import date

from django.db.models import Exists, OuterRef

from lifecycle.choices import CaseKind, StepState
from lifecycle.models import Case, CaseStep

CHANGED = CaseStep.objects.filter(code="changed", state=StepState.DONE)


def changed_step(case: Case) -> CaseStep | None:
    """Return the step that says from when on the carrier charges by the new plan; None while that is not known."""
    return CHANGED.filter(case=case).first()


def changes_due(*, on: date) -> list[int]:
    """Return the ids of open changes of plan whose day has come on a business day."""
    due = CHANGED.filter(case=OuterRef("pk"), data__since__lte=on.isoformat())
    waiting = Case.objects.filter(Exists(due), kind=CaseKind.PLAN_CHANGE, closed_at__isnull=True)
    return list(waiting.order_by("pk").values_list("pk", flat=True))
