"""The lists of agents: who they are, and who held which card."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from agents.choices import AgentStatus
from agents.filters import AgentFilter, AssignmentFilter
from agents.models import Agent, Assignment
from agents.selectors.roster import SORTS
from agents.selectors.training import standings
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.spreadsheets import ColumnKind
from cardfleet.lists.cells import in_words, number
from cardfleet.lists.registry import Cell, ListColumn, Listing, Reader, Rows, register
from cards.choices import Condition

TRAINING = {"valid": _("Valid"), "expiring": _("About to lapse"), "lacking": _("Missing or lapsed")}


def agents_of(person: User) -> Rows:
    """Return the agents in a person's scope, with how many cards each holds."""
    return Agent.objects.visible_to(person).with_open_cards()


def _trained(agent_ids: Sequence[Any], reader: Reader) -> Sequence[str]:
    today = business_day(reader.now)
    known = standings(agent_ids, today)
    return [str(TRAINING[known[agent].state(today)]) for agent in agent_ids]


def assignments_of(person: User) -> Rows:
    """Return the assignments in a person's scope."""
    return Assignment.objects.visible_to(person)


AGENTS = register(
    Listing(
        code="agents",
        label=_("Agents"),
        url_name="agents:list",
        permission="agents.view_agent",
        export_permission="cards.export_card",
        is_personal=True,
        columns=(
            ListColumn(code="name", label=_("Name"), sort="name", cells=(Cell(title=_("Name"), value="user__name"),)),
            ListColumn(
                code="staff_no",
                label=_("Staff number"),
                sort="staff_no",
                cells=(Cell(title=_("Staff number"), value="user__staff_no"),),
            ),
            ListColumn(
                code="team", label=_("Team"), sort="team", cells=(Cell(title=_("Team"), value="user__team__name"),)
            ),
            ListColumn(
                code="status",
                label=_("Status"),
                cells=(Cell(title=_("Status"), value=in_words("status", AgentStatus.choices)),),
            ),
            ListColumn(
                code="cards",
                label=_("Cards held"),
                sort="cards",
                css="num",
                cells=(
                    Cell(title=_("Cards held"), value="open_cards", kind=ColumnKind.INTEGER),
                    Cell(title=_("To be accepted"), value="unaccepted", kind=ColumnKind.INTEGER),
                ),
            ),
            ListColumn(
                code="training",
                label=_("Compliance training"),
                css="off-phone",
                cells=(Cell(title=_("Compliance training"), value="pk", told=_trained),),
            ),
            ListColumn(
                code="joined",
                label=_("joined on"),
                sort="joined",
                css="off-phone",
                cells=(Cell(title=_("joined on"), value="joined_on", kind=ColumnKind.DATE),),
            ),
        ),
        filters=AgentFilter,
        in_menu=("team", "status", "training", "holding", "absent"),
        sorts={
            "": (*SORTS["team"], "pk"),
            **{name: (*fields, "pk") for name, fields in SORTS.items()},
            **{f"-{name}": (*(f"-{field}" for field in fields), "pk") for name, fields in SORTS.items()},
        },
        scope=agents_of,
    )
)

ASSIGNMENTS = register(
    Listing(
        code="assignments",
        label=_("Hand-outs and returns"),
        url_name="agents:assignments",
        permission="agents.view_agent",
        export_permission="cards.export_card",
        columns=(
            ListColumn(
                code="card",
                label=_("Card"),
                cells=(
                    Cell(title="ICCID", value="card__iccid"),
                    Cell(title=_("Number"), value=number("card__msisdn")),
                    Cell(title=_("Carrier"), value="card__carrier__name"),
                ),
            ),
            ListColumn(
                code="agent",
                label=_("Agent"),
                cells=(
                    Cell(title=_("Staff number"), value="agent__user__staff_no"),
                    Cell(title=_("Agent"), value="agent__user__name"),
                    Cell(title=_("Team"), value="team__name"),
                ),
            ),
            ListColumn(
                code="from",
                label=_("From"),
                sort="from",
                cells=(Cell(title=_("From"), value="started_at", kind=ColumnKind.DATETIME),),
            ),
            ListColumn(
                code="until",
                label=_("Until"),
                cells=(Cell(title=_("Until"), value="ended_at", kind=ColumnKind.DATETIME),),
            ),
            ListColumn(
                code="accepted",
                label=_("Accepted"),
                css="off-phone",
                cells=(Cell(title=_("Accepted"), value="accepted_at", kind=ColumnKind.DATETIME),),
            ),
            ListColumn(
                code="due_back",
                label=_("Due back"),
                css="off-phone",
                cells=(Cell(title=_("Due back"), value="due_back_on", kind=ColumnKind.DATE),),
            ),
            ListColumn(
                code="handed_by",
                label=_("Handed over by"),
                css="off-phone",
                cells=(
                    Cell(title=_("Handed over by"), value="handed_by__name"),
                    Cell(title=_("Taken back by"), value="returned_to__name"),
                    Cell(title=_("Condition on return"), value=in_words("return_condition", Condition.choices)),
                ),
            ),
        ),
        filters=AssignmentFilter,
        in_menu=("open", "on"),
        sorts={"": ("-started_at", "-id"), "from": ("started_at", "id"), "-from": ("-started_at", "-id")},
        scope=assignments_of,
        views=((_("All"), ""), (_("Held now"), "open=true"), (_("Ended"), "open=false")),
    )
)
