"""Where carriers stop cards, learnt from their stops (R37, R42)."""

from decimal import Decimal

import pytest

from lifecycle.rules.experience import LEARNT, SAME_LIMIT, Exposure, blame, step_of, stops_at
from lifecycle.rules.kinds import KINDS

LIMIT = Decimal(200)


def seen(*, calm: list[int], stopped: list[int]) -> list[Exposure]:
    """Return fifty days at each value, those of `stopped` with ten stops among them."""
    return [Exposure(step=step_of(value), days=50, stops=10 if value in stopped else 0) for value in calm + stopped]


@pytest.mark.parametrize(
    ("calm", "stopped", "low", "high"),
    [
        ([60, 80], [110, 130], 90, 115),
        ([60, 80, 110, 130, 160], [230, 260], 170, 240),
        ([60, 110, 150, 200, 260], [330], 250, 340),
    ],
)
def test_the_limit_lies_where_stops_begin(calm: list[int], stopped: list[int], low: int, high: int) -> None:
    """R42: half or twice the rule's limit is found from what the carrier did."""
    found = stops_at(seen(calm=calm, stopped=stopped), limit=LIMIT)
    assert found is not None
    assert low <= found <= high


@pytest.mark.parametrize("calm", [[], [60, 150], [250, 500]])
def test_nothing_is_learnt_from_a_carrier_that_never_stopped_a_card(calm: list[int]) -> None:
    assert stops_at(seen(calm=calm, stopped=[]), limit=LIMIT) is None


def test_one_stop_moves_a_belief_less_than_many() -> None:
    few = [Exposure(step=step_of(60), days=50, stops=0), Exposure(step=step_of(110), days=2, stops=1)]
    many = [Exposure(step=step_of(60), days=500, stops=0), Exposure(step=step_of(110), days=40, stops=20)]
    assert stops_at(few, limit=LIMIT) > stops_at(many, limit=LIMIT)


@pytest.mark.parametrize(("value", "step"), [(0, -1), (0.5, -1), (1, 0), (2, 8), (100, 53), (200, 61)])
def test_steps(value: float, step: int) -> None:
    assert step_of(value) == step


@pytest.mark.parametrize(
    ("reason", "kind"),
    [("abnormal_use", "daily_out_calls"), ("complaint", "complaints"), ("", "complaints"), ("expired", None)],
)
def test_a_stop_speaks_to_what_its_reason_allows(reason: str, kind: str | None) -> None:
    values = {"daily_out_calls": Decimal(150), "hourly_out_calls": Decimal(20), "complaints": Decimal(2)}
    limits = {"daily_out_calls": LIMIT, "hourly_out_calls": Decimal(60), "complaints": Decimal(2)}
    assert blame(values, limits, reason) == kind


def test_what_is_learnt_are_known_kinds() -> None:
    assert {*LEARNT, *SAME_LIMIT, *SAME_LIMIT.values()} <= set(KINDS)
