"""Agents from a file, upserted by staff number (design, section 8; R14, R76)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agents.choices import AgentStatus
from agents.importers.agents import AgentLine, AgentRow, AgentSheet
from agents.models import Agent
from agents.selectors.teams import TeamFinder
from agents.services import agents
from agents.services.absences import note_absence
from cardfleet.accounts.choices import TeamKind
from cardfleet.accounts.models import Team, User
from cardfleet.accounts.services.teams import create_team
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import NotAllowed, Reason, Refusal

IMPORTED = "agent file"
LookedAt = Callable[[int, Reason | None], None]  # told of each line when it was looked at, and why it was refused


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """A new sign-in; the password is stored nowhere and must be changed at the first use."""

    staff_no: str
    name: str
    password: str = field(repr=False)


@dataclass(kw_only=True)
class AgentImportOutcome:
    """What became of the rows. `skipped` are leavers whom CardFleet never knew."""

    sign_ins: list[SignIn] = field(default_factory=list)
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    refused: list[AgentLine] = field(default_factory=list)

    @property
    def stored(self) -> int:
        """The number of rows that changed something."""
        return len(self.sign_ins) + self.updated


class RowRefused(Exception):
    """One row cannot be used; carries its reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


@transaction.atomic
def import_agents(
    *,
    sheet: AgentSheet,
    actor: User | None,
    now: datetime,
    dry_run: bool = False,
    create_missing: bool = False,
    looked_at: LookedAt = lambda _line, _reason: None,
) -> AgentImportOutcome:
    """Enter new agents, change known ones, and return the sign-ins made; bad rows come back with their reasons.

    All rows are one transaction, so that no password is lost between the database and its file. A dry run does the
    same and takes it back. `create_missing` makes teams the file names below the company; NotAllowed when the actor
    may not make teams.
    """
    if create_missing and actor is not None and not actor.has_perm("accounts.add_team"):
        raise NotAllowed
    work = _Import(sheet, actor=actor, now=now, create_missing=create_missing)
    for line in sheet.lines:
        looked_at(line.number, work.take(line))
    if dry_run:
        transaction.set_rollback(True)
    else:
        work.journal()
    return work.outcome


class _Import:
    """One run over a file: what is known, read once, and what became of the rows so far."""

    def __init__(self, sheet: AgentSheet, *, actor: User | None, now: datetime, create_missing: bool) -> None:
        self.outcome = AgentImportOutcome()
        self.actor, self.now, self.create_missing = actor, now, create_missing
        self.header = sheet.header
        self.teams = TeamFinder(actor)
        self.seen: dict[str, int] = {}
        staff_nos = [line.row.staff_no for line in sheet.lines if line.row]
        self.people = _people(staff_nos)
        self.agents = {agent.user_id: agent for agent in _agents_of(self.people.values())}
        visible = Agent.objects.all() if actor is None else Agent.objects.visible_to(actor)
        self.visible = set(visible.filter(user__in=self.people.values()).values_list("pk", flat=True))

    def take(self, line: AgentLine) -> Reason | None:
        """Store one row, or put it among the refused and return why."""
        if line.row is None:
            self.outcome.refused.append(line)
            return line.reasons[0]
        try:
            with transaction.atomic():
                self._store(line.row)
        except RowRefused as error:
            return self._refuse(line, error.reason)
        except Refusal as error:
            return self._refuse(line, Reason(code=error.code, message=error.message, field="staff_no"))
        return None

    def journal(self) -> None:
        """Write one line on the whole file."""
        counts = {
            "created": len(self.outcome.sign_ins),
            "updated": self.outcome.updated,
            "refused": len(self.outcome.refused),
        }
        record(actor=self.actor, action="agents.agents_imported", subject="agents.agent:", now=self.now, data=counts)

    def _refuse(self, line: AgentLine, reason: Reason) -> Reason:
        name = reason.field if reason.field in self.header else "staff_no"
        placed = replace(
            reason,
            line=line.number,
            column=self.header.titles[name],
            value=self.header.cell(line.cells, name).strip()[:80],
        )
        self.outcome.refused.append(replace(line, row=None, reasons=[placed]))
        return placed

    def _store(self, row: AgentRow) -> None:
        key = row.staff_no.casefold()
        if first := self.seen.setdefault(key, row.line) if self.seen.get(key) else None:
            message = format_lazy(_("Line {line} has this staff number already. Keep one of them."), line=first)
            raise RowRefused(Reason(code="staff_no_doubled", field="staff_no", message=message))
        self.seen[key] = row.line
        person = self.people.get(key)
        if person is None:
            self._enter(row)
        else:
            self._change(row, self._agent_of(person))

    def _agent_of(self, person: User) -> Agent:
        agent = self.agents.get(person.pk)
        if agent is None:
            message = _("This staff number is that of somebody who is no agent.")
            raise RowRefused(Reason(code="not_an_agent", field="staff_no", message=message))
        if agent.pk not in self.visible:
            message = _("This agent is in a team outside your scope.")
            raise RowRefused(Reason(code="outside_scope", field="staff_no", message=message))
        return agent

    def _enter(self, row: AgentRow) -> None:
        if row.status == AgentStatus.LEFT:
            self.outcome.skipped += 1
            return
        if row.team is None:
            raise RowRefused(Reason(code="missing", field="team", message=_("A new agent needs a team.")))
        agent, password = agents.create_agent(
            staff_no=row.staff_no,
            name=row.name,
            team=self._team(row.team),
            mobile=row.mobile or "",
            joined_on=row.joined_on,
            actor=self.actor,
            now=self.now,
        )
        self._apply_status(agent, row.status)
        self._note_absence(agent, row)
        self.outcome.sign_ins.append(SignIn(staff_no=row.staff_no, name=row.name, password=password))

    def _change(self, row: AgentRow, agent: Agent) -> None:
        facts = agents.AgentFacts.of(agent)
        wanted = replace(
            facts,
            name=row.name,
            mobile=facts.mobile if row.mobile is None else row.mobile,
            team=facts.team if row.team is None else self._team(row.team),
            joined_on=row.joined_on or facts.joined_on,
        )
        if wanted != facts:
            agents.update_agent(agent_id=agent.pk, facts=wanted, actor=self.actor, now=self.now)
        password = self._apply_status(agent, row.status)
        away = self._note_absence(agent, row)
        if password:
            self.outcome.sign_ins.append(SignIn(staff_no=row.staff_no, name=row.name, password=password))
        elif away or wanted != facts or row.status not in (None, agent.status):
            self.outcome.updated += 1
        else:
            self.outcome.unchanged += 1

    def _apply_status(self, agent: Agent, status: AgentStatus | None) -> str:
        """Bring an agent to the status of the row; return a one-time password where they came back."""
        if status is None or status == agent.status:
            return ""
        password = ""
        if agent.status == AgentStatus.LEFT:
            _agent, password = agents.rejoin(agent_id=agent.pk, joined_on=None, actor=self.actor, now=self.now)
        if status == AgentStatus.LEFT:
            agents.leave(agent_id=agent.pk, reason=IMPORTED, actor=self.actor, now=self.now)
        elif status == AgentStatus.ON_HOLD:
            agents.hold(agent_id=agent.pk, reason=IMPORTED, actor=self.actor, now=self.now)
        elif agent.status == AgentStatus.ON_HOLD:
            agents.release(agent_id=agent.pk, actor=self.actor, now=self.now)
        return password

    def _note_absence(self, agent: Agent, row: AgentRow) -> bool:
        """Record the absence of the row; tell whether it was new."""
        if row.absent_from is None:
            return False
        last = row.absent_until or row.absent_from
        days = {"starts_on": row.absent_from, "ends_on": last}
        return note_absence(agent_id=agent.pk, kind=row.absence_kind, **days, actor=self.actor, now=self.now)

    def _team(self, way: Sequence[str]) -> Team:
        found = self.teams.named(way)
        if len(found) == 1:
            return found[0]
        if found:
            message = _("Several teams are called so. Write the way to it, like 华东/华东一组.")
            raise RowRefused(Reason(code="team_ambiguous", field="team", message=message))
        if not self.create_missing:
            message = _("There is no team of this name in your scope. Correct it, or let missing teams be made.")
            raise RowRefused(Reason(code="team_unknown", field="team", message=message))
        return self._make_team(way)

    def _make_team(self, way: Sequence[str]) -> Team:
        """Make a team, and what is missing above it: sites below the company, the team below them."""
        parent = self._company() if len(way) == 1 else self._parent(way[:-1])
        kind = TeamKind.TEAM
        team = create_team(name=way[-1], kind=kind, parent=parent, actor=self.actor, now=self.now)
        self.teams.add(team)
        return team

    def _parent(self, way: Sequence[str]) -> Team:
        found = self.teams.named(way)
        if found:
            return found[0]
        above = self._company() if len(way) == 1 else self._parent(way[:-1])
        parent = create_team(name=way[-1], kind=TeamKind.SITE, parent=above, actor=self.actor, now=self.now)
        self.teams.add(parent)
        return parent

    def _company(self) -> Team | None:
        return Team.objects.filter(kind=TeamKind.COMPANY, parent=None).order_by("pk").first()


def _people(staff_nos: Iterable[str]) -> dict[str, User]:
    """Return those who have one of the staff numbers, by it, whatever the letter case."""
    known = {staff_no.casefold() for staff_no in staff_nos}
    everybody = User.objects.exclude(staff_no=None).values_list("pk", "staff_no")
    ids = [pk for pk, staff_no in everybody if str(staff_no).casefold() in known]
    return {str(user.staff_no).casefold(): user for user in User.objects.filter(pk__in=ids)}


def _agents_of(people: Iterable[User]) -> Iterable[Agent]:
    return Agent.objects.filter(user__in=list(people)).select_related("user__team")
