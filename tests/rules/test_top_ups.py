"""What a top-up needs, and what is odd about one, as tables (R6, R28)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from billing.choices import ApprovalRank
from billing.rules import top_ups
from billing.rules.top_ups import Doubt, Seen

SUPERVISOR, FINANCE = ApprovalRank.SUPERVISOR, ApprovalRank.FINANCE
LEVELS = {"supervisor": Decimal(0), "finance": Decimal(200)}


@pytest.mark.parametrize(
    ("amount", "levels", "ranks"),
    [
        ("0.01", LEVELS, (SUPERVISOR,)),
        ("200", LEVELS, (SUPERVISOR,)),
        ("200.01", LEVELS, (SUPERVISOR, FINANCE)),
        ("5", {"supervisor": Decimal(50), "finance": Decimal(200)}, (SUPERVISOR,)),
        ("5", {}, (SUPERVISOR,)),
        ("500", {"supervisor": Decimal(1000), "finance": Decimal(200)}, (FINANCE,)),
    ],
)
def test_levels_go_by_amount_and_somebody_is_always_asked(amount, levels, ranks):
    assert top_ups.needed(Decimal(amount), levels) == ranks


@pytest.mark.parametrize(
    ("waiting", "needed", "own", "said"),
    [
        (SUPERVISOR, (SUPERVISOR,), SUPERVISOR, SUPERVISOR),
        (SUPERVISOR, (SUPERVISOR,), FINANCE, SUPERVISOR),
        (SUPERVISOR, (SUPERVISOR, FINANCE), FINANCE, FINANCE),
        (FINANCE, (SUPERVISOR, FINANCE), SUPERVISOR, None),
        (SUPERVISOR, (FINANCE,), SUPERVISOR, SUPERVISOR),
        (SUPERVISOR, (SUPERVISOR,), None, None),
    ],
)
def test_who_speaks_speaks_for_the_levels_below(waiting, needed, own, said):
    assert top_ups.speaks_for(own, top_ups.ahead(waiting, needed)) == said


@pytest.mark.parametrize(
    ("paid", "face", "is_it"),
    [("100", "100", False), ("100", "103", False), ("100", "103.01", True), ("90", "80", False)],
)
def test_a_face_value_above_what_was_paid_is_a_discount(paid, face, is_it):
    assert top_ups.is_discounted(paid=Decimal(paid), face_value=Decimal(face)) is is_it


@pytest.mark.parametrize(("hours", "is_it"), [(0, False), (24, False), (24.01, True)])
def test_later_than_a_day_is_slow(now, hours, is_it):
    assert top_ups.is_slow(paid_at=now, arrived_at=now + timedelta(hours=hours)) is is_it


@pytest.mark.parametrize(
    ("amount", "usual", "why"),
    [
        ("50", None, None),
        ("1000", None, None),
        ("1000.01", None, Doubt.VERY_LARGE),
        ("300", "30", None),
        ("300.01", "30", Doubt.ABOVE_USUAL),
        ("5000", "30", Doubt.ABOVE_USUAL),
        ("1200", "900", Doubt.VERY_LARGE),
    ],
)
def test_a_slipped_dot_is_asked_about(amount, usual, why):
    assert top_ups.doubt(Decimal(amount), usual=Decimal(usual) if usual else None) == why


@pytest.mark.parametrize(
    ("available", "burn", "amount"),
    [
        ("100", "2", "0"),
        ("60", "2", "0"),
        ("59.99", "2", "10"),
        ("-35", "1.5", "80"),
        ("-5", None, "10"),
        ("5", None, "0"),
    ],
)
def test_what_is_advised_lasts_a_month(available, burn, amount):
    found = top_ups.suggested(available=Decimal(available), daily_burn=Decimal(burn) if burn else None)
    assert found == Decimal(amount)


@pytest.mark.parametrize(("after", "is_it"), [("60", True), ("35.01", True), ("35", False), ("10", False)])
def test_a_balance_shows_what_came_when_less_than_half_lacks(after, is_it):
    seen = Seen(after=Decimal(after), expected=Decimal(60))
    assert top_ups.is_shown(seen, face_value=Decimal(50)) is is_it
