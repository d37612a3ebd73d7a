"""The cost report among the lists: kept as a view, sent regularly as the file its page gives."""

from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from billing.exporters.costs import as_csv, as_xlsx
from billing.filters.costs import CostFilter
from billing.forms.costs import CostQuery
from billing.selectors.cost_report import Wanted, cost_report
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.lists.registry import ListColumn, Listing, Reader, Rows, register
from cards.models import Card

ASKED = ("month", "against", "by", "of", "key")


def cards_of(person: User) -> Rows:
    """Return the cards whose costs a person sees."""
    return Card.objects.visible_to(person)


def write_report(query: Any, form: str, reader: Reader, target: BinaryIO) -> int:
    """Write the report a view asks for as its owner sees it, and return the number of its groups."""
    given = {name: query[name] for name in ASKED if query.get(name)}
    asked: dict[str, Any] = CostQuery.read(given, today=business_day(reader.now))
    wanted = Wanted(month=asked["month"], by=asked["by"], part=asked["part"], against=asked["against"])
    report = cost_report(wanted, user=reader.person)
    if form == "xlsx":
        return as_xlsx(report, target, mark=reader.mark, taken_by=str(reader.person), now=reader.now)
    target.writelines(as_csv(report))
    return len(report.rows)


COSTS = register(
    Listing(
        code="costs",
        label=_("Monthly costs"),
        url_name="billing:costs",
        permission="billing.view_costs",
        export_permission="billing.view_costs",
        columns=(ListColumn(code="group", label=_("Group of the report")),),
        filters=CostFilter,
        in_menu=(),
        sorts={"": ("pk",)},
        scope=cards_of,
        writer=write_report,
    )
)
