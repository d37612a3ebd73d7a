"""Agents and their teams as HR has them: new ones, moved ones, leavers; never deleted (R76)."""

from datetime import datetime, timedelta

from agents.choices import AgentStatus
from agents.exporters.import_results import sign_ins_csv
from agents.importers.agents import AgentSheet
from agents.models import Agent
from agents.services.agent_import import AgentImportOutcome, import_agents
from cardfleet.accounts.models import User
from cardfleet.files.services import store
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many
from lifecycle.errors import TooManyLeave
from lifecycle.messages import NEWCOMERS
from lifecycle.models import ConnectionRun
from lifecycle.rules.connections.people import too_many_leave
from lifecycle.services.connections.storing import SHOWN, Stored

PASSWORDS_KEPT = timedelta(days=1)
RIGHT = "accounts.add_user"


def store_agents(run: ConnectionRun, sheet: AgentSheet, *, create_missing: bool, now: datetime) -> Stored:
    """Bring agents and teams to what a file says. TooManyLeave for one by which more than a fifth would leave.

    One-time passwords of newcomers go into a file of a day, for those who may make sign-ins.
    """
    _refuse_slipped(sheet)
    outcome = import_agents(sheet=sheet, actor=None, now=now, create_missing=create_missing)
    if outcome.sign_ins:
        _hand_out(run, outcome, now=now)
    reasons = [line.reasons[0] for line in outcome.refused]
    return Stored(
        rows_read=len(sheet.lines),
        rows_stored=outcome.stored,
        rows_known=outcome.unchanged + outcome.skipped,
        rows_refused=len(reasons),
        refused=[
            {"line": reason.line, "code": reason.code, "column": reason.column, "message": str(reason.message)}
            for reason in reasons[:SHOWN]
        ],
    )


def _refuse_slipped(sheet: AgentSheet) -> None:
    """Refuse a file whose columns slipped: so many do not leave in a day."""
    leavers = {line.row.staff_no for line in sheet.lines if line.row and line.row.status == AgentStatus.LEFT}
    staff = Agent.objects.exclude(status=AgentStatus.LEFT)
    known = {str(number).casefold() for number in staff.values_list("user__staff_no", flat=True)}
    if too_many_leave(sum(number.casefold() in known for number in leavers), of=len(known)):
        raise TooManyLeave


def _hand_out(run: ConnectionRun, outcome: AgentImportOutcome, *, now: datetime) -> None:
    stored = store(
        content=sign_ins_csv([(row.staff_no, row.name, row.password) for row in outcome.sign_ins]),
        name=f"passwords-{run.pk}.csv",
        purpose="connections.passwords",
        owner=None,
        subject=f"lifecycle.newcomers:{run.pk}",
        now=now,
        delete_after=now + PASSWORDS_KEPT,
    )
    params = {"count": len(outcome.sign_ins)}
    url, key = url_or_empty("files:download", stored.pk), f"newcomers:{run.pk}"
    people = User.objects.with_right(RIGHT).filter(is_active=True)
    tell_many(tellings=[Telling(user=one, code=NEWCOMERS, params=params, key=key, url=url) for one in people], now=now)
