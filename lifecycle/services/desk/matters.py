"""Complaints, subject requests and breaches: opened, step by step, ended (R35, R40, R83). The journal names nobody."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.choices import ListingKind
from agents.rules.callees import Entry
from agents.services.callees import list_number
from cardfleet.accounts.models import User
from cardfleet.files.services import store
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import BadInput, NotVisible, Reason
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import tell
from lifecycle.choices import MatterGroup, MatterKind, MatterOutcome
from lifecycle.errors import ErasureRefused, ExtensionRefused, MatterClosed, MatterClosingRefused, MatterStepRefused
from lifecycle.messages import REQUEST_ENDED
from lifecycle.models import Complaint, Matter, MatterStep
from lifecycle.rules.desk.matters import ANSWER, PLANS, dues, group_of, next_code, unmet_to_close, unmet_to_do
from lifecycle.selectors.cases.calendar import working_days
from lifecycle.selectors.desk.matters import facts_of
from lifecycle.services.desk.alerts import ease_matter
from lifecycle.services.erasure import erase_person

PURPOSE = "matter"


@transaction.atomic
def open_matter(
    *,
    kind: str,
    title: str,
    received_at: datetime,
    actor: User | None,
    now: datetime,
    summary: str = "",
    channel: str = "",
    complaint: Complaint | None = None,
    about: User | None = None,
    asker: str = "",
    number: str = "",
    people: int | None = None,
    data: str = "",
) -> Matter:
    """Record what came in, with the clocks of its kind from its receipt; BadInput where it lies ahead or names nobody.

    Whoever withdraws consent is called no more from that moment (PIPL art. 15).
    """
    if received_at > now:
        message = _("This has not happened yet. Correct the time.")
        raise BadInput(reasons=[Reason(code="in_the_future", field="received_at", message=message)])
    if group_of(kind) == MatterGroup.REQUESTS and about is None and not number:
        message = _("Say whom it is about: a person of ours, or a number.")
        raise BadInput(reasons=[Reason(code="nobody", field="about", message=message)])
    matter = Matter.objects.create(
        kind=kind,
        title=title,
        summary=summary,
        channel=channel,
        received_at=received_at,
        complaint=complaint,
        about=about,
        asker=asker,
        number=number,
        people=people,
        data=data,
        opened_at=now,
        opened_by=actor,
    )
    plans = enumerate(PLANS[MatterKind(kind)], start=1)
    MatterStep.objects.bulk_create(MatterStep(matter=matter, code=plan.code, position=at) for at, plan in plans)
    _wind(matter)
    if kind == MatterKind.WITHDRAW and number:
        _call_no_more(matter, actor=actor, now=now)
    related = (complaint.card,) if complaint else ()
    record(actor=actor, action="lifecycle.matter_opened", subject=matter, related=related, now=now, data={"kind": kind})
    return matter


@transaction.atomic
def do_step(
    *,
    matter_id: int,
    code: str,
    actor: User | None,
    now: datetime,
    note: str = "",
    done_at: datetime | None = None,
    proof: "File[bytes] | None" = None,
) -> MatterStep:
    """Record a step as done, with what was done or a file. MatterClosed, MatterStepRefused, NotVisible."""
    matter, steps = _locked(matter_id)
    step = next((one for one in steps if one.code == code), None)
    if step is None:
        raise NotVisible
    at = done_at or now
    unmet = unmet_to_do(facts_of(matter, steps), code, at=at, has_proof=bool(note.strip() or proof))
    if at > now:
        message = _("This has not happened yet. Correct the time.")
        unmet.append(Reason(code="in_the_future", field="done_at", message=message))
    if unmet:
        raise MatterStepRefused(reasons=unmet)
    if proof:
        step.proof = store(
            content=proof, name=proof.name or "file", purpose=PURPOSE, owner=actor, now=now, subject=matter
        )
    step.done_at, step.done_by, step.note = at, actor, note.strip()
    step.save(update_fields=["done_at", "done_by", "note", "proof"])
    _wind(matter)
    ease_matter(matter.pk, now=now)
    data = {"step": code, "kind": matter.kind}
    record(actor=actor, action="lifecycle.matter_step_done", subject=matter, now=now, data=data)
    return step


@transaction.atomic
def extend(*, matter_id: int, because: str, actor: User | None, now: datetime) -> Matter:
    """Give a request up to 30 days from its receipt, once, before its answer. ExtensionRefused, MatterClosed."""
    matter, steps = _locked(matter_id)
    answered = any(step.code == ANSWER and step.done_at for step in steps)
    is_request = group_of(matter.kind) == MatterGroup.REQUESTS
    if not is_request or matter.extended_because or answered or not because.strip():
        raise ExtensionRefused
    matter.extended_because = because.strip()[:200]
    matter.save(update_fields=["extended_because"])
    _wind(matter)
    ease_matter(matter.pk, now=now)
    record(
        actor=actor,
        action="lifecycle.matter_extended",
        subject=matter,
        now=now,
        reason=matter.extended_because,
        data={"kind": matter.kind},
    )
    return matter


@transaction.atomic
def close_matter(*, matter_id: int, outcome: str, because: str, actor: User | None, now: datetime) -> Matter:
    """End a matter; what stands in the way is named. MatterClosed, MatterClosingRefused.

    A request for deletion that is granted erases the person at once; while an open case names them or a law keeps
    them it is refused, says until when, and ends "kept because".
    """
    matter, steps = _locked(matter_id)
    unmet = unmet_to_close(facts_of(matter, steps, with_names=True), outcome, because)
    if unmet:
        raise MatterClosingRefused(reasons=unmet)
    _end(matter, outcome, because, actor=actor, now=now)
    if matter.kind == MatterKind.DELETE and outcome == MatterOutcome.GRANTED and matter.about:
        _erase(matter, matter.about, actor=actor, now=now)
    elif matter.about and matter.about != actor:
        _tell(matter, matter.about, now=now)
    return matter


@transaction.atomic
def drop_matter_of(*, complaint: Complaint, because: str, actor: User | None, now: datetime) -> None:
    """End the open matter of a complaint that was recorded by mistake; there may be none."""
    matter = Matter.objects.open().filter(complaint=complaint).locked().first()
    if matter:
        _end(matter, MatterOutcome.WITHDRAWN, because, actor=actor, now=now)


def _end(matter: Matter, outcome: str, because: str, *, actor: User | None, now: datetime) -> None:
    matter.outcome, matter.because, matter.closed_at, matter.closed_by = outcome, because.strip(), now, actor
    matter.due_at = None
    matter.save(update_fields=["outcome", "because", "closed_at", "closed_by", "due_at"])
    ease_matter(matter.pk, now=now)
    data = {"kind": matter.kind, "outcome": outcome}
    record(actor=actor, action="lifecycle.matter_closed", subject=matter, now=now, data=data)


def _erase(matter: Matter, person: User, *, actor: User | None, now: datetime) -> None:
    reason = gettext("Matter #{matter}").format(matter=matter.pk)
    try:
        erase_person(person_id=person.pk, reason=reason, actor=actor, now=now)
    except ErasureRefused as refusal:
        raise MatterClosingRefused(reasons=refusal.reasons) from refusal


def _call_no_more(matter: Matter, *, actor: User | None, now: datetime) -> None:
    source = gettext("Matter #{matter}").format(matter=matter.pk)
    entry = Entry(kind=ListingKind.DO_NOT_CALL, number=matter.number, source=source, given_at=matter.received_at)
    list_number(entry=entry, actor=actor, now=now)


def _tell(matter: Matter, person: User, *, now: datetime) -> None:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        params = {"matter": matter.pk, "outcome": str(matter.get_outcome_display())}
    key, url = f"matter:{matter.pk}:closed", url_or_empty("lifecycle:my-data")
    tell(user=person, code=REQUEST_ENDED, params=params, key=key, url=url, now=now)


def _locked(matter_id: int) -> tuple[Matter, Sequence[MatterStep]]:
    matter = Matter.objects.filter(pk=matter_id).locked().first()
    if matter is None:
        raise NotVisible
    if not matter.is_open:
        raise MatterClosed
    return matter, list(matter.steps.all())


def _wind(matter: Matter) -> None:
    """Write the clocks of the steps ahead, and the nearest on the matter."""
    steps = list(matter.steps.all())
    facts = facts_of(matter, steps)
    clocks = dues(facts, days=working_days())
    for step in steps:
        if step.done_at is None and step.due_at != clocks[step.code]:
            step.due_at = clocks[step.code]
            step.save(update_fields=["due_at"])
    matter.due_at = clocks.get(next_code(facts))
    matter.save(update_fields=["due_at"])
