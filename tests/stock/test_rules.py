"""What the stock's rules say, without a database."""

from datetime import date

import pytest

from agents.choices import Difference, Settlement
from agents.rules.stocktakes import CountedCard, remedy
from cards.choices import Condition, CustodyState, PurchaseChannel, SignalCheck
from cards.rules.inspections import Found, lacking
from cards.rules.purchases import OpenLine, line_for, order_state
from cards.rules.stock import IdleStock, no_room, numbered
from cards.rules.suppliers import SupplierFacts, purchase_warnings

DAY = date(2026, 11, 20)


def codes(reasons) -> list[str]:
    return [reason.code for reason in reasons]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"channel": PurchaseChannel.OUTLET}, []),
        ({"channel": PurchaseChannel.ACCOUNT_MANAGER, "words": ["白名单卡"]}, ["promise"]),
        ({}, ["proof_missing"]),
        ({"has_proof": True}, ["proof_undated"]),
        ({"has_proof": True, "proof_until": date(2026, 11, 19)}, ["proof_expired"]),
        ({"has_proof": True, "proof_until": DAY}, ["proof_ends_soon"]),
        ({"has_proof": True, "proof_until": date(2026, 12, 20)}, []),
        ({"has_proof": True, "proof_until": date(2027, 1, 1), "carriers": frozenset()}, ["carrier_not_proven"]),
        ({"words": ["老王通信", "防封高频卡,不限呼"]}, ["promise", "proof_missing"]),
        ({"has_proof": True, "proof_until": date(2027, 1, 1), "words": ["Never Blocked!"]}, ["promise"]),
    ],
)
def test_what_speaks_against_a_supplier(facts, expected) -> None:
    """R22: only carriers and those they authorise sell cards; a promise no carrier gives is warned of."""
    known = {"channel": PurchaseChannel.AGENT, "has_proof": False, "proof_until": None, "carriers": frozenset({1})}
    assert codes(purchase_warnings(SupplierFacts(**{**known, **facts}), carriers=frozenset({1}), on=DAY)) == expected


def test_a_card_fills_the_line_that_names_its_plan_first() -> None:
    """R22: then one of any plan; another carrier's card and one too many are told."""
    lines = [OpenLine(1, 7, None, 1), OpenLine(2, 7, 70, 1), OpenLine(3, 8, None, 0)]
    assert line_for(lines, carrier=7, plan=70).pk == 2
    assert line_for(lines, carrier=7, plan=71).pk == 1
    assert line_for(lines, carrier=8, plan=None).code == "line_full"
    assert line_for(lines, carrier=9, plan=None).code == "not_ordered"


@pytest.mark.parametrize(
    ("received", "is_closed", "state"),
    [(0, False, "ordered"), (1, False, "partly"), (1, True, "closed"), (10, True, "received")],
)
def test_how_far_an_order_has_come(received, is_closed, state) -> None:
    """R22."""
    assert order_state(ordered=10, received=received, is_closed=is_closed) == state


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"custody_state": CustodyState.ISSUED}, []),
        ({"condition": Condition.DAMAGED}, ["damage_missing"]),
        ({"damage": "wet"}, ["damage_of_good_card"]),
        ({"condition": Condition.DAMAGED, "damage": "wet"}, []),
        ({"custody_state": CustodyState.SPARE}, ["standby_not_checked", "decision_missing"]),
        ({"custody_state": CustodyState.SPARE, "signal": SignalCheck.FOUND, "decision": "keep"}, ["note_missing"]),
        ({"custody_state": CustodyState.SPARE, "signal": SignalCheck.FOUND, "decision": "use"}, ["use_by_missing"]),
        ({"custody_state": CustodyState.SPARE, "signal": SignalCheck.NONE, "decision": "release"}, []),
        (
            {
                "custody_state": CustodyState.SPARE,
                "signal": SignalCheck.FOUND,
                "decision": "use",
                "use_by": date(2026, 11, 30),
            },
            [],
        ),
    ],
)
def test_what_an_inspection_leaves_open(facts, expected) -> None:
    """R8, R10, R102: damage is named; of a spare its network is looked for and somebody decides."""
    known = {"custody_state": CustodyState.IN_STOCK, "condition": Condition.GOOD}
    assert codes(lacking(Found(**{**known, **facts}), today=DAY)) == expected


@pytest.mark.parametrize(
    ("difference", "state", "is_held", "there", "of_agent", "how"),
    [
        ("missing", "in_stock", False, True, False, Settlement.MISSING),
        ("missing", "issued", True, True, True, Settlement.MISSING),
        ("missing", "issued", True, False, False, Settlement.NOTED),
        ("misplaced", "in_stock", False, False, False, Settlement.MOVED),
        ("misplaced", "issued", True, False, False, Settlement.TAKEN_BACK),
        ("misplaced", "missing", False, False, False, Settlement.RESTOCKED),
        ("misplaced", "missing", True, False, True, Settlement.TAKEN_BACK),
        ("misplaced", "in_stock", False, False, True, Settlement.NOTED),
        ("misplaced", "destroyed", False, False, False, Settlement.NOTED),
    ],
)
def test_what_settles_a_difference(difference, state, is_held, there, of_agent, how) -> None:
    """R7: by what the books say now; a hand-out is never made by a count."""
    card = CountedCard(custody_state=state, is_held=is_held, is_still_expected=there)
    assert remedy(Difference(difference), card, of_agent=of_agent) == how


def test_places_have_room_and_slots_have_names() -> None:
    """R7."""
    assert no_room("A", None, 500, 500) is None
    assert no_room("A", 10, 8, 2) is None
    assert no_room("A", 10, 8, 3).code == "no_room"
    assert numbered("A", 2) == ["A-01", "A-02"]
    assert numbered("A", 100)[0] == "A-001"


def test_idle_cards_are_a_share_of_those_in_service() -> None:
    """R95."""
    assert IdleStock(stored=0, long_stored=0, in_service=0).percent == 0
    assert not IdleStock(stored=30, long_stored=0, in_service=100).is_hoard
    assert IdleStock(stored=31, long_stored=0, in_service=100).is_hoard
