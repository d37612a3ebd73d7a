"""Cards that nobody holds, given to another team: one, from its page, or many at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team, User
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.transactions import one_transaction
from cards.choices import CustodyState
from cards.models import Card
from cards.services.custody import CustodyMove, change_custodies


@dataclass(frozen=True, kw_only=True)
class TeamMoves:
    """What became of cards, by id: the team (or none) each had before, those that were in it already, why not."""

    before: dict[int, int | None] = field(default_factory=dict)
    unchanged: list[int] = field(default_factory=list)
    refused: dict[int, Reason] = field(default_factory=dict)


@one_transaction
def move_to_teams(
    *, teams: Mapping[int, Team | None], actor: User | None, now: datetime, reason: str = ""
) -> TeamMoves:
    """Give cards, by id, to teams; those in hands follow their holder's team and stay. Ids of no card are left out.

    The number of statements does not depend on the number of cards.
    """
    outcome, moves = TeamMoves(), list[CustodyMove]()
    for card in Card.objects.filter(pk__in=list(teams)).locked():
        team = teams[card.pk]
        if why := _stays(card):
            outcome.refused[card.pk] = why
        elif card.team_id == (team.pk if team else None):
            outcome.unchanged.append(card.pk)
        else:
            outcome.before[card.pk] = card.team_id
            moves.append(CustodyMove(card_id=card.pk, to=card.custody_state, holder=None, team=team, at=now))
    if moves:
        change_custodies(moves=moves, actor=actor, now=now, reason=reason)
    return outcome


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
