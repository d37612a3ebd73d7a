"""Which cards a bulk job is about: named ones, or all that match the filters of the list at the time it starts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import BadInput, Reason
from cards.models import Card
from cards.querysets import CardQuerySet
from lifecycle.errors import NothingSelected, SelectionChanged, TooManyCards
from lifecycle.filters import FleetFilter

MOST = 100_000
OF_THE_PAGE = frozenset({"page", "size", "sort", "page_size", "view", "columns"})


@dataclass(frozen=True)
class Asker:
    """Stands for a request where filters look who asks."""

    user: User


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Cards by id, or by the query string of the list; `shown` is the number the person agreed to."""

    ids: Sequence[int] = ()
    filter: str | None = None
    shown: int | None = None

    def as_params(self) -> dict[str, Any]:
        """Return it as parameters of a job."""
        if self.filter is None:
            return {"ids": list(self.ids)}
        return {"filter": self.filter, "shown": self.shown}


def named(values: Iterable[str]) -> Selection:
    """Return the selection of ids as an address or a form carries them, each once; BadInput for what is none."""
    ids = [part.strip() for value in values for part in value.split(",") if part.strip()]
    for text in ids:
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            message = _("This is not the id of a card.")
            raise BadInput(reasons=[Reason(code="card", field="ids", value=text[:40], message=message)])
    return Selection(ids=list(dict.fromkeys(int(text) for text in ids)))


def as_filter(query: QueryDict) -> str:
    """Return the filters of a list's address, as a selection carries them: without its page, order and columns."""
    plain = query.copy()
    for name in [name for name in plain if name in OF_THE_PAGE or not any(plain.getlist(name))]:
        del plain[name]
    return plain.urlencode()


def selected(selection: Selection, person: User) -> CardQuerySet:
    """Return the cards of a selection that are in the person's scope. BadInput where a filter cannot be used."""
    scope = Card.objects.visible_to(person)
    if selection.filter is None:
        return scope.filter(pk__in=list(selection.ids))
    query = QueryDict(as_filter(QueryDict(selection.filter)))
    filters = FleetFilter(query, queryset=scope, request=Asker(person))
    if unknown := set(query) - set(filters.filters):
        message = _("The list has no such filter.")
        raise BadInput(reasons=[Reason(code="unknown_filter", field=name, message=message) for name in sorted(unknown)])
    if not filters.is_valid():
        raise BadInput(reasons=[_fault(name, texts) for name, texts in filters.form.errors.items()])
    return filters.qs  # type: ignore[no-any-return]


def resolve(selection: Selection, person: User) -> list[int]:
    """Return the ids that a job is to do, now. Named ones stay as they are: each is answered for in the result.

    NothingSelected, TooManyCards; SelectionChanged where the filters match another number than was shown.
    """
    if selection.filter is None:
        ids = list(selection.ids)
    else:
        ids = list(selected(selection, person).order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    refuse_number(len(ids), selection.shown)
    return ids


def refuse_number(found: int, shown: int | None) -> None:
    """Refuse a number of cards no job takes, or another than the person saw."""
    if shown is not None and found != shown:
        text = _("%(shown)s cards were shown and %(found)s match now. Nothing was done. Look again, then start anew.")
        raise SelectionChanged(message=text % {"shown": shown, "found": found}, context={"found": found})
    if not found:
        raise NothingSelected
    if found > MOST:
        text = _("These are more than %(most)s cards. Narrow the filters and do it in parts.")
        raise TooManyCards(message=text % {"most": MOST})


def _fault(name: str, texts: Sequence[Any]) -> Reason:
    return Reason(code="filter", field=name, message=" ".join(str(text) for text in texts))
