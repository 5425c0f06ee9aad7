"""Mortara (Welch Allyn, Hillrom) ELI XML: `<ECG>` with a `CHANNEL` for each lead, base64 16-bit samples.

The typical cycle is a median beat; it is named and never chosen.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from peace_model.ecg.formats import kit_record
from peace_model.ecg.formats.contract import Format, ReadOptions
from peace_model.ecg.formats.demographics import agreed_age, sex_of, stated_age
from peace_model.ecg.formats.file_leads import FileFacts, check_length, offset_not_applied, producer_of, recording_of
from peace_model.ecg.formats.telling import identity_of, parted
from peace_model.ecg.formats.xml_tree import attribute, base64_of, number, read_xml, root_name
from peace_model.ecg.recording import GroupKind, Recording, RecordingError, SignalGroup
from peace_model.words import mark, worded

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAME = "mortara"
TITLE = "Mortara ELI XML"
_ROOT = "ECG"
_MARKS = re.compile(rb"ACQUISITION_TIME|<TYPICAL_CYCLE|<CHANNEL|<DEMOGRAPHIC_FIELDS|<SUBJECT|MORTARA|WELCH ALLYN")
_STORED_AS = {"BITS": "16", "FORMAT": "SIGNED", "ENCODING": "BASE64"}
_AGAIN = mark("export the recording again from the ELI Link or the cart")
_SAFE_SUBJECT = frozenset({"GENDER", "RACE", "AGE", "PACEMAKER"})
_TELLING_ROOT = ("ROOM", "LOCATION", "TECHNICIAN", "COMMENT", "SEQUENCE_NUMBER", "ADMISSION_ID", "ID", "UID", "GUID",
                 "REFERRING_PHYSICIAN", "ATTENDING_PHYSICIAN", "ORDER_NUMBER", "ACCESSION_NUMBER", "REQUISITION")
_SAFE_SOURCE = frozenset({
    "TYPE", "MANUFACTURER", "MODEL", "ACQUIRING_DEVICE_EXTENDED_MODEL_DESCRIPTION", "ACQUIRING_DEVICE_SW_VERSION",
    "LOW_PASS_FILTER", "BASELINE_ROLL_FILTER", "PRINT_FILTER", "FILTER_BITMAP", "AC_FILTER"})
_SAFE_FIELDS = frozenset({"3", "4"})
"""Age and sex among the numbered demographic fields."""


def read(path: Path, _options: ReadOptions) -> Recording:
    """Read one export. Raises RecordingError."""
    raw, root = read_xml(path, root=_ROOT)
    channels = root.findall("CHANNEL")
    if not channels:
        raise RecordingError(path, "CHANNEL", "the file holds no rhythm", "export the ECG with its waveforms")
    expected = [_judged(path, channel) for channel in channels]
    rates = {number(attribute(channel, "SAMPLE_FREQ")) for channel in channels}
    fs_hz = rates.pop() if len(rates) == 1 else None
    if fs_hz is None or len({count for _label, count in expected}) > 1:
        raise RecordingError(path, "CHANNEL", "the leads have different rates or lengths, or no rate", _AGAIN)
    check_length(path, n_samples=expected[0][1], n_leads=len(expected), fs_hz=fs_hz)
    record = kit_record.decode(path, TITLE, "mortara")
    leads = kit_record.file_leads(path, record, expected)
    person, device, recorded_at = record.patient, record.recording.device, record.recording.date
    recorded_at = recorded_at.replace(tzinfo=None) if recorded_at else None
    birth = person.birth_date.date() if person.birth_date else None
    stated, age_warnings = stated_age(number(attribute(root, "AGE")), attribute(root, "AGE_UNITS"))
    age, agreed_warnings = agreed_age(birth, recorded_at, stated)
    statements, personal = parted(kit_record.statements_of(record))
    shifted = [attribute(channel, "NAME") for channel in channels if number(attribute(channel, "OFFSET") or "0") != 0]
    return recording_of(path, raw, leads, FileFacts(
        NAME, fs_hz, producer=producer_of(device.manufacturer, device.model, device.software_version),
        filters=kit_record.filters_of(record, (
            f"{name} {value}" for name, value in record.raw_metadata.get("filters", {}).items())),
        groups=(SignalGroup("CHANNEL", GroupKind.RHYTHM, tuple(label for label, _count in expected), fs_hz,
                            expected[0][1], chosen=True), *kit_record.median_group(record, "TYPICAL_CYCLE")),
        age=age, sex=sex_of(person.sex), recorded_at=recorded_at,
        identity=identity_of(patient_id=person.patient_id, names=(person.first_name, person.last_name),
                             birth_date=birth, others=(*_telling(root), *personal), statements=statements),
        statements=statements, warnings=(*offset_not_applied(shifted), *age_warnings, *agreed_warnings)))


def _judged(path: Path, channel: "Element") -> tuple[str, int]:
    """Label and number of samples of one lead whose storage, gain, rate and length are all stated and fit."""
    label = attribute(channel, "NAME")
    shown = label[:30] or "without a name"
    for name, only in _STORED_AS.items():
        if attribute(channel, name).upper() != only:
            raise RecordingError(
                path, worded("{name} of lead {lead}", name=name, lead=shown),
                worded("it is missing or not {only}", only=only), _AGAIN)
    for name, what in (("UNITS_PER_MV", mark("gain")), ("SAMPLE_FREQ", mark("sampling rate")),
                       ("DURATION", mark("number of samples"))):
        value = number(attribute(channel, name))
        if value is None or value <= 0:
            raise RecordingError(
                path, worded("{name} of lead {lead}", name=name, lead=shown),
                worded("the {what} is missing or not above zero", what=what), _AGAIN)
    declared = number(attribute(channel, "DURATION"))
    text = channel.get("DATA")
    payload = base64_of(path, (channel.text or "") if text is None else text,
                        field=worded("DATA of lead {lead}", lead=shown), remedy=_AGAIN)
    if not label or len(payload) != 2 * (declared or 0):
        raise RecordingError(
            path, worded("DATA of lead {lead}", lead=shown),
            worded("{count} bytes where {declared} samples of 16 bits are declared", count=len(payload),
                   declared=f"{declared:g}"), _AGAIN)
    return label, len(payload) // 2


def _telling(root: "Element") -> Iterator[str]:
    for name in _TELLING_ROOT:
        yield attribute(root, name)
    for node in root.iterfind("SUBJECT"):
        yield from (value for name, value in node.attrib.items() if name not in _SAFE_SUBJECT)
    for node in root.iterfind("SOURCE"):
        yield from (value for name, value in node.attrib.items() if name not in _SAFE_SOURCE)
    for node in (*root.iterfind("SITE"), *root.iterfind("ORDER"), *root.iterfind("PHYSICIAN")):
        yield from node.attrib.values()
    for node in root.iterfind("DEMOGRAPHIC_FIELDS/DEMOGRAPHIC_FIELD"):
        if attribute(node, "ID") not in _SAFE_FIELDS:
            yield attribute(node, "VALUE")


def _claims(_path: Path, head: bytes) -> bool:
    return root_name(head) == _ROOT and _MARKS.search(head.replace(b"\0", b"").upper()) is not None


FORMAT = Format(name=NAME, title=TITLE, suffixes=(), claims=_claims, read=read)
