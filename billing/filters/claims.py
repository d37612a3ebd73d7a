"""Filters of claims and of their payments, the same on the page and in the API."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from billing.choices import ClaimState
from billing.models import Claim, ClaimLine, PaymentBatch
from cardfleet.kernel.filtersets import Figures, Ids, ListFilterSet, Moments


class ClaimFilter(ListFilterSet):
    """Claims of a person, month, card or state."""

    search = django_filters.CharFilter(method="filter_search", label=_("Search"))
    state = django_filters.MultipleChoiceFilter(choices=ClaimState, label=_("State"), distinct=False)
    month = django_filters.DateFilter(label=_("Month (its first day)"))
    late = django_filters.BooleanFilter(field_name="is_late", label=_("Filed late"))
    claimant = Ids(field_name="claimant_id", label=_("Agent"))
    card = Ids(method="filter_card", label=_("Card"))

    class Meta:
        model = Claim
        fields: tuple[str, ...] = ()

    def filter_search(self, claims: QuerySet[Claim], _name: str, value: str) -> QuerySet[Claim]:
        """Return the claims of people by name or staff number, or with an invoice of a number."""
        text = value.strip()
        people = Q(claimant__user__name__startswith=text) | Q(claimant__user__staff_no__iexact=text)
        with_number = ClaimLine.objects.filter(invoice__number=text).values("claim")
        return claims.filter(people | Q(pk__in=with_number))

    def filter_card(self, claims: QuerySet[Claim], _name: str, value: list[int]) -> QuerySet[Claim]:
        """Return the claims with an invoice for any of these cards."""
        return claims.filter(pk__in=ClaimLine.objects.filter(card__in=value).values("claim"))


class PaymentFilter(ListFilterSet):
    """Payments by reference, person or time."""

    search = django_filters.CharFilter(method="filter_search", label=_("Search"))
    paid_at = Moments(label=_("Paid at"))
    paid_by = Ids(field_name="paid_by_id", label=_("Paid by (id)"))
    amount = Figures(label=_("Amount"))

    class Meta:
        model = PaymentBatch
        fields: tuple[str, ...] = ()

    def filter_search(self, payments: QuerySet[PaymentBatch], _name: str, value: str) -> QuerySet[PaymentBatch]:
        """Return the payments by the beginning of their reference, or to somebody by name or staff number."""
        text = value.strip()
        whom = Q(payee__startswith=text) | Q(claimant__user__staff_no__iexact=text)
        paid = Claim.objects.filter(whom, batch__isnull=False).values("batch")
        return payments.filter(Q(reference__startswith=text) | Q(pk__in=paid))
