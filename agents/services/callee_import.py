"""Files of refusals and consents: looked at once when they are sent, stored by a worker (R40, R57, R60)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import BinaryIO, cast

from django.core.files import File
from django.db import transaction

from agents.errors import CalleeFileRefused
from agents.importers.callees import CalleeLine, open_sheet
from agents.models import CalleeListing
from agents.rules.callees import Verdict
from agents.services.callees import REFUSED, list_numbers
from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import attach, store
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.tabular import open_table

KIND = "agents.callees"
PROOF = "agents.callee_proof"
# The sent file and its refused rows hold whole numbers: long enough to correct them, no longer (PIPL art. 19).
FILE_KEPT = timedelta(days=30)
ROWS_A_STATEMENT = 5000
LookedAt = Callable[[CalleeLine], None]


@dataclass(kw_only=True)
class CalleeImportOutcome:
    """What became of the rows: how many are new or renewed, how many were known, and those refused."""

    stored: int = 0
    known: int = 0
    refused: list[CalleeLine] = field(default_factory=list)


@transaction.atomic
def ask_callee_import(*, upload: "File[bytes]", proof: "File[bytes] | None", actor: User, now: datetime) -> Job:
    """Keep a file and its proof, and ask for its import. BadInput when it is no such file: then nothing is kept."""
    name = upload.name or ""
    _header, rows = open_sheet(open_table(cast("BinaryIO", upload.file), name))
    if next(rows, None) is None:
        raise CalleeFileRefused
    stored = store(content=upload, name=name, purpose=KIND, owner=actor, now=now, delete_after=now + FILE_KEPT)
    kept = store(content=proof, name=proof.name or "", purpose=PROOF, owner=actor, now=now) if proof else None
    params = {"name": stored.name, "proof": str(kept.pk) if kept else ""}
    return start_job(kind=KIND, owner=actor, input_file=stored, params=params, now=now)


def import_callees(
    *,
    lines: Iterable[CalleeLine],
    actor: User | None,
    now: datetime,
    proof: StoredFile | None = None,
    job: Job | None = None,
    looked_at: LookedAt = lambda _line: None,
) -> CalleeImportOutcome:
    """Store rows, some thousands a transaction; a second run finds them known. `looked_at` is told of each."""
    outcome = CalleeImportOutcome()
    rest = iter(lines)
    while some := list(islice(rest, ROWS_A_STATEMENT)):
        entries = [line.entry for line in some if line.entry]
        verdicts = iter(list_numbers(entries=entries, actor=actor, now=now, proof=proof, job=job))
        for line in _counted(some, verdicts, outcome):
            looked_at(line)
    first = CalleeListing.objects.filter(proof=proof).order_by("pk").first() if proof else None
    if proof and first and not proof.subject:
        attach(stored=proof, subject=first)
    return outcome


def _counted(
    lines: Sequence[CalleeLine], verdicts: Iterator[Verdict], outcome: CalleeImportOutcome
) -> Iterator[CalleeLine]:
    """Yield each line as it ended: one that a refusal stands against with its reason."""
    for line in lines:
        verdict = next(verdicts) if line.entry else "refused"
        if verdict == "refused":
            outcome.refused.append(replace(line, entry=None, reasons=line.reasons or [_standing_against(line)]))
            yield outcome.refused[-1]
            continue
        outcome.known += verdict == "known"
        outcome.stored += verdict != "known"
        yield line


def _standing_against(line: CalleeLine) -> Reason:
    return Reason(code="callee_refused", field="number", line=line.number, message=REFUSED)
