"""What a day's overview is drawn from: no peak is lost, gaps stay gaps, and the work can be given up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peace_desktop.jobs.operation import Cancelled
from peace_desktop.ui.trace.pyramid import build_pyramid
from peace_desktop.ui.trace.samples import Stretch


def told(_done: int, _total: int, _text: str) -> None:
    return None


@given(st.integers(1, 300_000), st.integers(1, 900), st.integers(0, 2**31))
def test_every_column_holds_the_lowest_and_highest_of_its_samples(count: int, columns: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=count).astype(np.float32)
    spike = seed % count
    values[spike] = 9.0
    low, high = build_pyramid(values, progress=told).columns(0.0, float(count), columns)
    edges = np.linspace(0, count, columns + 1)
    assert np.nanmin(low) == values.min()
    assert np.nanmax(high) == 9.0
    for column in range(0, columns, max(columns // 20, 1)):
        part = values[int(edges[column]):max(int(edges[column + 1]), int(edges[column]) + 1)]
        assert low[column] <= part.min()
        assert high[column] >= part.max()


def test_what_was_not_recorded_stays_a_gap() -> None:
    values = np.ones(200_000, np.float32)
    values[80_000:120_000] = np.nan
    low, _high = build_pyramid(values, progress=told).columns(0, 200_000, 100)
    assert np.isnan(low[42:58]).all()
    assert (low[:38] == 1).all()


def test_it_is_small_and_can_be_given_up() -> None:
    values = np.zeros(5_000_000, np.float32)
    pyramid = build_pyramid(values, progress=told)
    assert sum(level.nbytes for level in pyramid.levels) < values.nbytes / 20
    asked = []

    def stop(done: int, _total: int, _text: str) -> None:
        asked.append(done)
        if len(asked) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        build_pyramid(values, progress=stop)


def test_a_stretch_answers_for_the_whole_lead() -> None:
    lead = np.arange(1000, dtype=np.float32)
    stretch = Stretch(lead[300:500], 300, 1000)
    assert len(stretch) == 1000
    assert stretch[300] == 300
    assert np.isnan(stretch[299])
    assert np.array_equal(stretch[350:400], lead[350:400])
    mixed = stretch[490:510]
    assert np.array_equal(mixed[:10], lead[490:500])
    assert np.isnan(mixed[10:]).all()
