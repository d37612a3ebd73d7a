"""What a month cost: the page, its trend, its exports (R13, R66)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.exporters.cost_columns import CostColumn, columns_shown
from billing.exporters.costs import as_answer
from billing.forms.costs import CostPageQuery
from billing.rules.budgets import per_cent
from billing.selectors.budgets import of_month
from billing.selectors.closing import is_closed
from billing.selectors.cost_report import Wanted, cost_report, part_name
from billing.selectors.cost_rows import BY_LABELS, VIEW_LABELS, CostBy, CostReport, CostRow, Figures
from billing.selectors.kept_costs import cost_trend, kept_report, month_before
from billing.services.exports import COSTS, record_cost_export
from billing.views.access import MoneyView, person
from cardfleet.kernel.clock import business_day, month_bounds, next_month
from cardfleet.kernel.money import ZERO
from cardfleet.kernel.spreadsheets import ColumnKind
from cardfleet.kernel.templatetags.figures import amount, figure
from cardfleet.kernel.ui import Chart

TONES = ("blue", "azure", "green", "cyan", "purple", "pink", "yellow", "orange", "red")


class CostView(MoneyView):
    """The cost report of a month."""

    permission_required = "billing.view_costs"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the report, beside the month before."""
        wanted, shown = self.wanted(), self.query["figures"]
        counted = kept_report(wanted, **self.by)
        report = counted.made
        before = kept_report(Wanted(month=month_before(wanted.month)), **self.by).made
        columns = columns_shown(report, shown)
        held_against = None if wanted.part else of_month(person(request), today=wanted.month)
        context = {
            "report": report,
            "before": before,
            "counted_at": counted.at if counted.at < self.now else None,
            "change": _change(report.total.total, before.total.total),
            "mean": report.total.total / report.total.cards if report.total.cards else ZERO,
            "idle": report.idle,
            "after": next_month(wanted.month),
            "today": business_day(self.now),
            "groupings": [(each.value, BY_LABELS[each], each == wanted.by) for each in CostBy],
            "figures": [(each.value, VIEW_LABELS[each], each == shown) for each in Figures],
            "columns": columns,
            "rows": [(row, cells_of(row, columns)) for row in report.rows],
            "foot": cells_of(report.total, columns),
            "by_label": BY_LABELS[wanted.by],
            "month_span": [moment.isoformat() for moment in month_bounds(wanted.month)],
            "tax_shown": shown == Figures.TAX,
            "part_label": BY_LABELS[wanted.part.of] if wanted.part else "",
            "drills": wanted.by != CostBy.CARD,
            "part_name": part_name(report),
            "provisional": not is_closed(wanted.month),
            "held_against": held_against,
            "budget_used": per_cent(report.total.total, held_against.budget.amount) if held_against else None,
        }
        return render(request, "billing/costs.html", context)

    @cached_property
    def query(self) -> dict[str, Any]:
        """What the address asks. BadInput names what cannot be used."""
        return CostPageQuery.read(self.request.GET, today=business_day(self.now))

    def wanted(self) -> Wanted:
        """Return which report is asked for; beside the month before where figures are compared and none is named."""
        asked = self.query
        against = asked["against"] or (month_before(asked["month"]) if asked["figures"] == Figures.COMPARED else None)
        return Wanted(month=asked["month"], by=asked["by"], part=asked["part"], against=against)

    @cached_property
    def now(self) -> datetime:
        """When it was asked."""
        return timezone.now()

    @property
    def by(self) -> dict[str, Any]:
        """Who asks and when, and whether for figures counted now."""
        return {"user": person(self.request), "now": self.now, "anew": "anew" in self.request.GET}


class CostTrendView(CostView):
    """The last six months by team, loaded after the page."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the chart and its table."""
        reports = cost_trend(self.query["month"], **self.by)
        return render(request, "billing/costs_trend.html", {"chart": trend_chart(reports)})


class CostExportView(CostView):
    """The report as CSV or XLSX; that somebody took it is journalled."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the file."""
        wanted, who = self.wanted(), person(request)
        report = cost_report(wanted, user=who)
        number = record_cost_export(wanted=wanted, actor=who, now=self.now)
        mark = COSTS.format(number=number)
        return as_answer(report, self.query["format"], number=number, mark=mark, taken_by=str(who), now=self.now)


def cells_of(row: CostRow, columns: Sequence[CostColumn]) -> list[str]:
    """Return the figures of a row as a page writes them."""
    write = {ColumnKind.MONEY: amount}
    return [write.get(column.kind, figure)(column.value(row)) for column in columns]


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
