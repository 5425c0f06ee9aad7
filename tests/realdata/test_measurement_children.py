"""Real children measured: plausible values or reasons, nothing from leads on the recorder's rail."""

from pathlib import Path

import pytest

from peace_model.ecg.formats.registry import find_recordings, read_recording
from peace_model.ecg.measurement import apply_rules, measure
from peace_model.ecg.measurement.sound_leads import RAILED

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
