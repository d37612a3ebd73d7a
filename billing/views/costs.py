"""What a month cost: the page, its trend, its exports (R13, R66)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.exporters.costs import as_csv, as_xlsx, file_name
from billing.forms.costs import CostPageQuery
from billing.selectors.batches import stored_last
from billing.selectors.cost_rows import BY_LABELS, CostBy, CostReport
from billing.selectors.costs import month_costs
from billing.services.exports import record_cost_export
from billing.views.access import MoneyView, person
from cardfleet.accounts.counted import Kept, kept
from cardfleet.kernel.clock import business_day, month_start, next_month
from cardfleet.kernel.downloads import download
from cardfleet.kernel.money import ZERO
from cardfleet.kernel.ui import Chart

TREND_MONTHS = 6
KEPT_S = 300
# Rows of a page; the export has all.
SHOWN = 200
TONES = ("blue", "azure", "green", "cyan", "purple", "pink", "yellow", "orange", "red")


class CostView(MoneyView):
    """The cost report of a month."""

    permission_required = "billing.view_costs"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the report, beside the month before."""
        month, by = self.asked()
        counted = self.counted(month, by)
        report = counted.made
        before = self.counted(month_start(month - timedelta(days=1)), CostBy.TEAM).made
        context = {
            "report": report,
            "before": before,
            "counted_at": counted.at if counted.at < self.now else None,
            "change": _change(report.total.total, before.total.total),
            "mean": report.total.total / report.total.cards if report.total.cards else ZERO,
            "idle": report.idle,
            "after": next_month(month),
            "today": business_day(timezone.now()),
            "groupings": [(each.value, BY_LABELS[each], each == by) for each in CostBy],
            "links_cards": by == CostBy.CARD,
        }
        return render(request, "billing/costs.html", context)

    def asked(self) -> tuple[date, CostBy]:
        """Return the month and grouping of the address. BadInput names what cannot be used."""
        query = CostPageQuery.read(self.request.GET, today=business_day(timezone.now()))
        return query["month"], query["by"]

    @cached_property
    def now(self) -> datetime:
        """When it was asked."""
        return timezone.now()

    def counted(self, month: date, by: CostBy) -> Kept[CostReport]:
        """Return the report of the person's scope as the page shows it; the same for minutes unless calls came in."""
        return kept(
            f"costs-{month:%Y-%m}-{by}",
            person(self.request),
            lambda: self.shown(month, by),
            seconds=KEPT_S,
            now=self.now,
            told=(business_day(self.now), stored_last()),
            anew="anew" in self.request.GET,
        )

    def shown(self, month: date, by: CostBy) -> tuple[CostReport, int]:
        """Return the report with its dearest rows, and how many cards it counts."""
        report = self.report(month, by)
        return report.shortened(SHOWN), report.total.cards

    def report(self, month: date, by: CostBy) -> CostReport:
        """Return the whole report of the person's scope."""
        return month_costs(month, by, user=person(self.request))


class CostTrendView(CostView):
    """The last six months by team, loaded after the page."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the chart and its table."""
        month, _by = self.asked()
        months = [month]
        while len(months) < TREND_MONTHS:
            months.insert(0, month_start(months[0] - timedelta(days=1)))
        reports = [self.counted(each, CostBy.TEAM).made for each in months]
        return render(request, "billing/costs_trend.html", {"chart": trend_chart(reports)})


class CostExportView(CostView):
    """The report as CSV or XLSX; that somebody took it is journalled."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the file."""
        month, by = self.asked()
        report = self.report(month, by)
        record_cost_export(month=report.month, by=by, actor=person(request), now=timezone.now())
        name = file_name(report, request.GET.get("format") or "csv")
        return download(name, as_csv=partial(as_csv, report), as_xlsx=partial(as_xlsx, report))


def trend_chart(reports: Sequence[CostReport]) -> Chart:
    """Return the months as stacked bars, a layer a team, with their table."""
    names = {row.key: row.name for report in reports for row in report.rows}
    keys = sorted(names, key=lambda key: (key is None, names[key]))
    sums = [{row.key: row.total for row in report.rows} for report in reports]
    return Chart(
        id="cost-trend",
        title=_("Cost of the last six months by team"),
        option={
            "legend": {},
            "tooltip": {"trigger": "axis"},
            "xAxis": {"type": "category", "data": [f"{report.month:%Y-%m}" for report in reports]},
            "yAxis": {"type": "value"},
            "series": [
                {
                    "type": "bar",
                    "stack": "cost",
                    "name": names[key],
                    "data": [float(month.get(key, ZERO)) for month in sums],
                    "itemStyle": {"color": "tone:gray" if key is None else f"tone:{TONES[index % len(TONES)]}"},
                }
                for index, key in enumerate(keys)
            ],
        },
        heads=[_("Month"), *[names[key] for key in keys], _("Total")],
        rows=[
            [f"{report.month:%Y-%m}", *[f"{month.get(key, ZERO):,.2f}" for key in keys], f"{report.total.total:,.2f}"]
            for report, month in zip(reports, sums, strict=True)
        ],
    )


def _change(now: Decimal, before: Decimal) -> str:
    """Return how much more this month is, in per cent, or nothing where there is nothing to compare with."""
    return f"{(now - before) / before * 100:+.1f}%" if before else ""
