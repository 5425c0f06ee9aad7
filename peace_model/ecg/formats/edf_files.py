"""EDF, EDF+ and BDF files: the header judged first, the samples decoded by the edfio package a block at a time.

edfio sees whole data records under a header whose every number has been checked, so that it fills in nothing; a day of
BDF would otherwise stand in memory several times over.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.formats import large
from peace_model.ecg.formats.contract import (
    Format,
    ReadOptions,
    check_duration,
    check_rate,
    check_regular,
    mv_per_unit,
)
from peace_model.ecg.formats.edf_annotations import AnnotationTexts, record_onset_s, sample_starts
from peace_model.ecg.formats.edf_filters import declared_filters
from peace_model.ecg.formats.edf_header import (
    BDF_MARK,
    EDF_MARK,
    FIXED_BYTES,
    MAX_SIGNALS,
    EdfHeader,
    EdfSignal,
    parse_edf_header,
    units_per_digit,
)
from peace_model.ecg.formats.edf_person import edf_person
from peace_model.ecg.leads import canonical_lead
from peace_model.ecg.recording import (
    Finding,
    GroupKind,
    Origin,
    Recording,
    RecordingError,
    SignalGroup,
    Source,
    roles_of,
)
from peace_model.words import mark, worded

NAME = "edf"
SUFFIXES = (".edf", ".bdf")
MAX_BYTES = 6_000_000_000
_BLOCK_BYTES = 8_000_000
_MOST_MV = 1e9
"""A thousand kilovolts: farther than any slip of a unit leads."""
_LABEL = re.compile(r"(?:ecg|ekg)[ _:-]*(?:lead[ _]*)?(?P<lead>.*)", re.IGNORECASE)


@dataclass(frozen=True)
class _Lead:
    """One lead's place in the file. millivolts: in one of the signal's physical units."""

    lead: str
    signal: int
    millivolts: float


def read(path: Path, options: ReadOptions) -> Recording:
    """Read one file. Raises RecordingError; field "unit" means that the options can supply it."""
    check_regular(path)
    try:
        return _read(path, options)
    except OSError as error:
        raise RecordingError(path, "file", "the file cannot be read to its end",
                             "check the disk it lies on, and the room for temporary files") from error


def _read(path: Path, options: ReadOptions) -> Recording:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise RecordingError(path, "file", "the file is larger than any day of ECG", "cut out the part to be reviewed")
    with path.open("rb") as stream:
        header = parse_edf_header(path, stream.read(FIXED_BYTES * (1 + MAX_SIGNALS)), file_bytes=size)
    groups = _lead_groups(path, header)
    fs_hz, names = max(groups.items(), key=lambda group: (len(group[1]), group[0]))
    check_rate(path, fs_hz, field="sampling rate")
    leads = tuple(_placed(path, header, lead, signal, options) for lead, signal in names.items())
    digits_mv = [lead.millivolts * units_per_digit(path, header.signals[lead.signal], is_bdf=header.is_bdf)
                 for lead in leads]
    texts = AnnotationTexts()
    signal_mv, digest, first_onset_s = _decode(path, header, leads, fs_hz, texts)
    person = edf_person(header, first_onset_s=first_onset_s, personal=texts.personal,
                        statements=texts.statements)
    by_hand = tuple(lead.lead for lead in leads if not header.signals[lead.signal].unit)
    kind = "BDF" if header.is_bdf else "EDF"
    return Recording(
        signal_mv=signal_mv, fs_hz=fs_hz, leads=tuple(names), roles=roles_of(tuple(names)), age=person.age,
        sex=person.sex, recorded_at=person.recorded_at, patient_key="", identity=person.identity,
        source=Source(
            path.absolute(), NAME, digest, (path.absolute(),),
            version=f"{kind}+{header.continuity}" if header.continuity else kind,
            gain_origin=Origin.HAND if by_hand else Origin.FILE, quantum_mv=tuple(map(abs, digits_mv)),
            filters=declared_filters({lead.lead: header.signals[lead.signal].prefilter for lead in leads}),
            groups=_groups(header, groups, fs_hz)),
        source_statements=texts.statements,
        warnings=(*_warnings(header, names, by_hand, digits_mv, texts, options), *person.warnings))


def lead_of_label(label: str) -> str | None:
    """The lead a label names: "ECG I", "EKG V1", "ECG Lead II", "aVR"; None for "ECG", "ECG 1" and other signals."""
    prefixed = _LABEL.fullmatch(label)
    return canonical_lead(label) or (canonical_lead(prefixed["lead"]) if prefixed else None)


def _lead_groups(path: Path, header: EdfHeader) -> dict[float, dict[str, int]]:
    """Rate -> lead -> number of its signal. Raises RecordingError where there is none, or a lead twice at one rate."""
    groups: dict[float, dict[str, int]] = {}
    for number, signal in enumerate(header.signals):
        lead = lead_of_label(signal.label)
        if lead is None or signal.is_annotations:
            continue
        group = groups.setdefault(header.rate_hz(signal), {})
        if lead in group:
            raise RecordingError(
                path, worded("lead {lead}", lead=lead), "two signals bear this name", "name every lead once")
        group[lead] = number
    if not groups:
        raise RecordingError(path, "leads", "no signal bears the name of an ECG lead",
                             "label the signals 'ECG I', 'ECG II', ... 'ECG V6'")
    return groups


def _placed(path: Path, header: EdfHeader, lead: str, number: int, options: ReadOptions) -> _Lead:
    written = header.signals[number].unit
    unit = written or options.unit
    if not unit:
        raise RecordingError(
            path, "unit", worded("the header gives no unit for lead {lead}", lead=lead), "give the unit (mV or uV)")
    factor = mv_per_unit(unit)
    if factor is None:
        raise RecordingError(
            path, worded("unit of lead {lead}", lead=lead), "the unit is no voltage",
            "restore the header from its source; expected mV, uV, nV or V")
    return _Lead(lead, number, factor)


def _decode(path: Path, header: EdfHeader, leads: tuple[_Lead, ...], fs_hz: float,
            texts: AnnotationTexts) -> tuple[NDArray[np.float32], str, float]:
    """The leads in mV, float32 (n_leads, n_samples) with NaN in gaps, the file's SHA-256, the first record's onset."""
    width = header.signals[leads[0].signal].samples_per_record
    check_duration(path, n_samples=width * header.n_records, n_signals=len(leads), fs_hz=fs_hz)
    onsets_s = _onsets_s(path, header, texts)
    starts = np.arange(header.n_records) * width if onsets_s is None else sample_starts(
        path, onsets_s, record_samples=width, fs_hz=fs_hz, continuous=header.continuity != "D")
    n_samples = int(starts[-1]) + width
    check_duration(path, n_samples=n_samples, n_signals=len(leads), fs_hz=fs_hz)
    signal_mv = large.room_for(path, (len(leads), n_samples))
    if n_samples > width * header.n_records:
        signal_mv[:] = np.nan
    digest = hashlib.sha256()
    record = 0
    for head, block in _blocks(path, header):
        digest.update(block if record else head + block)
        n_records = len(block) // header.record_bytes
        for row, values_mv in enumerate(_physical(header, head, block, leads)):
            if np.abs(values_mv).max() > _MOST_MV:
                raise RecordingError(path, "samples", "a value is too large to be a voltage",
                                     "check the unit and the physical ranges")
            _lay_down(signal_mv[row], values_mv.reshape(n_records, width), starts[record:record + n_records])
        record += n_records
    digest.update(_rest(path, header))
    return signal_mv, digest.hexdigest(), 0.0 if onsets_s is None else float(onsets_s[0])


def _lay_down(row_mv: NDArray[np.float32], records_mv: NDArray[np.float64], starts: NDArray[np.int64]) -> None:
    """Write data records where they belong, those that follow each other at once."""
    width = records_mv.shape[1]
    breaks = np.flatnonzero(np.diff(starts) != width) + 1
    for first, end in zip((0, *breaks), (*breaks, len(starts)), strict=True):
        at = int(starts[first])
        row_mv[at:at + (end - first) * width] = records_mv[first:end].ravel()


def _blocks(path: Path, header: EdfHeader) -> Iterator[tuple[bytes, bytes]]:
    """The file's header and whole data records, some megabytes at a time."""
    per_block = max(1, _BLOCK_BYTES // header.record_bytes)
    with path.open("rb") as stream:
        head = stream.read(header.n_bytes)
        left = header.n_records
        while left:
            n_records = min(per_block, left)
            block = stream.read(n_records * header.record_bytes)
            if len(block) < n_records * header.record_bytes:
                raise RecordingError(path, "length", "the file grew shorter while it was read", "open it again")
            yield head, block
            left -= n_records


def _rest(path: Path, header: EdfHeader) -> bytes:
    """What stands after the last whole data record: nothing but in a file that was never closed."""
    with path.open("rb") as stream:
        stream.seek(header.n_bytes + header.n_records * header.record_bytes)
        return stream.read(header.record_bytes)


def _physical(header: EdfHeader, head: bytes, block: bytes, leads: tuple[_Lead, ...]) -> Iterator[NDArray[np.float64]]:
    """Each lead's samples of a block, mV, by edfio. The header handed to it counts the block's data records."""
    import edfio

    count = str(len(block) // header.record_bytes).encode().ljust(8)
    raw = (head[:236] + count + head[244:]).replace(b"\0", b" ") + block
    file = (edfio.read_bdf(raw, header_encoding="latin-1") if header.is_bdf
            else edfio.read_edf(raw, header_encoding="latin-1"))
    for lead in leads:
        yield file._signals[lead.signal].data * lead.millivolts


def _onsets_s(path: Path, header: EdfHeader, texts: AnnotationTexts) -> NDArray[np.float64] | None:
    """When each data record begins, float64 (n_records,); None for files without time-keeping. Gathers annotations."""
    annotations = []
    offset = 0
    for signal in header.signals:
        n_bytes = signal.samples_per_record * header.bytes_per_sample
        if signal.is_annotations:
            annotations.append((offset, offset + n_bytes))
        offset += n_bytes
    if not header.continuity:
        return None
    if not annotations:
        raise RecordingError(path, "annotations", "an EDF+ file without them does not say when its data records begin",
                             "export the recording again")
    onsets_s = np.empty(header.n_records)
    record = 0
    for _head, block in _blocks(path, header):
        for at in range(0, len(block), header.record_bytes):
            parts = [block[at + first:at + end] for first, end in annotations]
            onsets_s[record] = record_onset_s(path, parts[0], record=record)
            for part in parts:
                texts.add(part)
            record += 1
    return onsets_s


def _groups(header: EdfHeader, leads: dict[float, dict[str, int]], chosen_hz: float) -> tuple[SignalGroup, ...]:
    """All signals by their rate; the leads of a rate first, what is no lead apart from them."""
    by_rate: dict[tuple[float, GroupKind], list[EdfSignal]] = {}
    for number, signal in enumerate(header.signals):
        if signal.is_annotations:
            continue
        rate_hz = header.rate_hz(signal)
        kind = GroupKind.RHYTHM if number in leads.get(rate_hz, {}).values() else GroupKind.OTHER
        by_rate.setdefault((rate_hz, kind), []).append(signal)
    return tuple(SignalGroup(
        name=f"{rate_hz:g} Hz", kind=kind, leads=tuple(signal.label for signal in signals), fs_hz=rate_hz,
        n_samples=signals[0].samples_per_record * header.n_records,
        chosen=kind is GroupKind.RHYTHM and rate_hz == chosen_hz) for (rate_hz, kind), signals in by_rate.items())


def _warnings(header: EdfHeader, names: dict[str, int], by_hand: tuple[str, ...], digits_mv: list[float],
              texts: AnnotationTexts, options: ReadOptions) -> tuple[Finding, ...]:
    found = []
    if by_hand:
        found.append(Finding("unit_given_by_user", by_hand, "The file gives no unit; {unit} was entered by hand.",
                             (("unit", options.unit or ""),)))
    left_out = [signal.label or f"signal {number + 1}" for number, signal in enumerate(header.signals)
                if number not in names.values() and not signal.is_annotations]
    if left_out:
        found.append(Finding("channels_left_out", (), "Channels that are no known ECG lead were left out: {channels}.",
                             (("channels", ", ".join(left_out)),)))
    inverted = tuple(lead for lead, digit_mv in zip(names, digits_mv, strict=True) if digit_mv < 0)
    if inverted:
        found.append(Finding("negative_gain", inverted, "{leads}: the header gives a negative gain, which turns the "
                             "stored signal upside down.", (("leads", ", ".join(inverted)),)))
    if not header.closed:
        found.append(Finding("recording_not_closed", (), mark(
            "The recorder never closed this file; its {count} whole data records were read."),
            (("count", str(header.n_records)),)))
    if texts.left_out:
        found.append(Finding("annotations_left_out", (), mark(
            "The file holds too many different annotations to be statements on an ECG; {count} were left out."),
            (("count", str(texts.left_out)),)))
    return tuple(found)


def _claims(path: Path, head: bytes) -> bool:
    looks = head.startswith(BDF_MARK) or (head.startswith(EDF_MARK) and head[184:192].strip().isdigit())
    return looks or path.suffix.casefold() in SUFFIXES


FORMAT = Format(name=NAME, title=mark("EDF, EDF+ or BDF"), suffixes=SUFFIXES, claims=_claims, read=read)
