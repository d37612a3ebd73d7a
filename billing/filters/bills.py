"""Filters of bills, their differences and disputes, the same in the pages and the API."""

import django_filters
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from billing.choices import BillItem, BillState, DifferenceKind, DifferenceState, DisputeState
from billing.models import Bill, BillDifference, Dispute
from cardfleet.kernel.filtersets import Days, Empty, Figures, Ids, ListFilterSet, Things
from cards.models import Carrier


class BillFilter(ListFilterSet):
    """Bills of a carrier, account or month, in a state."""

    month = django_filters.DateFilter(label=_("Month (its first day)"))
    carrier = Things(queryset=Carrier.objects.all(), field_name="account__carrier", label=_("Carrier"))
    account = Ids(field_name="account_id", label=_("Account"))
    state = django_filters.MultipleChoiceFilter(choices=BillState, label=_("State"), distinct=False)
    differs = django_filters.BooleanFilter(method="filter_differs", label=_("Billed too much"))
    unpaid = django_filters.BooleanFilter(method="filter_unpaid", label=_("To be paid"))
    month_on = Days("month", label=_("Month"))
    total = Figures(label=_("Billed"))
    expected = Figures(label=_("Should be"))
    due_on = Days(label=_("Payment due"))
    paid_on = Days(label=_("Paid on"))
    paid_on__isnull = Empty("paid_on", label=_("Paid on"))

    class Meta:
        model = Bill
        fields: tuple[str, ...] = ()

    def filter_differs(self, bills: QuerySet[Bill], _name: str, value: bool) -> QuerySet[Bill]:  # noqa: FBT001
        """Return the bills that are higher than expected, or those that are not."""
        return bills.filter(total__gt=F("expected")) if value else bills.filter(total__lte=F("expected"))

    def filter_unpaid(self, bills: QuerySet[Bill], _name: str, value: bool) -> QuerySet[Bill]:  # noqa: FBT001
        """Return the bills that are to be paid, or the others."""
        unpaid = Bill.objects.unpaid()
        return bills.filter(pk__in=unpaid) if value else bills.exclude(pk__in=unpaid)


class DifferenceFilter(ListFilterSet):
    """Differences of a bill or card, of a kind, item or state."""

    bill = Ids(field_name="bill_id", label=_("Bill"))
    month = django_filters.DateFilter(field_name="bill__month", label=_("Month (its first day)"))
    card = Ids(field_name="card_id", label=_("Card"))
    kind = django_filters.MultipleChoiceFilter(choices=DifferenceKind, label=_("Difference"), distinct=False)
    item = django_filters.MultipleChoiceFilter(choices=BillItem, label=_("Item"), distinct=False)
    state = django_filters.MultipleChoiceFilter(choices=DifferenceState, label=_("State"), distinct=False)
    least = django_filters.NumberFilter(field_name="amount", lookup_expr="gte", label=_("Too much by at least (yuan)"))
    amount = Figures(label=_("Difference"))
    card__isnull = Empty("card", label=_("Card"))

    class Meta:
        model = BillDifference
        fields: tuple[str, ...] = ()


class DisputeFilter(ListFilterSet):
    """Disputes with a carrier, in a state."""

    state = django_filters.MultipleChoiceFilter(choices=DisputeState, label=_("State"), distinct=False)
    carrier = Things(queryset=Carrier.objects.all(), field_name="account__carrier", label=_("Carrier"))
    due_on = Days(label=_("Answer due"))

    class Meta:
        model = Dispute
        fields: tuple[str, ...] = ()
