"""The refused rows of a file on its page: why, how many, and cells to correct."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator

from billing.models import UsageBatch, UsageReject
from billing.selectors.usage_rejects import reasons
from billing.services.usage_repairs import written

ROWS = 20
FIELDS = 900  # a form holds at most a thousand


@dataclass(frozen=True)
class Cell:
    """A cell that can be corrected: its place, the column's name, and what stands there."""

    place: int
    title: str
    value: str


@dataclass(frozen=True, kw_only=True)
class RefusedRow:
    """A refused row: the cell at fault where one is, and all others."""

    reject: UsageReject
    fault: Cell | None
    others: list[Cell]


def rejects_of(batch: UsageBatch, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page shows of the refused rows; `asked` may hold `reason` and `page`."""
    found = batch.rejects.open().order_by("line", "pk")
    if reason := asked.get("reason"):
        found = found.filter(code=reason)
    width = max(len(batch.header), 20)
    page = Paginator(found, min(ROWS, FIELDS // width)).get_page(asked.get("page"))
    corrections = batch.corrections.select_related("job__result_file").order_by("-pk")
    return {
        "reasons": reasons(batch),
        "reason": reason,
        "page_obj": page,
        "rows": [_row(reject, batch.header) for reject in page],
        "corrections": corrections,
        "settled": batch.rejects.exclude(settled_by=None).count(),
        "running": next((one for one in corrections if one.job and not one.job.ended), None),
    }


def _row(reject: UsageReject, header: list[str]) -> RefusedRow:
    cells = [Cell(place, _title(header, place), value) for place, value in enumerate(written(reject))]
    fault = next((cell for cell in cells if _is_at_fault(cell, reject)), None)
    return RefusedRow(reject=reject, fault=fault, others=[cell for cell in cells if cell is not fault])


def _is_at_fault(cell: Cell, reject: UsageReject) -> bool:
    if not reject.column:
        return False
    return cell.title == reject.column or (cell.title.startswith("#") and cell.value[:200] == reject.value != "")


def _title(header: list[str], place: int) -> str:
    title = header[place].strip()[:40] if place < len(header) else ""
    return title or f"#{place + 1}"
