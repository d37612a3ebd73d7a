"""The list of accounts whose balance differs from the carrier's by what nothing explains."""

from django.utils.translation import gettext_lazy as _

from billing.choices import AccountKind
from billing.filters import GapFilter
from billing.lists.bills import RIGHT_TO_EXPORT, column, money
from billing.models import BalanceGap
from cardfleet.accounts.models import User
from cardfleet.kernel.spreadsheets import ColumnKind
from cardfleet.lists.cells import in_words
from cardfleet.lists.registry import Cell, Listing, Rows, register


def gaps_of(person: User) -> Rows:
    """Return the unexplained differences of the accounts in a person's scope."""
    return BalanceGap.objects.visible_to(person).sized()


GAPS = register(
    Listing(
        code="balance_gaps",
        label=_("Balances unexplained"),
        url_name="billing:gaps",
        permission="billing.view_balancegap",
        export_permission=RIGHT_TO_EXPORT,
        columns=(
            column(
                "account",
                _("Account"),
                Cell(title=_("Carrier"), value="account__carrier__name"),
                Cell(title=_("Account"), value="account__code"),
            ),
            column(
                "kind",
                _("Kind of account"),
                Cell(title=_("Kind of account"), value=in_words("account__kind", AccountKind.choices)),
                css="off-phone",
            ),
            column(
                "said",
                _("The carrier said"),
                money(_("The carrier said"), "reading__balance"),
                Cell(title=_("Read at"), value="reading__read_at", kind=ColumnKind.DATETIME),
                css="num off-phone",
            ),
            column("computed", _("Our own sum then"), money(_("Our own sum then"), "computed"), css="num off-phone"),
            column("amount", _("Difference"), money(_("Difference"), "amount"), css="num", sort="size"),
            column(
                "since",
                _("Since"),
                Cell(title=_("Since"), value="since", kind=ColumnKind.DATETIME),
                sort="since",
            ),
            column("next", _("Next"), css="phone-end"),
        ),
        filters=GapFilter,
        in_menu=("carrier", "kind", "payment", "least", "since_before"),
        sorts={
            "": ("-size", "account"),
            "size": ("size", "account"),
            "-size": ("-size", "account"),
            "since": ("since", "account"),
            "-since": ("-since", "account"),
        },
        scope=gaps_of,
    )
)
