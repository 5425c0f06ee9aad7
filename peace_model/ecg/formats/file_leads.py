"""Leads as a cart's file stores them, made into a recording: names, lengths, millivolts and what was left out."""

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.age import Age
from peace_model.ecg.formats.contract import check_duration, check_rate
from peace_model.ecg.formats.large import IN_MEMORY_VALUES
from peace_model.ecg.identity import Identity
from peace_model.ecg.leads import canonical_lead
from peace_model.ecg.recording import (
    DeclaredFilters,
    Finding,
    Origin,
    Recording,
    RecordingError,
    Sex,
    SignalGroup,
    Source,
    roles_of,
)
from peace_model.words import mark, worded

MIN_DURATION_S = 1.0
"""Shorter stretches need not hold one heartbeat."""
MAX_LEADS = 64
_WHOLE_NUMBERS = re.compile(r"\s*[-+]?\d{1,10}\s*(?:,\s*[-+]?\d{1,10}\s*)*", re.ASCII)
_ORTHOGONAL = {"x": "Vx", "y": "Vy", "z": "Vz"}


@dataclass(frozen=True, eq=False)
class FileLead:
    """One stored lead. label: the file's. digits: (n_samples,) as stored; NaN where nothing was recorded.

    millivolts = digits * step_mv + offset_mv. start: the recording's sample at which this lead begins.
    """

    label: str
    digits: NDArray[Any]
    step_mv: float
    offset_mv: float = 0.0
    start: int = 0


@dataclass(frozen=True)
class FileFacts:
    """All that a file tells beside its samples. statements: of machine or cart. frank: its X, Y and Z are Frank's."""

    format: str
    fs_hz: float
    version: str = ""
    producer: str = ""
    filters: DeclaredFilters = DeclaredFilters()
    groups: tuple[SignalGroup, ...] = ()
    gain_origin: Origin = Origin.FILE
    age: Age | None = None
    sex: Sex | None = None
    recorded_at: datetime | None = None
    identity: Identity | None = None
    statements: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()
    frank: bool = False


@dataclass(frozen=True)
class Placed:
    """rows: lead -> its place among the file's leads, in the file's order."""

    rows: dict[str, int]
    warnings: tuple[Finding, ...]


def place_leads(path: Path, labels: Sequence[str], *, frank: bool) -> Placed:
    """Which of the file's leads are known ones. Raises RecordingError for none, too many, or one twice."""
    if len(labels) > MAX_LEADS:
        raise RecordingError(path, "leads", worded("{count} signals are no ECG", count=len(labels)), "check the file")
    rows: dict[str, int] = {}
    left_out: list[str] = []
    orthogonal: list[str] = []
    for row, label in enumerate(labels):
        frank_lead = _ORTHOGONAL.get(label.strip().casefold())
        lead = canonical_lead(label) or frank_lead
        if lead is None:
            left_out.append(label.strip()[:30] or f"signal {row + 1}")
            continue
        if lead in rows:
            raise RecordingError(
                path, worded("lead {lead}", lead=lead), "the file holds it twice", "export the recording again")
        if frank_lead and not frank:
            orthogonal.append(lead)
        rows[lead] = row
    if not rows:
        raise RecordingError(path, "leads", "no signal bears the name of an ECG lead",
                             "name the leads on the recorder (I, II, ... V6) and export again")
    warnings = []
    if left_out:
        warnings.append(Finding(
            "channels_left_out", (), "Channels that are no known ECG lead were left out: {channels}.",
            (("channels", ", ".join(left_out)),)))
    if orthogonal:
        warnings.append(Finding("orthogonal_leads", tuple(orthogonal), mark(
            "The file calls three leads X, Y and Z without saying that they are Frank's; they are shown as Vx, Vy and "
            "Vz.")))
    return Placed(rows, tuple(warnings))


def check_length(path: Path, *, n_samples: int, n_leads: int, fs_hz: float) -> None:
    """Raises RecordingError for a rate no ECG has, and for recordings too short or too long to be reviewed."""
    check_rate(path, fs_hz, field="sampling rate")
    if n_samples < MIN_DURATION_S * fs_hz:
        raise RecordingError(
            path, "number of samples", worded("{samples} samples, {seconds} s, hold no whole heartbeat",
                   samples=n_samples, seconds=f"{n_samples / fs_hz:.2g}"),
            "open the recording this file was cut from; at least one second is needed")
    check_duration(path, n_samples=n_samples, n_signals=n_leads, fs_hz=fs_hz)


def recording_of(path: Path, raw: bytes, leads: Sequence[FileLead], facts: FileFacts) -> Recording:
    """The recording of one file. Raises RecordingError.

    Leads that begin at different samples are laid on one time axis, NaN where a lead was not recorded.
    """
    placed = place_leads(path, [lead.label for lead in leads], frank=facts.frank)
    kept = [leads[row] for row in placed.rows.values()]
    first = min(lead.start for lead in kept)
    n_samples = max(lead.start + len(lead.digits) for lead in kept) - first
    longest = max(len(lead.digits) for lead in kept)
    if n_samples > longest * len(kept) or n_samples * len(kept) > IN_MEMORY_VALUES:
        raise RecordingError(path, "lead definition", "the leads lie too far apart in time to be one recording",
                             "export the recording again")
    check_length(path, n_samples=n_samples, n_leads=len(kept), fs_hz=facts.fs_hz)
    signal_mv = np.full((len(kept), n_samples), np.nan, dtype=np.float32)
    for row, lead in enumerate(kept):
        check_step(path, lead)
        begin = lead.start - first
        with np.errstate(over="ignore"):
            values = np.asarray(lead.digits, dtype=np.float64) * lead.step_mv + lead.offset_mv
            signal_mv[row, begin:begin + len(values)] = values
    if np.isinf(signal_mv).any():
        raise RecordingError(path, "samples", "a value is too large to be a voltage", "export the recording again")
    names = tuple(placed.rows)
    return Recording(
        signal_mv=signal_mv, fs_hz=facts.fs_hz, leads=names, roles=roles_of(names), age=facts.age, sex=facts.sex,
        recorded_at=facts.recorded_at, patient_key="", identity=facts.identity,
        source=source_of(path, hashlib.sha256(raw).hexdigest(), facts, tuple(lead.step_mv for lead in kept)),
        source_statements=facts.statements, warnings=(*placed.warnings, *facts.warnings))


def digits_of(path: Path, label: str, text: str, *, n_samples: int | None, again: str) -> NDArray[np.float64]:
    """Comma-separated whole numbers, float64 (n_samples,). n_samples: as declared, None where the file is silent."""
    shown = label[:30] or "without a name"
    stripped = text.strip().rstrip(",")
    if not stripped or not _WHOLE_NUMBERS.fullmatch(stripped):
        raise RecordingError(
            path, worded("samples of lead {lead}", lead=shown), "there are none, or they are no whole numbers", again)
    if n_samples is not None and stripped.count(",") + 1 != n_samples:
        raise RecordingError(
            path, worded("samples of lead {lead}", lead=shown),
            worded("{stripped} samples where {samples} are declared", stripped=stripped.count(",") + 1,
                   samples=n_samples), again)
    return np.array(stripped.split(","), dtype=np.float64)


def offset_not_applied(leads: Sequence[str]) -> tuple[Finding, ...]:
    """For offsets whose meaning no source gives: they move a lead up or down and change nothing else."""
    return () if not leads else (Finding("offset_not_applied", tuple(leads), mark(
        "{leads}: the file gives an offset whose meaning is not published; it was not applied, so that these leads may "
        "lie above or below zero."), (("leads", ", ".join(leads)),)),)


def groups_left_out(count: int) -> tuple[Finding, ...]:
    return () if count <= 0 else (Finding("groups_left_out", (), mark(
        "The file holds {count} further groups of signals that are not shown."), (("count", str(count)),)),)


def producer_of(*parts: str) -> str:
    """Maker, model and software version, without the words that stand for nothing."""
    folded = (" ".join(part.split()) for part in parts)
    return " ".join(dict.fromkeys(part for part in folded if part.casefold() not in ("", "unknown", "none", "?")))


def check_step(path: Path, lead: FileLead) -> None:
    """Raises RecordingError where one digit of a lead is no voltage."""
    if not (math.isfinite(lead.step_mv) and lead.step_mv > 0 and math.isfinite(lead.offset_mv)):
        raise RecordingError(
            path, worded("gain of lead {label}", label=lead.label.strip()[:30]),
            "the file gives no voltage of one step",
            "export the recording again with its gain; a voltage cannot be guessed")


def source_of(path: Path, sha256: str, facts: FileFacts, steps_mv: tuple[float, ...]) -> Source:
    return Source(path.absolute(), facts.format, sha256, (path.absolute(),), version=facts.version,
                  producer=facts.producer, gain_origin=facts.gain_origin, quantum_mv=steps_mv, filters=facts.filters,
                  groups=facts.groups)
