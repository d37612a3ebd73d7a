"""The list of those who leave or left: its columns on the page and in files, its filters and sorts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agents.filters import LeavingFilter
from agents.models import Leaving
from agents.selectors.leaving import with_progress
from cardfleet.accounts.models import User
from cardfleet.kernel.spreadsheets import ColumnKind
from cardfleet.lists.registry import Cell, ListColumn, Listing, Reader, Rows, register

SORTS: Mapping[str, Sequence[Any]] = {
    "": (F("next_due").asc(nulls_last=True), "-leaves_on", "-pk"),
    "day": ("leaves_on", "pk"),
    "-day": ("-leaves_on", "-pk"),
    "name": ("agent__user__name_pinyin", "-pk"),
    "-name": ("-agent__user__name_pinyin", "-pk"),
}
ASKED = ("state", "search", "late", "holding")


def leavings_of(person: User) -> Rows:
    """Return the leavings in a person's scope, each with what is left to do."""
    return with_progress(Leaving.objects.visible_to(person))


def open_ones(leavings: Rows, query: QueryDict, _now: datetime) -> Rows:
    """Return what the list shows: without a word of ended ones those that go on."""
    if any(query.get(name) for name in ASKED):
        return leavings
    return leavings.filter(finished_at__isnull=True, withdrawn_at__isnull=True)


def _states(leaving_ids: Sequence[Any], _reader: Reader) -> Sequence[str]:
    known = Leaving.objects.in_bulk(list(leaving_ids))
    return [str(known[pk].state.label) for pk in leaving_ids]


LEAVERS = register(
    Listing(
        code="leavers",
        label=_("Leavers"),
        url_name="lifecycle:leaving",
        permission="agents.view_leaving",
        export_permission="cards.export_card",
        is_personal=True,
        columns=(
            ListColumn(
                code="agent",
                label=_("Agent"),
                sort="name",
                cells=(
                    Cell(title=_("Staff number"), value="agent__user__staff_no"),
                    Cell(title=_("Name"), value="agent__user__name"),
                    Cell(title=_("Team"), value="agent__user__team__name"),
                ),
            ),
            ListColumn(code="state", label=_("State"), cells=(Cell(title=_("State"), value="pk", told=_states),)),
            ListColumn(
                code="day",
                label=_("Last day"),
                sort="day",
                cells=(Cell(title=_("Last day"), value="leaves_on", kind=ColumnKind.DATE),),
            ),
            ListColumn(
                code="in_hand",
                label=_("Cards to take back"),
                css="num",
                cells=(Cell(title=_("Cards to take back"), value="in_hand", kind=ColumnKind.INTEGER),),
            ),
            ListColumn(
                code="undone",
                label=_("Still to be done"),
                css="num",
                cells=(Cell(title=_("Still to be done"), value="undone", kind=ColumnKind.INTEGER),),
            ),
            ListColumn(
                code="next",
                label=_("Next deadline"),
                cells=(Cell(title=_("Next deadline"), value="next_due", kind=ColumnKind.DATE),),
            ),
        ),
        filters=LeavingFilter,
        in_menu=("team", "state", "late", "holding"),
        sorts=SORTS,
        scope=leavings_of,
        narrow=open_ones,
        size=25,
        views=(
            (_("Open"), ""),
            (_("Late"), "late=true"),
            (_("Notice given"), "state=noticed"),
            (_("Ended"), "state=finished&state=withdrawn"),
        ),
    )
)
