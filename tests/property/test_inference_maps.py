"""Maps joined over windows lie where the signal lies, for any stride, offset and length."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peace_model.inference.bundle import Calibration, Tokens
from peace_model.inference.calibration import decisions, probabilities
from peace_model.inference.maps import join_windows, scaled

FS_HZ = 100.0
WINDOW = 1000


@given(valid=st.integers(500, WINDOW), full_windows=st.integers(0, 5), samples_per_token=st.sampled_from([4, 8, 10]),
       offset=st.integers(-8, 8))
def test_joined_steps_cover_the_signal_and_not_the_padding(
        valid: int, full_windows: int, samples_per_token: int, offset: int) -> None:
    count = WINDOW // samples_per_token
    starts_s = [index * WINDOW / FS_HZ for index in range(full_windows + 1)]
    valid_samples = [WINDOW] * full_windows + [valid]
    maps = np.zeros((len(starts_s), 2, count), np.float32)
    values, start_s, step_s = join_windows(
        maps, tokens=Tokens(samples_per_token, offset, 100, count), fs_hz=FS_HZ, starts_s=starts_s,
        valid_samples=valid_samples)
    end_s = starts_s[-1] + valid / FS_HZ
    assert values.shape[0] == 2
    assert step_s == pytest.approx(samples_per_token / FS_HZ)
    assert start_s == pytest.approx(offset / FS_HZ)
    assert start_s + values.shape[1] * step_s >= end_s - 1e-9
    assert start_s + (values.shape[1] - 1) * step_s < end_s


@given(window=st.integers(0, 3), token=st.integers(0, 124), offset=st.integers(-8, 0))
def test_a_peak_stays_at_its_time(window: int, token: int, offset: int) -> None:
    maps = np.zeros((4, 1, 125), np.float32)
    maps[window, 0, token] = 1
    values, start_s, step_s = join_windows(
        maps, tokens=Tokens(8, offset, 100, 125), fs_hz=FS_HZ, starts_s=[0, 10, 20, 30], valid_samples=[WINDOW] * 4)
    assert start_s + int(values[0].argmax()) * step_s == pytest.approx(10 * window + 0.08 * token + offset / FS_HZ)


@given(st.lists(st.floats(-5, 100, width=32), min_size=1, max_size=40))
def test_scaled_maps_lie_between_zero_and_one_and_keep_their_order(values: list[float]) -> None:
    given_values = np.array(values, np.float32)
    result = scaled(given_values)
    assert result.min() >= 0
    assert result.max() in (0, 1)
    assert (result[given_values <= 0] == 0).all()
    order = np.argsort(given_values, kind="stable")
    assert (np.diff(result[order]) >= 0).all()


def test_a_map_of_rounding_errors_found_nothing() -> None:
    assert not scaled(np.array([1e-9, 3e-8, 0], np.float32)).any()


@given(st.lists(st.floats(-200, 200, width=32), min_size=1, max_size=6), st.floats(0.05, 5), st.floats(-4, 4))
def test_probabilities_are_probabilities_and_rise_with_the_logit(
        logits: list[float], scale: float, offset: float) -> None:
    calibration = [Calibration(scale, offset, 0.5, "by hand")]
    column = np.array(logits, np.float32)[:, None]
    low, high = (probabilities(column + add, calibration)[0] for add in (0, 1))
    assert 0 <= low <= high <= 1


def test_the_mean_is_taken_over_probabilities_and_the_threshold_counts_as_positive() -> None:
    calibrations = [Calibration(1, 0, 0.75, "by hand"), Calibration(2, 0, 0.5, "by hand")]
    logits = np.array([[0, 0], [50, 0]], np.float32)
    probability = probabilities(logits, calibrations)
    assert probability == pytest.approx([0.75, 0.5])
    assert decisions(probability, calibrations).tolist() == [True, True]
