"""The list of cases: its columns on the page and in files, its filters and sorts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.spreadsheets import ColumnKind
from cardfleet.lists.cells import in_words, number
from cardfleet.lists.registry import Cell, ListColumn, Listing, Reader, Rows, register
from cards.choices import StopReason
from lifecycle.choices import CaseColumn, CaseKind, CaseOutcome, CaseReason, EscalationLevel
from lifecycle.filters import CaseFilter
from lifecycle.models import Case
from lifecycle.playbooks.registry import step_label
from lifecycle.selectors.cases.progress import next_steps, with_column

SORTS: Mapping[str, Sequence[Any]] = {
    "": (F("closed_at").desc(nulls_first=True), F("due_at").asc(nulls_last=True), "-pk"),
    "due": (F("due_at").asc(nulls_last=True), "pk"),
    "-due": (F("due_at").desc(nulls_last=True), "-pk"),
    "opened": ("opened_at", "pk"),
    "-opened": ("-opened_at", "-pk"),
    "kind": ("kind", "-pk"),
    "-kind": ("-kind", "-pk"),
}
REASONS = [*StopReason.choices, *CaseReason.choices]
LEVELS: Any = EscalationLevel.choices
ENDED = ("open", "outcome", "card", "search")


def cases_of(person: User) -> Rows:
    """Return the cases a person sees, each with what it waits for."""
    return with_column(Case.objects.visible_to(person))


def open_ones(cases: Rows, query: QueryDict, _now: datetime) -> Rows:
    """Return what a list shows: without a word of ended cases those that are open."""
    asks_for_ended = str(CaseColumn.ENDED) in query.getlist("column")
    if asks_for_ended or any(query.get(name) for name in ENDED):
        return cases
    return cases.filter(closed_at__isnull=True)


def _steps(case_ids: Sequence[Any], _reader: Reader) -> Sequence[str]:
    steps = next_steps(list(Case.objects.filter(pk__in=case_ids)))
    return [str(step_label(steps[pk])) if pk in steps else "" for pk in case_ids]


CASES = register(
    Listing(
        code="cases",
        label=_("Cases"),
        url_name="lifecycle:cases",
        permission="lifecycle.view_case",
        export_permission="cards.export_card",
        columns=(
            ListColumn(
                code="kind",
                label=_("Case"),
                sort="kind",
                cells=(
                    Cell(title=_("Number of the case"), value="pk", kind=ColumnKind.INTEGER),
                    Cell(title=_("Kind"), value=in_words("kind", CaseKind.choices)),
                    Cell(title=_("Reason"), value=in_words("reason", REASONS)),
                ),
            ),
            ListColumn(
                code="card",
                label=_("Card / holder"),
                cells=(
                    Cell(title="ICCID", value="card__iccid"),
                    Cell(title=_("Number"), value=number("card__msisdn")),
                    Cell(title=_("Carrier"), value="card__carrier__name"),
                    Cell(title=_("Agent"), value="card__holder__name"),
                    Cell(title=_("Team"), value="card__team__name"),
                ),
            ),
            ListColumn(
                code="step",
                label=_("Waits for"),
                cells=(
                    Cell(title=_("Waits for"), value=in_words("column", CaseColumn.choices)),
                    Cell(title=_("Next step"), value="pk", told=_steps),
                ),
            ),
            ListColumn(
                code="due",
                label=_("Deadline"),
                sort="due",
                cells=(Cell(title=_("Deadline"), value="due_at", kind=ColumnKind.DATETIME),),
            ),
            ListColumn(
                code="opened",
                label=_("Opened"),
                sort="opened",
                css="off-phone",
                cells=(
                    Cell(title=_("Opened"), value="opened_at", kind=ColumnKind.DATETIME),
                    Cell(title=_("Opened by"), value="opened_by__name"),
                ),
            ),
            ListColumn(
                code="assignee",
                label=_("Assigned to"),
                cells=(
                    Cell(title=_("Assigned to"), value="assignee__name"),
                    Cell(title=_("Escalation"), value=in_words("level", LEVELS)),
                ),
            ),
            ListColumn(
                code="outcome",
                label=_("Outcome"),
                usual=False,
                cells=(
                    Cell(title=_("Outcome"), value=in_words("outcome", CaseOutcome.choices)),
                    Cell(title=_("Closed"), value="closed_at", kind=ColumnKind.DATETIME),
                ),
            ),
        ),
        filters=CaseFilter,
        in_menu=("kind", "column", "clock", "carrier", "team", "level", "outcome"),
        sorts=SORTS,
        scope=cases_of,
        narrow=open_ones,
        size=25,
        views=(
            (_("Open"), ""),
            (_("Mine"), "mine=true"),
            (_("Late"), "clock=late"),
            (_("Nobody's"), "unassigned=true&open=true"),
            (_("Ended"), "open=false"),
        ),
    )
)
