"""The VAT within a month's costs, by the rates in force at its beginning."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from billing.models import VatRate
from billing.rules.vat import net_of, nets_of
from billing.selectors.cost_rows import CostReport, CostRow
from cardfleet.kernel.money import ZERO


def rates_on(day: date) -> dict[str, Decimal]:
    """Return the rate of each kind in force on a day, per cent; a kind without one is taken to hold no VAT."""
    rates = VatRate.objects.filter(effective_from__lte=day).order_by("kind", "-effective_from").distinct("kind")
    return dict(rates.values_list("kind", "per_cent"))


def with_net(report: CostReport) -> CostReport:
    """Return a report with what its rows are without VAT; they add up to the total's.

    Rows that were left out count as one before that of nobody, so a shortened report says what the whole one does.
    """
    rates = rates_on(report.month)
    shown = list(report.rows)
    at = len(shown) - (1 if shown and shown[-1].key is None else 0)
    nets = [ZERO] * len(shown)
    for kind, whole in report.total.kinds.items():
        amounts = [row.kinds.get(kind, ZERO) for row in shown]
        amounts.insert(at, whole - sum(amounts, ZERO))
        found = nets_of(amounts, rates.get(kind, ZERO))
        del found[at]
        nets = [before + each for before, each in zip(nets, found, strict=True)]
    rows = [replace(row, net=net) for row, net in zip(shown, nets, strict=True)]
    return replace(report, rows=rows, total=_whole(report.total, rates))


def _whole(total: CostRow, rates: Mapping[str, Decimal]) -> CostRow:
    nets: Sequence[Decimal] = [net_of(amount, rates.get(kind, ZERO)) for kind, amount in total.kinds.items()]
    return replace(total, net=sum(nets, ZERO))
