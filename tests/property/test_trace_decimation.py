"""Thinning for the screen: no peak and no gap is ever lost, at any zoom and wherever the page begins."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from peace_desktop.ui.trace.decimation import column_step, peak_indices

SIGNALS = npst.arrays(np.float32, st.integers(1, 400), elements=st.one_of(
    st.floats(-30, 30, width=32), st.just(float("nan"))))
STEPS = st.integers(1, 60)
FIRST = st.integers(0, 5000)


def columns(length: int, step: int, first: int) -> np.ndarray:
    return (first + np.arange(length)) // step


@given(values=SIGNALS, step=STEPS, first=FIRST)
def test_each_column_keeps_its_lowest_and_highest_sample(values, step, first):
    drawn = peak_indices(values, step, first=first)
    column = columns(len(values), step, first)
    for name in np.unique(column):
        everything = values[column == name]
        kept = values[drawn[column[drawn] == name]]
        if np.isfinite(everything).any():
            assert np.nanmax(kept) == np.nanmax(everything)
            assert np.nanmin(kept) == np.nanmin(everything)
        assert np.isnan(kept).any() == np.isnan(everything).any()


@given(values=SIGNALS, step=STEPS, first=FIRST)
def test_samples_keep_their_order_and_the_ends_stay(values, step, first):
    drawn = peak_indices(values, step, first=first)
    assert (np.diff(drawn) > 0).all()
    assert drawn[0] == 0
    assert drawn[-1] == len(values) - 1
    assert len(drawn) <= 3 * (len(values) / step + 2) + 2


@given(position=st.integers(0, 4999), step=STEPS, first=FIRST)
def test_an_r_wave_of_one_sample_survives(position, step, first):
    values = np.zeros(5000, np.float32)
    values[position] = 2.5
    assert position in peak_indices(values, step, first=first)


@given(step=st.integers(2, 40), shift=st.integers(0, 200))
def test_a_scrolled_trace_keeps_its_columns(step, shift):
    values = np.random.default_rng(7).normal(size=3000).astype(np.float32)
    whole = peak_indices(values, step)
    part = peak_indices(values[shift:], step, first=shift) + shift
    inner = shift + step
    assert np.array_equal(whole[whole >= inner], part[part >= inner])


@given(samples_per_mm=st.floats(0.1, 400), pixels=st.floats(0.5, 60))
def test_a_column_never_takes_more_samples_than_a_pixel_covers(samples_per_mm, pixels):
    step = column_step(samples_per_mm=samples_per_mm, device_pixels_per_mm=pixels)
    assert step == 1 or step <= samples_per_mm / pixels
