"""How many spares are enough (R55)."""

import pytest

from lifecycle.rules.standby import standby_target


@pytest.mark.parametrize(("stops", "target"), [([], 0), ([1], 2), ([2, 5, 1], 8), ([4], 6)])
def test_one_and_a_half_times_the_worst_day(stops, target) -> None:
    """R55: after the most stops of any day."""
    assert standby_target(stops) == target
