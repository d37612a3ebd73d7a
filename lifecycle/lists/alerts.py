"""The list of alerts: its columns on the page and in files, its filters and sorts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce, JSONObject
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.spreadsheets import ColumnKind
from cardfleet.lists.cells import in_words, number
from cardfleet.lists.registry import Cell, ListColumn, Listing, Reader, Rows, register
from cards.choices import Severity
from lifecycle.choices import AlertKind, AlertState
from lifecycle.filters import AlertFilter
from lifecycle.models import Alert
from lifecycle.rules.texts import render
from lifecycle.selectors.alerts import SORTS

GROUPED = ("group", "notice")


def alerts_of(person: User) -> Rows:
    """Return the alerts in a person's scope."""
    return Alert.objects.visible_to(person)


def waiting(alerts: Any, query: QueryDict, now: datetime) -> Rows:
    """Return what a list shows: without a state those that wait, are open and do not rest; grouped ones apart."""
    if not query.getlist("state"):
        alerts = alerts.open()
    if not query.get("state") and not query.get("resting"):
        alerts = alerts.awake(now)
    if not any(query.get(name) for name in ("state", "resting", "mine", "card", *GROUPED)):
        alerts = alerts.filter(group__isnull=True)
    found: Rows = alerts
    return found


def _sentences(stored: Sequence[Any], _reader: Reader) -> Sequence[str]:
    return [render(one["code"], one["params"]) for one in stored]


ALERTS = register(
    Listing(
        code="alerts",
        label=_("Alerts"),
        url_name="lifecycle:alerts",
        permission="lifecycle.view_fleet",
        export_permission="cards.export_card",
        columns=(
            ListColumn(
                code="kind",
                label=_("Kind"),
                cells=(
                    Cell(title=_("Kind"), value=in_words("kind", AlertKind.choices)),
                    Cell(title=_("Severity"), value=in_words("severity", Severity.choices)),
                ),
            ),
            ListColumn(
                code="card",
                label=_("Card / holder"),
                cells=(
                    Cell(title="ICCID", value="card__iccid"),
                    Cell(title=_("Number"), value=number("card__msisdn")),
                    Cell(title=_("Agent"), value=Coalesce(F("agent__user__name"), F("card__holder__name"))),
                    Cell(title=_("Team"), value=Coalesce(F("card__team__name"), F("agent__user__team__name"))),
                ),
            ),
            ListColumn(
                code="fact",
                label=_("What and why"),
                cells=(Cell(title=_("What and why"), value=JSONObject(code="code", params="params"), told=_sentences),),
            ),
            ListColumn(
                code="due",
                label=_("Deadline"),
                sort="due",
                cells=(Cell(title=_("Deadline"), value="due_at", kind=ColumnKind.DATETIME),),
            ),
            ListColumn(
                code="since",
                label=_("Since"),
                sort="since",
                css="off-phone",
                cells=(
                    Cell(title=_("Since"), value="first_seen_at", kind=ColumnKind.DATETIME),
                    Cell(title=_("last seen"), value="last_seen_at", kind=ColumnKind.DATETIME),
                ),
            ),
            ListColumn(
                code="state",
                label=_("State"),
                cells=(
                    Cell(title=_("State"), value=in_words("state", AlertState.choices)),
                    Cell(title=_("Seen to by"), value="acknowledged_by__name"),
                    Cell(title=_("Assigned to"), value="assignee__name"),
                    Cell(title=_("Closed"), value="closed_at", kind=ColumnKind.DATETIME),
                ),
            ),
            ListColumn(code="act", label=_("Next step")),
        ),
        filters=AlertFilter,
        in_menu=("kind", "severity", "team", "due"),
        sorts=SORTS,
        scope=alerts_of,
        narrow=waiting,
        size=25,
    )
)
