"""Filters of accounts with unexplained differences, the same in the page and the API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from billing.choices import AccountKind
from billing.models import BalanceGap
from cardfleet.kernel.filtersets import ListFilterSet, Things
from cards.choices import Payment
from cards.models import Carrier


class GapFilter(ListFilterSet):
    """Accounts of a carrier, kind or payment, by size and since when."""

    search = django_filters.CharFilter(field_name="account__code", lookup_expr="contains", label=_("Account"))
    carrier = Things(field_name="account__carrier", queryset=Carrier.objects.all(), label=_("Carrier"))
    kind = django_filters.MultipleChoiceFilter(
        field_name="account__kind", choices=AccountKind, label=_("Kind of account"), distinct=False
    )
    payment = django_filters.MultipleChoiceFilter(
        field_name="account__payment", choices=Payment, label=_("Payment"), distinct=False
    )
    least = django_filters.NumberFilter(field_name="size", lookup_expr="gte", label=_("Differs by at least (yuan)"))
    since_after = django_filters.DateFilter(field_name="since", lookup_expr="date__gte", label=_("Since"))
    since_before = django_filters.DateFilter(field_name="since", lookup_expr="date__lt", label=_("Since before"))

    class Meta:
        model = BalanceGap
        fields: tuple[str, ...] = ()
