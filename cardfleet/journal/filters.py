"""The filters over the journal."""

from datetime import date

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cardfleet.journal.models import SYSTEM, Entry
from cardfleet.journal.registry import actions
from cardfleet.kernel.clock import day_bounds


class EntryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters over entries; `search` finds who did it, or the subject as `cards.card:7`."""

    search = django_filters.CharFilter(method="filter_search", label=_("Who, or cards.card:7"))
    action = django_filters.ChoiceFilter(
        choices=lambda: [(action.code, action.label) for action in actions()], label=_("Action")
    )
    since = django_filters.DateFilter(method="filter_since", label=_("From day"))
    until = django_filters.DateFilter(method="filter_until", label=_("To day"))

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ()

    def filter_search(self, entries: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        """Return what somebody did, or what was done to a subject."""
        about = Q(subject=value) | Q(related__contains=[value])
        who = Q(actor=None) if value == SYSTEM else Q(actor__username__iexact=value) | Q(actor__name=value)
        return entries.filter(about | who)

    def filter_since(self, entries: QuerySet[Entry], _name: str, value: date) -> QuerySet[Entry]:
        """Return what was done on a Shanghai day or later."""
        return entries.filter(at__gte=day_bounds(value)[0])

    def filter_until(self, entries: QuerySet[Entry], _name: str, value: date) -> QuerySet[Entry]:
        """Return what was done on a Shanghai day or before."""
        return entries.filter(at__lt=day_bounds(value)[1])
