"""The lists of bills, of their differences, and of disputes."""

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from billing.choices import BillItem, BillState, DifferenceKind, DifferenceState, DisputeState
from billing.filters import BillFilter, DifferenceFilter, DisputeFilter
from billing.models import Bill, BillDifference, Dispute
from cardfleet.accounts.models import User
from cardfleet.kernel.spreadsheets import ColumnKind
from cardfleet.lists.cells import in_words, number
from cardfleet.lists.registry import Cell, ListColumn, Listing, Rows, register

RIGHT_TO_EXPORT = "cards.export_card"


def bills_of(person: User) -> Rows:
    """Return the bills in a person's scope with how many differences wait."""
    waiting = Count("differences", filter=Q(differences__state=DifferenceState.OPEN))
    return Bill.objects.standing().visible_to(person).annotate(waiting=waiting)


def differences_of(person: User) -> Rows:
    """Return the differences of the cards in a person's scope."""
    return BillDifference.objects.standing().visible_to(person)


def disputes_of(person: User) -> Rows:
    """Return the disputes in a person's scope."""
    return Dispute.objects.visible_to(person)


def column(code: str, label: object, *cells: Cell, css: str = "", sort: str = "") -> ListColumn:
    """Return a column."""
    return ListColumn(code=code, label=label, cells=cells, css=css, sort=sort)  # type: ignore[arg-type]


def money(title: object, value: object) -> Cell:
    """Return a cell of CNY."""
    return Cell(title=title, value=value, kind=ColumnKind.MONEY)  # type: ignore[arg-type]


def day(title: object, value: str) -> Cell:
    """Return a cell of a day."""
    return Cell(title=title, value=value, kind=ColumnKind.DATE)  # type: ignore[arg-type]


BILLS = register(
    Listing(
        code="bills",
        label=_("Bills"),
        url_name="billing:bills",
        permission="billing.view_bill",
        export_permission=RIGHT_TO_EXPORT,
        columns=(
            column(
                "account",
                _("Account"),
                Cell(title=_("Carrier"), value="account__carrier__name"),
                Cell(title=_("Account"), value="account__code"),
            ),
            column("month", _("Month"), day(_("Month"), "month"), sort="month"),
            column("total", _("Billed"), money(_("Billed"), "total"), css="num", sort="total"),
            column("expected", _("Should be"), money(_("Should be"), "expected"), css="num off-phone"),
            column("gap", _("Too much"), money(_("Too much"), F("total") - F("expected")), css="num"),
            column(
                "waiting",
                _("To look at"),
                Cell(title=_("To look at"), value="waiting", kind=ColumnKind.INTEGER),
                css="num off-phone",
            ),
            column("state", _("State"), Cell(title=_("State"), value=in_words("state", BillState.choices))),
            column("due", _("Payment due"), day(_("Payment due"), "due_on"), day(_("Paid on"), "paid_on")),
        ),
        filters=BillFilter,
        in_menu=("month", "carrier", "state", "differs", "unpaid"),
        sorts={
            "": ("-month", "-total", "id"),
            "month": ("month", "id"),
            "-month": ("-month", "id"),
            "total": ("total", "id"),
            "-total": ("-total", "id"),
        },
        scope=bills_of,
        views=(
            (_("Not accepted yet"), "state=checked"),
            (_("Billed too much"), "differs=true"),
            (_("To be paid"), "unpaid=true"),
        ),
    )
)

DIFFERENCES = register(
    Listing(
        code="bill_differences",
        label=_("Differences of bills"),
        url_name="billing:differences",
        permission="billing.view_billdifference",
        export_permission=RIGHT_TO_EXPORT,
        columns=(
            column(
                "card",
                _("Card"),
                Cell(title=_("Number"), value=number("number")),
                Cell(title=_("Account"), value="bill__account__code"),
            ),
            column(
                "kind",
                _("Difference"),
                Cell(title=_("Difference"), value=in_words("kind", DifferenceKind.choices)),
                day(_("Month"), "bill__month"),
            ),
            column("item", _("Item"), Cell(title=_("Item"), value=in_words("item", BillItem.choices))),
            column("billed", _("Billed"), money(_("Billed"), "billed"), css="num"),
            column("detail", _("By the detail"), money(_("By the detail"), "detail"), css="num off-phone"),
            column("expected", _("Should be"), money(_("Should be"), "expected"), css="num off-phone"),
            column("amount", _("Too much"), money(_("Too much"), "amount"), css="num", sort="amount"),
            column("state", _("State"), Cell(title=_("State"), value=in_words("state", DifferenceState.choices))),
        ),
        filters=DifferenceFilter,
        in_menu=("kind", "item", "state", "month", "least"),
        sorts={"": ("-amount", "id"), "amount": ("amount", "id"), "-amount": ("-amount", "id")},
        scope=differences_of,
    )
)

DISPUTES = register(
    Listing(
        code="disputes",
        label=_("Disputes"),
        url_name="billing:disputes",
        permission="billing.view_dispute",
        export_permission=RIGHT_TO_EXPORT,
        columns=(
            column(
                "account",
                _("Account"),
                Cell(title=_("Carrier"), value="account__carrier__name"),
                Cell(title=_("Account"), value="account__code"),
            ),
            column("month", _("Month"), day(_("Month"), "month")),
            column("amount", _("Claimed back"), money(_("Claimed back"), "amount"), css="num"),
            column("credited", _("Credited"), money(_("Credited"), "credited"), css="num"),
            column("state", _("State"), Cell(title=_("State"), value=in_words("state", DisputeState.choices))),
            column(
                "due",
                _("Answer due"),
                day(_("Sent to the carrier"), "sent_on"),
                day(_("Answer due"), "due_on"),
                sort="due",
            ),
        ),
        filters=DisputeFilter,
        in_menu=("state", "carrier", "due_before"),
        sorts={"": ("-id",), "due": ("due_on", "id"), "-due": ("-due_on", "id")},
        scope=disputes_of,
        views=((_("Waiting for the carrier"), "state=open"),),
    )
)
