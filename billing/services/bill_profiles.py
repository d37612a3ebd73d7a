"""What people said of the columns of carriers' statements, corrected later."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.choices import BillColumn, BillItem
from billing.errors import ColumnsUnknown
from billing.importers.bills import Columns
from billing.models import BillProfile
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign
from cardfleet.kernel.errors import Reason

FACTS = frozenset({"columns"})
VALUES = frozenset({*BillColumn.values, *BillItem.values})


@transaction.atomic
def edit_bill_profile(*, profile_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> BillProfile:
    """Change what columns hold; bills read by them stay as they are. ColumnsUnknown where amounts could not be read."""
    profile = BillProfile.objects.select_for_update().get(pk=profile_id)
    if reasons := list(_wrong(changes["columns"], profile.header)):
        raise ColumnsUnknown(reasons=reasons)
    changed = assign(profile, changes, editable=FACTS)
    if changed:
        profile.changed_at = now
        profile.save(update_fields=[*changed, "changed_at"])
        data = {"columns": profile.columns}
        record(actor=actor, action="billing.bill_profile_edited", subject=profile, now=now, data=data)
    return profile


def _wrong(columns: Any, header: Sequence[str]) -> Iterator[Reason]:
    """Yield what cannot be used of columns by place, as in {"0": "number", "3": "voice"}."""
    places = {str(place) for place in range(len(header))}
    if not isinstance(columns, dict) or not columns.keys() <= places:
        message = _("Give a column of the header by its place, counted from 0.")
        yield Reason(code="no_places", field="columns", message=message)
        return
    for value in columns.values():
        if value not in VALUES:
            message = _("A column holds one of: {known}.").format(known=", ".join(sorted(VALUES)))
            yield Reason(code="unknown_value", field="columns", message=message, value=str(value)[:40])
    held = {int(place): str(value) for place, value in columns.items()}
    if not Columns(line=1, titles=header, places=held).is_readable:
        message = _("Name a column of amounts: an item, or the name of the item and its amount.")
        yield Reason(code="no_amounts", field="columns", message=message)
