"""Taking cards out as a table: the columns of the list's file, for the cards that were chosen."""

import tempfile
from collections.abc import Sequence
from datetime import timedelta

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from cardfleet.files.services import store
from cardfleet.kernel.clock import business_day
from lifecycle.bulk.registry import ALL, Asked, BulkAction, BulkForm, Outcomes, register
from lifecycle.exporters.fleet import fleet_csv, write_fleet_xlsx
from lifecycle.services.exports import record_export

KEPT = timedelta(days=7)
FORMS = {"csv": "CSV", "xlsx": "Excel (XLSX)"}


class ExportForm(BulkForm):
    """Which kind of file."""

    form = forms.ChoiceField(label=_("File"), choices=list(FORMS.items()))


def export_cards(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Write the cards into a file; that somebody took it out is journalled."""
    cards, form = asked.cards.filter(pk__in=card_ids), asked.given["form"]
    whole = asked.actor.has_perm("cards.view_full_number")
    with tempfile.TemporaryFile() as target:
        if form == "xlsx":
            write_fleet_xlsx(target, cards, whole_numbers=whole)
        else:
            target.writelines(fleet_csv(cards, whole_numbers=whole))
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
