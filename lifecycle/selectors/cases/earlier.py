"""How cases like this one ended before: what colleagues learnt is beside the next one (R20)."""

from collections.abc import Sequence

from django.db.models import Case as Choice
from django.db.models import IntegerField, OuterRef, Q, Subquery, Value, When

from cardfleet.accounts.models import User
from lifecycle.models import Case, CaseComment

SHOWN = 5


def earlier_like(case: Case, person: User) -> Sequence[Case]:
    """Return the latest ended cases of a case's kind and reason of which somebody wrote something, in one statement.

    Those of the same carrier come first. Each tells its latest comment as `tip`. Only cases in the person's scope.
    """
    comments = CaseComment.objects.filter(case=OuterRef("pk")).order_by("-pk")
    same_carrier = When(card__carrier=case.card.carrier_id, then=Value(0))
    found = Case.objects.visible_to(person).filter(kind=case.kind, reason=case.reason, closed_at__isnull=False)
    told = (
        found.exclude(pk=case.pk)
        .annotate(
            tip=Subquery(comments.values("text")[:1]),
            distance=Choice(same_carrier, default=Value(1), output_field=IntegerField()),
        )
        .filter(~Q(closing_note="") | Q(tip__isnull=False))
        .select_related("card__carrier")
        .order_by("distance", "-closed_at")
    )
    return list(told[:SHOWN])
