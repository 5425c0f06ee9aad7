"""Writes pipeline_v1.json, what version 1 of the signal path makes of one generated recording:

    python tests/golden/make_pipeline_golden.py

Only a new version of the path may change it.
"""

import json
from pathlib import Path

import numpy as np

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Recording, Source, roles_of
from peace_model.ecg.signal.pipeline import ModelInput, Pipeline, PipelineSpec

GOLDEN = Path(__file__).with_name("pipeline_v1.json")
SPEC = PipelineSpec(
    version="1", fs_hz=100.0, window_s=10.0, min_window_s=2.5, leads=STANDARD_12, highpass_hz=0.5, lowpass_hz=100.0,
    notch_hz=50.0, saturation_mv=20.0, mean_mv=tuple(0.01 * k for k in range(12)),
    std_mv=tuple(0.1 + 0.02 * k for k in range(12)), amplitude_scale=(1.0,) * 11 + (1.25,))
EVERY = 37
"""Every 37th sample is pinned: enough to see any change of filter, rate, order, window or scale."""


def recording() -> Recording:
    """14 s at 500 Hz, written without a random generator: beats, wander, mains; a gap in V3, V4 flat, V6 absent."""
    fs_hz, leads = 500.0, (*STANDARD_12[6:11], *STANDARD_12[:6])
    time_s = np.arange(round(14 * fs_hz)) / fs_hz
    phase = (time_s * 1.3) % 1 - 0.5
    beat = np.exp(-0.5 * (phase / 0.012) ** 2) - 0.2 * np.exp(-0.5 * ((phase - 0.04) / 0.015) ** 2)
    signal = np.stack([
        (0.3 + 0.1 * k) * beat + 0.2 * np.sin(2 * np.pi * 0.2 * time_s + k) + 0.05 * np.sin(2 * np.pi * 50 * time_s)
        for k in range(len(leads))])
    signal[leads.index("V3"), 1000:1400] = np.nan
    signal[leads.index("V4")] = 0.25
    signal[leads.index("II"), 3000] = 25.0
    return Recording(
        signal_mv=signal.astype(np.float32), fs_hz=fs_hz, leads=leads, roles=roles_of(leads),
        age=Age(1000, Precision.DAY, "generated"), sex=None, recorded_at=None, patient_key="",
        source=Source(Path("generated"), "none", "", ()), simulated=True)


def pinned(prepared: ModelInput) -> dict[str, object]:
    return {
        "shape": list(prepared.signal.shape), "lead_mask": prepared.lead_mask.tolist(),
        "valid_samples": prepared.valid_samples.tolist(), "age_days": prepared.age_days.tolist(),
        "starts_s": list(prepared.starts_s), "notes": [note.code for note in prepared.notes],
        "samples": np.round(prepared.signal[:, :, ::EVERY].astype(float), 5).tolist(),
    }


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(pinned(Pipeline(SPEC).prepare(recording()))) + "\n", encoding="utf-8")
