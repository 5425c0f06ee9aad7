"""All measurements of one recording, each detected, derived or unavailable with the reason."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from peace_model.ecg.measurement.axis import qrs_axis_deg
from peace_model.ecg.measurement.beats import detect_r_peaks, median_beat
from peace_model.ecg.norms import LimitAnswer, Position, load_norms
from peace_model.ecg.recording import Recording
from peace_model.words import mark

Origin = Literal["detected", "derived", "reported", "unavailable"]

NOT_MEASURED = mark("not measured in this version")
_TOO_FEW = mark("fewer than three beats were found")
_PARAMETERS = {
    "heart_rate_bpm": "heart_rate", "qrs_axis_deg": "qrs_axis", "pr_ms": "pr_interval", "qrs_ms": "qrs_duration",
    "qtc_bazett_ms": "qtc_bazett"}
_UNMEASURED = (("pr_ms", "ms"), ("qrs_ms", "ms"), ("qt_ms", "ms"), ("qtc_bazett_ms", "ms"))


@dataclass(frozen=True)
class Measurement:
    """One number, or the reason why there is none.

    value: None exactly when origin is "unavailable"; reason is "" exactly when there is a value.
    limit: None for quantities without published limits. flag: against every cross-checked limit shown, else None.
    """

    name: str
    value: float | None
    unit: str
    origin: Origin
    reason: str
    limit: LimitAnswer | None
    flag: Position | None


def measure(recording: Recording) -> tuple[Measurement, ...]:
    """Heart rate, RR and QRS axis, then the intervals this version does not measure, in a fixed order."""
    peaks = detect_r_peaks(recording)
    rr_ms = np.diff(peaks) / recording.fs_hz * 1000
    enough = len(rr_ms) >= 2
    median_ms = float(np.median(rr_ms)) if enough else None
    rate_bpm = None if median_ms is None else 60_000 / median_ms
    axis, why_no_axis = qrs_axis_deg(recording, median_beat(recording, peaks))
    return (
        _one(recording, "heart_rate_bpm", rate_bpm, "bpm", "derived", _TOO_FEW),
        _one(recording, "rr_ms", median_ms, "ms", "detected", _TOO_FEW),
        _one(recording, "rr_sd_ms", float(np.std(rr_ms, ddof=1)) if enough else None, "ms", "derived", _TOO_FEW),
        _one(recording, "qrs_axis_deg", axis, "deg", "derived", why_no_axis),
        *(_one(recording, name, None, unit, "unavailable", NOT_MEASURED) for name, unit in _UNMEASURED),
    )


def _one(recording: Recording, name: str, value: float | None, unit: str, origin: Origin, why_not: str) -> Measurement:
    limit = None
    if name in _PARAMETERS:
        limit = load_norms().limits(_PARAMETERS[name], age=recording.age, sex=recording.sex)
    if value is None:
        return Measurement(name, None, unit, "unavailable", why_not, limit, None)
    return Measurement(name, value, unit, origin, "", limit, None if limit is None else limit.position(value))
