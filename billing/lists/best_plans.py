"""The list of cards that another plan would have cost less."""

from django.utils.translation import gettext_lazy as _

from billing.filters import AdviceFilter
from billing.models import PlanAdvice
from cardfleet.accounts.models import User
from cardfleet.kernel.spreadsheets import ColumnKind
from cardfleet.lists.cells import number
from cardfleet.lists.registry import Cell, ListColumn, Listing, Rows, register


def advice_for(person: User) -> Rows:
    """Return what would be saved by a better plan, on the cards in a person's scope."""
    return PlanAdvice.objects.visible_to(person).filter(best__isnull=False)


BEST_PLANS = register(
    Listing(
        code="best-plans",
        label=_("Best plans"),
        url_name="billing:best-plans",
        permission="billing.view_planadvice",
        export_permission="cards.export_card",
        columns=(
            ListColumn(
                code="card",
                label=_("Card"),
                cells=(
                    Cell(title="ICCID", value="card__iccid"),
                    Cell(title=_("Number"), value=number("card__msisdn")),
                    Cell(title=_("Carrier"), value="card__carrier__name"),
                ),
            ),
            ListColumn(
                code="team", label=_("Team"), css="off-phone", cells=(Cell(title=_("Team"), value="card__team__name"),)
            ),
            ListColumn(
                code="plan",
                label=_("Plan"),
                cells=(
                    Cell(title=_("Plan"), value="plan__name"),
                    Cell(title=_("Cost a month"), value="cost", kind=ColumnKind.MONEY),
                ),
            ),
            ListColumn(
                code="minutes",
                label=_("Minutes a month"),
                css="num off-phone",
                cells=(
                    Cell(title=_("Minutes a month"), value="minutes", kind=ColumnKind.INTEGER),
                    Cell(title=_("Months looked at"), value="months", kind=ColumnKind.INTEGER),
                ),
            ),
            ListColumn(
                code="best",
                label=_("Best plan"),
                cells=(
                    Cell(title=_("Best plan"), value="best__name"),
                    Cell(title=_("Cost a month on it"), value="best_cost", kind=ColumnKind.MONEY),
                ),
            ),
            ListColumn(
                code="exit",
                label=_("Leaving early"),
                css="num off-phone",
                cells=(
                    Cell(title=_("Leaving early"), value="exit_cost", kind=ColumnKind.MONEY),
                    Cell(title=_("Bound until"), value="bound_until", kind=ColumnKind.DATE),
                ),
            ),
            ListColumn(
                code="saving",
                label=_("Saving a year"),
                css="num",
                sort="saving",
                cells=(Cell(title=_("Saving a year"), value="saving_year", kind=ColumnKind.MONEY),),
            ),
        ),
        filters=AdviceFilter,
        box="search",
        in_menu=("carrier", "team", "plan", "best"),
        sorts={"": ("-saving_year", "card"), "saving": ("saving_year", "card"), "-saving": ("-saving_year", "card")},
        scope=advice_for,
    )
)
