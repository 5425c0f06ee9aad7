"""SCP-ECG records (EN 1064): judged by their sections, decoded by the ecgdatakit package.

Huffman codes, differences and the subtraction of the reference beat are undone by the package; the reference beat
itself is a median beat and never chosen.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from peace_model.ecg.age import Age
from peace_model.ecg.formats import kit_record
from peace_model.ecg.formats.contract import Format, ReadOptions
from peace_model.ecg.formats.demographics import agreed_age, stated_age
from peace_model.ecg.formats.file_leads import FileFacts, check_length, producer_of, recording_of
from peace_model.ecg.formats.scp_header import ScpHeader, day_as_moment, parse_scp_header
from peace_model.ecg.formats.telling import identity_of, parted
from peace_model.ecg.formats.xml_tree import read_bytes
from peace_model.ecg.identity import Identity
from peace_model.ecg.recording import Finding, GroupKind, Recording, RecordingError, SignalGroup
from peace_model.words import mark

if TYPE_CHECKING:
    from ecgdatakit import ECGRecord

NAME = "scp"
TITLE = "SCP-ECG"
SUFFIXES = (".scp",)
MAX_BYTES = 16_000_000
_MIN_BYTES = 32
_SECTION_0_MARK = b"SCPECG"
_SAFE_DEVICE = ("device_type", "manufacturer_code", "manufacturer", "model", "software", "scp_implementation",
                "protocol_revision", "compatibility_level", "language_code", "capabilities", "mains_frequency",
                "analysis_program")
_TELLING = ("second_last_name", "acquiring_device", "analyzing_device", "analyzing_institution",
            "analyzing_department", "sequence_number", "manufacturer_tags", "unknown_tags", "confirming_physician",
            "time_zone_description")


def read(path: Path, _options: ReadOptions) -> Recording:
    """Read one record. Raises RecordingError."""
    raw = read_bytes(path, max_bytes=MAX_BYTES)
    if len(raw) < _MIN_BYTES:
        raise RecordingError(path, "file", "the file is empty or cut short", "copy the recording again from its source")
    header = parse_scp_header(path, raw)
    fs_hz = 1e6 / header.interval_us
    longest = max(lead.n_samples for lead in header.leads)
    check_length(path, n_samples=longest, n_leads=len(header.leads), fs_hz=fs_hz)
    record = kit_record.decode(path, TITLE, "scp")
    labels = [lead.label for lead in record.leads]
    leads = kit_record.file_leads(path, record, [
        (_as_written(label), lead.n_samples) for label, lead in zip(labels, header.leads, strict=False)],
        [lead.start for lead in header.leads][:len(labels)])
    age, warnings = _age(header)
    device = record.recording.device
    statements, personal = parted(kit_record.statements_of(record))
    return recording_of(path, raw, leads, FileFacts(
        NAME, fs_hz, version=record.file_format.version,
        producer=producer_of(device.manufacturer, device.model, device.software_version),
        filters=kit_record.filters_of(record),
        groups=(*kit_record.median_group(record, "section 5, reference beat"), SignalGroup(
            "section 6, rhythm", GroupKind.RHYTHM, tuple(lead.label for lead in leads), fs_hz, longest, chosen=True)),
        age=age, sex=header.sex,
        recorded_at=datetime.combine(header.recorded_on, header.recorded_time)
        if header.recorded_on is not None and header.recorded_time is not None else None,
        identity=_identity(header, record, statements, personal), statements=statements,
        warnings=(*_checksums(record), *warnings), frank=header.frank))


def _as_written(label: str) -> str:
    """The package numbers a label that occurs again: "II_2"; to us that is a lead twice."""
    return label.split("_")[0]


def _age(header: ScpHeader) -> tuple[Age | None, tuple[Finding, ...]]:
    stated, warnings = stated_age(*header.age) if header.age else (None, ())
    age, agreed = agreed_age(header.birth_date, day_as_moment(header.recorded_on), stated)
    return age, (*warnings, *agreed)


def _checksums(record: "ECGRecord") -> tuple[Finding, ...]:
    if record.raw_metadata["checksum_valid"]:
        return ()
    return (Finding("checksum_differs", (), mark(
        "A checksum of the file does not fit its content: it was changed or damaged after it was written.")),)


def _identity(header: ScpHeader, record: "ECGRecord", statements: tuple[str, ...],
              personal: tuple[str, ...]) -> Identity | None:
    person, recording, meta = record.patient, record.recording, record.raw_metadata
    others = [recording.device.serial_number, recording.device.institution, recording.device.department,
              recording.referring_physician, recording.technician, recording.room, recording.location,
              record.interpretation.interpreter, person.clinical_history, record.annotations.get("comments", ""),
              *person.medications, *personal]
    others += [text for key in _TELLING for text in _texts(meta.get(key))]
    return identity_of(patient_id=person.patient_id, names=(person.first_name, person.last_name),
                       birth_date=header.birth_date, others=others, statements=statements)


def _texts(value: object) -> Iterator[str]:
    """The texts of a value of the package's free metadata, device identifications without what names a product."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in _SAFE_DEVICE:
                yield from _texts(part)
    elif isinstance(value, bytes):
        yield value.replace(b"\0", b" ").decode("latin-1")
    elif isinstance(value, str):
        yield value


def _claims(path: Path, head: bytes) -> bool:
    return head[16:22] == _SECTION_0_MARK or path.suffix.casefold() in SUFFIXES


FORMAT = Format(name=NAME, title=TITLE, suffixes=SUFFIXES, claims=_claims, read=read)
