"""WFDB records (.hea with .dat or .mat): the raw header judged first, the samples decoded by the wfdb package.

The package sees only records whose every field the strict header has already checked: a gain, unit, rate or length it
would fill in or pass over never reaches it.
"""

import hashlib
import math
import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.formats.contract import (
    Format,
    ReadOptions,
    check_duration,
    check_rate,
    check_regular,
    mv_per_unit,
)
from peace_model.ecg.formats.header_comments import HeaderPerson, parse_comments
from peace_model.ecg.formats.provenance import read_lines
from peace_model.ecg.formats.sidecar import SidecarRow, find_sidecar, sidecar_row
from peace_model.ecg.formats.wfdb_header import MAX_HEADER_BYTES, RATE_FIELD, WfdbHeader, parse_header
from peace_model.ecg.formats.wfdb_signals import checksum_warnings, decode, signal_files
from peace_model.ecg.leads import canonical_lead
from peace_model.ecg.recording import Finding, Origin, Recording, RecordingError, Source, roles_of
from peace_model.words import mark, worded

NAME = "wfdb"
MAX_SIGNALS = 64
_PART_BYTES = 1 << 20

_ZZU_RECORD = re.compile(r"(P\d{5})_E\d{2}", re.ASCII)


@dataclass(frozen=True)
class _Person:
    header: HeaderPerson
    table: SidecarRow | None
    warnings: tuple[Finding, ...]


def read(path: Path, options: ReadOptions) -> Recording:
    """Read one record; `path` may name its .hea, .dat or .mat. Raises RecordingError."""
    header_path = Path(os.path.abspath(path)).with_suffix(".hea")
    _check_name(path, header_path)
    raw = _bytes_of_header(header_path)
    header = parse_header(header_path, raw)
    fs_hz, warnings = _rate(header_path, header, options)
    n_samples = _length(header_path, header, fs_hz)
    factors, unit_warnings = _millivolts_per_digit(header_path, header, options)
    kept, lead_warnings = _leads(header_path, header)
    files = signal_files(header_path, header, n_samples)
    provenance, comments = read_lines(header.comments)
    person = _person(header_path, comments, options)
    signal_mv, sums = decode(header_path, header, n_samples, factors, tuple(kept.values()))
    inverted = _inverted_leads(header, kept)
    warnings += (*unit_warnings, *lead_warnings, *inverted, *checksum_warnings(header, sums), *person.warnings)
    table = person.table
    return Recording(
        signal_mv=signal_mv, fs_hz=fs_hz, leads=tuple(kept), roles=provenance.roles(roles_of(tuple(kept))),
        age=person.header.age or (table.age if table else None),
        sex=person.header.sex or (table.sex if table else None),
        recorded_at=header.recorded_at or (table.recorded_at if table else None),
        patient_key=_patient_key(header_path, person), identity=person.header.identity,
        source=provenance.told(Source(
            header_path, NAME, _sha256(raw, files), (header_path, *files),
            rate_origin=Origin.HAND if header.fs_hz is None else Origin.FILE,
            gain_origin=Origin.HAND if unit_warnings else Origin.FILE,
            quantum_mv=tuple(abs(float(factors[row])) for row in kept.values()))),
        source_statements=person.header.statements + (table.statements if table else ()),
        simulated=person.header.simulated, warnings=warnings)


def _check_name(path: Path, header_path: Path) -> None:
    """The wfdb package finds a header only by the standard's own spelling of its name."""
    if path.suffix != ".hea" and path.suffix.casefold() == ".hea":
        raise RecordingError(
            path, "file name", worded("the suffix is '{suffix}'", suffix=path.suffix), "rename it to '.hea'")
    if "." in header_path.stem:
        raise RecordingError(path, "file name", "a WFDB record's name holds no further dot",
                             "rename the header and name its signal files in it unchanged")


def _bytes_of_header(header_path: Path) -> bytes:
    check_regular(header_path)
    try:
        with header_path.open("rb") as stream:
            return stream.read(MAX_HEADER_BYTES + 1)
    except FileNotFoundError:
        raise RecordingError(header_path, "header", "the header file is missing",
                             "put it beside its signal file and open the folder again") from None
    except OSError as error:
        raise RecordingError(header_path, "header", "the header file cannot be opened",
                             "check that it may be read") from error


def _rate(path: Path, header: WfdbHeader, options: ReadOptions) -> tuple[float, tuple[Finding, ...]]:
    if header.fs_hz is not None:
        check_rate(path, header.fs_hz, field=RATE_FIELD)
        return header.fs_hz, ()
    if options.fs_hz is None:
        raise RecordingError(path, "sampling rate", "the header gives no rate", "give the rate in samples per second")
    check_rate(path, options.fs_hz, field="sampling rate")
    return options.fs_hz, (Finding(
        "rate_given_by_user", (), "The file gives no sampling rate; {rate} Hz was entered by hand.",
        (("rate", f"{options.fs_hz:g}"),)),)


def _length(path: Path, header: WfdbHeader, fs_hz: float) -> int:
    if not header.n_samples:
        raise RecordingError(path, "number of samples", "the record line gives none, so a cut file could not be "
                             "noticed", "restore the header from its source")
    if len(header.signals) > MAX_SIGNALS:
        raise RecordingError(
            path, "number of signals", worded("{count} signals are no ECG", count=len(header.signals)),
            "check the file")
    check_duration(path, n_samples=header.n_samples, n_signals=len(header.signals), fs_hz=fs_hz)
    return header.n_samples


def _millivolts_per_digit(
        path: Path, header: WfdbHeader, options: ReadOptions) -> tuple[NDArray[np.float64], tuple[Finding, ...]]:
    """One factor a signal, float64 (n_signals,); channels that are no lead are judged like the others."""
    factors = np.empty(len(header.signals))
    given: list[str] = []
    for row, signal in enumerate(header.signals):
        shown = signal.name or str(row + 1)
        if not signal.gain:
            what = mark("is zero") if signal.gain == 0 else mark("is missing")
            raise RecordingError(
                path, worded("gain of signal {lead}", lead=shown), worded("the gain {what}", what=what),
                "restore the header from its source; a voltage cannot be guessed")
        unit = signal.unit or options.unit
        if unit is None:
            raise RecordingError(
                path, "unit", worded("the header gives no unit for signal {lead}", lead=shown),
                "give the unit (mV or uV)")
        scale = mv_per_unit(unit)
        if scale is None and canonical_lead(signal.name) is None:
            scale = math.nan  # A respiration or pressure channel: dropped with its name, never read as a voltage.
        if scale is None:
            raise RecordingError(
                path, worded("unit of signal {lead}", lead=shown), "the unit is no voltage",
                "restore the header from its source; expected mV, uV, nV or V")
        if signal.unit is None:
            given.append(shown)
        factors[row] = scale / signal.gain
    if not given:
        return factors, ()
    return factors, (Finding("unit_given_by_user", tuple(filter(None, map(canonical_lead, given))),
                             "The file gives no unit; {unit} was entered by hand.", (("unit", options.unit or ""),)),)


def _leads(path: Path, header: WfdbHeader) -> tuple[dict[str, int], tuple[Finding, ...]]:
    """Row of each known lead in file order, and a finding naming the channels left out."""
    rows: dict[str, int] = {}
    dropped: list[str] = []
    for row, signal in enumerate(header.signals):
        lead = canonical_lead(signal.name)
        if lead is None:
            dropped.append(signal.name or f"signal {row + 1}")
        elif lead in rows:
            raise RecordingError(
                path, worded("lead {lead}", lead=lead), "two signals bear this name", "name every lead once")
        else:
            rows[lead] = row
    if not rows:
        raise RecordingError(path, "leads", "no signal bears the name of an ECG lead",
                             "name the signals I, II, III, aVR, aVL, aVF, V1 to V6")
    return rows, () if not dropped else (Finding(
        "channels_left_out", (), "Channels that are no known ECG lead were left out: {channels}.",
        (("channels", ", ".join(dropped)),)),)


def _inverted_leads(header: WfdbHeader, rows: dict[str, int]) -> tuple[Finding, ...]:
    """WFDB allows a negative gain; no recorder writes one, so a reader is told which leads it turns over."""
    leads = tuple(lead for lead, row in rows.items() if (header.signals[row].gain or 0) < 0)
    return () if not leads else (Finding(
        "negative_gain", leads, "{leads}: the header gives a negative gain, which turns the stored signal upside down.",
        (("leads", ", ".join(leads)),)),)


def _person(path: Path, comments: tuple[str, ...], options: ReadOptions) -> _Person:
    """Header and side-car table together. A contradiction between them blocks."""
    said = parse_comments(path, comments)
    table = options.sidecar or find_sidecar(path)
    if table is None:
        return _Person(said, None, said.warnings)
    row = sidecar_row(table, path.stem)
    if row is None:
        missing = Finding("sidecar_silent", (), "{table} does not list this recording; it says nothing of age and sex.",
                          (("table", table.name),))
        return _Person(said, None, (*said.warnings, missing))
    if said.sex and row.sex and said.sex != row.sex:
        raise RecordingError(
            path, "sex", worded("the header and {name} contradict each other", name=table.name), "correct one of them")
    if said.age and row.age and not _same_age(said.age, row.age):
        raise RecordingError(
            path, "age", worded("the header and {name} contradict each other", name=table.name), "correct one of them")
    return _Person(said, row, (*said.warnings, *row.warnings))


def _same_age(one: Age, other: Age) -> bool:
    """Equal as finely as the coarser of both sources gives it."""
    width_days = {Precision.DAY: 1, Precision.MONTH: 31, Precision.YEAR: 366}
    return abs(one.days - other.days) < max(width_days[one.precision], width_days[other.precision])


def _patient_key(path: Path, person: _Person) -> str:
    zzu = _ZZU_RECORD.fullmatch(path.stem)
    if person.table is not None and person.table.patient_key:
        return person.table.patient_key
    return person.header.patient_key or (zzu[1] if zzu else "")


def _sha256(raw_header: bytes, files: tuple[Path, ...]) -> str:
    digest = hashlib.sha256(raw_header)
    for file in files:
        with file.open("rb") as stream:
            while part := stream.read(_PART_BYTES):
                digest.update(part)
    return digest.hexdigest()


def _claims(path: Path, _head: bytes) -> bool:
    return path.suffix.casefold() == ".hea"


FORMAT = Format(name=NAME, title=mark("WFDB record"), suffixes=(".hea", ".dat", ".xyz"), claims=_claims, read=read)
