"""What is wrong between registrant, registered user and holder, for a whole fleet at once (R23, R74, R85; art. 9, 10).

Each fault is one condition in SQL, so that a page shows and a filter finds the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Count, Exists, F, Func, IntegerField, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from cardfleet.accounts.models import User
from cards.choices import CustodyState, RealNameState, RegistrantKind
from cards.choices.real_name import RealNameFault
from cards.models import Card, CarrierRule, RegisteredUse, Sanction
from cards.querysets import CardQuerySet

Fault = RealNameFault
HERE, ALL = "id_card_count", "id_card_total"
PERSON_HERE, PERSON_ALL = 5, 10
IN_HANDS = (CustodyState.ISSUED, CustodyState.RETURN_DUE, CustodyState.RESTING)
OF_PERSON = Q(registrant__kind=RegistrantKind.PERSON)
OF_COMPANY = Q(registrant__kind=RegistrantKind.COMPANY)
# In which column of the matrix a fault stands.
COLUMN_OF: Mapping[str, str] = {
    Fault.NO_REGISTRANT: "registrant",
    Fault.UNCHECKED: "registrant",
    Fault.OVER_HERE: "registrant",
    Fault.OVER_ALL: "registrant",
    Fault.NO_PROOF: "proof",
    Fault.PROOF_OVER: "proof",
    Fault.NO_USER: "user",
    Fault.USER_LEFT: "user",
    Fault.SANCTIONED: "user",
    Fault.LENT: "holder",
    Fault.OTHER_USER: "holder",
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How many live numbers one person's ID may have: with one carrier, and in all."""

    here: int = PERSON_HERE
    total: int = PERSON_ALL


def limits_on(day: date) -> Limits:
    """Return the limits in force, from the general rules where they state them."""
    rules = CarrierRule.objects.in_force(day).filter(
        kind__in=(HERE, ALL), carrier=None, plan=None, card=None, region="", industry=""
    )
    known = {kind: int(limit) for kind, limit in rules.values_list("kind", "limit") if limit is not None}
    return Limits(here=known.get(HERE, PERSON_HERE), total=known.get(ALL, PERSON_ALL))


def matrix(person: User, *, today: date) -> CardQuerySet:
    """Return the live cards of a scope with `on_id_here`, `on_id`, `user_since` and `faults` (codes, worst last)."""
    cards = (
        Card.objects.live()
        .visible_to(person)
        .annotate(on_id_here=_on_id(here=True), on_id=_on_id(here=False), user_since=_user_since())
    )
    limits = limits_on(today)
    said = [
        Case(When(met(fault, today=today, limits=limits), then=Value(fault.value)), output_field=TextField())
        for fault in Fault
    ]
    array = Func(*said, template="array_remove(ARRAY[%(expressions)s], NULL)", output_field=ArrayField(TextField()))
    found: CardQuerySet = cards.annotate(faults=array)
    return found


def met(fault: RealNameFault, *, today: date, limits: Limits) -> Q:
    """Return when a card has a fault; counts are those `matrix` annotates."""
    held = Q(holder__isnull=False, custody_state__in=IN_HANDS)
    return {
        Fault.NO_REGISTRANT: Q(registrant__isnull=True),
        Fault.UNCHECKED: ~Q(real_name_state=RealNameState.VALID),
        Fault.NO_PROOF: Q(registrant__isnull=False, registrant__proof__isnull=True),
        Fault.PROOF_OVER: Q(registrant__proof_valid_until__lt=today),
        Fault.LENT: held & OF_PERSON & (Q(actual_user__isnull=False) & ~Q(actual_user=F("holder"))),
        Fault.OTHER_USER: held & OF_COMPANY & (Q(actual_user__isnull=False) & ~Q(actual_user=F("holder"))),
        Fault.NO_USER: held & OF_COMPANY & Q(actual_user__isnull=True),
        Fault.USER_LEFT: Q(actual_user__is_active=False),
        Fault.OVER_HERE: OF_PERSON & Q(on_id_here__gt=limits.here),
        Fault.OVER_ALL: (OF_PERSON & Q(on_id__gt=limits.total)) | (OF_COMPANY & Q(on_id__gt=F("registrant__quota"))),
        Fault.SANCTIONED: _sanctioned(today),
    }[fault]


def _sanctioned(today: date) -> Q:
    standing = Sanction.objects.in_force(today)
    people = Q(person=OuterRef("actual_user")) | Q(person=OuterRef("holder")) | Q(registrant=OuterRef("registrant"))
    return Q(Exists(standing.filter(people)))


def _on_id(*, here: bool) -> Combinable:
    same = Card.objects.live().order_by().filter(registrant=OuterRef("registrant"))
    if here:
        same = same.filter(carrier=OuterRef("carrier"))
    counted = same.values("registrant").annotate(cards=Count("pk")).values("cards")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())


def _user_since() -> Subquery:
    standing = RegisteredUse.objects.filter(card=OuterRef("pk"), until__isnull=True).order_by("-since")
    return Subquery(standing.values("since")[:1])
