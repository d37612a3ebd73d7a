"""How long ID numbers, proofs of registration and ID copies are kept (domain.md section 2)."""

from datetime import datetime

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.personal import ERASED
from cardfleet.kernel.retention import Category, Effect, Floor, Rows, register
from cards.choices import RegistrantKind
from cards.models import Card, Registrant
from cards.services.erasing import clear_registrants

REGISTRATION = Floor(
    months=24,
    basis=_("Registrations are kept two years after the number ends (MIIT order 25, art. 11; a carrier's duty)."),
    is_sure=False,
)


def past_registrants(moment: datetime) -> QuerySet[Registrant]:
    """Return people in whose name no number is any more, the last one ended before a moment."""
    people = Registrant.objects.filter(kind=RegistrantKind.PERSON).exclude(name__startswith=ERASED)
    ended = people.annotate(ended_at=Max("cards__changes__at")).filter(ended_at__lt=moment)
    return ended.exclude(Exists(Card.objects.live().filter(registrant=OuterRef("pk"))))


REGISTRANTS = Rows(past=past_registrants, at="ended_at", drop=clear_registrants, people=("staff",), cards=("cards",))

register(
    Category(
        code="registrants",
        label=_("People numbers were registered to: ID number, proof, ID copies"),
        floor=REGISTRATION,
        default=24,
        since=_("the end of their last number"),
        effect=Effect.ANONYMOUS,
        look=REGISTRANTS.look,
        drop=REGISTRANTS.go,
        at_once=100,
    )
)
