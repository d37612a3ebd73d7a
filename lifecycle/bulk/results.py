"""What became of each card of a bulk job, as a file to take away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import store
from cardfleet.jobs.models import Job
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.masking import mask_iccid, mask_msisdn
from cardfleet.kernel.spreadsheets import Column, ColumnKind, Value, csv_chunks
from cards.models import Card

KEPT = timedelta(days=30)
COLUMNS = (
    Column(gettext_lazy("Line"), ColumnKind.INTEGER),
    Column(gettext_lazy("Number")),
    Column("ICCID"),
    Column(gettext_lazy("Result")),
    Column(gettext_lazy("Code")),
    Column(gettext_lazy("Reason")),
)


@dataclass(frozen=True, kw_only=True)
class Result:
    """One row: done where there is no code, else refused with the code and the sentence."""

    line: int
    card_id: int
    code: str = ""
    sentence: str = ""


def store_results(results: Sequence[Result], *, job: Job, actor: User, now: datetime) -> StoredFile | None:
    """Keep all rows as a CSV for the job's viewers; nothing where there are none."""
    if not results:
        return None
    rows = _rows(results, whole=actor.has_perm("cards.view_full_number"))
    return store(
        content=b"".join(csv_chunks(COLUMNS, rows)),
        name=f"{job.kind.removeprefix('lifecycle.')}-{job.pk}.csv",
        purpose="lifecycle.bulk",
        owner=actor,
        subject=job,
        now=now,
        delete_after=now + KEPT,
        made_here=True,
    )


def _rows(results: Sequence[Result], *, whole: bool) -> Iterator[Sequence[Value]]:
    """Yield the rows by line. A card outside the scope stays unnamed, numbers are masked unless `whole`."""
    seen = [result.card_id for result in results if result.code != NotVisible.code]
    numbers = {pk: (msisdn, iccid) for pk, msisdn, iccid in _numbers(seen)}
    for result in sorted(results, key=lambda one: one.line):
        msisdn, iccid = numbers.get(result.card_id, ("", ""))
        shown = (msisdn, iccid) if whole or not msisdn else (mask_msisdn(msisdn), mask_iccid(iccid))
        word = _("Not done") if result.code else _("Done")
        yield (result.line, *shown, word, result.code, result.sentence)


def _numbers(card_ids: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    yield from Card.objects.filter(pk__in=card_ids).values_list("pk", "msisdn", "iccid")
