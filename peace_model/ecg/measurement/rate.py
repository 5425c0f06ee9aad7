"""Heart rate, RR intervals and how regular they are."""

from dataclasses import dataclass

import numpy as np

from peace_model.ecg.measurement.marks import Delineation
from peace_model.ecg.measurement.value import Found, missing
from peace_model.words import mark

LEAST_BEATS = 3
TOO_FEW = mark("fewer than three beats were found")
_NO_PAIRS = mark("no two dominant beats follow each other")
_IRREGULAR_MS = 120.0
"""Sinus arrhythmia by the usual definition: longest and shortest interval differ by more than 120 ms."""
_IRREGULAR_SHARE = 0.20
"""At fast rates: by more than a fifth of the mean."""


@dataclass(frozen=True)
class Rhythm:
    """What was found, by catalogue name. rr_ms: mean interval between consecutive dominant beats, for QTc."""

    found: dict[str, Found]
    rr_ms: float | None


def rhythm(delineation: Delineation) -> Rhythm:
    """Rates from the mean, longest and shortest interval over all beats; RR and its spread between dominant beats."""
    counts = {
        "beats_count": float(len(delineation.r_samples)),
        "premature_beats_count": _beats(delineation, "premature"),
        "wide_beats_count": _beats(delineation, "wide"),
        "paced_beats_count": float(sum(group.count for group in delineation.groups
                                       if group.paced or group.name == "paced"))}
    counted = {name: Found(value, "detected") for name, value in counts.items()}
    if len(delineation.r_samples) < LEAST_BEATS:
        names = ("heart_rate_bpm", "heart_rate_min_bpm", "heart_rate_max_bpm", "rr_ms", "rr_sd_ms",
                 "rhythm_regularity")
        why = missing(delineation.reason or TOO_FEW)
        if not len(delineation.r_samples):
            counted = dict.fromkeys(counts, why)
        return Rhythm(dict.fromkeys(names, why) | counted, None)
    all_ms = np.diff(delineation.r_samples) / delineation.fs_hz * 1000
    both_dominant = (delineation.group[1:] == 0) & (delineation.group[:-1] == 0)
    own_ms = all_ms[both_dominant]
    rates = {"heart_rate_bpm": all_ms.mean(), "heart_rate_min_bpm": all_ms.max(), "heart_rate_max_bpm": all_ms.min()}
    found = {name: Found(60_000 / float(interval)) for name, interval in rates.items()}
    rr_ms = float(own_ms.mean()) if len(own_ms) else None
    found["rr_ms"] = Found(rr_ms, "detected") if rr_ms is not None else missing(_NO_PAIRS)
    found["rr_sd_ms"] = Found(float(own_ms.std(ddof=1))) if len(own_ms) > 1 else missing(_NO_PAIRS)
    regularity = float(_regularity(float(np.ptp(own_ms)), rr_ms, early=counts["premature_beats_count"] > 0)
                       ) if rr_ms is not None else None
    found["rhythm_regularity"] = missing(_NO_PAIRS) if regularity is None else Found(regularity)
    return Rhythm(found | counted, rr_ms)


def _beats(delineation: Delineation, name: str) -> float:
    return float(sum(group.count for group in delineation.groups[1:] if group.name == name))


def _regularity(range_ms: float, mean_ms: float, *, early: bool) -> int:
    """A number of the catalogue's REGULARITY; premature beats are named before the variation of the others."""
    if early:
        return 2
    return int(range_ms > min(_IRREGULAR_MS, _IRREGULAR_SHARE * mean_ms))
