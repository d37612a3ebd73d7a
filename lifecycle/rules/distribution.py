"""Sharing cards out over a team by need (R11; domain.md section 7: cards needed = planned calls / legal cap). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Need:
    """One agent: the cards in service in their hands, and how many their planned calls need; None counts no calls."""

    agent_id: int
    working: int
    needed: int | None = None


@dataclass(frozen=True, kw_only=True)
class Spare:
    """One card of the stock, and the agent who is its registered user, where there is one."""

    card_id: int
    registered_to: int | None = None


def cards_needed(planned_calls: int, cap: int) -> int:
    """Return how many cards lawful calling needs: planned calls a day over the cap of one card, rounded up."""
    return -(-planned_calls // cap) if cap > 0 else 0


def shares(needs: Sequence[Need], *, cards: int) -> dict[int, int]:
    """Return how many of so many cards each agent gets; nobody gets more than is needed.

    One card at a time goes to whoever lacks most, then to whoever holds fewest, then in the order given. Without
    planned calls everybody needs one working card before anybody gets another.
    """
    given = {need.agent_id: 0 for need in needs}
    for _card in range(cards):
        wanting = [need for need in needs if _lack(need, given[need.agent_id]) > 0]
        if not wanting:
            break
        next_one = min(wanting, key=lambda need: _turn(need, given[need.agent_id]))
        given[next_one.agent_id] += 1
    return given


def deal(wanted: Mapping[int, int], stock: Sequence[Spare]) -> list[tuple[int, int]]:
    """Return which card goes to which agent (card id, agent id); first the cards of registered users.

    A card registered to somebody goes to nobody else. Cards keep their order.
    """
    left = dict(wanted)
    dealt = []
    for spare in stock:
        if spare.registered_to is not None and left.get(spare.registered_to, 0) > 0:
            left[spare.registered_to] -= 1
            dealt.append((spare.card_id, spare.registered_to))
    free = [spare for spare in stock if spare.registered_to is None]
    takers = [agent_id for agent_id, count in left.items() for _one in range(count)]
    return dealt + [(spare.card_id, agent_id) for spare, agent_id in zip(free, takers, strict=False)]


def _lack(need: Need, given: int) -> int:
    """Return how many cards are missing; without planned calls somebody may always use one more."""
    return 1 if need.needed is None else need.needed - need.working - given


def _turn(need: Need, given: int) -> tuple[int, int]:
    held = need.working + given
    return (0, held) if need.needed is None else (-_lack(need, given), held)
