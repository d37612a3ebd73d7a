"""`manage.py export_costs --month 2026-10 --by agent --format csv --output FILE`."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.exporters.costs import as_csv, as_xlsx
from billing.selectors.cost_report import Wanted, cost_report
from billing.selectors.cost_rows import CostBy
from cardfleet.kernel.clock import parse_month


def _month(text: str) -> date:
    try:
        return parse_month(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no month; write it like 2026-10") from error


class Command(BaseCommand):
    """Write the cost report of a month."""

    help = "Writes what a month cost, by one of eight groupings, as CSV or XLSX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to write where."""
        parser.add_argument("--month", type=_month, required=True, metavar="YYYY-MM")
        parser.add_argument("--by", choices=[by.value for by in CostBy], default=CostBy.TEAM.value)
        parser.add_argument("--format", choices=["csv", "xlsx"], default="csv")
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file."""
        report = cost_report(Wanted(month=options["month"], by=CostBy(options["by"])))
        with options["output"].open("wb") as target:
            if options["format"] == "xlsx":
                as_xlsx(report, target, taken_by="export_costs", now=timezone.now())
            else:
                target.writelines(as_csv(report))
        self.stdout.write(f"{options['output']}: {len(report.rows)} rows, {report.total.total} CNY")
