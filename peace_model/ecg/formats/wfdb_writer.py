"""A recording as a WFDB record: 16-bit .dat, .hea with gain per lead and comments that `wfdb_files` reads back."""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.formats.header_comments import PATIENT_COMMENT, PRECISION_COMMENT, SIMULATED_COMMENT
from peace_model.ecg.recording import Recording

_NOT_RECORDED = -32768
_FULL_SCALE = 32767
_FINEST_GAIN = 100_000
"""Digital units per mV at most: 0.01 uV steps serve nobody and make flat leads look measured."""


def write_wfdb(recording: Recording, folder: Path, name: str) -> Path:
    """Write NAME.hea and NAME.dat into an existing folder and return the header's path.

    Each lead gets its own gain, so that a step is at most 1/32767 of its peak; NaN becomes the format's own mark.
    Raises ValueError for a name WFDB does not allow, an empty or infinite signal, OSError where writing fails.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise ValueError(f"{name!r} is no WFDB record name; use letters, digits, '_' and '-'")
    if recording.signal_mv.size == 0 or np.isinf(recording.signal_mv).any():
        raise ValueError("the signal is empty or infinite")
    gains = _gains(recording.signal_mv)
    digital = _digits(recording.signal_mv, gains)
    (folder / f"{name}.dat").write_bytes(digital.T.astype("<i2").tobytes())
    header = folder / f"{name}.hea"
    header.write_bytes("\n".join((*_lines(recording, name, gains, digital), "")).encode())
    return header


def _gains(signal_mv: NDArray[np.float32]) -> NDArray[np.float64]:
    """Digital units per mV, float64 (n_leads,)."""
    peak_mv = np.nan_to_num(np.abs(signal_mv.astype(np.float64)), nan=0.0).max(axis=1)
    gains = np.full(len(peak_mv), float(_FINEST_GAIN))
    np.divide(_FULL_SCALE, peak_mv, out=gains, where=peak_mv > _FULL_SCALE / _FINEST_GAIN)
    return np.where(gains >= 100, np.floor(gains), gains)


def _digits(signal_mv: NDArray[np.float32], gains: NDArray[np.float64]) -> NDArray[np.int64]:
    scaled = np.clip(np.rint(signal_mv * gains[:, None]), -_FULL_SCALE, _FULL_SCALE)
    return np.where(np.isnan(scaled), _NOT_RECORDED, scaled).astype(np.int64)


def _lines(recording: Recording, name: str, gains: NDArray[np.float64], digital: NDArray[np.int64]) -> list[str]:
    fs = np.format_float_positional(recording.fs_hz, trim="-")
    start = "" if recording.recorded_at is None else (
        f" {recording.recorded_at:%H:%M:%S.%f} {recording.recorded_at:%d/%m}/{recording.recorded_at.year:04d}")
    lines = [f"{name} {len(recording.leads)} {fs} {recording.n_samples}{start}"]
    for lead, gain, values in zip(recording.leads, gains, digital, strict=True):
        checksum = int(values.sum()) % 65536
        scale = np.format_float_positional(gain, trim="-")
        lines.append(f"{name}.dat 16 {scale}(0)/mV 16 0 {values[0]} {checksum} 0 {lead}")
    return lines + [f"# {line}" for line in _comments(recording)]


def _comments(recording: Recording) -> list[str]:
    sex = {"F": "Female", "M": "Male", None: "Unknown"}[recording.sex]
    lines = [f"{sex} {_age_words(recording.age)}"]
    lines += [" ".join(statement.split()) for statement in recording.source_statements]
    if recording.age is not None and recording.age.precision is not Precision.DAY:
        lines.append(f"{PRECISION_COMMENT}: {recording.age.precision}")
    if recording.patient_key:
        lines.append(f"{PATIENT_COMMENT}: {recording.patient_key}")
    if recording.simulated:
        lines.append(SIMULATED_COMMENT)
    return lines


def _age_words(age: Age | None) -> str:
    return "Unknown" if age is None else str(age.days)
