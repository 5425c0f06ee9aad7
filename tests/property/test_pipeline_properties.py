"""What must hold of the signal path for any recording."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.leads import PEDIATRIC_9, PEDIATRIC_15, STANDARD_12
from peace_model.ecg.recording import LeadRole, Recording, RoleKind, Source, roles_of
from peace_model.ecg.signal.pipeline import Pipeline, PipelineSpec

SPEC = PipelineSpec(
    version="1", fs_hz=100.0, window_s=10.0, min_window_s=2.5, leads=STANDARD_12, highpass_hz=0.5, lowpass_hz=100.0,
    notch_hz=50.0, saturation_mv=20.0, mean_mv=(0.0,) * 12, std_mv=(0.2,) * 12, amplitude_scale=(1.0,) * 12)
PATH = Pipeline(SPEC)


def recording(signal: np.ndarray, *, fs_hz: float, leads: tuple[str, ...], days: int | None = None,
              roles: tuple[LeadRole, ...] | None = None) -> Recording:
    return Recording(
        signal_mv=signal.astype(np.float32), fs_hz=fs_hz, leads=leads, roles=roles or roles_of(leads),
        age=None if days is None else Age(days, Precision.DAY, "generated"), sex=None, recorded_at=None,
        patient_key="", source=Source(Path("generated"), "none", "", ()))


def noise(n_leads: int, n_samples: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.3, (n_leads, n_samples)).cumsum(axis=1) * 0.1


@given(order=st.permutations(STANDARD_12), seed=st.integers(0, 10_000))
def test_the_order_of_the_leads_in_the_file_does_not_matter(order: list[str], seed: int) -> None:
    signal = noise(12, 1000, seed)
    straight = PATH.prepare(recording(signal, fs_hz=250, leads=STANDARD_12))
    rows = [STANDARD_12.index(name) for name in order]
    shuffled = PATH.prepare(recording(signal[rows], fs_hz=250, leads=tuple(order)))
    np.testing.assert_array_equal(straight.signal, shuffled.signal)


@given(fs_hz=st.sampled_from([80.0, 100.0, 128.0, 250.0, 257.0, 360.0, 500.0, 1000.0]),
       seconds=st.floats(0.3, 25), seed=st.integers(0, 10_000))
def test_time_is_never_squeezed_and_padding_is_zero(fs_hz: float, seconds: float, seed: int) -> None:
    n_samples = max(2, round(seconds * fs_hz))
    given_ = PATH.prepare(recording(noise(12, n_samples, seed), fs_hz=fs_hz, leads=STANDARD_12))
    assert given_.signal.shape[1:] == (12, 1000)
    assert np.isfinite(given_.signal).all()
    for row, (start_s, valid) in enumerate(zip(given_.starts_s, given_.valid_samples, strict=True)):
        assert start_s == row * 10
        assert valid == pytest.approx(min(10.0, n_samples / fs_hz - start_s) * 100, abs=1.01)
        assert not given_.signal[row, :, valid:].any()
    left_out_s = n_samples / fs_hz - (given_.starts_s[-1] + given_.valid_samples[-1] / 100)
    assert left_out_s < SPEC.min_window_s
    assert ("tail_left_out" in [note.code for note in given_.notes]) == (left_out_s > 0.02) or left_out_s < 0.05


@given(fs_hz=st.sampled_from([100.0, 250.0, 500.0]), bpm=st.floats(40, 220))
def test_a_rhythm_keeps_its_rate(fs_hz: float, bpm: float) -> None:
    time_s = np.arange(round(10 * fs_hz)) / fs_hz
    wave = np.sin(2 * np.pi * bpm / 60 * time_s)
    out = PATH.prepare(recording(np.tile(wave, (12, 1)), fs_hz=fs_hz, leads=STANDARD_12)).signal[0, 0]
    spectrum = np.abs(np.fft.rfft(out * np.hanning(1000), 16_000))
    assert 60 * 100 * spectrum.argmax() / 16_000 == pytest.approx(bpm, abs=2)


@given(seed=st.integers(0, 10_000), start=st.integers(0, 900), length=st.integers(1, 400), lead=st.integers(0, 11))
def test_a_gap_is_zero_and_leaves_the_rest_alone(seed: int, start: int, length: int, lead: int) -> None:
    signal = noise(12, 1000, seed)
    signal[lead, start: start + length] = np.nan
    out = PATH.prepare(recording(signal, fs_hz=100, leads=STANDARD_12))
    assert np.isfinite(out.signal).all()
    assert not out.signal[0, lead, start: start + length].any()
    whole = PATH.prepare(recording(noise(12, 1000, seed), fs_hz=100, leads=STANDARD_12))
    others = [k for k in range(12) if k != lead]
    np.testing.assert_array_equal(out.signal[0, others], whole.signal[0, others])


def test_nine_leads_stand_at_their_names_and_others_are_masked() -> None:
    out = PATH.prepare(recording(noise(9, 5000, 1), fs_hz=500, leads=PEDIATRIC_9))
    assert [name for name, seen in zip(STANDARD_12, out.lead_mask[0], strict=True) if not seen] == ["V2", "V4", "V6"]
    assert not out.signal[0, [7, 9, 11]].any()
    assert out.signal[0, 8].any()


def test_extra_leads_change_nothing() -> None:
    signal = noise(15, 5000, 2)
    fifteen = PATH.prepare(recording(signal, fs_hz=500, leads=PEDIATRIC_15))
    twelve = PATH.prepare(recording(signal[:12], fs_hz=500, leads=STANDARD_12))
    np.testing.assert_array_equal(fifteen.signal, twelve.signal)


@pytest.mark.parametrize("content", [np.nan, 0.0, 0.7])
def test_a_lead_without_an_ecg_is_masked(content: float) -> None:
    signal = noise(12, 1000, 3)
    signal[4] = content
    out = PATH.prepare(recording(signal, fs_hz=100, leads=STANDARD_12))
    assert out.lead_mask[0].tolist() == [1.0] * 4 + [0.0] + [1.0] * 7
    assert not out.signal[0, 4].any()


def test_a_lead_that_repeats_another_is_masked() -> None:
    roles = tuple(LeadRole(name, RoleKind.DUPLICATE, "V1") if name == "V2" else LeadRole(name, RoleKind.RECORDED)
                  for name in STANDARD_12)
    out = PATH.prepare(recording(noise(12, 1000, 3), fs_hz=100, leads=STANDARD_12, roles=roles))
    assert out.lead_mask[0, 7] == 0
    assert out.lead_mask[0].sum() == 11


def test_a_lead_off_in_one_window_is_masked_there_only() -> None:
    signal = noise(12, 2000, 4)
    signal[2, 1000:] = np.nan
    assert PATH.prepare(recording(signal, fs_hz=100, leads=STANDARD_12)).lead_mask[:, 2].tolist() == [1.0, 0.0]


def test_saturation_is_said_and_not_scaled() -> None:
    signal = noise(12, 1000, 5)
    signal[1, 500] = 26.6
    out = PATH.prepare(recording(signal, fs_hz=100, leads=STANDARD_12))
    assert [(note.code, note.leads) for note in out.notes] == [("saturated", ("II",))]
    assert out.signal[0, 1].max() > 20 / 0.2


def test_unknown_age_is_nan_and_known_age_is_in_days() -> None:
    signal = noise(12, 1000, 6)
    assert np.isnan(PATH.prepare(recording(signal, fs_hz=100, leads=STANDARD_12)).age_days).all()
    assert PATH.prepare(recording(signal, fs_hz=100, leads=STANDARD_12, days=11)).age_days.tolist() == [11.0]


def test_mains_and_drift_are_gone_at_500_hz() -> None:
    time_s = np.arange(5000) / 500
    drift = np.tile(np.sin(2 * np.pi * 0.05 * time_s) + 0.3 * np.sin(2 * np.pi * 50 * time_s), (12, 1))
    out = PATH.prepare(recording(drift, fs_hz=500, leads=STANDARD_12)).signal[0, 0, 200:800] * 0.2
    assert np.abs(out).max() < 0.05


def test_resampling_a_500_hz_signal_keeps_its_voltage() -> None:
    def beats(fs_hz: float) -> np.ndarray:
        phase = (np.arange(round(10 * fs_hz)) / fs_hz * 1.2) % 1 - 0.5
        return np.tile(np.exp(-0.5 * (phase / 0.02) ** 2), (12, 1))

    fast = PATH.prepare(recording(beats(500), fs_hz=500, leads=STANDARD_12)).signal[0, 0]
    slow = PATH.prepare(recording(beats(100), fs_hz=100, leads=STANDARD_12)).signal[0, 0]
    assert fast.max() == pytest.approx(slow.max(), rel=0.05)


def test_the_parameters_survive_json_and_wrong_ones_are_refused() -> None:
    fields = SPEC.to_dict()
    assert PipelineSpec.from_dict(fields) == SPEC
    with pytest.raises(ValueError, match="std_mv"):
        PipelineSpec.from_dict({**fields, "std_mv": [0.0] * 12})
    with pytest.raises(ValueError, match="version is 2"):
        PipelineSpec.from_dict({**fields, "version": "2"})
    with pytest.raises(ValueError, match="colour"):
        PipelineSpec.from_dict({**fields, "colour": 1})
    with pytest.raises(ValueError, match="leads must be"):
        PipelineSpec.from_dict({**fields, "leads": list(reversed(STANDARD_12))})


def test_a_recording_without_samples_is_refused() -> None:
    with pytest.raises(ValueError, match="no samples"):
        PATH.prepare(recording(np.zeros((12, 0)), fs_hz=100, leads=STANDARD_12))
