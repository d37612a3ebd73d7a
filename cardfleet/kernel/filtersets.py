"""Filters of lists: what each can be asked, the same on a page and in the API, and how an address asks it.

A choice takes several values, repeated or separated by commas (`kind=fault,lost`), and those it shall not have after
an exclamation mark (`kind!=fault`). A moment or day has a `from` and a `before` (`due_after`, `due_before`), a figure
a least and a most (`amount_min`, `amount_max`), and what may be empty tells whether it is (`holder__isnull=true`).
"""

import copy
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import django_filters
from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelMultipleChoiceField
from django_filters.widgets import BooleanWidget

from cardfleet.kernel.errors import BadInput, Reason, Text

NOT = "!"
COMMA = ","
LARGEST_ID = 2**63 - 1
MOST_VALUES = 300
MOST_SIGNS = 8000
MOST_NAMED = 40
SAID = frozenset({"true", "false", "True", "False"})


class FiltersTooDeep(BadInput):
    """An address asks a list for more at once than anybody means."""

    code = "filters_too_deep"
    sentence = _("A list takes up to 300 values at once. Ask in several parts.")


class YesNo(BooleanWidget):  # type: ignore[misc]
    """A question that need not be asked."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.choices: list[tuple[str, Text]] = [("", _("any")), ("true", _("Yes")), ("false", _("No"))]


class IdsField(forms.Field):
    """Some ids, as digits."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> list[int]:
        """Return the ids."""
        return ids_of(value)


class ThingsField(ModelMultipleChoiceField):  # type: ignore[misc]
    """Some things of a menu, by their ids as digits."""

    def clean(self, value: Any) -> list[Any]:
        """Return the things; of those that there are not, or that are out of sight, the id."""
        ids = ids_of(value)
        found = self.queryset.in_bulk(ids)
        return [found.get(one, one) for one in ids]


class Ids(django_filters.MultipleChoiceFilter):  # type: ignore[misc]
    """Things by their ids; one that there is not, or that is out of scope, finds nothing.

    `of` says whose ids these are where the column does not.
    """

    field_class = IdsField

    def __init__(self, *args: Any, of: type[Model] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, distinct=False, **kwargs)
        self.of = of


class Things(Ids, django_filters.ModelMultipleChoiceFilter):  # type: ignore[misc]
    """Things by their ids, with a menu of them."""

    field_class = ThingsField


class Empty(django_filters.BooleanFilter):  # type: ignore[misc]
    """Whether a column is empty; `label` says what stands there."""

    def __init__(self, field_name: str, *, label: Text) -> None:
        super().__init__(field_name, lookup_expr="isnull", label=_said(_("{what}: none"), label))


class Span(django_filters.Filter):  # type: ignore[misc]
    """A column with an order. It is no filter of its own: the filter set has those for its ends in its place."""

    ends: Mapping[str, tuple[str, Text]]
    kind: type[Any]

    def filters(self, name: str) -> Iterator[tuple[str, Any]]:
        """Yield the filters for the ends; `due_at` and `due_on` are asked for as `due`."""
        stem = name.removesuffix("_at").removesuffix("_on") if self.kind is not django_filters.NumberFilter else name
        for end, (lookup, words) in self.ends.items():
            label = _said(words, self.label)
            yield f"{stem}_{end}", self.kind(self.field_name, lookup_expr=lookup, label=label)


class Moments(Span):
    """From a moment on, and before one."""

    kind = django_filters.IsoDateTimeFilter
    ends = {"after": ("gte", _("{what}: from")), "before": ("lt", _("{what}: before"))}


class Days(Moments):
    """From a day on, and before one."""

    kind = django_filters.DateFilter


class Figures(Span):
    """At least, and at most."""

    kind = django_filters.NumberFilter
    ends = {"min": ("gte", _("{what}: at least")), "max": ("lte", _("{what}: at most"))}


class ListFilterSet(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of a list; see the module."""

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        """Return the filters by the names they have in an address."""
        found: dict[str, Any] = {}
        for name, one in super().get_filters().items():
            if isinstance(one, Span):
                found |= {end: made for end, made in one.filters(name) if end not in cls.declared_filters}
            else:
                found[name] = one
            if isinstance(one, django_filters.MultipleChoiceFilter):
                found[f"{name}{NOT}"] = _negated(one)
        for one in found.values():
            _drawn(one)
        return found

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        # An address holds its lists as text; what is asked by name in Python has its values by themselves.
        super().__init__(separated(data, type(self)) if isinstance(data, QueryDict) else data, *args, **kwargs)

    @property
    def menu(self) -> list[Any]:
        """The fields of a page's form: of each filter its own, not what else it can be asked."""
        return [self.form[name] for name in self.form.fields if name in self.declared_filters]

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that fit all that was asked."""
        for name, value in self.form.cleaned_data.items():
            one = self.filters[name]
            if one.method and name.endswith(NOT):
                if value:
                    queryset = queryset.exclude(pk__in=one.filter(queryset, value).order_by().values("pk"))
            else:
                queryset = one.filter(queryset, value)
        return queryset


def ids_of(given: Any) -> list[int]:
    """Return ids that are given as digits; ValidationError where one is none."""
    digits = [one for one in given or () if one]
    if not all(one.isascii() and one.isdigit() and 0 < int(one[:20]) <= LARGEST_ID for one in digits):
        raise forms.ValidationError(_("Give ids as digits."), code="invalid")
    return [int(one) for one in digits]


def _drawn(one: Any) -> None:
    """Let a page ask for a day by its calendar, and a question by yes and no."""
    if isinstance(one, django_filters.BooleanFilter):
        one.extra.setdefault("widget", YesNo)
    elif isinstance(one, django_filters.DateFilter):
        one.extra.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _negated(one: Any) -> Any:
    other = copy.deepcopy(one)
    other.exclude, other.label = True, _said(_("{what}: not"), one.label)
    return other


def _said(words: Any, what: Text | None) -> Any:
    return format_lazy(words, what=what) if what else None


def separated(query: QueryDict, kind: type[Any]) -> QueryDict:
    """Return an address with each value of a list of values by itself. FiltersTooDeep where there are too many."""
    read = query.copy()
    for name, values in query.lists():
        if isinstance(kind.base_filters.get(name), django_filters.MultipleChoiceFilter):
            read.setlist(name, [one for value in values for one in value.split(COMMA)])
    given = [value for _name, values in read.lists() for value in values]
    if len(given) > MOST_VALUES or sum(map(len, given)) > MOST_SIGNS:
        raise FiltersTooDeep
    return read


@lru_cache(maxsize=512)
def narrowed(filterset: type[Any], asked: frozenset[str]) -> Any:
    """Return the filter set with the asked filters alone; each request would copy all the others."""
    kind: Any = type(filterset.__name__, (filterset,), {})
    kind.base_filters = {name: one for name, one in filterset.base_filters.items() if name in asked}
    return kind


def is_said(asked: Any, text: str) -> bool:
    """Tell whether a filter is given something to go by; its form would take what it cannot read for not asked."""
    if isinstance(asked, django_filters.BooleanFilter):
        return text in SAID
    if is_id(asked):
        return text.isascii() and text.isdigit() and 0 < int(text[:20]) <= LARGEST_ID
    return bool(text) or isinstance(asked, django_filters.CharFilter)


def is_id(asked: Any) -> bool:
    """Tell whether a filter is one of ids."""
    is_number = isinstance(asked, django_filters.NumberFilter) and asked.lookup_expr == "exact"
    is_of_one = is_number and asked.field_name.endswith("_id")
    return is_of_one or isinstance(asked, Ids)


def unreadable(name: str) -> Reason:
    """Return the reason that names a filter without a value it can go by."""
    return Reason(
        code="invalid",
        message=_(
            "Give a value that this filter can go by: an id as digits, a question as true or false. Else leave it out."
        ),
        field=name,
    )


def unusable(filterset: Any) -> Iterator[Reason]:
    """Yield a reason for each value that a filter cannot go by, with those it takes where they are few."""
    for name, errors in filterset.form.errors.items():
        field = filterset.form.fields[name]
        given = ",".join(filterset.data.getlist(name))[:MOST_NAMED]
        words = [*map(str, errors), *([_taken(codes)] if (codes := codes_of(field)) else [])]
        yield Reason(code="unusable_value", message=" ".join(words), field=name, value=given)


def codes_of(field: Any) -> list[str]:
    """Return the values that a field of a vocabulary takes; none where it takes things, or too many to be named."""
    has_codes = isinstance(field, forms.ChoiceField) and not hasattr(field, "queryset")
    codes = [str(code) for code, _label in field.choices if code != ""] if has_codes else []
    return codes if len(codes) <= MOST_NAMED else []


def _taken(codes: list[str]) -> str:
    return str(_("Use one of: {names}.")).format(names=", ".join(codes))
