"""`manage.py export_costs --month 2026-10 --by agent --format csv --output FILE --purpose "year-end audit"`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.exporters.costs import as_csv, as_xlsx
from billing.selectors.cost_report import Wanted, cost_report
from billing.selectors.cost_rows import CostBy
from billing.services.exports import COSTS, record_cost_export
from cardfleet.kernel.months import month_argument


class Command(BaseCommand):
    """Write the cost report of a month, and in the journal that it was taken."""

    help = "Writes what a month cost, by one of eight groupings, as CSV or XLSX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to write where."""
        parser.add_argument("--month", type=month_argument, required=True, metavar="YYYY-MM")
        parser.add_argument("--by", choices=[by.value for by in CostBy], default=CostBy.TEAM.value)
        parser.add_argument("--format", choices=["csv", "xlsx"], default="csv")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")
        parser.add_argument("--purpose", required=True, help="what it is for; the journal keeps it")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file."""
        wanted, now = Wanted(month=options["month"], by=CostBy(options["by"])), timezone.now()
        report = cost_report(wanted)
        number = record_cost_export(wanted=wanted, actor=None, now=now, purpose=options["purpose"])
        mark = COSTS.format(number=number)
        with options["output"].open("wb") as target:
            if options["format"] == "xlsx":
                as_xlsx(report, target, mark=mark, taken_by="export_costs", now=now)
            else:
                target.writelines(as_csv(report))
        told = f"{len(report.rows)} rows, {report.total.total} CNY, in the journal as {mark}"
        self.stdout.write(f"{options['output']}: {told}")
