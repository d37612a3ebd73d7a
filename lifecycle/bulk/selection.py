"""Which cards a bulk job is about: named ones, or all that match the filters of the list at the time it starts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.lists.asking import filters_of, read_usable
from cards.models import Card
from cards.querysets import CardQuerySet
from lifecycle.errors import NothingSelected, SelectionChanged, TooManyCards
from lifecycle.lists import FLEET

MOST = 100_000


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


def selected(selection: Selection, person: User) -> CardQuerySet:
    """Return the cards of a selection that are in the person's scope. ListUnusable where a filter does not fit."""
    if selection.filter is None:
        return Card.objects.visible_to(person).filter(pk__in=list(selection.ids))
    query = QueryDict(filters_of(QueryDict(selection.filter)))
    cards: CardQuerySet = read_usable(FLEET, query, person).filters.qs
    return cards


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
