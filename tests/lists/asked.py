"""What the filters of a list are asked for, of what there is in its rows."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import django_filters

from cardfleet.kernel.filtersets import Ids, codes_of
from cards.models import Card

TEXTS = ("5678", "Wang", "A-1", "P-1", "B-2", "+8613912345678", "card_fault", "zzz")
NUMBERS = ("0", "10", "20")
DAYS = ("2026-10-20", "2026-11-05")


def values_of(one: Any, field: Any, rows: Any) -> Iterator[list[str]]:
    """Yield what a filter is asked for, of what there is in the rows."""
    match one:
        case Ids() if one.method:
            yield from ([str(pk)] for pk in Card.objects.values_list("pk", flat=True)[:2])
        case Ids():
            found = rows.order_by().exclude(**{one.field_name: None}).values_list(one.field_name, flat=True).distinct()
            some = [str(pk) for pk in islice(found, 2)]
            yield from ([pk] for pk in some)
            yield some
        case django_filters.BooleanFilter():
            yield from (["true"], ["false"])
        case django_filters.ModelMultipleChoiceFilter():
            names = [str(field.prepare_value(thing)) for thing in field.queryset[:2]]
            yield from ([name] for name in names)
            yield [",".join(names)] if names else []
        case django_filters.MultipleChoiceFilter() | django_filters.ChoiceFilter():
            codes = codes_of(field) or [str(code) for code, _label in field.choices if code]
            yield from ([code] for code in codes)
            if isinstance(one, django_filters.MultipleChoiceFilter):
                yield codes[:2]
                yield [",".join(codes[:2])]
        case django_filters.NumberFilter():
            yield from ([number] for number in NUMBERS)
        case django_filters.DateFilter():
            yield from ([day] for day in (*DAYS, "2026-10-01"))
        case django_filters.IsoDateTimeFilter():
            yield from ([f"{day}T08:00:00+08:00"] for day in DAYS)
        case _:
            yield from ([text] for text in TEXTS)
