"""One alert with its history, and what people do about one or many."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cardfleet.kernel.errors import BadInput, NotVisible, Refusal
from cardfleet.lists.asking import read_usable
from lifecycle.forms.alerts import DeedForm
from lifecycle.lists.alerts import ALERTS
from lifecycle.rules.handling import SNOOZES
from lifecycle.selectors.alerts import alert_history, alert_row, alerts_named
from lifecycle.selectors.watchers import handlers
from lifecycle.services.alert_handling import Handled, handle
from lifecycle.views.access import person
from lifecycle.views.alerts import AlertScopeView, row_of

MOST_AT_ONCE = 5000


class AlertView(AlertScopeView):
    """One alert: what it says, who sees to it, what happened to it, and what to do."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        alert = alert_row(self.scope(), pk)
        if alert is None:
            raise Http404
        context = {
            "alert": alert,
            "row": row_of(alert, request),
            "history": alert_history(alert),
            "handles": person(request).has_perm("lifecycle.change_alert"),
            "snoozes": SNOOZES,
            "people": handlers(person(request)),
        }
        return render(request, "lifecycle/alert.html", context)


class DeedView(AlertScopeView):
    """Do something about the alerts that were ticked, or about all that the list shows."""

    permission_required = "lifecycle.change_alert"

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Lead back to the list; a sign-in on the way ends here."""
        return redirect("lifecycle:alerts")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it, and lead back; say of each alert it could not be done with why."""
        form = DeedForm(request.POST, people=handlers(person(request)))
        if not form.is_valid():
            raise BadInput
        asked, ids = form.asked(timezone.now()), self._asked_for(form)
        seen = list(self.scope().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
        if not seen:
            raise NotVisible(message=_("Tick the alerts first; none of yours was chosen."))
        handled = handle(asked=asked, alert_ids=seen, actor=person(request), now=timezone.now())
        if handled.refused:
            return self._refused(handled)
        if not handled.done:
            messages.info(request, _("It was so already; nothing was changed."))
            return redirect(_back(request))
        count = len(handled.done)
        text = ngettext("Done with %(count)s alert.", "Done with %(count)s alerts.", count)
        messages.success(request, text % {"count": count})
        return redirect(_back(request))

    def _asked_for(self, form: DeedForm) -> Sequence[int]:
        if not form.cleaned_data["all_found"]:
            return list(form.cleaned_data["pick"])
        found = read_usable(ALERTS, self.request.GET, person(self.request)).rows(timezone.now())
        return list(found.values_list("pk", flat=True)[:MOST_AT_ONCE])

    def _refused(self, handled: Handled) -> HttpResponse:
        alerts = alerts_named(self.scope(), list(handled.refused)[:MOST_AT_ONCE])
        rows: list[tuple[object, Refusal]] = [(alerts[pk], why) for pk, why in handled.refused.items() if pk in alerts]
        context = {"rows": rows, "done": len(handled.done), "kept": len(handled.kept), "back": _back(self.request)}
        return render(self.request, "lifecycle/alert_refusals.html", context, status=409)


def _back(request: HttpRequest) -> str:
    """Return the page that asked, where it is one of ours."""
    url = request.POST.get("next", "")
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) else "lifecycle:alerts"
