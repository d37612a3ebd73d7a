"""The service and custody graphs of domain.md section 4."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.choices import ChangeSource, CustodyState, ServiceState, StopReason
from cards.rules import custody, transitions

LIVE = "pending active half_stop full_stop voluntary_stop lost_stop forced_stop reverify_stop cancel_pending"
STOPS = "half_stop full_stop voluntary_stop lost_stop forced_stop reverify_stop"
TABLE = {
    "pending": {"active", "cancelled"},
    "active": {"half_stop", "full_stop", "voluntary_stop", "cancel_pending", "ported_out", "transferred"},
    "half_stop": {"active", "full_stop", "cancel_pending", "pre_cancelled"},
    "full_stop": {"active", "half_stop", "cancel_pending", "pre_cancelled"},
    "voluntary_stop": {"active", "cancel_pending", "pre_cancelled"},
    "lost_stop": {"active", "cancel_pending", "pre_cancelled"},
    "forced_stop": {"active", "cancel_pending", "pre_cancelled", "cancelled"},
    "reverify_stop": {"active", "cancel_pending", "pre_cancelled"},
    "cancel_pending": {"active", "cancelled", *STOPS.split()},
    "pre_cancelled": {"active", "cancelled"},
    "cancelled": {"frozen"},
    "frozen": {"released"},
    "released": set(),
    "ported_out": set(),
    "transferred": set(),
}
PLACES = {
    "in_stock": {"issued", "spare", "destroyed"},
    "spare": {"in_stock", "issued", "destroyed"},
    "issued": {"return_due", "returned", "resting", "faulty", "missing"},
    "return_due": {"returned"},
    "returned": {"in_stock", "spare", "faulty", "destroyed"},
    "resting": {"returned"},
    "faulty": {"returned", "destroyed"},
    "missing": {"returned"},
    "destroyed": set(),
}


@pytest.mark.parametrize(("origin", "targets"), TABLE.items())
def test_every_edge_of_the_domain_is_legal(origin: str, targets: set[str]) -> None:
    """R52: a loss or theft is a state of its own, and may be found again."""
    everywhere = {"lost_stop", "forced_stop", "reverify_stop"} if origin in [*LIVE.split(), "pre_cancelled"] else set()
    assert set(transitions.legal_targets(origin)) == (targets | everywhere) - {origin}


def test_a_new_card_is_pending() -> None:
    assert transitions.legal_targets("") == (ServiceState.PENDING,)
    assert transitions.refusal("", "pending") is None
    assert transitions.refusal("", "active").code == "illegal_transition"


@pytest.mark.parametrize(
    ("origin", "target"),
    [
        ("cancelled", "active"),
        ("frozen", "active"),
        ("released", "active"),
        ("pending", "half_stop"),
        ("active", "cancelled"),
        ("active", "pending"),
        ("half_stop", "voluntary_stop"),
        ("ported_out", "active"),
        ("active", "frozen"),
    ],
)
def test_an_illegal_step_is_refused_with_the_legal_ones(origin: str, target: str) -> None:
    found = transitions.refusal(origin, target, reason="arrears")
    assert found.code == "illegal_transition"
    assert found.clears
    assert found.value == target


def test_the_same_state_is_no_step() -> None:
    assert transitions.refusal("active", "active").code == "state_unchanged"


@given(st.sampled_from(ServiceState), st.sampled_from(["", *ServiceState]))
def test_a_take_over_may_enter_any_state(target: ServiceState, origin: str) -> None:
    if origin != target:
        assert transitions.refusal(origin, target, source=ChangeSource.TAKEOVER) is None


@pytest.mark.parametrize(
    ("target", "reason", "source", "code"),
    [
        ("half_stop", "arrears", "person", None),
        ("full_stop", "expired", "carrier_sms", None),
        ("full_stop", "maintenance", "person", None),
        ("full_stop", "card_fault", "person", None),
        ("half_stop", "harassment", "person", None),
        ("half_stop", "voluntary", "person", None),
        ("half_stop", "", "person", "reason_unfit"),
        ("half_stop", "", "import", None),
        ("full_stop", "lost", "person", "reason_unfit"),
        ("lost_stop", "", "person", None),
        ("lost_stop", "stolen", "person", None),
        ("lost_stop", "arrears", "person", "reason_unfit"),
        ("forced_stop", "violation", "person", None),
        ("forced_stop", "abnormal_use", "person", None),
        ("forced_stop", "", "person", "reason_unfit"),
        ("forced_stop", "arrears", "person", "reason_unfit"),
        ("reverify_stop", "", "person", None),
        ("voluntary_stop", "", "person", None),
        ("cancel_pending", "business_change", "person", None),
    ],
)
def test_the_reason_fits_the_stop(target: str, reason: str, source: str, code: str | None) -> None:
    """R34, R35, R36, R37, R38, R39: a stop has a reason; R93: so has giving a card up."""
    found = transitions.refusal("active", target, reason=reason, source=source)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("prior", "target", "legal"),
    [
        ("active", "active", True),
        ("full_stop", "full_stop", True),
        ("full_stop", "half_stop", False),
        ("active", "voluntary_stop", False),
        ("full_stop", "active", True),
        ("full_stop", "forced_stop", True),
        ("", "half_stop", True),
    ],
)
def test_a_withdrawn_cancellation_goes_back_where_it_began(prior: str, target: str, legal: bool) -> None:
    """R106: a cancellation under way may be withdrawn."""
    edge = transitions.spec("cancel_pending", target)
    reason = "violation" if target == "forced_stop" else "arrears" if StopReason.ARREARS in edge.reasons else ""
    found = transitions.refusal("cancel_pending", target, reason=reason, prior_state=prior)
    assert (found is None) is legal


@pytest.mark.parametrize(
    ("origin", "stop_reason", "release"),
    [
        ("forced_stop", "violation", True),
        ("forced_stop", "", True),
        ("full_stop", "harassment", True),
        ("half_stop", "complaint", True),
        ("full_stop", "arrears", False),
        ("half_stop", "", False),
        ("reverify_stop", "fraud_model", False),
    ],
)
def test_compliance_releases_a_card_stopped_for_conduct(origin: str, stop_reason: str, release: bool) -> None:
    """R46: rectify, apply, and compliance signs before the card is used again."""
    assert transitions.spec(origin, "active", stop_reason=stop_reason).needs_release is release


@pytest.mark.parametrize(
    ("origin", "target", "reason", "before", "kept"),
    [
        ("active", "half_stop", "arrears", "", "arrears"),
        ("half_stop", "full_stop", "", "arrears", "arrears"),
        ("full_stop", "active", "arrears", "arrears", ""),
        ("active", "lost_stop", "", "", "lost"),
        ("forced_stop", "lost_stop", "", "violation", "lost"),
        ("full_stop", "pre_cancelled", "", "expired", "expired"),
        ("cancel_pending", "cancelled", "", "business_change", "business_change"),
        ("cancelled", "frozen", "", "unused", ""),
    ],
)
def test_the_reason_that_is_kept(origin: str, target: str, reason: str, before: str, kept: str) -> None:
    assert transitions.reason_kept(transitions.spec(origin, target), reason, before=before) == kept


@pytest.mark.parametrize(
    ("origin", "target", "steps"),
    [
        ("active", "cancelled", ("cancel_pending",)),
        ("pending", "full_stop", ("active",)),
        ("active", "released", ("cancel_pending", "cancelled", "frozen")),
        ("cancelled", "active", ()),
        ("active", "half_stop", ()),
    ],
)
def test_the_way_to_a_state(origin: str, target: str, steps: tuple[str, ...]) -> None:
    assert transitions.way(origin, ServiceState(target)) == steps


def test_no_state_but_the_last_ones_is_a_dead_end() -> None:
    assert {"released", "ported_out", "transferred"} == transitions.TERMINAL
    for state in set(ServiceState) - transitions.TERMINAL:
        assert any(end in transitions.STEPS[state] or transitions.way(state, end) for end in transitions.TERMINAL)
    for state in set(LIVE.split()) - {"active"}:
        assert "active" in transitions.legal_targets(state)


@given(st.data())
def test_a_walk_never_leaves_the_graph(data: st.DataObject) -> None:
    state = ""
    for _step in range(12):
        target = data.draw(st.sampled_from(ServiceState))
        reason = data.draw(st.sampled_from(["", *StopReason]))
        source = data.draw(st.sampled_from([source for source in ChangeSource if source != ChangeSource.TAKEOVER]))
        if transitions.refusal(state, target, reason=reason, source=source) is None:
            assert target in transitions.legal_targets(state)
            kept = transitions.reason_kept(transitions.spec(state, target), reason)
            assert not kept or kept in transitions.spec(state, target).reasons
            state = target


@pytest.mark.parametrize(("origin", "places"), PLACES.items())
def test_every_custody_edge_of_the_domain_is_legal(origin: str, places: set[str]) -> None:
    for place in places:
        assert custody.refusal(origin, place, service_state="cancelled") is None
    beyond = set(custody.legal_places(origin)) - places
    assert beyond <= {"faulty", "missing", "issued", "return_due"}


@pytest.mark.parametrize(
    ("origin", "target"),
    [
        ("in_stock", "returned"),
        ("missing", "destroyed"),
        ("destroyed", "in_stock"),
        ("issued", "destroyed"),
        ("", "issued"),
    ],
)
def test_an_illegal_place_is_refused(origin: str, target: str) -> None:
    assert custody.refusal(origin, target, service_state="cancelled").code == "illegal_transition"


@pytest.mark.parametrize(
    ("service_state", "reissued", "allowed"),
    [
        ("cancelled", False, True),
        ("frozen", False, True),
        ("released", False, True),
        ("ported_out", False, True),
        ("transferred", False, False),
        ("active", False, False),
        ("cancel_pending", False, False),
        ("lost_stop", True, True),
    ],
)
def test_only_a_dead_card_is_destroyed(service_state: str, reissued: bool, allowed: bool) -> None:
    """R17, R92: keep the card until the carrier has ended it, then destroy it."""
    found = custody.refusal("returned", "destroyed", service_state=service_state, sim_reissued=reissued)
    assert (found.code if found else None) == (None if allowed else "destroy_live_card")


def test_a_take_over_may_place_a_card_anywhere() -> None:
    assert custody.refusal("", "issued", service_state="active", source=ChangeSource.TAKEOVER) is None
    taken = custody.refusal("", "destroyed", service_state="active", source=ChangeSource.TAKEOVER)
    assert taken.code == "destroy_live_card"


def test_every_place_but_destroyed_has_a_next_one() -> None:
    assert {place for place in CustodyState if not custody.CUSTODY_GRAPH[place]} == {"destroyed"}
