"""The agent list and the agent page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Subquery

from agents.models import Absence, Agent, Assignment, Leaving, TrainingRecord
from agents.querysets import AgentQuerySet
from agents.selectors.training import TrainingStanding, standings
from cardfleet.journal import registry
from cardfleet.journal.models import Entry
from cardfleet.journal.recording import subject_of
from cardfleet.journal.registry import Action

SORTS = {
    "staff_no": ("user__staff_no",),
    "name": ("user__name_pinyin",),
    "team": ("user__team__path", "user__name_pinyin"),
    "cards": ("open_cards",),
    "joined": ("joined_on",),
}
HISTORY = 50


@dataclass(frozen=True, kw_only=True)
class AgentRow:
    """One line of the list; the agent carries `open_cards`, `unaccepted` and `absent_until`."""

    agent: Agent
    standing: TrainingStanding
    training: str


@dataclass(frozen=True, kw_only=True)
class Roster:
    """One page of the list."""

    page: Page[Agent]
    rows: Sequence[AgentRow]


@dataclass(frozen=True)
class Event:
    """One line of an agent's timeline, with its words."""

    entry: Entry
    action: Action


@dataclass(frozen=True, kw_only=True)
class AgentPage:
    """What the page of one agent shows: `history` the last assignments that ended, `absences` those not over yet."""

    agent: Agent
    standing: TrainingStanding
    training: str
    held: Sequence[Assignment]
    history: Sequence[Assignment]
    records: Sequence[TrainingRecord]
    absences: Sequence[Absence]
    timeline: Sequence[Event]
    today: date
    leaving: Leaving | None

    @property
    def absent_until(self) -> date | None:
        """The last day of the absence they are in; None for somebody who is here."""
        first = next(iter(self.absences), None)
        return first.ends_on if first and first.starts_on <= self.today else None


def roster(agents: AgentQuerySet, *, today: date, number: str, size: int, sort: str) -> Roster:
    """Return a page of agents, by team and name unless a sort is asked for; the number of queries is fixed."""
    name = sort.removeprefix("-")
    order = SORTS.get(name, SORTS["team"])
    signed = [f"-{field}" if sort.startswith("-") else field for field in order]
    away = Absence.objects.on(today).filter(agent=OuterRef("pk")).values("ends_on")
    known = agents.with_open_cards().annotate(absent_until=Subquery(away))
    listed = known.select_related("user__team").order_by(*signed, "pk")
    page = Paginator(listed, size).get_page(number)
    people = list(page.object_list)
    trained = standings([agent.pk for agent in people], today)
    rows = [
        AgentRow(agent=agent, standing=trained[agent.pk], training=trained[agent.pk].state(today)) for agent in people
    ]
    return Roster(page=page, rows=rows)


def agent_page(agent: Agent, today: date) -> AgentPage:
    """Return what the page of an agent shows."""
    standing = standings([agent.pk], today)[agent.pk]
    assignments = Assignment.objects.filter(agent=agent).select_related("card__carrier", "team", "handed_by")
    ended = assignments.exclude(ended_at=None, undone_at=None).order_by("-started_at")[:HISTORY]
    return AgentPage(
        agent=agent,
        leaving=Leaving.objects.filter(agent=agent, withdrawn_at__isnull=True).order_by("-pk").first(),
        today=today,
        standing=standing,
        training=standing.state(today),
        held=list(assignments.open().order_by("started_at")),
        history=list(ended),
        records=list(agent.training.select_related("course", "version", "recorded_by").order_by("-passed_on")),
        absences=list(agent.absences.standing().filter(ends_on__gte=today).order_by("starts_on")),
        timeline=[
            Event(entry, registry.action(entry.action))
            for entry in Entry.objects.about(subject_of(agent)).select_related("actor")[:HISTORY]
        ],
    )
