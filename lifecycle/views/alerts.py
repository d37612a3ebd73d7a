"""Alerts: what is open, why, until when, who sees to it, and what became of those that are closed."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.accounts.models import User
from cardfleet.lists.asking import Asked, read
from cardfleet.lists.registry import ListColumn, Reader
from cardfleet.lists.selectors.views import ALL, Tab
from cardfleet.lists.views.page import ListPage
from lifecycle.choices import AlertState
from lifecycle.lists.alerts import ALERTS
from lifecycle.models import Alert
from lifecycle.querysets import AlertQuerySet
from lifecycle.rules.handling import SNOOZES
from lifecycle.rules.priority import next_action
from lifecycle.selectors.alerts import alert_page, alert_row, state_counts
from lifecycle.selectors.notices import open_groups
from lifecycle.selectors.watchers import handlers
from lifecycle.services.alert_handling import acknowledge
from lifecycle.views.access import OfficeView, person
from lifecycle.views.steps import Step, steps


class AlertScopeView(OfficeView):
    """A page about the alerts of a person's scope."""

    def scope(self) -> AlertQuerySet:
        """Return the alerts the person sees."""
        return Alert.objects.visible_to(person(self.request))


class AlertsView(ListPage):
    """Alerts, filtered by the address; without a state those that wait."""

    listing = ALERTS
    template_name = "lifecycle/alerts.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of alerts, each with its next action, and the groups above them."""
        query, who, scope = asked.query, reader.person, Alert.objects.visible_to(reader.person)
        page = alert_page(asked.rows(reader.now), number=query.get("page", "1"), size=asked.size, sort=asked.sort)
        return {
            "rows": rows_of(page.object_list, who),
            "page_obj": page,
            "handles": who.has_perm("lifecycle.change_alert"),
            "snoozes": SNOOZES,
            "people": handlers(who),
            "groups": [] if asked.is_filtered else open_groups(scope.awake(reader.now)),
        }

    def tabs(self, asked: Asked, reader: Reader) -> list[Tab]:
        """Return the tabs everybody has, with how many alerts each shows in scope."""
        return own_tabs(asked.query, state_counts(Alert.objects.visible_to(reader.person), reader.person, reader.now))


class AcknowledgeView(AlertScopeView):
    """Say that one sees to an alert."""

    permission_required = "lifecycle.change_alert"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead back to the list; a sign-in on the way ends here."""
        return redirect("lifecycle:alerts")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it, and answer the row as it is now, or the list."""
        if not self.scope().filter(pk=pk).exists():
            raise Http404
        acknowledge(alert_ids=[pk], actor=person(request), now=timezone.now()).only()
        if not request.headers.get("HX-Request"):
            messages.success(request, _("You see to it; the alert stays until its cause is gone."))
            return redirect("lifecycle:alerts")
        alert = alert_row(self.scope(), pk)
        if alert is None:
            raise Http404
        context = {"row": row_of(alert, request), "handles": True, "columns": columns_shown(request)}
        return render(request, "lifecycle/alert_row.html", context)


def row_of(alert: Alert, request: HttpRequest) -> Step:
    """Return an alert with its one next action for this person."""
    (row,) = rows_of([alert], person(request))
    return row


def rows_of(alerts: Iterable[Alert], who: User) -> list[Step]:
    """Return alerts, each with its one next action for a person."""
    return steps(((alert, next_action(alert.kind, stop_reason=_stop_reason(alert))) for alert in alerts), who)


def _stop_reason(alert: Alert) -> str:
    return alert.card.stop_reason if alert.card else ""


def columns_shown(request: HttpRequest) -> Sequence[ListColumn]:
    """Return the columns of the list that a row is put back into, as its address has them."""
    address = urlsplit(request.headers.get("HX-Current-URL", "")).query
    return read(ALERTS, QueryDict(address), person(request)).columns


def own_tabs(query: QueryDict, counts: dict[str, int]) -> list[Tab]:
    """Return the views of the same list, each with its address and how many there are in scope."""
    named = [
        ({}, _("Open"), counts["standing"]),
        ({"mine": "true"}, _("Mine"), counts["mine"]),
        ({"state": str(AlertState.ACKNOWLEDGED)}, _("Somebody sees to it"), counts["acknowledged"]),
        ({"resting": "true"}, _("Snoozed"), counts["resting"]),
        ({"state": str(AlertState.CLOSED)}, _("Closed"), counts["closed"]),
    ]
    return [
        Tab(url=_with(query, shown), label=label, count=count, current=not _saved(query) and _shown(query) == shown)
        for shown, label, count in named
    ]


TAB_KEYS = ("state", "mine", "resting")


def _saved(query: QueryDict) -> bool:
    return query.get("view", ALL) != ALL


def _shown(query: QueryDict) -> dict[str, str]:
    return {key: value for key in TAB_KEYS if (value := query.get(key, ""))}


def _with(query: QueryDict, shown: dict[str, str]) -> str:
    changed = query.copy()
    for key in ("page", "view", *TAB_KEYS):
        changed.pop(key, None)
    changed.update(shown)
    return f"?{changed.urlencode() or f'view={ALL}'}"
