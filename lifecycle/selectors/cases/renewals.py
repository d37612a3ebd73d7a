"""Cards whose validity ends, and what is known for the decision (R15). A fixed number of queries for many cards."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, Subquery

from cards.choices import ServiceState
from cards.models import Card, PlanPrice
from lifecycle.choices import CaseKind
from lifecycle.models import Case
from lifecycle.playbooks.registry import FUTURE
from lifecycle.rules.cases.renewal import LEAD_DAYS, RenewalFacts

# A card that is being given up, is lost or waits to be activated is not renewed.
RENEWED_IN = (
    ServiceState.ACTIVE,
    ServiceState.HALF_STOP,
    ServiceState.FULL_STOP,
    ServiceState.VOLUNTARY_STOP,
)
DECIDED = timedelta(days=60)


def renewal_facts(card_ids: Collection[int], *, today: date) -> dict[int, RenewalFacts]:
    """Return the facts of some cards by id, in one query."""
    in_force = Q(effective_from__lte=today) & (Q(effective_to=None) | Q(effective_to__gt=today))
    price = PlanPrice.objects.filter(in_force, plan=OuterRef("plan"))
    cards = Card.objects.filter(pk__in=card_ids).order_by()
    names = ("pk", "expires_on", "plan__payment", "contract__ends_on", "is_customer_facing")
    return {
        pk: RenewalFacts(
            today=today,
            expires_on=expires_on,
            monthly_fee=fee,
            minimum_spend=minimum,
            payment=payment or "",
            bound_until=bound_until,
            is_customer_facing=is_customer_facing,
        )
        for pk, expires_on, payment, bound_until, is_customer_facing, fee, minimum in cards.values_list(
            *names, Subquery(price.values("monthly_fee")[:1]), Subquery(price.values("minimum_spend")[:1])
        )
    }


def cards_to_renew(*, today: date) -> Sequence[int]:
    """Return the cards whose validity ends within the lead time or is over, in one query.

    Those of which something is being decided, or was for this very end, are left out.
    """
    cards = Card.objects.filter(expires_on__lte=today + timedelta(days=LEAD_DAYS), service_state__in=RENEWED_IN)
    cases = Case.objects.filter(card=OuterRef("pk"))
    busy = Exists(cases.open().filter(track=FUTURE))
    decided = Exists(cases.filter(kind=CaseKind.RENEWAL, opened_at__gte=OuterRef("expires_on") - DECIDED))
    return list(cards.exclude(busy | decided).order_by("pk").values_list("pk", flat=True))
