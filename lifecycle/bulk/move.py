"""Moving cards that nobody holds into another team."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team
from cards.services.team_moves import move_to_teams
from lifecycle.bulk.registry import SET_BASED, Asked, BulkAction, BulkForm, Outcomes, changed_since, register


class TeamForm(BulkForm):
    """Which team."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"))

    def offer(self) -> None:
        """Offer the teams in scope."""
        self.fields["team"].queryset = Team.objects.visible_to(self.person)  # type: ignore[attr-defined]


def move_to_team(card_ids: Sequence[int], asked: Asked) -> Outcomes:
    """Move the cards; those in hands follow their holder's team and stay."""
    team = asked.given["team"]
    moved = move_to_teams(teams=dict.fromkeys(card_ids, team), actor=asked.actor, now=asked.now)
    outcomes = Outcomes(done={card_id: {} for card_id in moved.unchanged}, refused=dict(moved.refused))
    outcomes.done.update({card_id: {"before": before, "team": team.pk} for card_id, before in moved.before.items()})
    return outcomes


def move_back(left: Mapping[int, dict[str, Any]], asked: Asked) -> Outcomes:
    """Move the cards that still lie with the job's team back to the one before."""
    now_in = dict(asked.cards.filter(pk__in=left).values_list("pk", "team"))
    still = {card_id: one["before"] for card_id, one in left.items() if now_in.get(card_id) == one["team"]}
    known = Team.objects.in_bulk([before for before in still.values() if before])
    teams = {card_id: known.get(before) for card_id, before in still.items()}
    moved = move_to_teams(teams=teams, actor=asked.actor, now=asked.now)
    outcomes = Outcomes(done={card_id: {} for card_id in (*moved.before, *moved.unchanged)})
    outcomes.refuse_all([card_id for card_id in left if card_id not in outcomes.done], changed_since())
    return outcomes


register(
    BulkAction(
        name="team",
        label=_("Move to a team"),
        icon="users-group",
        right="cards.change_card",
        form=TeamForm,
        perform=move_to_team,
        undo=move_back,
        at_once=SET_BASED,
        order=30,
    )
)
