"""Cases, opened as everywhere: `CaseFactory(kind=..., reason=..., card=...)`; without a kind, a drill on a new card."""

import factory
from factory.django import DjangoModelFactory

from lifecycle.choices import CaseKind, CaseReason, CaseSource
from lifecycle.models import Case
from lifecycle.services.cases import complete_step, open_case
from tests.conftest import FRIDAY
from tests.factories.cards import CardFactory


class CaseFactory(DjangoModelFactory):
    """A case with its steps, opened on Friday by nobody."""

    class Meta:
        model = Case

    card = factory.SubFactory(CardFactory)
    kind = CaseKind.DRILL
    reason = CaseReason.PLANNED
    source = CaseSource.PERSON
    note = ""
    actor = None
    now = FRIDAY

    @classmethod
    def _create(cls, model_class, *args, card, **kwargs):
        return open_case(card_id=card.pk, **kwargs)


def step_of(case: Case, code: str):
    """Return the standing step of a case at a code."""
    return case.steps.standing().get(code=code)


def do(case: Case, code: str, *, actor=None, now=FRIDAY, **entered):
    """Do a step of a case; a note is written where nothing is given."""
    return complete_step(step_id=step_of(case, code).pk, actor=actor, now=now, **{"note": "done", **entered})


def do_all(case: Case, *, actor=None, now=FRIDAY, **entered):
    """Do every gate of a case that is not done, in its order; what a step is given stands under its code."""
    for step in case.steps.ahead().filter(is_gate=True).order_by("position"):
        do(case, step.code, actor=actor, now=now, **entered.get(step.code, {}))
