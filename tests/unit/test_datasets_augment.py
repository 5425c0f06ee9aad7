"""Augmentation changes what a recorder may change, and nothing that a diagnosis rests on."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import find_peaks

from peace_model.datasets.augment import AugmentConfig, AugmentError, augment, draw

NOTHING = AugmentConfig(crop_s=0, gain=0, wander_sd=0, drop_precordial=0, drop_lead=0)
EVERYTHING = AugmentConfig(crop_s=7.5, gain=0.15, wander_sd=0.1, hum_sd=0.05)
Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]


def windows(count: int = 200, samples: int = 1000) -> Arrays:
    signal = np.random.default_rng(0).normal(size=(count, 12, samples)).astype(np.float32)
    return signal, np.ones((count, 12), np.float32), np.full(count, samples)


def augmented(given: Arrays, config: AugmentConfig, *, seed: int = 1, fs_hz: float = 100) -> Arrays:
    draws = draw(config, len(given[0]), np.random.default_rng(seed))
    return augment(*given, draws, config, fs_hz=fs_hz)


def beats(fs_hz: float, rr_s: list[float], signs: list[bool]) -> tuple[np.ndarray, np.ndarray]:
    """A recording (1, 12, N) of narrow peaks at given intervals, upwards or downwards in each lead."""
    times = 0.4 + np.cumsum([0, *rr_s])
    time_s = np.arange(round(10 * fs_hz)) / fs_hz
    lead = sum(np.exp(-0.5 * ((time_s - at) / 0.012) ** 2) for at in times)
    return (8 * np.where(signs, 1, -1)[:, None] * lead)[None].astype(np.float32), times


@settings(max_examples=40, deadline=None)
@given(rr_s=st.lists(st.floats(0.35, 1.3), min_size=6, max_size=6), signs=st.lists(st.booleans(), min_size=12,
       max_size=12), seed=st.integers(0, 10_000))
def test_intervals_and_polarity_stay_whatever_is_drawn(rr_s: list[float], signs: list[bool], seed: int) -> None:
    fs_hz = 250.0
    signal, times = beats(fs_hz, rr_s, signs)
    out, mask, _ = augmented((signal, np.ones((1, 12), np.float32), np.array([2500])), EVERYTHING, seed=seed,
                             fs_hz=fs_hz)
    for lead in np.flatnonzero(mask[0]):
        upright = out[0, lead] if signs[lead] else -out[0, lead]
        found = find_peaks(upright, height=3.5, distance=int(0.2 * fs_hz))[0] / fs_hz
        runs = [np.diff(times[k: k + len(found)]) for k in range(len(times) - len(found) + 1)]
        assert any(np.allclose(run, np.diff(found), atol=1.5 / fs_hz) for run in runs)
        assert upright.min() > -2.5


def test_switched_off_it_changes_nothing() -> None:
    given_ = windows(4)
    for before, after in zip(given_, augmented(given_, NOTHING), strict=True):
        np.testing.assert_array_equal(before, after)


def test_a_crop_is_a_piece_of_the_signal_at_its_own_rate() -> None:
    given_ = windows(8)
    out, _, out_valid = augmented(given_, dataclasses.replace(NOTHING, crop_s=3))
    assert out_valid.tolist() == [300] * 8
    for piece, whole in zip(out, given_[0], strict=True):
        starts = [s for s in range(701) if whole[0, s] == piece[0, 0]]
        assert any(np.array_equal(whole[:, s: s + 300], piece) for s in starts)


def test_padding_stays_padding() -> None:
    signal, mask, valid = windows(50)
    valid[:] = 350
    signal[:, :, 350:] = 0
    out, _, out_valid = augmented((signal, mask, valid), AugmentConfig(crop_s=5))
    assert (out_valid == 350).all()
    assert not out[:, :, 350:].any()


def test_leads_are_dropped_as_often_as_said_and_masked_leads_are_zero() -> None:
    out, out_mask, _ = augmented(windows(1000, 20), AugmentConfig(crop_s=0, drop_lead=0.05), seed=2)
    dropped = 1 - out_mask.mean(axis=0)
    together = (out_mask[:, [7, 9, 11]] == 0).all(axis=1).mean()
    assert 0.11 < together < 0.19
    assert np.abs(dropped[[0, 3, 6]] - 0.05).max() < 0.03
    assert not out[out_mask == 0].any()


def test_a_lead_that_was_not_recorded_never_comes_back() -> None:
    signal, mask, valid = windows(20)
    mask[:, 4] = 0
    signal[:, 4] = 0
    out, out_mask, _ = augmented((signal, mask, valid), EVERYTHING, fs_hz=125)
    assert not out_mask[:, 4].any()
    assert not out[:, 4].any()


def test_the_gain_is_one_number_a_recording() -> None:
    given_ = windows(20)
    out, _, _ = augmented(given_, dataclasses.replace(NOTHING, gain=0.1), seed=3)
    gain = (out / given_[0]).reshape(20, -1)
    assert gain.min() > 0.89
    assert gain.max() < 1.11
    assert np.ptp(gain, axis=1).max() < 1e-3
    assert np.ptp(gain[:, 0]) > 0.1


def test_mains_noise_is_at_50_hz_and_only_where_the_rate_can_hold_it() -> None:
    signal, mask, valid = windows(4, 2500)
    noisy = dataclasses.replace(NOTHING, hum_sd=0.5)
    out, _, _ = augmented((signal * 0, mask, valid), noisy, fs_hz=500)
    spectrum = np.abs(np.fft.rfft(out[0, 0]))
    assert np.fft.rfftfreq(2500, 1 / 500)[spectrum.argmax()] == pytest.approx(50)
    assert spectrum[spectrum < spectrum.max()].max() < 1e-3 * spectrum.max()
    with pytest.raises(AugmentError, match="does not exist at 100 samples"):
        augmented((signal, mask, valid), noisy, fs_hz=100)


def test_each_process_can_work_on_its_own_rows() -> None:
    signal, mask, valid = windows(10)
    draws = draw(EVERYTHING, 10, np.random.default_rng(5))
    whole = augment(signal, mask, valid, draws, EVERYTHING, fs_hz=125)
    rows = np.array([2, 7, 9])
    part = augment(signal[rows], mask[rows], valid[rows], draws.take(rows), EVERYTHING, fs_hz=125)
    for one, other in zip(whole, part, strict=True):
        np.testing.assert_array_equal(one[rows], other)


@given(mixup=st.floats(0.05, 2), seed=st.integers(0, 1000))
def test_the_first_recording_of_a_mixture_outweighs_and_changes_nothing_else(mixup: float, seed: int) -> None:
    plain, mixed = (draw(dataclasses.replace(EVERYTHING, mixup=value), 9, np.random.default_rng(seed))
                    for value in (0.0, mixup))
    assert (plain.share == 1).all()
    assert (mixed.share >= 0.5).all()
    assert (mixed.share <= 1).all()
    assert sorted(mixed.partner) == list(range(9))
    np.testing.assert_array_equal(plain.gain, mixed.gain)
