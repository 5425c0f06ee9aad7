"""Adult recordings of a store edited towards the values of a younger age: a simulated shift. Not children's ECGs.

Proxy G: what a model does when the input changes by an amount that is known exactly. Whatever is found with it is
called simulated and says nothing of how a model reads a child. Intervals, rate and axis follow the medians of the
cited limits, child over adult; amounts that no table gives are declared in resources/ablation/simulated_shift.json.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.simulated_edit import Beats, NotEditable, Shift, edit, find_beats
from peace_model.datasets.store import Store
from peace_model.ecg.age import AGE_BANDS, days_from_years
from peace_model.ecg.simulation.age_parameters import limits_for
from peace_model.resources import resource

ADULT_DAYS = days_from_years(40)
"""The age whose medians stand for the unedited recordings."""


class ShiftError(Exception):
    """An age band that no shift is declared for; str() names those there are."""


@dataclass(frozen=True, eq=False)
class Cohort:
    """The m recordings that could be edited: rows of the store (m,); edited and unedited signals float32 (m, 12, N),
    standardised, both cut to valid_samples int64 (m,); known bool (m, C), False also for labels the edit touches;
    age_days float32 (m,), the adults' own.
    """

    rows: NDArray[np.int64]
    edited: NDArray[np.float32]
    unedited: NDArray[np.float32]
    valid_samples: NDArray[np.int64]
    known: NDArray[np.bool_]
    age_days: NDArray[np.float32]


def shift_towards(band: str) -> tuple[int, Shift]:
    """The middle of an age band in days, and the edit that imitates it. Raises ShiftError for another band."""
    declared = json.loads(resource("ablation", "simulated_shift.json").read_text(encoding="utf-8"))["bands"]
    bounds = {entry.code: entry for entry in AGE_BANDS}
    if band not in declared or band not in bounds:
        raise ShiftError(f"no simulated shift is declared for the age band {band}; there are {', '.join(declared)}")
    age_days = (bounds[band].min_days + bounds[band].max_days) // 2
    child, adult = _medians(age_days), _medians(ADULT_DAYS)
    rr = adult["heart_rate"] / child["heart_rate"]
    return age_days, Shift(
        rr=rr, pr=child["pr_interval"] / adult["pr_interval"], qrs=child["qrs_duration"] / adult["qrs_duration"],
        qt=float(np.sqrt(rr)) * child["qtc_bazett"] / adult["qtc_bazett"],
        rotation_deg=child["qrs_axis"] - adult["qrs_axis"], **declared[band])


def find_editable(store: Store, rows: NDArray[np.int64]) -> tuple[dict[int, Beats], dict[str, int]]:
    """The beats of every recording that has what an edit needs, by row, and how many lack it for which reason."""
    found: dict[int, Beats] = {}
    reasons: dict[str, int] = {}
    for row in rows:
        try:
            if not np.array(store.lead_mask[row]).all() or store.valid_samples[row] < store.spec.window_samples:
                raise NotEditable("a lead or a part of the window is missing")
            found[int(row)] = find_beats(_millivolts(store, row), store.spec.fs_hz)
        except NotEditable as error:
            reasons[str(error)] = reasons.get(str(error), 0) + 1
    return found, reasons


def edited_cohort(store: Store, beats: Mapping[int, Beats], shift: Shift) -> Cohort:
    """All recordings with beats, edited by the same amount; those that waves would be cut in are left out."""
    length = store.spec.window_samples
    kept, edited, unedited, valid = [], [], [], []
    for row in sorted(beats):
        original = _millivolts(store, row)
        try:
            changed = edit(original, store.spec.fs_hz, beats[row], shift).signal_mv
        except NotEditable:
            continue
        kept.append(row)
        valid.append(min(changed.shape[1], length))
        edited.append(_standardised(store, changed, valid[-1]))
        unedited.append(_standardised(store, original, valid[-1]))
    rows = np.array(kept, np.int64)
    touched = np.array([label in shift.touched_labels for label in store.labels])
    nothing = np.zeros((0, 12, length), np.float32)
    return Cohort(
        rows, np.stack(edited) if kept else nothing, np.stack(unedited) if kept else nothing,
        np.array(valid, np.int64), np.array(store.known[rows]).astype(bool) & ~touched,
        np.array(store.age_days[rows], np.float32))


def _medians(age_days: int) -> dict[str, float]:
    """Median of each parameter, the mean of girls and boys."""
    return {name: float(np.mean([limits_for(name, age_days=age_days, sex=sex)[1] for sex in ("F", "M")]))
            for name in ("heart_rate", "pr_interval", "qrs_duration", "qtc_bazett", "qrs_axis")}


def _millivolts(store: Store, row: int | np.int64) -> NDArray[np.float32]:
    spec = store.spec
    mean, std, scale = (np.asarray(values)[:, None] for values in (spec.mean_mv, spec.std_mv, spec.amplitude_scale))
    window = store.windows(np.array([row], np.int64))[0]
    return np.asarray((window * std + mean) / scale, np.float32)


def _standardised(store: Store, signal_mv: NDArray[np.float32], valid: int) -> NDArray[np.float32]:
    """(12, N) with zeros behind the first `valid` samples."""
    spec = store.spec
    mean, std, scale = (np.asarray(values)[:, None] for values in (spec.mean_mv, spec.std_mv, spec.amplitude_scale))
    window = np.zeros((len(signal_mv), spec.window_samples), np.float32)
    window[:, :valid] = ((signal_mv * scale - mean) / std)[:, :valid]
    return window
