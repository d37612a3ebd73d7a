"""Which plastic a destruction is about, and the certificate that tells of it (R17)."""

from dataclasses import dataclass
from datetime import datetime

from django.core import signing

from cards.models import Card, VoidedSim
from cards.rules.custody import DEAD
from lifecycle.choices import CaseKind, CaseOutcome, DestructionMethod, StepState
from lifecycle.models import Case, CaseStep
from lifecycle.rules.destruction import Plastic

SALT = "lifecycle.destruction"
STEP = "destroy"


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A destruction as its certificate tells of it; `step` is None until two people did it.

    `token` is signed and names the case only; `iccid` is of the plastic that was destroyed.
    """

    case: Case
    iccid: str
    step: CaseStep | None
    method: str
    token: str

    @property
    def method_label(self) -> str:
        """The method in words."""
        return str(DestructionMethod(self.method).label) if self.method else ""


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What the page that verifies may say: no person, no number."""

    case_id: int
    at: datetime
    method: str
    iccid_end: str


def plastic_of(card: Card) -> Plastic:
    """Return the plastic to be destroyed: of a number that lives on, the old SIM in our hands; else the card itself."""
    old = None if card.service_state in DEAD else _old_sim(card)
    return Plastic(
        iccid=old.iccid if old else card.iccid,
        service_state=card.service_state,
        custody_state=card.custody_state,
        voided_sim=old.pk if old else None,
    )


def certificate_of(case: Case) -> Certificate:
    """Return the certificate of a case, empty of people and method until the plastic is destroyed."""
    step = CaseStep.objects.filter(case=case, code=STEP, state=StepState.DONE).select_related("done_by", "second_by")
    done = step.first()
    return Certificate(
        case=case,
        iccid=_iccid(case),
        step=done,
        method=case.facts.get("method", "") if done else "",
        token=signing.dumps(case.pk, salt=SALT) if done else "",
    )


def verify(token: str) -> Verified | None:
    """Return what a certificate's token stands for; None where it is not ours or the destruction does not stand."""
    try:
        case_id = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    case = Case.objects.filter(pk=case_id, kind=CaseKind.DESTRUCTION).select_related("card").first()
    found = certificate_of(case) if case else None
    if case is None or found is None or found.step is None or case.outcome == CaseOutcome.WITHDRAWN:
        return None
    at = found.step.done_at
    if at is None:
        return None
    return Verified(case_id=case.pk, at=at, method=found.method_label, iccid_end=found.iccid[-4:])


def _old_sim(card: Card) -> VoidedSim | None:
    """Return the latest replaced SIM in our hands that no case destroyed."""
    gone = CaseStep.objects.filter(
        case__card=card, case__kind=CaseKind.DESTRUCTION, code=STEP, state=StepState.DONE
    ).values_list("data__voided_sim", flat=True)
    return VoidedSim.objects.filter(card=card, in_hand=True).exclude(pk__in=[pk for pk in gone if pk]).first()


def _iccid(case: Case) -> str:
    voided = case.facts.get("voided_sim")
    old = VoidedSim.objects.filter(pk=voided).first() if voided else None
    return old.iccid if old else plastic_of(case.card).iccid
