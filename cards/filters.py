"""The filters of the real-name matrix; all of them live in the address."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team
from cards.choices import RegistrantKind
from cards.choices.real_name import RealNameFault
from cards.models import Card, Carrier, Registrant


def teams_in_scope(request: Any) -> QuerySet[Team]:
    """Return the teams the asking person may choose from; all of them where nobody asks."""
    return Team.objects.all() if request is None else Team.objects.visible_to(request.user)


class RealNameFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters over the matrix; `faulty`: anything is wrong, `fault` what exactly. `team` includes those below it."""

    search = django_filters.CharFilter(method="filter_search", label=_("Last digits, ICCID, name or initials"))
    faulty = django_filters.BooleanFilter(method="filter_faulty", label=_("Something is wrong"))
    fault = django_filters.MultipleChoiceFilter(method="filter_fault", choices=RealNameFault, label=_("What is wrong"))
    kind = django_filters.ChoiceFilter(field_name="registrant__kind", choices=RegistrantKind, label=_("Registered to"))
    registrant = django_filters.ModelChoiceFilter(queryset=Registrant.objects.defer("id_number"), label=_("Registrant"))
    carrier = django_filters.ModelMultipleChoiceFilter(queryset=Carrier.objects.all(), label=_("Carrier"))
    team = django_filters.ModelChoiceFilter(queryset=teams_in_scope, method="filter_team", label=_("Team"))

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

    def filter_team(self, cards: QuerySet[Card], _name: str, value: Team) -> QuerySet[Card]:
        """Return cards of a team and the teams below it."""
        return cards.filter(team__in=Team.objects.within(value))
