"""The carrier scorecard: a chart and its table for a month (R43)."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cardfleet.kernel.clock import business_day, month_start, next_month, parse_month
from cardfleet.kernel.errors import BadInput, Reason, Text
from cardfleet.kernel.ui import Chart
from lifecycle.selectors.kept import kept_scores
from lifecycle.selectors.scorecard import Score
from lifecycle.views.access import OfficeView, person

RATES: Sequence[tuple[Text, str, Callable[[Score], Decimal]]] = (
    (gettext_lazy("Stop rate %"), "tone:red", lambda score: score.stop_rate),
    (gettext_lazy("Downtime %"), "tone:orange", lambda score: score.downtime),
    (gettext_lazy("Fault rate %"), "tone:purple", lambda score: score.fault_rate),
    (gettext_lazy("Complaints per 100 cards"), "tone:yellow", lambda score: score.complaint_rate),
)


class CarriersView(OfficeView):
    """How reliable and how dear each carrier was."""

    permission_required = "billing.view_costs"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a month; without one the present."""
        now = timezone.now()
        month = _month(request.GET.get("month", ""), business_day(now))
        counted = kept_scores(person(request), month=month, now=now, anew="anew" in request.GET)
        scores = counted.made
        context = {
            "scores": scores,
            "chart": chart_of(scores),
            "month": month,
            "counted_at": counted.at if counted.at < now else None,
            "before": month_start(month - timedelta(days=1)),
            "after": next_month(month) if next_month(month) <= business_day(now) else None,
        }
        return render(request, "lifecycle/carriers.html", context)


def _month(text: str, today: date) -> date:
    if not text:
        return month_start(today)
    try:
        return parse_month(text)
    except ValueError as error:
        message = _("This is not a month. Write it as 2026-11.")
        raise BadInput(reasons=[Reason(code="not_a_month", field="month", message=message, value=text)]) from error


def chart_of(scores: Sequence[Score]) -> Chart:
    """Return the rates as bars side by side, a group a carrier."""
    return Chart(
        id="carriers",
        title=_("Reliability by carrier"),
        option={
            "legend": {},
            "tooltip": {"trigger": "axis"},
            "xAxis": {"type": "category", "data": [score.carrier.name for score in scores]},
            "yAxis": {"type": "value"},
            "series": [
                {
                    "type": "bar",
                    "name": str(name),
                    "data": [float(rate(score)) for score in scores],
                    "itemStyle": {"color": tone},
                }
                for name, tone, rate in RATES
            ],
        },
        heads=[_("Carrier"), *[name for name, _tone, _rate in RATES]],
        rows=[[score.carrier.name, *[f"{rate(score)}" for _name, _tone, rate in RATES]] for score in scores],
    )
