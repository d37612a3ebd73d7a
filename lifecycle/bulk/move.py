"""Moving cards that nobody holds into another team."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team
from cardfleet.kernel.errors import Reason
from cards.choices import CustodyState
from cards.models import Card
from cards.services.custody import CustodyMove, change_custodies
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
    cards = list(Card.objects.filter(pk__in=card_ids).select_related("team"))
    outcomes = Outcomes()
    outcomes.refused.update({card.pk: why for card in cards if (why := _stays(card))})
    moving = [card for card in cards if card.pk not in outcomes.refused]
    outcomes.done.update({card.pk: {} for card in moving if card.team_id == team.pk})
    changing = [card for card in moving if card.team_id != team.pk]
    _move(dict.fromkeys(changing, team), asked)
    outcomes.done.update({card.pk: {"before": card.team_id, "team": team.pk} for card in changing})
    return outcomes


def move_back(left: Mapping[int, dict[str, Any]], asked: Asked) -> Outcomes:
    """Move the cards that still lie with the job's team back to the one before."""
    cards = list(Card.objects.filter(pk__in=left).select_related("team"))
    still = [card for card in cards if card.team_id == left[card.pk]["team"] and not _stays(card)]
    teams = Team.objects.in_bulk([left[card.pk]["before"] for card in still if left[card.pk]["before"]])
    _move({card: teams.get(left[card.pk]["before"]) for card in still}, asked)
    outcomes = Outcomes(done={card.pk: {} for card in still})
    outcomes.refuse_all([card_id for card_id in left if card_id not in outcomes.done], changed_since())
    return outcomes


def _stays(card: Card) -> Reason | None:
    if card.holder_id:
        return Reason(
            code="in_hands",
            message=_("Somebody holds this card, so it is in their team."),
            clears=_("Take it back first, or transfer it to an agent of the other team."),
            field="team",
        )
    if card.custody_state == CustodyState.DESTROYED:
        return Reason(code="card_ended", message=_("This card is destroyed. It stays in the books as it is."))
    return None


def _move(teams: Mapping[Card, Team | None], asked: Asked) -> None:
    moves = [
        CustodyMove(card_id=card.pk, to=card.custody_state, holder=None, team=team, at=asked.now)
        for card, team in teams.items()
    ]
    if moves:
        change_custodies(moves=moves, actor=asked.actor, now=asked.now)


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
