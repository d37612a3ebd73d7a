"""Filters of top-ups."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.choices import TopUpChannel, TopUpState
from billing.models import TopUpRequest
from billing.selectors.top_ups import waiting_for
from cardfleet.kernel.filtersets import Empty, Figures, Ids, ListFilterSet, Moments
from cards.models import Card


class TopUpFilter(ListFilterSet):
    """Top-ups of a card, in a state, with a warning, that wait for the person."""

    search = django_filters.CharFilter(method="filter_search", label=_("Last digits, ICCID, name or initials"))
    card = Ids(field_name="card_id", label=_("Card"))
    state = django_filters.MultipleChoiceFilter(choices=TopUpState, label=_("State"), distinct=False)
    channel = django_filters.MultipleChoiceFilter(choices=TopUpChannel, label=_("Paid through"), distinct=False)
    mine = django_filters.BooleanFilter(method="filter_mine", label=_("Waits for me"))
    risky = django_filters.BooleanFilter(method="filter_risky", label=_("With a warning"))
    doubted = django_filters.BooleanFilter(method="filter_doubted", label=_("Not shown by a balance"))
    asked_at = Moments(label=_("Asked at"))
    paid_at = Moments(label=_("Paid at"))
    paid_at__isnull = Empty("paid_at", label=_("Paid at"))
    amount = Figures(label=_("Amount"))

    class Meta:
        model = TopUpRequest
        fields: tuple[str, ...] = ()

    def filter_search(self, asked: QuerySet[TopUpRequest], _name: str, value: str) -> QuerySet[TopUpRequest]:
        """Return the top-ups of the cards that match."""
        return asked.filter(card__in=Card.objects.matching(value).values("pk"))

    def filter_mine(self, asked: QuerySet[TopUpRequest], _name: str, value: bool) -> QuerySet[TopUpRequest]:  # noqa: FBT001 - django-filter's
        """Return what waits for the person, or what does not."""
        mine = waiting_for(self.request.user) if self.request else TopUpRequest.objects.none()
        ids = mine.order_by().values("pk")
        return asked.filter(pk__in=ids) if value else asked.exclude(pk__in=ids)

    def filter_risky(self, asked: QuerySet[TopUpRequest], _name: str, value: bool) -> QuerySet[TopUpRequest]:  # noqa: FBT001 - django-filter's
        """Return the discounted or slow ones, or the others."""
        return asked.exclude(risk="") if value else asked.filter(risk="")

    def filter_doubted(self, asked: QuerySet[TopUpRequest], _name: str, value: bool) -> QuerySet[TopUpRequest]:  # noqa: FBT001 - django-filter's
        """Return those on the account that no balance shows, or the others."""
        doubted = {"state": TopUpState.ARRIVED, "doubted_at__isnull": False}
        return asked.filter(**doubted) if value else asked.exclude(**doubted)
