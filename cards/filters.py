"""The filters of the real-name matrix; all of them live in the address."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.filters import TeamFilter
from cardfleet.kernel.filtersets import Days, Empty, Figures, ListFilterSet, Things
from cards.choices import RegistrantKind
from cards.choices.real_name import RealNameFault
from cards.models import Card, Carrier, Registrant


class RealNameFilter(ListFilterSet):
    """Filters over the matrix; `faulty`: anything is wrong, `fault` what exactly. `team` includes those below it."""

    search = django_filters.CharFilter(method="filter_search", label=_("Last digits, ICCID, name or initials"))
    faulty = django_filters.BooleanFilter(method="filter_faulty", label=_("Something is wrong"))
    fault = django_filters.MultipleChoiceFilter(method="filter_fault", choices=RealNameFault, label=_("What is wrong"))
    kind = django_filters.MultipleChoiceFilter(
        field_name="registrant__kind", choices=RegistrantKind, label=_("Registered to"), distinct=False
    )
    registrant = Things(queryset=Registrant.objects.defer("id_number"), label=_("Registrant"))
    carrier = Things(queryset=Carrier.objects.all(), label=_("Carrier"))
    team = TeamFilter("team")
    on_id = Figures(label=_("On this ID in all"))
    proof_valid = Days("registrant__proof_valid_until", label=_("proof valid until"))
    registrant__isnull = Empty("registrant", label=_("Registrant"))
    actual_user__isnull = Empty("actual_user", label=_("Registered user"))

    class Meta:
        model = Card
        fields: tuple[str, ...] = ()

    def filter_search(self, cards: QuerySet[Card], _name: str, value: str) -> QuerySet[Card]:
        """Return cards matching any of the pasted words."""
        words = value.split()[:50]
        return cards.filter(pk__in=Card.objects.matching(*words).order_by().values("pk")) if words else cards

    def filter_faulty(self, cards: QuerySet[Card], _name: str, value: bool) -> QuerySet[Card]:  # noqa: FBT001
        """Return cards of which something is wrong, or those in order."""
        nothing = Q(("faults__len", 0))
        return cards.exclude(nothing) if value else cards.filter(nothing)

    def filter_fault(self, cards: QuerySet[Card], _name: str, value: list[str]) -> QuerySet[Card]:
        """Return cards with any of the faults."""
        return cards.filter(Q(("faults__overlap", value))) if value else cards
