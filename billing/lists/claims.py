"""The list of claims: its columns on the page and in files, its filters and sorts."""

from django.utils.translation import gettext_lazy as _

from billing.choices import ClaimState
from billing.filters import ClaimFilter
from billing.models import Claim
from cardfleet.accounts.models import User
from cardfleet.kernel.spreadsheets import ColumnKind
from cardfleet.lists.cells import in_words
from cardfleet.lists.registry import Cell, ListColumn, Listing, Rows, register


def claims_of(person: User) -> Rows:
    """Return the claims in a person's scope."""
    return Claim.objects.visible_to(person)


CLAIMS = register(
    Listing(
        code="claims",
        label=_("Claims"),
        url_name="billing:claims",
        permission="billing.approve_claim",
        export_permission="cards.export_card",
        columns=(
            ListColumn(
                code="claimant",
                label=_("Claimant"),
                cells=(
                    Cell(title=_("Staff number"), value="claimant__user__staff_no"),
                    Cell(title=_("Name"), value="claimant__user__name"),
                    Cell(title=_("Team"), value="claimant__user__team__name"),
                ),
            ),
            ListColumn(
                code="month",
                label=_("Month"),
                sort="month",
                cells=(Cell(title=_("Month"), value="month", kind=ColumnKind.DATE),),
            ),
            ListColumn(
                code="amount",
                label=_("Claimed"),
                css="num",
                sort="amount",
                cells=(Cell(title=_("Claimed"), value="amount", kind=ColumnKind.MONEY),),
            ),
            ListColumn(
                code="payable",
                label=_("Paid back"),
                css="num off-phone",
                cells=(Cell(title=_("Paid back"), value="payable", kind=ColumnKind.MONEY),),
            ),
            ListColumn(
                code="state",
                label=_("State"),
                cells=(Cell(title=_("State"), value=in_words("state", ClaimState.choices)),),
            ),
            ListColumn(
                code="sent",
                label=_("Sent in"),
                sort="sent",
                css="off-phone",
                cells=(Cell(title=_("Sent in"), value="submitted_at", kind=ColumnKind.DATETIME),),
            ),
            ListColumn(
                code="decided",
                label=_("Decided by"),
                css="off-phone",
                cells=(
                    Cell(title=_("Decided by"), value="decided_by__name"),
                    Cell(title=_("Reason"), value="reason"),
                    Cell(title=_("Payment"), value="batch__reference"),
                ),
            ),
        ),
        filters=ClaimFilter,
        in_menu=("state", "month", "late"),
        sorts={
            "": ("-id",),
            "month": ("month", "id"),
            "-month": ("-month", "-id"),
            "amount": ("amount", "id"),
            "-amount": ("-amount", "-id"),
            "sent": ("submitted_at", "id"),
            "-sent": ("-submitted_at", "-id"),
        },
        scope=claims_of,
        views=(
            (_("All"), ""),
            (_("Awaiting approval"), "state=submitted"),
            (_("Approved, not paid yet"), "state=approved"),
        ),
    )
)
