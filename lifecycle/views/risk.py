"""Risk over teams and carriers, and of one card over time."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.ui import Chart
from lifecycle.models import RiskDay
from lifecycle.rules.risk import HIGH_FROM
from lifecycle.selectors.risk_groups import GROUPS, risk_groups
from lifecycle.views.access import OfficeView

LABELS = {"team": gettext_lazy("Team"), "carrier": gettext_lazy("Carrier")}


class RiskGroupsView(OfficeView):
    """How near the cards of each team or carrier are to a stop."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the table."""
        by = request.GET.get("by", "")
        by = by if by in GROUPS else GROUPS[0]
        rows = risk_groups(self.cards(), by=by, today=business_day(timezone.now()))
        groupings = [(value, label, value == by) for value, label in LABELS.items()]
        return render(
            request, "lifecycle/risk_groups.html", {"rows": rows, "by": by, "head": LABELS[by], "groupings": groupings}
        )


def trend_chart(days: Sequence[RiskDay]) -> Chart:
    """Return the chart of a card's last scores, given newest first, with its table."""
    ordered = list(reversed(days))
    return Chart(
        id="risk-trend",
        title=_("Risk by day"),
        option={
            "xAxis": {"type": "category", "data": [f"{day.day:%m-%d}" for day in ordered]},
            "yAxis": {"type": "value", "min": 0, "max": 100},
            "tooltip": {"trigger": "axis"},
            "series": [
                {
                    "type": "line",
                    "name": _("Risk of suspension"),
                    "data": [day.score for day in ordered],
                    "itemStyle": {"color": "tone:red"},
                    "markLine": {"silent": True, "symbol": "none", "data": [{"yAxis": HIGH_FROM}]},
                }
            ],
        },
        heads=[_("Day"), _("Risk of suspension")],
        rows=[[f"{day.day:%Y-%m-%d}", day.score] for day in days],
    )
