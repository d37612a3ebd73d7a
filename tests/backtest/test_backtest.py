"""The back-test of the risk score on fleets too small to judge it, but large enough to judge the back-test."""

from io import StringIO
from random import Random

import pytest
from django.core.management import call_command

from backtest.simulator import hidden
from backtest.simulator.fleet import Fleet, Size, Stop
from backtest.trial.measures import Tally, roc_auc
from backtest.trial.run import BackTest, Outcome

TINY = Size(carriers=4, cards_each=12, warm_up=60, days=30)
SEED = 5


@pytest.fixture(scope="module")
def found() -> Outcome:
    return BackTest(seed=SEED, size=TINY).run()


def test_the_same_seed_plays_the_same(found: Outcome) -> None:
    days = [sum(len(day) for day in Fleet(SEED, TINY).play()) for _ in range(2)]
    assert days[0] == days[1]
    assert sum(len(day) for day in Fleet(SEED + 1, TINY).play()) != days[0]


def test_no_score_beats_who_knows_the_rules(found: Outcome) -> None:
    """R42: a score above the oracle's would know what it must not."""
    assert 0.5 < found.score.auc <= found.oracle < 1


def test_as_much_is_hidden_as_promised(found: Outcome) -> None:
    """R42: 20 % of calls and 30 % of complaints are hidden, 15 % of stops have no cause in the data."""
    assert found.hidden.calls_seen / found.hidden.calls == pytest.approx(0.80, abs=0.01)
    many = Fleet(SEED, Size(carriers=2, cards_each=40, warm_up=0, days=100))
    for _day in many.play():
        pass
    assert many.hidden.complaints_seen / many.hidden.complaints == pytest.approx(0.70, abs=0.1)
    assert many.hidden.stops_unexplained / many.hidden.stops >= 0.15


def test_hidden_limits_lie_within_half_to_twice_of_what_people_believe() -> None:
    rng = Random(1)
    for number in range(200):
        carrier = hidden.draw_carrier(number, rng)
        for name, centre in hidden.CENTRES.items():
            assert centre / 2 <= getattr(carrier, name) <= centre * 2


def test_a_baseline_speaks_at_least_as_often_where_it_can(found: Outcome) -> None:
    assert found.baselines["thresholds"].opened >= found.score.opened


@pytest.mark.parametrize(
    ("scored", "auc"),
    [
        ([(1, False), (2, True)], 1.0),
        ([(2, False), (1, True)], 0.0),
        ([(1, False), (1, True)], 0.5),
        ([(1, False), (2, True), (3, False), (4, True)], 0.75),
        ([(1, False)], 0.5),
    ],
)
def test_area_under_the_curve(scored: list[tuple[float, bool]], auc: float) -> None:
    assert roc_auc(scored) == auc


def test_what_counts_as_warned() -> None:
    """A day for what builds up over days, any moment before for the rest; what nobody sees counts in recall alone."""

    def stop(cause: str, *, is_gradual: bool) -> Stop:
        return Stop(card=1, carrier=1, at=9.0, cause=cause, is_gradual=is_gradual, reason="")

    leads = [(stop("balance", is_gradual=True), lead) for lead in (0.0, 0.9, 1.0, 3.0)]
    leads += [(stop("calls_a_day", is_gradual=False), lead) for lead in (0.0, 0.1)]
    tally = Tally(
        card_days=300, opened=5, came_true=3, came_to_nothing=1, leads=[*leads, (stop("none", is_gradual=False), 0.0)]
    )
    assert (tally.gradual, tally.sudden, tally.precision, tally.alerts_a_month) == (0.5, 0.5, 0.75, 0.5)
    assert tally.recall == pytest.approx(4 / 7)
    assert tally.lead_hours == pytest.approx(12)


def test_the_command_prints_what_was_asked() -> None:
    out = StringIO()
    call_command("backtest_risk", "--seed", "5", "--cards", "2", "--days", "10", stdout=out)
    lines = out.getvalue().splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["AUC", "oracle"]
    assert [line.split()[0] for line in lines[5:8]] == ["score", "thresholds", "volume"]
