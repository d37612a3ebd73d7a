"""Doing a bulk job, and undoing one: in pieces, each in its own transaction with its rows of the job.

A run that was cut off goes on where it was: the cards were settled by the first run, and a row that is written is done.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.jobs.handlers import Outcome
from cardfleet.jobs.models import Job, JobItem
from cardfleet.jobs.progress import Progress
from cardfleet.jobs.services import mark_undone, settle, store_items
from cardfleet.kernel.errors import NotAllowed, NotVisible, Reason
from cardfleet.kernel.masking import mask_iccid, mask_msisdn
from cards.models import Card
from lifecycle.bulk.registry import Asked, BulkAction, Outcomes, Tell, said
from lifecycle.bulk.results import Result, store_results
from lifecycle.bulk.selection import Selection, resolve
from lifecycle.bulk.starting import checked

Clock = Callable[[], datetime]


@dataclass
class _Run:
    """One run of a job: what is told of each row, for the person and for the file."""

    job: Job
    actor: User
    progress: Progress
    results: list[Result] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def done(self, line: int, card_id: int) -> None:
        """Tell that a row is done."""
        self.progress.done()
        self.results.append(Result(line=line, card_id=card_id))

    def refuse(self, line: int, card_id: int, reason: Reason, label: str) -> None:
        """Tell that a row is not done, and why."""
        whole = said(reason)
        self.progress.refuse(line, whole, row=label)
        self.results.append(Result(line=line, card_id=card_id, code=whole.code, sentence=str(whole.message)))

    def tell(self, told: Tell | None, asked: Asked) -> None:
        """Tell people of the rows that are done."""
        done = [result.card_id for result in self.results if not result.code]
        if told and done:
            told(done, asked)

    def outcome(self, now: datetime, **summary: Any) -> Outcome:
        """Return what the job leaves: the file of the action, else that of its rows."""
        file = self.files[-1] if self.files else store_results(self.results, job=self.job, actor=self.actor, now=now)
        return Outcome(summary={**summary, "links": self.links} if self.links else summary, result_file=file)


def run_bulk(action: BulkAction, job: Job, progress: Progress, *, clock: Clock) -> Outcome:
    """Do an action to the cards a job names. NotAllowed where its owner may no more; BadInput, SelectionChanged."""
    run = _Run(job, _allowed(action, job), progress)
    if "ids" not in job.params:
        wanted = Selection(filter=job.params["filter"], shown=job.params["shown"])
        settle(job=job, ids=resolve(wanted, run.actor))
    lines = {card_id: line for line, card_id in enumerate(job.params["ids"], start=1) if progress.wants(line)}
    given = checked(action, job.params["given"], run.actor)
    progress.expect(len(lines))
    done = dict(job.items.values_list("subject", "line"))
    for card_id, line in done.items():
        run.done(line, card_id)
    left = [card_id for card_id in lines if card_id not in done]
    for chunk in _chunks(left, action.at_once):
        _perform(action, run, {card_id: lines[card_id] for card_id in chunk}, given, clock())
    run.tell(action.tell, Asked(job=job, actor=run.actor, now=clock(), given=given))
    return run.outcome(clock(), action=action.name)


def run_undo(action: BulkAction, job: Job, progress: Progress, *, clock: Clock) -> Outcome:
    """Undo what a job of the action did, where it is still as that job left it."""
    run = _Run(job, _allowed(action, job), progress)
    first = Job.objects.visible_to(run.actor).filter(pk=job.params["undoes"], kind=action.kind).first()
    if first is None:
        raise NotVisible
    items = [item for item in first.items.exclude(left={}) if progress.wants(item.line)]
    progress.expect(len(items))
    for item in items:
        if item.undone_at:
            run.done(item.line, item.subject)
    left = {item.subject: item for item in items if not item.undone_at}
    for chunk in _chunks(list(left), action.at_once):
        _undo(action, run, {card_id: left[card_id] for card_id in chunk}, clock())
    run.tell(action.tell_undone, Asked(job=job, actor=run.actor, now=clock(), given={}))
    return run.outcome(clock(), action=action.name, undoes=first.pk)


def _allowed(action: BulkAction, job: Job) -> User:
    """Return whose job it is, if that person may still do this."""
    if job.owner is None or not job.owner.is_active or not job.owner.has_perm(action.right):
        raise NotAllowed
    return job.owner


def _perform(action: BulkAction, run: _Run, lines: Mapping[int, int], given: Mapping[str, Any], now: datetime) -> None:
    """Do the action to a piece and write its done rows in the same transaction; tell of them when it is committed."""
    with transaction.atomic():
        seen = _labels(lines, run.actor, is_reading=action.is_reading)
        asked = Asked(job=run.job, actor=run.actor, now=now, given=given)
        outcomes = action.perform(list(seen), asked)
        if not action.is_reading:
            store_items(
                items=[
                    JobItem(job=run.job, line=lines[card_id], subject=card_id, left=left)
                    for card_id, left in outcomes.done.items()
                ]
            )
    _tell(run, lines, outcomes, seen)


def _undo(action: BulkAction, run: _Run, items: Mapping[int, JobItem], now: datetime) -> None:
    """Undo a piece. Rows that another job undid meanwhile are as they should be."""
    if action.undo is None:
        return
    with transaction.atomic():
        waiting = JobItem.objects.undoable().filter(pk__in=[item.pk for item in items.values()]).locked()
        due = {item.subject: item for item in waiting}
        seen = _labels(due, run.actor)
        asked = Asked(job=run.job, actor=run.actor, now=now, given={})
        outcomes = action.undo({card_id: due[card_id].left for card_id in seen}, asked)
        mark_undone(item_ids=[due[card_id].pk for card_id in outcomes.done], now=now)
        outcomes.done.update({card_id: {} for card_id in items if card_id not in due})
    _tell(run, {card_id: item.line for card_id, item in items.items()}, outcomes, seen)


def _labels(card_ids: Iterable[int], person: User, *, is_reading: bool = False) -> dict[int, str]:
    """Return what the cards in the person's scope are called in results, masked, in order; they are locked."""
    cards = Card.objects.visible_to(person).filter(pk__in=list(card_ids)).only("pk", "msisdn", "iccid")
    found = cards.order_by("pk") if is_reading else cards.locked()
    return {card.pk: f"{mask_msisdn(card.msisdn)} · {mask_iccid(card.iccid)}" for card in found}


def _tell(run: _Run, lines: Mapping[int, int], outcomes: Outcomes, labels: Mapping[int, str]) -> None:
    run.files += outcomes.files
    run.links += outcomes.links
    gone = Reason(code=NotVisible.code, message=NotVisible.sentence)
    for card_id, line in lines.items():
        if card_id in outcomes.done:
            run.done(line, card_id)
        else:
            run.refuse(line, card_id, outcomes.refused.get(card_id, gone), labels.get(card_id, ""))


def _chunks(ids: Sequence[int], size: int) -> Iterator[list[int]]:
    """Yield the ids in pieces, in one where the size is ALL."""
    rest = iter(ids)
    while chunk := list(islice(rest, size or None)):
        yield chunk
