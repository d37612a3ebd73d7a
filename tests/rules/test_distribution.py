"""R11: cards over a team by need; domain.md section 7: cards needed = planned calls / legal cap."""

import pytest

from lifecycle.rules.distribution import Need, Spare, cards_needed, deal, shares


@pytest.mark.parametrize(
    ("planned", "cap", "cards"), [(0, 200, 0), (200, 200, 1), (201, 200, 2), (500, 200, 3), (9, 0, 0)]
)
def test_cards_needed(planned: int, cap: int, cards: int) -> None:
    assert cards_needed(planned, cap) == cards


@pytest.mark.parametrize(
    ("held", "cards", "given"),
    [
        ([0, 1, 0], 2, [1, 0, 1]),
        ([0, 1, 0], 1, [1, 0, 0]),
        ([2, 0, 1], 4, [1, 2, 1]),
        ([1, 1], 0, [0, 0]),
    ],
)
def test_those_without_a_working_card_come_first(held: list[int], cards: int, given: list[int]) -> None:
    needs = [Need(agent_id=number, working=working) for number, working in enumerate(held)]
    assert list(shares(needs, cards=cards).values()) == given


@pytest.mark.parametrize(
    ("lacks", "cards", "given"),
    [
        ([(3, 0), (1, 0)], 2, [2, 0]),
        ([(3, 0), (1, 0)], 3, [2, 1]),
        ([(2, 1), (2, 0)], 9, [1, 2]),
        ([(1, 2), (1, 1)], 5, [0, 0]),
        ([(2, 1), (1, 0)], 1, [0, 1]),
    ],
)
def test_planned_calls_say_who_lacks_most_and_nobody_gets_more(lacks, cards, given) -> None:
    needs = [Need(agent_id=number, working=working, needed=needed) for number, (needed, working) in enumerate(lacks)]
    assert list(shares(needs, cards=cards).values()) == given


@pytest.mark.parametrize(
    ("wanted", "stock", "dealt"),
    [
        ({1: 1, 2: 1}, [(10, None), (11, None)], [(10, 1), (11, 2)]),
        ({1: 1, 2: 1}, [(10, None), (11, 1)], [(11, 1), (10, 2)]),
        ({1: 1}, [(10, 7), (11, None)], [(11, 1)]),
        ({1: 2}, [(10, None)], [(10, 1)]),
        ({1: 0}, [(10, 1)], []),
    ],
)
def test_a_registered_users_card_goes_to_nobody_else(wanted, stock, dealt) -> None:
    """R74: no lending of a card that is registered to somebody else."""
    assert deal(wanted, [Spare(card_id=card, registered_to=agent) for card, agent in stock]) == dealt
