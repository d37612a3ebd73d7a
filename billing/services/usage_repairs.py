"""Repairing refused rows: corrected in the page or in a file, they come back as a batch that corrects the first.

A corrected row is read by the layout of the original file, so that its period and own number hold, and settles the
row that was refused; one that is refused again stays with the first batch, with its new cells and reason.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from django.core.files.base import File
from django.db import transaction

from billing.choices import BatchState
from billing.errors import CorrectionRuns, NothingCorrected, NotRepairable, RowsDiffer
from billing.importers import corrections
from billing.importers.corrections import Corrected
from billing.importers.layout import Layout
from billing.models import UsageBatch, UsageReject
from billing.services.usage_import import Upload, recognise
from billing.services.usage_requests import PURPOSE, ask_for_import
from cardfleet.accounts.models import User
from cardfleet.files.services import attach, store
from cardfleet.jobs.choices import ENDED
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.tabular import Table, open_table


@dataclass(frozen=True, kw_only=True)
class Correction(Upload):
    """Corrected rows of a file: `file` is the original, by which they are read."""

    corrected: BinaryIO

    def table(self) -> Table:
        """Return the corrected rows."""
        return corrections.table_of(self.corrected)

    def recognised(self, now: datetime) -> Layout:
        """Return the layout of the original."""
        return recognise(self.sample(super().table(), now), source=self.source, wanted=self.wanted)


@contextmanager
def opened(batch: UsageBatch) -> Iterator[Upload]:
    """Open what a batch imports: its file, or its corrected rows beside the file they are of."""
    whole = batch.corrects or batch
    if whole.file is None or batch.file is None:
        raise NotRepairable
    given = {"name": whole.name or whole.file.name, "wanted": batch.format, "own_number": batch.own_number}
    with ExitStack() as files:
        file = cast("BinaryIO", files.enter_context(whole.file.content.open("rb")))
        if batch.corrects is None:
            yield Upload(file=file, source=batch.source.slug, **given)
        else:
            rows = cast("BinaryIO", files.enter_context(batch.file.content.open("rb")))
            yield Correction(file=file, corrected=rows, source=batch.source.slug, **given)


@transaction.atomic
def correct_rows(*, batch: UsageBatch, cells: Mapping[int, Sequence[str]], actor: User, now: datetime) -> UsageBatch:
    """Import refused rows (by key) again with these cells; return the batch that does. As they were: NothingCorrected.

    Raises NotRepairable, CorrectionRuns.
    """
    rejects = batch.rejects.open().filter(pk__in=cells).order_by("line")
    changed = [(one.line, list(cells[one.pk])) for one in rejects if list(cells[one.pk]) != written(one)]
    return _correct(batch, changed, actor=actor, now=now)


@transaction.atomic
def import_again(*, batch: UsageBatch, code: str, actor: User, now: datetime) -> UsageBatch:
    """Import the rows refused for one reason again as they are: what lacked may be there now. As `correct_rows`."""
    rejects = batch.rejects.open().filter(code=code).order_by("line")
    return _correct(batch, ((one.line, written(one)) for one in rejects.iterator()), actor=actor, now=now)


@transaction.atomic
def correct_by_file(*, batch: UsageBatch, file: BinaryIO, name: str, actor: User, now: datetime) -> UsageBatch:
    """Import the refused rows again from the corrected file of them; rows settled meanwhile are passed over.

    Raises RowsDiffer for rows that were not refused, UnreadableFile, and as `correct_rows`.
    """
    return _correct(batch, _from_file(batch, open_table(file, name)), actor=actor, now=now)


def written(reject: UsageReject) -> list[str]:
    """Return the cells of a refused row as texts."""
    return [cell or "" for cell in reject.cells]


def _from_file(batch: UsageBatch, table: Table) -> list[Corrected]:
    """Return the rows of a file of refused rows, by the line each names behind its cells, else by their order."""
    settled = dict(batch.rejects.order_by("line").values_list("line", "settled_by"))
    rows = [cells for line, cells in table.rows() if not (batch.header and line == 1)]
    if batch.header:
        lines = [_named_line(cells, len(batch.header), settled) for cells in rows]
    else:
        lines = list(settled)
        if len(rows) != len(lines):
            raise RowsDiffer
    width = len(batch.header) or None
    return [(line, cells[:width]) for line, cells in zip(lines, rows, strict=True) if settled[line] is None]


def _named_line(cells: Sequence[str], place: int, known: Mapping[int, object]) -> int:
    text = cells[place].strip() if place < len(cells) else ""
    if not text.isdigit() or int(text) not in known:
        raise RowsDiffer(reasons=[Reason(code=RowsDiffer.code, message=RowsDiffer.sentence, value=text)])
    return int(text)


def _correct(batch: UsageBatch, rows: Iterable[Corrected], *, actor: User, now: datetime) -> UsageBatch:
    whole = UsageBatch.objects.locked().select_related("source").get(pk=batch.pk)
    if whole.state != BatchState.STORED or whole.file_id is None:
        raise NotRepairable
    if whole.corrections.filter(state=BatchState.PENDING).exclude(job__state__in=ENDED).exists():
        raise CorrectionRuns
    with tempfile.TemporaryFile() as content:
        count = corrections.write(content, whole.header, rows)
        if not count:
            raise NothingCorrected
        name = f"corrected-{whole.pk}.csv"
        stored = store(content=File(content), name=name, purpose=PURPOSE, owner=actor, now=now, made_here=True)
    correction = UsageBatch.objects.create(
        source=whole.source,
        file=stored,
        name=name,
        corrects=whole,
        sha256=stored.sha256,
        format=whole.format,
        own_number=whole.own_number,
        lines=count,
        created_at=now,
    )
    attach(stored=stored, subject=correction)
    return ask_for_import(correction, actor=actor, now=now)
