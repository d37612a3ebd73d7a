"""What a kept view of the cost report may say: the same words as its page."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from billing.selectors.cost_rows import BY_LABELS, VIEW_LABELS, CostBy, Figures
from cardfleet.kernel.clock import parse_month
from cardfleet.kernel.filtersets import ListFilterSet
from cards.models import Card

GROUPINGS = [(by.value, BY_LABELS[by]) for by in CostBy]
LAST = "last"


def check_month(text: str) -> None:
    """Refuse what is no month: 2026-10, or `last` for the month before."""
    try:
        parse_month(text if text != LAST else "2000-01")
    except ValueError as error:
        raise forms.ValidationError(_("Write a month like 2026-10."), code="month") from error


class CostFilter(ListFilterSet):
    """A month, a grouping and what it is narrowed to; the report itself is reckoned, not filtered."""

    month = django_filters.CharFilter(method="whole", label=_("Month"), validators=[check_month])
    against = django_filters.CharFilter(method="whole", label=_("Compared with"), validators=[check_month])
    by = django_filters.ChoiceFilter(method="whole", label=_("By"), choices=GROUPINGS)
    of = django_filters.ChoiceFilter(method="whole", label=_("Part of"), choices=GROUPINGS)
    key = django_filters.CharFilter(method="whole", label=_("Group of the report"))
    figures = django_filters.ChoiceFilter(
        method="whole", label=_("Figures"), choices=[(each.value, VIEW_LABELS[each]) for each in Figures]
    )

    class Meta:
        model = Card
        fields: tuple[str, ...] = ()

    def whole(self, rows: Any, _name: str, _value: Any) -> Any:
        """Return the rows as they are."""
        return rows
