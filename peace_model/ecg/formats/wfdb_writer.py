"""A recording as a WFDB record: .dat, .hea with a gain a lead, and comments that `wfdb_files` reads back."""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.formats import large
from peace_model.ecg.formats.header_comments import PATIENT_COMMENT, PRECISION_COMMENT, SIMULATED_COMMENT
from peace_model.ecg.formats.provenance import lines_of
from peace_model.ecg.formats.quantise import Scale, digits, scale_of
from peace_model.ecg.formats.whole_file import whole
from peace_model.ecg.recording import Recording


def write_wfdb(recording: Recording, folder: Path, name: str) -> Path:
    """Write NAME.hea and NAME.dat into an existing folder and return the header's path.

    Samples keep the step of their source, so that they come back as they were; where it is not known a step is at most
    1/32767 of the lead's peak. NaN becomes the format's own mark. Nothing of the recording's identity is written.
    Raises ValueError for a name WFDB does not allow, an empty or infinite signal, OSError where writing fails; then
    nothing is left that looks like a record.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise ValueError(f"{name!r} is no WFDB record name; use letters, digits, '_' and '-'")
    scale = scale_of(recording)
    header = folder / f"{name}.hea"
    # The header is put in place last: where it stands the signals stand too.
    with whole(header) as described, whole(folder / f"{name}.dat") as signals:
        first, sums = _write_signals(recording, signals, scale)
        described.write_bytes("\n".join((*_lines(recording, name, scale, first, sums), "")).encode())
    return header


def _write_signals(recording: Recording, path: Path, scale: Scale) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first digit and the sum of all digits of each lead, as the header wants them."""
    sums = np.zeros(len(recording.leads), dtype=np.int64)
    with path.open("wb") as stream:
        for block in large.blocks(recording.n_samples, len(recording.leads)):
            values = digits(recording.signal_mv[:, block], scale)
            sums += values.sum(axis=1, dtype=np.int64)
            stream.write(values.T.astype(f"<i{scale.bits // 8}").tobytes())
    return digits(recording.signal_mv[:, :1], scale)[:, 0].astype(np.int64), sums


def _lines(recording: Recording, name: str, scale: Scale, first: NDArray[np.int64],
           sums: NDArray[np.int64]) -> list[str]:
    fs = np.format_float_positional(recording.fs_hz, trim="-")
    start = "" if recording.recorded_at is None else (
        f" {recording.recorded_at:%H:%M:%S.%f} {recording.recorded_at:%d/%m}/{recording.recorded_at.year:04d}")
    lines = [f"{name} {len(recording.leads)} {fs} {recording.n_samples}{start}"]
    for lead, step_mv, zero, value, total in zip(recording.leads, scale.step_mv, scale.zero, first, sums, strict=True):
        gain = np.format_float_positional(1 / step_mv, trim="-")
        lines.append(f"{name}.dat {scale.bits} {gain}({zero})/mV {scale.bits} 0 {value} {int(total) % 65536} 0 {lead}")
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
    return lines + lines_of(recording)


def _age_words(age: Age | None) -> str:
    return "Unknown" if age is None else str(age.days)
