"""The filters over the journal and over the event feed."""

from datetime import date
from decimal import Decimal

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cardfleet.journal.models import SYSTEM, Entry, Seal
from cardfleet.journal.registry import actions
from cardfleet.kernel.clock import day_bounds
from cardfleet.kernel.filtersets import ListFilterSet

# Not looked up: the label that timelines of cards are kept under.
CARD = "cards.card"


class EntryFilter(ListFilterSet):
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


class EventFilter(ListFilterSet):
    """Filters over events; `card`: all that is about it or names it."""

    action = django_filters.MultipleChoiceFilter(
        field_name="entry__action",
        choices=lambda: [(action.code, action.label) for action in actions()],
        distinct=False,
    )
    subject = django_filters.CharFilter(field_name="entry__subject")
    card = django_filters.NumberFilter(method="filter_card", decimal_places=0, min_value=1)
    since = django_filters.IsoDateTimeFilter(field_name="entry__at", lookup_expr="gte")

    class Meta:
        model = Seal
        fields: tuple[str, ...] = ()

    def filter_card(self, seals: QuerySet[Seal], _name: str, value: Decimal) -> QuerySet[Seal]:
        """Return what is about a card."""
        return seals.filter(entry__in=Entry.objects.about(f"{CARD}:{value:f}").values("pk"))
