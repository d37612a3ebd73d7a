"""The calls of a card against its caps, as a part of its page."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.selectors.calls import CallDay
from billing.selectors.signals import latest
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.ui import Chart, look
from lifecycle.rules.stops import Stop
from lifecycle.selectors.card_calls import MONTH, CardCalls, card_calls
from lifecycle.views.access import OfficeView

HOURS = "today"
SPANS = {"30": gettext_lazy("30 days"), "7": gettext_lazy("7 days"), HOURS: gettext_lazy("Today by hour")}


class CardCallsView(OfficeView):
    """Outgoing calls by day or hour with the caps as lines and the stops as bands, and what failed calls say."""

    permission_required = "billing.view_usagerecord"
    related = ("contract",)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the part; an unknown span is the longest."""
        card = self.card_or_404(pk)
        span = request.GET.get("span", "")
        days = int(span) if span.isascii() and span in SPANS and span != HOURS else MONTH
        calls = card_calls(card, today=business_day(timezone.now()), days=days)
        context = {
            "card": card,
            "calls": calls,
            "chart": hours_chart(calls) if span == HOURS else days_chart(calls),
            "any": any(day.calls for day in calls.days),
            "spans": [(value, label, value == (span if span in SPANS else "30")) for value, label in SPANS.items()],
            "signals": latest(card.pk),
        }
        return render(request, "lifecycle/card_calls.html", context)


def days_chart(calls: CardCalls) -> Chart:
    """Return the chart by day: bars change their colour at warning and limit, which are lines with their words."""
    top = max([calls.limit or 0, calls.warn or 0, *(day.calls for day in calls.days)])
    return Chart(
        id="calls",
        title=_("Outgoing calls a day"),
        option={
            "xAxis": {"type": "category", "data": [f"{day.day:%m-%d}" for day in calls.days]},
            "yAxis": {"type": "value", "minInterval": 1, "max": top + max(1, top // 5)},
            "tooltip": {"trigger": "axis"},
            "series": [
                {
                    "type": "bar",
                    "name": _("Outgoing calls"),
                    "barMaxWidth": 24,
                    "data": [
                        {"value": day.calls, "itemStyle": {"color": _tone(day.calls, calls)}} for day in calls.days
                    ],
                    "markLine": {"silent": True, "symbol": "none", "data": _lines(calls)},
                    "markArea": {"silent": True, "data": [_band(stop) for stop in calls.stops]},
                }
            ],
        },
        heads=[_("Day"), _("Outgoing calls"), _("Answered"), _("Different callees"), _("Minutes"), _("Stopped")],
        rows=[_row(day, calls) for day in reversed(calls.days)],
    )


def hours_chart(calls: CardCalls) -> Chart:
    """Return the chart of today by hour."""
    hours = [f"{hour:02}" for hour in range(len(calls.hours))]
    return Chart(
        id="calls",
        title=_("Outgoing calls today by hour"),
        option={
            "xAxis": {"type": "category", "data": hours},
            "yAxis": {"type": "value", "minInterval": 1},
            "tooltip": {"trigger": "axis"},
            "series": [
                {
                    "type": "bar",
                    "name": _("Outgoing calls"),
                    "data": list(calls.hours),
                    "itemStyle": {"color": "tone:azure"},
                }
            ],
        },
        heads=[_("Hour"), _("Outgoing calls")],
        rows=[[f"{hour}:00", count] for hour, count in zip(hours, calls.hours, strict=True)],
    )


def _row(day: CallDay, calls: CardCalls) -> Sequence[Any]:
    stopped = "、".join(_word(stop) for stop in calls.stops if stop.first <= day.day <= stop.last)
    return [f"{day.day:%m-%d}", day.calls, day.answered, day.callees, day.seconds // 60, stopped]


def _tone(count: int, calls: CardCalls) -> str:
    if calls.limit is not None and count >= calls.limit:
        return "tone:red"
    return "tone:orange" if calls.warn is not None and count >= calls.warn else "tone:azure"


def _lines(calls: CardCalls) -> Sequence[dict[str, Any]]:
    known = ((calls.limit, _("limit"), "red", "solid"), (calls.warn, _("warning"), "orange", "dashed"))
    return [
        {
            "yAxis": value,
            "lineStyle": {"color": f"tone:{tone}", "type": line},
            "label": {"formatter": f"{word} {value}", "position": "insideEndTop", "color": f"ink:{tone}"},
        }
        for value, word, tone, line in known
        if value is not None
    ]


def _word(stop: Stop) -> str:
    return str(look("service", stop.state).word)


def _band(stop: Stop) -> Sequence[dict[str, Any]]:
    begin = {"xAxis": f"{stop.first:%m-%d}", "name": _word(stop), "itemStyle": {"color": "tint:orange"}}
    return [{**begin, "label": {"color": "ink:orange"}}, {"xAxis": f"{stop.last:%m-%d}"}]
