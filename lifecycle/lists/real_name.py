"""The real-name matrix: registrant, registered user, holder and department of each card. Never an ID number."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.spreadsheets import ColumnKind
from cardfleet.lists.cells import in_words, number
from cardfleet.lists.registry import Cell, ListColumn, Listing, Reader, Rows, register
from cards.choices import RegistrantKind
from cards.choices.real_name import RealNameFault
from cards.filters import RealNameFilter
from cards.selectors.real_name import matrix


def matrix_of(person: User) -> Rows:
    """Return the live cards in a person's scope with what is wrong of each."""
    return matrix(person, today=business_day(timezone.now()))


def _faults(stored: Sequence[Any], _reader: Reader) -> Sequence[str]:
    return ["；".join(str(RealNameFault(code).label) for code in codes or ()) for codes in stored]


REAL_NAME = register(
    Listing(
        code="real-name",
        label=_("Real-name matrix"),
        url_name="lifecycle:real-name",
        permission="cards.view_real_name",
        export_permission="cards.export_card",
        is_personal=True,
        columns=(
            ListColumn(
                code="card",
                label=_("Card"),
                sort="card",
                cells=(
                    Cell(title="ICCID", value="iccid"),
                    Cell(title=_("Number"), value=number("msisdn")),
                    Cell(title=_("Carrier"), value="carrier__name"),
                ),
            ),
            ListColumn(
                code="registrant",
                label=_("Registrant"),
                sort="registrant",
                cells=(
                    Cell(title=_("Registrant"), value="registrant__name"),
                    Cell(title=_("Kind"), value=in_words("registrant__kind", RegistrantKind.choices)),
                    Cell(title=_("On this ID with this carrier"), value="on_id_here", kind=ColumnKind.INTEGER),
                    Cell(title=_("On this ID in all"), value="on_id", kind=ColumnKind.INTEGER),
                ),
            ),
            ListColumn(
                code="proof",
                label=_("Proof"),
                css="off-phone",
                cells=(
                    Cell(title=_("proof valid until"), value="registrant__proof_valid_until", kind=ColumnKind.DATE),
                ),
            ),
            ListColumn(
                code="user",
                label=_("Registered user"),
                cells=(
                    Cell(title=_("Registered user"), value="actual_user__name"),
                    Cell(title=_("Since"), value="user_since", kind=ColumnKind.DATETIME),
                ),
            ),
            ListColumn(
                code="holder",
                label=_("Holder · department"),
                cells=(
                    Cell(title=_("Holder"), value="holder__name"),
                    Cell(title=_("Team"), value="team__name"),
                    Cell(title=_("What is wrong"), value="faults", told=_faults),
                ),
            ),
        ),
        filters=RealNameFilter,
        in_menu=("faulty", "fault", "kind", "registrant", "carrier", "team"),
        sorts={
            "": ("registrant__name", "pk"),
            "card": ("msisdn",),
            "-card": ("-msisdn",),
            "registrant": ("registrant__name", "pk"),
            "-registrant": ("-registrant__name", "-pk"),
        },
        scope=matrix_of,
        size=25,
        views=(
            (_("All"), ""),
            (_("Something is wrong"), "faulty=true"),
            (_("Personal cards"), "kind=person"),
            (_("Lent or mismatched"), "fault=lent&fault=other_user"),
            (_("Too many on one ID"), "fault=over_here&fault=over_all"),
        ),
    )
)
