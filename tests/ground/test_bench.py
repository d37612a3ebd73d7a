"""The benchmarks run whole at the least size."""

import json
import logging

import pytest

from bench.__main__ import SUBJECTS, as_json, measure, table
from bench.runner import Bench, Figure

NAMED = {"name", "value", "unit", "bar", "direction", "ok"}


@pytest.mark.parametrize("codes", [pytest.param(list(subject), id="-".join(subject)) for subject in SUBJECTS])
def test_all_figures_are_taken(codes: list[str], transactional_db, settings, tmp_path, caplog):
    """Each code of a subject yields figures; of thousands of requests only those that fail are told."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.USAGE_PARTITION = settings.USAGE_PARTITION  # which measures of imports change
    caplog.set_level(logging.WARNING, logger="cardfleet.request")
    names = [figure.name for figure in measure(Bench(scale=0.0001, rounds=1, folder=tmp_path), only=codes)]
    assert not [code for code in codes if not any(name.startswith(code) for name in names)]


def test_every_figure_is_told_in_the_table_and_in_the_results():
    figures = [Figure(name="G1 an import", value=2.5, bar=2.6, low=2.4, high=2.7), Figure(name="P1 a page", value=12)]
    told = table(figures, scale=0.0001, rounds=1).splitlines()
    assert [line[:12] for line in told[1:3]] == ["G1 an import", "P1 a page   "]
    assert told[-1] == "scale 0.0001, 1 rounds; 2 figures, 0 missed"
    assert [set(figure) for figure in json.loads(as_json(figures))["figures"]] == [NAMED] * 2
