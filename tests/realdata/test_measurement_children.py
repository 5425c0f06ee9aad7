"""Real children measured: plausible values or reasons, nothing from leads on the recorder's rail."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from peace_model.ecg.formats.registry import find_recordings, read_recording
from peace_model.ecg.measurement import apply_rules, measure
from peace_model.ecg.measurement.delineation import delineate
from peace_model.ecg.measurement.sound_leads import RAILED
from peace_model.ecg.signal.resample import change_rate

PLAUSIBLE = {"heart_rate_bpm": (40, 220), "pr_ms": (40, 260), "qrs_ms": (40, 200), "qt_ms": (180, 560),
             "p_ms": (20, 200)}


def test_every_child_has_plausible_values_or_reasons(data_dir: Path) -> None:
    found = find_recordings([data_dir / "zzu_pecg"])
    if not found:
        pytest.skip("zzu_pecg is not in PEACE_DATA_DIR")
    missing = 0
    for file in found:
        recording = read_recording(file.path)
        measured = {item.name: item for item in measure(recording)}
        assert all((item.value is None) == bool(item.reason) for item in measured.values())
        for name, (low, high) in PLAUSIBLE.items():
            value = measured[name].value
            missing += value is None
            assert value is None or low <= value <= high, (file.path.stem, name, value)
        results = apply_rules(recording, measured.values())
        assert all((item.positive is None) == bool(item.reason) for item in results)
    assert missing <= 0.25 * len(found) * len(PLAUSIBLE)


def test_a_lead_on_the_rail_has_no_amplitudes(data_dir: Path) -> None:
    path = data_dir / "zzu_pecg" / "Child_ecg" / "P02" / "P02222" / "P02222_E01.hea"
    measured = {item.name: item for item in measure(read_recording(path))}
    assert {measured[name].reason for name in ("r_v3_mv", "st_j_v3_mv", "t_polarity_v3")} == {RAILED}
    assert measured["r_v1_mv"].value is not None


def test_the_steep_p_wave_of_enlarged_atria_is_no_pacing_pulse(data_dir: Path) -> None:
    path = data_dir / "zzu_pecg" / "Child_ecg" / "P01" / "P01128" / "P01128_E02.hea"
    measured = {item.name: item for item in measure(read_recording(path))}
    assert measured["pr_ms"].reason == ""
    assert measured["p_v1_mv"].value == pytest.approx(-0.31, abs=0.05)


def test_t_ends_where_the_next_p_wave_begins(data_dir: Path) -> None:
    """Read by eye after R, ms: T of a tachycardia under a steep P wave, and an infant's with P on its descent."""
    for name, p_on_ms, t_off_ms in (("P01/P01128/P01128_E02", -188, 272), ("P01/P01493/P01493_E01", -122, 208)):
        median = delineate(read_recording(data_dir / "zzu_pecg" / "Child_ecg" / f"{name}.hea")).median
        assert median is not None
        marks, ms = median.marks.overall, 1000 / median.fs_hz
        assert marks.p_on is not None
        assert marks.t_off is not None
        assert (marks.p_on - median.r) * ms == pytest.approx(p_on_ms, abs=10)
        assert (marks.t_off - median.r) * ms == pytest.approx(t_off_ms, abs=24)


def test_the_qrs_is_as_wide_at_100_samples_a_second_as_at_500(data_dir: Path) -> None:
    headers = sorted((data_dir / "ptbxl500").rglob("*.hea"))[:8]
    if not headers:
        pytest.skip("ptbxl500 is not in PEACE_DATA_DIR")
    wider = []
    for header in headers:
        recording = read_recording(header)
        slow = replace(recording, fs_hz=100.0, signal_mv=change_rate(
            recording.signal_mv.astype(np.float64), fs_hz=recording.fs_hz, target_hz=100.0).astype(np.float32))
        fine, coarse = (next(item.value for item in measure(each) if item.name == "qrs_ms")
                        for each in (recording, slow))
        assert fine is not None
        assert coarse is not None
        wider.append(coarse - fine)
    assert abs(np.mean(wider)) <= 6
    assert np.std(wider) <= 8
