"""The downtime report of a month: chart, table, files (R41)."""

from datetime import date, timedelta
from functools import partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.clock import business_day, month_start, next_month
from cardfleet.kernel.downloads import download
from cardfleet.kernel.ui import Chart
from lifecycle.choices import DowntimeBy
from lifecycle.exporters.downtime import as_csv, as_xlsx, file_name
from lifecycle.forms.downtime import DowntimeQuery
from lifecycle.selectors.downtime import DowntimeReport, downtime
from lifecycle.services.exports import record_export
from lifecycle.views.access import OfficeView, person


class DowntimeView(OfficeView):
    """What stops cost in a month, by carrier, reason or team."""

    permission_required = "lifecycle.view_case"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show it."""
        report = self.report()
        after = next_month(report.month)
        context = {
            "report": report,
            "chart": chart_of(report),
            "before": month_start(report.month - timedelta(days=1)),
            "after": after if after <= business_day(timezone.now()) else None,
            "groupings": [(each.value, each.label, each == report.by) for each in DowntimeBy],
        }
        return render(request, "lifecycle/downtime.html", context)

    def report(self) -> DowntimeReport:
        """Return the report the address asks for, of the person's scope. BadInput names what cannot be used."""
        now = timezone.now()
        query = DowntimeQuery.read(self.request.GET, today=business_day(now))
        month: date = query["month"]
        return downtime(month, query["by"], user=person(self.request), now=now)


class DowntimeExportView(DowntimeView):
    """The report as CSV or XLSX; that somebody took it is journalled."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the file."""
        report = self.report()
        given = [name for name in ("month", "by") if name in request.GET]
        now, action = timezone.now(), "lifecycle.downtime_exported"
        number = record_export(actor=person(request), filters=given, now=now, action=action)
        name = file_name(report, number, request.GET.get("format") or "csv")
        return download(name, as_csv=partial(as_csv, report), as_xlsx=partial(as_xlsx, report))


def chart_of(report: DowntimeReport) -> Chart:
    """Return the downtime as bars, a group each, in calling hours and outside them."""
    calling = [float(named.row.calling_hours) for named in report.rows]
    other = [round(float(named.row.hours) - inside, 1) for named, inside in zip(report.rows, calling, strict=True)]
    series = ((_("In calling hours"), calling, "tone:red"), (_("Outside calling hours"), other, "tone:gray"))
    return Chart(
        id="downtime",
        title=_("Downtime in hours"),
        option={
            "legend": {},
            "tooltip": {"trigger": "axis"},
            "grid": {"containLabel": True},
            "xAxis": {"type": "category", "data": [named.name for named in report.rows]},
            "yAxis": {"type": "value"},
            "series": [
                {
                    "type": "bar",
                    "barMaxWidth": 64,
                    "stack": "time",
                    "name": name,
                    "data": hours,
                    "itemStyle": {"color": tone},
                }
                for name, hours, tone in series
            ],
        },
        heads=[report.by.label, *[name for name, _hours, _tone in series]],
        rows=[
            [named.name, f"{inside:.1f}", f"{outside:.1f}"]
            for named, inside, outside in zip(report.rows, calling, other, strict=True)
        ],
    )
