"""Whether what a card says of its holder, team and custody is what its open assignment says (design, section 3)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from agents.models import Assignment
from cards.choices import CustodyState
from cards.models import Card

IN_HANDS = frozenset({CustodyState.ISSUED, CustodyState.RETURN_DUE, CustodyState.RESTING})
MAY_BE_HELD = IN_HANDS | {CustodyState.FAULTY, CustodyState.MISSING}


@dataclass(frozen=True, kw_only=True)
class CustodyDifference:
    """One fact of a card that its assignments contradict: `field` is holder, team or custody_state."""

    card_id: int
    field: str
    stored: int | str | None
    expected: int | str | None


def custody_differences() -> Iterator[CustodyDifference]:
    """Return what differs, by card, in one query for the whole fleet; nothing when all is proven."""
    for card in _suspects().order_by("pk").iterator():
        yield from _differences(card)


def _suspects() -> QuerySet[Card]:
    open_assignment = Assignment.objects.open().filter(card=OuterRef("pk"))
    held = Q(assignment_id__isnull=False)
    return Card.objects.annotate(
        assignment_id=Subquery(open_assignment.values("pk")),
        due_holder=Subquery(open_assignment.values("agent__user")),
        due_team=Subquery(open_assignment.values("agent__user__team")),
    ).filter(
        (~held & (Q(holder__isnull=False) | Q(custody_state__in=IN_HANDS)))
        | (held & ~Q(custody_state__in=MAY_BE_HELD))
        | (held & (Q(holder__isnull=True) | ~Q(holder=F("due_holder"))))
        | (held & Q(due_team__isnull=False) & (Q(team__isnull=True) | ~Q(team=F("due_team"))))
        | (held & Q(due_team__isnull=True, team__isnull=False))
    )


def _differences(card: Card) -> Iterator[CustodyDifference]:
    # annotations of _suspects
    is_held, due_holder, due_team = (vars(card)[name] for name in ("assignment_id", "due_holder", "due_team"))
    if card.holder_id != due_holder:
        yield CustodyDifference(card_id=card.pk, field="holder", stored=card.holder_id, expected=due_holder)
    if is_held and card.team_id != due_team:
        yield CustodyDifference(card_id=card.pk, field="team", stored=card.team_id, expected=due_team)
    if is_held and card.custody_state not in MAY_BE_HELD:
        expected = "|".join(sorted(MAY_BE_HELD))
        yield CustodyDifference(card_id=card.pk, field="custody_state", stored=card.custody_state, expected=expected)
    if not is_held and card.custody_state in IN_HANDS:
        yield CustodyDifference(
            card_id=card.pk, field="custody_state", stored=card.custody_state, expected="nobody holds it"
        )
