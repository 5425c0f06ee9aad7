"""Calipers snap to what a reader measures from, and what they say is what the samples hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peace_desktop.ui.trace.caliper import Caliper, read_caliper
from peace_desktop.ui.trace.snap import Drawn, features, following, snapped

FS_HZ = 500.0
DRAWN = Drawn(FS_HZ, 25.0, 10.0)
SECONDS = np.arange(2000) / FS_HZ


def bell(centre_s: float, sigma_s: float, height_mv: float) -> np.ndarray:
    return height_mv * np.exp(-0.5 * ((SECONDS - centre_s) / sigma_s) ** 2)


@given(off=st.integers(-35, 35), height_mv=st.floats(0.2, 3.0), up=st.booleans())
def test_the_peak_of_a_wave_is_met_from_either_side(off, height_mv, up):
    wave = bell(1.0, 0.02, height_mv if up else -height_mv)
    peak = round(1.0 * FS_HZ)
    steep = {round((1.0 + side * 0.02) * FS_HZ) for side in (-1, 1)}
    met = snapped(wave, peak + off, DRAWN)
    assert met == peak or (abs(off) > 15 and met in steep)


def test_the_steepest_point_of_a_bell_lies_one_sigma_from_its_peak():
    found = features(bell(1.0, 0.04, 1.0), 400, 600, DRAWN)
    assert [(item.sample, item.steep) for item in found] == [(480, True), (500, False), (520, True)]
    # A hand at half the height beside the peak means the flank; one at the peak's height means the peak.
    wave = bell(1.0, 0.04, 1.0)
    assert snapped(wave, 484, DRAWN, hand_mv=0.6) == 480
    assert snapped(wave, 490, DRAWN, hand_mv=1.0) == 500


def test_noise_smaller_than_half_a_millimetre_is_no_peak():
    noise = np.random.default_rng(5).uniform(-0.02, 0.02, 2000)
    assert features(noise, 100, 1900, DRAWN) == ()
    assert snapped(noise, 700, DRAWN) == 700
    larger = Drawn(FS_HZ, 25.0, 40.0)
    assert features(noise, 100, 1900, larger), "at four times the gain it is seen"


def test_missing_samples_and_the_ends_are_never_met():
    wave = bell(1.0, 0.02, 1.0)
    wave[480:520] = np.nan
    assert features(wave, 470, 530, DRAWN) == ()
    assert snapped(wave, 500, DRAWN) == 500
    assert features(np.zeros(3), 0, 2, DRAWN) == ()


def test_keys_go_from_wave_to_wave_in_both_directions_and_stop_at_the_ends():
    train = sum(bell(centre, 0.02, 1.0) for centre in (0.6, 1.4, 3.2))
    peaks = [round(centre * FS_HZ) for centre in (0.6, 1.4, 3.2)]
    for way, expected in ((1, peaks), (-1, peaks[::-1])):
        at, met = (0, []) if way > 0 else (1999, [])
        while (ahead := following(train, at, way, DRAWN, first=0, last=1999)) != at:
            at = ahead
            met.append(at)
        assert [sample for sample in met if sample in peaks] == expected
        assert len(met) == 9, "each wave has a peak and two steepest points"


@given(first=st.integers(0, 1999), second=st.integers(0, 1999), seed=st.integers(0, 9))
def test_what_calipers_say_is_what_the_samples_hold(first, second, seed):
    values = np.random.default_rng(seed).normal(0, 1, 2000).astype(np.float32)
    reading = read_caliper(Caliper("II", 0, 0, first, second), values, FS_HZ)
    assert reading.interval_ms == pytest.approx(abs(second - first) * 2.0)
    assert reading.delta_mv == pytest.approx(float(values[second]) - float(values[first]), abs=1e-7)
    if first == second:
        assert reading.rate_bpm is None
    else:
        assert reading.rate_bpm == pytest.approx(60.0 / (abs(second - first) / FS_HZ))
