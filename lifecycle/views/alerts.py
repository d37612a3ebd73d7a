"""Alerts: what is open, why, until when, who sees to it, and what became of those that are closed."""

from typing import Any, cast

from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cardfleet.kernel.ui import Column
from lifecycle.choices import AlertState
from lifecycle.filters import AlertFilter
from lifecycle.models import Alert
from lifecycle.querysets import AlertQuerySet
from lifecycle.rules.handling import SNOOZES
from lifecycle.rules.priority import next_action
from lifecycle.selectors.alerts import alert_page, alert_row, state_counts
from lifecycle.selectors.notices import open_groups
from lifecycle.selectors.watchers import handlers
from lifecycle.services.alert_handling import acknowledge
from lifecycle.views.access import OfficeView, person
from lifecycle.views.steps import Step, step

COLUMNS = [
    Column(label=gettext_lazy("Kind")),
    Column(label=gettext_lazy("Card / holder")),
    Column(label=gettext_lazy("What and why")),
    Column(label=gettext_lazy("Deadline"), sort="due"),
    Column(label=gettext_lazy("Since"), sort="since", css="off-phone"),
    Column(label=gettext_lazy("State")),
    Column(label=gettext_lazy("Next step")),
]
SIZE = 25
GROUPED = ("group", "notice")
CHOOSERS = ("kind", "severity", "team", "due")


class AlertScopeView(OfficeView):
    """A page about the alerts of a person's scope."""

    def scope(self) -> AlertQuerySet:
        """Return the alerts the person sees."""
        return Alert.objects.visible_to(person(self.request))

    def found(self, filters: AlertFilter) -> AlertQuerySet:
        """Return what a list shows for usable filters: without a state those that wait, are open and do not rest."""
        query, found = self.request.GET, filters.qs
        if not query.getlist("state"):
            found = found.open()
        if not query.get("state") and not query.get("resting"):
            found = found.awake(timezone.now())
        if not any(query.get(name) for name in ("state", "resting", "mine", "card", *GROUPED)):
            found = found.filter(group__isnull=True)
        return cast("AlertQuerySet", found)


class AlertsView(AlertScopeView):
    """Alerts, filtered by the address; without a state those that wait."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one page of the list."""
        filters = AlertFilter(request.GET, queryset=self.scope(), request=request)
        usable = filters.is_valid()
        found = self.found(filters) if usable else self.scope().none()
        page = alert_page(found, number=request.GET.get("page", "1"), size=SIZE, sort=request.GET.get("sort", ""))
        context = {
            "filters": filters,
            "choosers": [chooser(filters.form[name], request.GET.getlist(name)) for name in CHOOSERS],
            "is_filtered": any(request.GET.get(name) for name in (*CHOOSERS, *GROUPED, "card")),
            "rows": [row_of(alert, request) for alert in page.object_list],
            "page_obj": page,
            "columns": COLUMNS,
            "views": views(request.GET, state_counts(self.scope(), person(request), timezone.now())),
            "handles": person(request).has_perm("lifecycle.change_alert"),
            "snoozes": SNOOZES,
            "people": handlers(person(request)),
            "groups": [] if request.GET else open_groups(self.scope().awake(timezone.now())),
        }
        return render(request, "lifecycle/alerts.html", context, status=200 if usable else 400)


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
        context = {"row": row_of(alert, request), "handles": True}
        return render(request, "lifecycle/alert_row.html", context)


def row_of(alert: Alert, request: HttpRequest) -> Step:
    """Return an alert with its one next action for this person."""
    reason = alert.card.stop_reason if alert.card else ""
    return step(alert, next_action(alert.kind, stop_reason=reason), person(request))


def chooser(field: BoundField, chosen: list[str]) -> dict[str, Any]:
    """Return a filter as a list of options of which one may be chosen."""
    options = [(str(value), text) for value, text in field.field.choices if str(value)]  # type: ignore[attr-defined]
    return {"name": field.name, "label": field.label, "options": options, "chosen": chosen}


def views(query: QueryDict, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return the views of the same list, each with its address and how many there are in scope."""
    named = [
        ({}, _("Open"), counts["standing"]),
        ({"mine": "true"}, _("Mine"), counts["mine"]),
        ({"state": str(AlertState.ACKNOWLEDGED)}, _("Somebody sees to it"), counts["acknowledged"]),
        ({"resting": "true"}, _("Snoozed"), counts["resting"]),
        ({"state": str(AlertState.CLOSED)}, _("Closed"), counts["closed"]),
    ]
    return [
        {"url": _with(query, shown), "label": label, "count": count, "current": _shown(query) == shown}
        for shown, label, count in named
    ]


VIEW_KEYS = ("state", "mine", "resting")


def _shown(query: QueryDict) -> dict[str, str]:
    return {key: value for key in VIEW_KEYS if (value := query.get(key, ""))}


def _with(query: QueryDict, shown: dict[str, str]) -> str:
    changed = query.copy()
    for key in ("page", *VIEW_KEYS):
        changed.pop(key, None)
    changed.update(shown)
    return f"?{changed.urlencode()}"
