"""Filters of messages and data by month."""

import django_filters
from django.utils.translation import gettext_lazy as _

from billing.models import BundleUse
from cardfleet.kernel.filtersets import Ids, ListFilterSet


class BundleUseFilter(ListFilterSet):
    """Those of a card, of a month."""

    card = Ids(field_name="card_id", label=_("Card"))
    month = django_filters.DateFilter(label=_("Month (its first day)"))

    class Meta:
        model = BundleUse
        fields: tuple[str, ...] = ()
