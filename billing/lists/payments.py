"""The list of what was paid out for claims."""

from django.utils.translation import gettext_lazy as _

from billing.filters import PaymentFilter
from billing.models import PaymentBatch
from cardfleet.accounts.models import User
from cardfleet.kernel.spreadsheets import ColumnKind
from cardfleet.lists.registry import Cell, ListColumn, Listing, Rows, register


def payments_of(person: User) -> Rows:
    """Return the payments a person sees."""
    return PaymentBatch.objects.visible_to(person)


PAYMENTS = register(
    Listing(
        code="payments",
        label=_("Payments of claims"),
        url_name="billing:past-payments",
        permission="billing.pay_claim",
        export_permission="cards.export_card",
        columns=(
            ListColumn(
                code="reference",
                label=_("Reference"),
                cells=(Cell(title=_("Reference"), value="reference"),),
            ),
            ListColumn(
                code="paid",
                label=_("Paid at"),
                sort="paid",
                css="phone-end",
                cells=(Cell(title=_("Paid at"), value="paid_at", kind=ColumnKind.DATETIME),),
            ),
            ListColumn(
                code="by",
                label=_("Paid by"),
                cells=(Cell(title=_("Paid by"), value="paid_by__name"),),
            ),
            ListColumn(
                code="claims",
                label=_("Claims"),
                css="num off-phone",
                cells=(Cell(title=_("Claims"), value="count", kind=ColumnKind.INTEGER),),
            ),
            ListColumn(
                code="amount",
                label=_("Amount"),
                sort="amount",
                css="num",
                cells=(Cell(title=_("Amount"), value="amount", kind=ColumnKind.MONEY),),
            ),
        ),
        filters=PaymentFilter,
        in_menu=("paid_after", "paid_before"),
        sorts={
            "": ("-paid_at", "-pk"),
            "paid": ("paid_at", "pk"),
            "-paid": ("-paid_at", "-pk"),
            "amount": ("amount", "pk"),
            "-amount": ("-amount", "-pk"),
        },
        scope=payments_of,
        views=((_("All"), ""),),
        size=25,
    )
)
