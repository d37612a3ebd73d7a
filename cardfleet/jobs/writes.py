"""Many writes of the API as one job: each row does what its address does, in a transaction of its own.

A row is done by the view of its address, so rights, scope, checks, deeds and refusals are those of the single write. A
run that was cut off goes on where it was: a row and the note that it is done are one transaction.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from cardfleet.accounts.models import User
from cardfleet.jobs.handlers import Outcome
from cardfleet.jobs.models import Job
from cardfleet.jobs.progress import Progress
from cardfleet.jobs.services.items import claim_item, note_subject
from cardfleet.kernel.api.rows import JSON, RowRequest
from cardfleet.kernel.crypto import unseal
from cardfleet.kernel.errors import NotAllowed, Reason

API = "/api/v1/"
log = structlog.get_logger("cardfleet.jobs")


@dataclass(frozen=True, kw_only=True)
class Write:
    """A row: method and address as the schema has them, the body, and the tag of the thing as it was read, or none."""

    method: str
    path: str
    body: dict[str, Any]
    if_match: str = ""

    @property
    def label(self) -> str:
        """What it is called in results: a number that stands for an id shows its last digits."""
        return f"{self.method} {re.sub(r':[^/]*(?=[^/]{4}/)', ':…', self.path)}"


def packed(writes: Sequence[Write]) -> bytes:
    """Return rows as they are stored."""
    return orjson.dumps([asdict(write) for write in writes])


def found_for(method: str, path: str) -> ResolverMatch | None:
    """Return what answers a row; None where no row may go: no such write, none of JSON, or a secret for an answer."""
    try:
        match = resolve(path) if path.startswith(API) else None
    except Resolver404:
        return None
    view = getattr(match.func, "cls", None) if match else None
    if match is None or view is None or getattr(view, "answers_secrets", False):
        return None
    actions: dict[str, str] | None = getattr(match.func, "actions", None)
    handles = method.lower() in actions if actions is not None else hasattr(view, method.lower())
    parsers = getattr(match.func, "initkwargs", {}).get("parser_classes") or view.parser_classes
    return match if handles and any(parser.media_type == JSON for parser in parsers) else None


def run_writes(job: Job, progress: Progress) -> Outcome:
    """Do the rows of a job. NotAllowed where its owner left."""
    actor = job.owner
    if actor is None or not actor.is_active or job.input_file is None:
        raise NotAllowed
    actor.areas = frozenset(job.params["areas"])
    with job.input_file.content.open("rb") as file:
        rows = enumerate(orjson.loads(unseal(file.read())), start=1)
    writes = {line: Write(**row) for line, row in rows if progress.wants(line)}
    progress.expect(len(writes))
    with translation.override(job.params["language"]):
        for line, write in writes.items():
            reason = _do(job, line, write, actor)
            if reason:
                progress.refuse(line, reason, row=write.label)
            else:
                progress.done()
    return Outcome()


def _do(job: Job, line: int, write: Write, actor: User) -> Reason | None:
    """Do a row, once in all runs, and return why it is refused; a defect in it keeps nobody from the others."""
    try:
        with transaction.atomic():
            item = claim_item(job=job, line=line)
            if item is None:
                return None
            status, answer, about = _answer(write, actor)
            if status < HTTPStatus.BAD_REQUEST:
                note_subject(item=item, subject=about)
                return None
            transaction.set_rollback(True)
            return reason_of(answer)
    except (InterfaceError, OperationalError):
        raise
    except Exception:
        log.exception("row failed", line=line)
        message = _("Something unexpected happened; nothing of this row was stored. Tell whoever runs the server.")
        return Reason(code="unexpected", message=message)


def _answer(write: Write, actor: User) -> tuple[int, Any, int]:
    """Return the status and the answer of a row, and the id of what it made or was about, 0 without one."""
    match = found_for(write.method, write.path)
    if match is None:
        message = _("There is no such write. Give a method and an address of the schema.")
        return HTTPStatus.NOT_FOUND, {"code": "no_such_write", "message": message, "details": []}, 0
    request = RowRequest(
        method=write.method,
        path=write.path,
        body=orjson.dumps(write.body),
        if_match=write.if_match,
        actor=actor,
    )
    response = match.func(request, *match.args, **match.kwargs)
    answer = getattr(response, "data", None)
    known = answer.get("id") if isinstance(answer, dict) else None
    named = known or match.kwargs.get("pk", "")
    return response.status_code, answer, int(named) if str(named).isdecimal() else 0


def reason_of(answer: dict[str, Any]) -> Reason:
    """Return an error of the API as one reason that says all of its details."""
    details = answer["details"]
    if not details:
        return Reason(code=answer["code"], message=answer["message"])
    said = " ".join(f"{one['message']} {one.get('clears', '')}".strip() for one in details)
    first = details[0]
    return Reason(code=first["code"], message=said, field=first.get("field", ""), value=first.get("value", ""))
