"""How long cards stood still, how many came back, what it cost: by carrier and reason, with a chart and a file."""

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.downloads import streamed
from cardfleet.kernel.ui import Chart
from lifecycle.exporters.case_figures import as_csv, file_name
from lifecycle.selectors.cases.figures import SPANS, Ended, ended_cases, loss_reports, since
from lifecycle.views.access import person
from lifecycle.views.cases.access import CaseScopeView

BARS = 12


class CaseFiguresView(CaseScopeView):
    """The cases that ended within the last days."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show them, or the file of them."""
        now = timezone.now()
        span = next((days for days in SPANS if str(days) == request.GET.get("days")), SPANS[1])
        start = since(span, now=now)
        rows = ended_cases(person(request), start, now)
        if request.GET.get("form") == "csv":
            return streamed(file_name(business_day(now), span), as_csv(rows))
        return self.shown(rows, span=span, start=start)

    def shown(self, rows: Sequence[Ended], *, span: int, start: datetime) -> HttpResponse:
        """Show the page."""
        context = {
            "rows": rows,
            "span": span,
            "spans": SPANS,
            "start": start,
            "chart": chart_of(rows),
            "reports": loss_reports(person(self.request), start, timezone.now()),
            "may_export": person(self.request).has_perm("cards.export_card"),
        }
        return render(self.request, "lifecycle/cases/figures.html", context)


def chart_of(rows: Sequence[Ended]) -> Chart | None:
    """Return the hours until cards came back as bars, the slowest first; None where none did."""
    timed = sorted((row for row in rows if row.median is not None), key=lambda row: -(row.median or 0))[:BARS]
    if not timed:
        return None
    names = [f"{row.carrier} · {row.reason_label}" for row in timed]
    return Chart(
        id="case-figures",
        title=_("Hours until a card was back, by carrier and reason"),
        option={
            "legend": {},
            "tooltip": {"trigger": "axis"},
            "xAxis": {"type": "value"},
            "yAxis": {"type": "category", "inverse": True, "data": names},
            "grid": {"left": 8, "right": 24, "containLabel": True},
            "series": [
                _bars(_("Median"), "tone:blue", [float(row.median or 0) for row in timed]),
                _bars(_("90 of 100 within"), "tone:orange", [float(row.slowest or 0) for row in timed]),
            ],
        },
        heads=[_("Carrier and reason"), _("Median"), _("90 of 100 within")],
        rows=[[name, f"{row.median}", f"{row.slowest}"] for name, row in zip(names, timed, strict=True)],
    )


def _bars(name: str, tone: str, data: Sequence[float]) -> dict[str, object]:
    return {"type": "bar", "name": name, "data": list(data), "itemStyle": {"color": tone}}
