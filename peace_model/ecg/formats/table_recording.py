"""A table of samples made into a recording: its rate from the file, a time column, a profile or a person."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.age import Age
from peace_model.ecg.formats.contract import ReadOptions, check_duration, check_rate
from peace_model.ecg.formats.csv_header import CsvHeader, TimeColumn
from peace_model.ecg.formats.csv_layout import Scale, no_rate, rate_finding
from peace_model.ecg.identity import Identity
from peace_model.ecg.recording import Finding, Origin, Recording, RecordingError, Sex, Source, roles_of
from peace_model.words import worded

_LIKELY_RATES_HZ = (50.0, 5000.0)
"""Bounds so far apart that an unnamed time unit is either seconds or milliseconds, never both."""


@dataclass(frozen=True, eq=False)
class SampleTable:
    """values: (n_samples, n_leads [+ 1]) numbers: the leads in header order, then time where there is such a column.

    fs_hz: where the file states it beside the samples.
    """

    header: CsvHeader
    scale: Scale
    values: NDArray[np.float64]
    fs_hz: float | None = None


@dataclass(frozen=True)
class TablePerson:
    """What a file tells of the person beside its samples."""

    age: Age | None = None
    sex: Sex | None = None
    identity: Identity | None = None
    warnings: tuple[Finding, ...] = ()


def recording_of_table(path: Path, table: SampleTable, options: ReadOptions, *, form: str, sha256: str,
                       person: TablePerson = TablePerson()) -> Recording:
    """form: the format's name. Raises RecordingError."""
    if len(table.values) < 2:
        raise RecordingError(
            path, "samples", worded("the table holds {count} samples", count=len(table.values)),
            "give the samples, one row each")
    fs_hz, rate_warnings = _rate(path, table, options)
    check_rate(path, fs_hz, field="sampling rate" if table.header.time is None else "time column")
    leads = tuple(lead.lead for lead in table.header.leads)
    check_duration(path, n_samples=len(table.values), n_signals=len(leads), fs_hz=fs_hz)
    signal_mv = np.empty((len(leads), len(table.values)), np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        for row, factor in enumerate(table.scale.millivolts):
            signal_mv[row] = table.values[:, row] * factor
    if np.isinf(signal_mv).any():
        raise RecordingError(path, "samples", "a value is too large to be a voltage", "check the unit and the samples")
    warnings = (*rate_warnings, *table.scale.warnings, *person.warnings)
    if table.header.left_out:
        warnings += (Finding("channels_left_out", (), "Channels that are no known ECG lead were left out: {channels}.",
                             (("channels", ", ".join(table.header.left_out)),)),)
    source = Source(path.absolute(), form, sha256, (path.absolute(),),
                    rate_origin=table.scale.rate_origin if rate_warnings else Origin.FILE,
                    gain_origin=table.scale.gain_origin, quantum_mv=table.scale.quantum_mv)
    return Recording(
        signal_mv=signal_mv, fs_hz=fs_hz, leads=leads, roles=roles_of(leads), age=person.age, sex=person.sex,
        recorded_at=None, patient_key="", source=source, warnings=warnings, identity=person.identity)


def _rate(path: Path, table: SampleTable, options: ReadOptions) -> tuple[float, tuple[Finding, ...]]:
    """As the file states it or its time column shows, else from profile or options, else asked."""
    time, told_hz = table.header.time, table.scale.rate_hz
    derived = None if time is None else _rate_of_time(path, time, table.values[:, -1])
    of_file = table.fs_hz or derived
    if of_file is None:
        if told_hz is None:
            raise no_rate(path)
        return told_hz, (rate_finding(told_hz, options.profile),)
    for other in filter(None, (derived, told_hz)):
        if abs(other - of_file) > 0.01 * of_file:
            field = "time column" if time is not None else "sampling rate"
            raise RecordingError(
                path, field,
                worded("it says {of_file} Hz, {other} Hz was given", of_file=f"{of_file:g}", other=f"{other:g}"),
                "leave the rate to the file, or correct the file")
    return of_file, ()


def _rate_of_time(path: Path, time: TimeColumn, stamps: NDArray[np.float64]) -> float | None:
    """Samples per second of a uniform time column, None where its unit cannot be told."""
    span = float(stamps[-1] - stamps[0])
    step = span / (len(stamps) - 1)
    # Stamps rounded to the millisecond stray by a fraction of a step; a sample left out strays by half of one or more.
    if not (np.isfinite(stamps).all() and math.isfinite(span) and step > 0 and np.all(
            np.abs(stamps - stamps[0] - step * np.arange(len(stamps))) <= 0.3 * step)):
        raise RecordingError(path, "time column", "the times do not rise in equal steps",
                             "resample to a fixed rate, or remove the column and give the rate")
    if time.seconds is None:
        low, high = _LIKELY_RATES_HZ
        possible = [seconds for seconds in (1.0, 1e-3) if low <= 1 / (step * seconds) <= high]
        if not possible:
            return None
        return _tidy(1 / (step * possible[0]))
    return _tidy(1 / (step * time.seconds))


def _tidy(fs_hz: float) -> float:
    """A rate within 0.05 % of a whole number is that number: the rest is the rounding of the stamps."""
    whole = float(round(fs_hz))
    return whole if whole > 0 and abs(fs_hz - whole) <= 5e-4 * fs_hz else fs_hz
