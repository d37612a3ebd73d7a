"""Taking cards out as a table: the columns of the list's file, for the cards that were chosen."""

import tempfile
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core.files.base import File
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cardfleet.files.services import store
from cardfleet.kernel.clock import business_day
from cardfleet.lists.asking import columns_in_file
from cardfleet.lists.exporters.files import csv_of, xlsx_of
from cardfleet.lists.registry import ListColumn, Reader
from lifecycle.bulk.registry import ALL, Asked, BulkAction, BulkForm, Outcomes, register
from lifecycle.lists import FLEET
from lifecycle.services.exports import record_export

KEPT = timedelta(days=7)
FORMS = {"csv": "CSV", "xlsx": "Excel (XLSX)"}


class ExportForm(BulkForm):
    """Which kind of file."""

    form = forms.ChoiceField(
        label=_("File"),
        choices=list(FORMS.items()),
        help_text=_("With the columns of the list as you look at it."),
    )
    columns = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    @classmethod
    def of_list(cls, address: QueryDict) -> dict[str, Any]:
        """Begin with the columns that the address names."""
        return {"columns": ",".join(address.getlist("columns"))}

    def clean_columns(self) -> Sequence[ListColumn]:
        """Return the columns by their codes, those of the list's file where none is named."""
        codes = [code.strip() for code in self.cleaned_data["columns"].split(",") if code.strip()]
        if unknown := [code for code in codes if code not in {column.code for column in FLEET.columns}]:
            text = _("This list has no column “{name}”.").format(name=unknown[0][:40])
            raise forms.ValidationError(text, code="unknown_column")
        return columns_in_file(FLEET, codes)


def export_cards(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Write the cards into a file; that somebody took it out is journalled under the number in its name."""
    cards, form = asked.cards.filter(pk__in=card_ids).order_by("pk"), asked.given["form"]
    columns = asked.given["columns"]
    number = record_export(actor=asked.actor, filters=["ids"], now=asked.now)
    reader = Reader(person=asked.actor, now=asked.now)
    with tempfile.TemporaryFile() as target:
        if form == "xlsx":
            xlsx_of(target, columns, cards, reader)
        else:
            target.writelines(csv_of(columns, cards, reader))
        target.flush()
        stored = store(
            content=File(target),
            name=f"cards-{business_day(asked.now):%Y%m%d}-{number}.{form}",
            purpose="lifecycle.bulk",
            owner=asked.actor,
            subject=asked.job,
            now=asked.now,
            delete_after=asked.now + KEPT,
            made_here=True,
        )
    return Outcomes(done={card_id: {} for card_id in card_ids}, files=[stored])


register(
    BulkAction(
        name="export",
        label=_("Export"),
        icon="download",
        right="cards.export_card",
        form=ExportForm,
        perform=export_cards,
        at_once=ALL,
        is_reading=True,
        order=100,
    )
)
