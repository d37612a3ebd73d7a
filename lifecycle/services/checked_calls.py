"""Checking the quality of calls; who refused is called no more from then on (R58, R59, R60, R62)."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.choices import ListingKind
from agents.models import Agent, ScriptVersion
from agents.rules.callees import Entry, read_callee
from agents.services.callees import list_number
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.kernel.reading import Unreadable
from cardfleet.kernel.transactions import one_transaction
from cardfleet.notify.services import tell
from cards.models import Card
from lifecycle.messages import CALL_CHECKED
from lifecycle.models import QualityCheck
from lifecycle.rules.checked_calls import Heard, lacking


@dataclass(frozen=True, kw_only=True)
class CheckFacts:
    """What a form of a checked call says beside what was heard; `number` is the refusing person's, never stored."""

    called_on: date
    card: Card | None = None
    script: ScriptVersion | None = None
    category: str = ""
    refused: bool = False
    number: str = ""
    satisfaction: int | None = None
    note: str = ""


@one_transaction
def check_call(*, agent: Agent, heard: Heard, facts: CheckFacts, actor: User, now: datetime) -> QualityCheck:
    """Keep what was heard of an agent's call and tell the agent. BadInput names what is left open.

    A person who refused further calls is put on the do-not-call list in the same transaction.
    """
    reasons = list(
        lacking(
            heard,
            category=facts.category,
            satisfaction=facts.satisfaction,
            refused=facts.refused,
            number=facts.number,
        )
    )
    number = _number(facts.number, reasons) if facts.refused and facts.number.strip() else ""
    if facts.called_on > business_day(now):
        reasons.append(Reason(code="day_ahead", field="called_on", message=_("This day has not come yet. Correct it.")))
    if agent.user_id == actor.pk:
        reasons.append(Reason(code="oneself", field="agent", message=_("Nobody checks their own calls.")))
    if reasons:
        raise BadInput(reasons=reasons)
    check = QualityCheck.objects.create(
        agent=agent,
        **asdict(heard),
        points=heard.points,
        card=facts.card,
        called_on=facts.called_on,
        script=facts.script,
        category=facts.category,
        refused=facts.refused,
        satisfaction=facts.satisfaction,
        note=facts.note.strip(),
        at=now,
        by=actor,
    )
    if number:
        source = gettext("Quality check")
        refusal = Entry(kind=ListingKind.DO_NOT_CALL, number=number, source=source, given_at=now)
        list_number(entry=refusal, actor=actor, now=now)
    data = {"result": check.points, "kind": check.category}
    record(actor=actor, action="lifecycle.call_checked", subject=agent, related=(check,), now=now, data=data)
    params = {"day": f"{check.called_on:%m-%d}", "points": check.points}
    url = url_or_empty("lifecycle:my-performance")
    tell(user=agent.user, code=CALL_CHECKED, params=params, key=f"check:{check.pk}", url=url, now=now)
    return check


def _number(text: str, reasons: list[Reason]) -> str:
    """Return the refusing person's number; the reason never repeats what was written."""
    try:
        return read_callee(text)
    except Unreadable as error:
        reasons.append(Reason(code=error.code, field="number", message=error.message))
        return ""
