"""The two bars of a page."""

from types import SimpleNamespace

import pytest

from cardfleet.kernel import navigation


@pytest.fixture(autouse=True)
def _pages(monkeypatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})
    navigation.register("Ledger", "billing:ledger", icon="x", permission="see.ledger", order=3, under="billing:costs")
    navigation.register("Costs", "billing:costs", icon="x", permission="see.costs", order=2)
    navigation.register("Usage", "billing:usage", icon="x", order=1)
    navigation.register("Later", "nowhere:yet", icon="x", order=4)


def told(path: str, *rights: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Return both bars as (label, current) for somebody with these rights."""
    shown = navigation.bars(SimpleNamespace(has_perm=lambda right, obj=None: right in rights), path)
    return tuple([(str(link.label), link.current) for link in bar] for bar in (shown.top, shown.second))


def test_a_section_shows_its_pages_in_a_second_bar():
    ledger = navigation.url_or_empty("billing:ledger")
    assert told(ledger, "see.costs", "see.ledger") == (
        [("Usage", False), ("Costs", True)],
        [("Costs", False), ("Ledger", True)],
    )


def test_a_page_moves_up_for_who_may_not_open_its_section():
    ledger = navigation.url_or_empty("billing:ledger")
    assert told(ledger, "see.ledger") == ([("Usage", False), ("Ledger", True)], [])


def test_a_section_of_one_page_needs_no_second_bar():
    costs = navigation.url_or_empty("billing:costs")
    assert told(costs, "see.costs") == ([("Usage", False), ("Costs", True)], [])
    assert told("/elsewhere/", "see.costs", "see.ledger") == ([("Usage", False), ("Costs", False)], [])
