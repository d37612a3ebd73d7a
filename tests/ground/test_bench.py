"""The benchmarks run whole at the least size."""

import json

from bench.__main__ import SUBJECTS, as_json, measure, table
from bench.runner import Bench

NAMED = {"name", "value", "unit", "bar", "direction", "ok"}


def test_all_figures_are_taken(transactional_db, settings, tmp_path):
    """Each code yields figures, and every one of them is told in the table and in the results."""
    settings.MEDIA_ROOT = tmp_path / "files"
    figures = list(measure(Bench(scale=0.0001, rounds=1, folder=tmp_path)))
    codes = {code for subject in SUBJECTS for code in subject}
    assert not {code for code in codes if not any(figure.name.startswith(code) for figure in figures)}
    assert len(table(figures, scale=0.0001, rounds=1).splitlines()) == len(figures) + 2
    told = json.loads(as_json(figures))["figures"]
    assert [set(figure) for figure in told] == [NAMED] * len(figures)
