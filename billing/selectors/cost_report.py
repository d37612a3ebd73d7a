"""The cost report as it is asked for: a grouping, narrowed, beside another month, with its VAT (R13, R66)."""

from dataclasses import dataclass
from datetime import date

from billing.selectors.cost_groups import names_of
from billing.selectors.cost_rows import CostBy, CostReport, Part
from billing.selectors.costs import month_costs
from billing.selectors.vat import with_net
from cardfleet.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which report: of a month, by what, of one group of another grouping, beside another month."""

    month: date
    by: CostBy = CostBy.TEAM
    part: Part | None = None
    against: date | None = None

    @property
    def address(self) -> str:
        """What tells it from others."""
        part = f"{self.part.of}={self.part.key}" if self.part else ""
        return f"{self.month:%Y-%m}-{self.by}-{part}-{self.against or ''}"


def cost_report(wanted: Wanted, *, user: User | None = None, rows: int | None = None) -> CostReport:
    """Return the report; of a person's scope where `user` is given, shortened to so many rows where `rows` is."""
    report = month_costs(wanted.month, wanted.by, user=user, part=wanted.part)
    if wanted.against:
        report = report.compared(month_costs(wanted.against, wanted.by, user=user, part=wanted.part))
    return with_net(report if rows is None else report.shortened(rows))


def part_name(report: CostReport) -> str:
    """Return what the group a report is narrowed to is called, where the person has something of it."""
    if not report.part or not report.rows:
        return ""
    return names_of(report.part.of, [report.part.key], whole_numbers=False)[report.part.key][0]
