"""Taking cards out as a table: the columns of the list's file, for the cards that were chosen."""

import tempfile
from collections.abc import Sequence
from datetime import timedelta

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from cardfleet.files.services import store
from cardfleet.kernel.clock import business_day
from cardfleet.lists.exporters.files import csv_of, xlsx_of
from cardfleet.lists.registry import Reader
from lifecycle.bulk.registry import ALL, Asked, BulkAction, BulkForm, Outcomes, register
from lifecycle.lists import FLEET
from lifecycle.services.exports import record_export

KEPT = timedelta(days=7)
FORMS = {"csv": "CSV", "xlsx": "Excel (XLSX)"}


class ExportForm(BulkForm):
    """Which kind of file."""

    form = forms.ChoiceField(label=_("File"), choices=list(FORMS.items()))


def export_cards(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Write the cards into a file; that somebody took it out is journalled."""
    cards, form = asked.cards.filter(pk__in=card_ids).order_by("pk"), asked.given["form"]
    columns = [column for column in FLEET.columns if column.in_file]
    reader = Reader(person=asked.actor, now=asked.now)
    with tempfile.TemporaryFile() as target:
        if form == "xlsx":
            xlsx_of(target, columns, cards, reader)
        else:
            target.writelines(csv_of(columns, cards, reader))
        target.flush()
        stored = store(
            content=File(target),
            name=f"cards-{business_day(asked.now):%Y%m%d}.{form}",
            purpose="lifecycle.bulk",
            owner=asked.actor,
            subject=asked.job,
            now=asked.now,
            delete_after=asked.now + KEPT,
        )
    record_export(actor=asked.actor, filters=["ids"], now=asked.now)
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
