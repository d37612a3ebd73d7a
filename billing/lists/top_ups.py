"""The list of top-ups: what waits for whom."""

from django.utils.translation import gettext_lazy as _

from billing.choices import TopUpChannel, TopUpRisk, TopUpState
from billing.filters.top_ups import TopUpFilter
from billing.models import TopUpRequest
from cardfleet.accounts.models import User
from cardfleet.kernel.spreadsheets import ColumnKind
from cardfleet.lists.cells import in_words, number
from cardfleet.lists.registry import Cell, ListColumn, Listing, Rows, register


def top_ups_of(person: User) -> Rows:
    """Return the top-ups in a person's scope."""
    return TopUpRequest.objects.visible_to(person)


TOP_UPS = register(
    Listing(
        code="top-ups",
        label=_("Top-ups"),
        url_name="billing:top-ups",
        permission="billing.view_topuprequest",
        export_permission="cards.export_card",
        columns=(
            ListColumn(
                code="card",
                label=_("Card"),
                cells=(
                    Cell(title="ICCID", value="card__iccid"),
                    Cell(title=_("Number"), value=number("card__msisdn")),
                    Cell(title=_("Carrier"), value="account__carrier__name"),
                ),
            ),
            ListColumn(
                code="amount",
                label=_("Amount"),
                sort="amount",
                css="num",
                cells=(
                    Cell(title=_("Amount"), value="amount", kind=ColumnKind.MONEY),
                    Cell(title=_("Paid (CNY)"), value="paid", kind=ColumnKind.MONEY),
                    Cell(title=_("Face value"), value="face_value", kind=ColumnKind.MONEY),
                ),
            ),
            ListColumn(
                code="state",
                label=_("State"),
                cells=(
                    Cell(title=_("State"), value=in_words("state", TopUpState.choices)),
                    Cell(title=_("Warning"), value=in_words("risk", TopUpRisk.choices)),
                ),
            ),
            ListColumn(
                code="asked",
                label=_("Asked by"),
                sort="asked",
                cells=(
                    Cell(title=_("Asked by"), value="asked_by__name"),
                    Cell(title=_("Asked at"), value="asked_at", kind=ColumnKind.DATETIME),
                ),
            ),
            ListColumn(
                code="reason",
                label=_("What for"),
                css="off-phone",
                cells=(Cell(title=_("What for"), value="reason"),),
            ),
            ListColumn(
                code="paid",
                label=_("Paid through"),
                css="off-phone",
                cells=(
                    Cell(title=_("Paid through"), value=in_words("channel", TopUpChannel.choices)),
                    Cell(title=_("Paid at"), value="paid_at", kind=ColumnKind.DATETIME),
                    Cell(title=_("Reference"), value="reference"),
                ),
            ),
            ListColumn(code="next", label="", css="act", in_file=False),
        ),
        filters=TopUpFilter,
        in_menu=("state", "channel", "risky", "asked_after", "asked_before"),
        sorts={
            "": ("-asked_at", "-pk"),
            "asked": ("asked_at", "pk"),
            "-asked": ("-asked_at", "-pk"),
            "amount": ("amount", "pk"),
            "-amount": ("-amount", "-pk"),
        },
        scope=top_ups_of,
        views=(
            (_("All"), ""),
            (_("Waits for me"), "mine=true"),
            (_("Paid, not yet there"), "state=paid"),
            (_("With a warning"), "risky=true"),
            (_("Not shown by a balance"), "doubted=true"),
        ),
        size=25,
    )
)
