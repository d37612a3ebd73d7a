"""Natural keys: what others know a thing by (`iccid:8986…`), where CardFleet would else want its id.

A queryset names its own in `natural_keys`; whoever asks gives the rows in sight, and finds no others.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.reading import Unreadable


@dataclass(frozen=True, kw_only=True)
class NaturalKey:
    """The column that holds it, how it is read as it is stored, and which row it means where several have had it."""

    column: str
    read: Callable[[str], str]
    means: Q | None = None


def is_natural(rows: QuerySet[Any], text: object) -> bool:
    """Tell whether a text names one of these rows by a natural key, whether or not there is such a row."""
    return isinstance(text, str) and text.partition(":")[0] in keys_of(rows) and ":" in text


def keys_of(rows: QuerySet[Any]) -> Mapping[str, NaturalKey]:
    """Return the natural keys of these rows by their names."""
    keys: Mapping[str, NaturalKey] = getattr(rows, "natural_keys", {})
    return keys


def ids_by_key(rows: QuerySet[Any], texts: Iterable[str]) -> dict[str, int]:
    """Return the ids of rows named by natural keys, one or two queries a kind of key; those not found are left out.

    BadInput where a key names several rows alike.
    """
    asked: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for text in texts:
        name, _colon, value = text.partition(":")
        try:
            asked[name][keys_of(rows)[name].read(value)].append(text)
        except Unreadable:
            continue
    found = {}
    for name, wanted in asked.items():
        for value, pk in _ids(rows, keys_of(rows)[name], name, list(wanted)).items():
            found.update(dict.fromkeys(wanted[value], pk))
    return found


def _ids(rows: QuerySet[Any], key: NaturalKey, name: str, values: list[str]) -> dict[str, int]:
    found = _by_value(rows.filter(**{f"{key.column}__in": values}), key)
    several = [value for value, ids in found.items() if len(ids) > 1]
    if several and key.means is not None:
        found |= _by_value(rows.filter(key.means, **{f"{key.column}__in": several}), key)
    if any(len(ids) > 1 for ids in found.values()):
        message = _("Several had this name one after the other. Give the id of the one you mean.")
        raise BadInput(reasons=[Reason(code="ambiguous_key", message=message, field=name)])
    return {value: ids[0] for value, ids in found.items()}


def _by_value(rows: QuerySet[Any], key: NaturalKey) -> dict[str, list[int]]:
    found = defaultdict(list)
    for value, pk in rows.order_by().values_list(key.column, "pk"):
        found[value].append(pk)
    return dict(found)
