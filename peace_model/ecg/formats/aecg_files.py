"""HL7 annotated ECG (aECG, ANSI/HL7 V3 R1-2004): the rhythm series, digits under a stated origin and scale.

Representative beats stand as derived series; they are named and never chosen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from peace_model.ecg.age import Age
from peace_model.ecg.formats import kit_record
from peace_model.ecg.formats.contract import Format, ReadOptions, check_rate, mv_per_unit
from peace_model.ecg.formats.demographics import agreed_age, date_of, sex_of, stated_age
from peace_model.ecg.formats.file_leads import FileFacts, check_length, groups_left_out, producer_of, recording_of
from peace_model.ecg.formats.telling import identity_of, parted
from peace_model.ecg.formats.xml_tree import attribute, below, number, read_xml, root_name, telling_texts, text_of
from peace_model.ecg.recording import Finding, GroupKind, Recording, RecordingError, SignalGroup
from peace_model.words import mark, worded

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAME = "aecg"
TITLE = "HL7 aECG"
_ROOT = "AnnotatedECG"
_KINDS = {"RHYTHM": GroupKind.RHYTHM, "REPRESENTATIVE_BEAT": GroupKind.MEDIAN}
_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "\N{MICRO SIGN}s": 1e-6}
_LEAD_MARK = "_ECG_LEAD_"
_DIGITS = re.compile(r"[-+0-9.eE\s]*", re.ASCII)
_REPORTED_AGE = "21612-7"
"""LOINC."""
_SUBJECT = "componentOf/timepointEvent/componentOf/subjectAssignment/subject/trialSubject"
_TELLING_TEXTS = ("name", "title", "text", "SerialNumber", "serialNumber")
_TELLING_PARTS = ("addr", "telecom")
_OID = re.compile(r"\d+(?:\.\d+)+", re.ASCII)
_AGAIN = mark("export the recording again as aECG")


@dataclass(frozen=True)
class _Group:
    """One set of sequences. leads: (label, number of samples). left_out: codes of what is no lead."""

    name: str
    kind: GroupKind
    fs_hz: float
    leads: tuple[tuple[str, int], ...]
    left_out: tuple[str, ...]

    @property
    def n_samples(self) -> int:
        return max((count for _label, count in self.leads), default=0)


def read(path: Path, _options: ReadOptions) -> Recording:
    """Read one document. Raises RecordingError."""
    raw, root = read_xml(path, root=_ROOT)
    groups = [group for series in root.iterfind("component/series") for group in _groups(path, series)]
    chosen = _chosen(path, groups)
    record = kit_record.decode(path, TITLE, "aecg")
    leads = kit_record.file_leads(path, record, chosen.leads)
    subject = root.find(_SUBJECT)
    birth = date_of(attribute(below(subject, "subjectDemographicPerson/birthTime"), "value")[:8], "%Y%m%d")
    moment = record.recording.date
    recorded_at = moment.replace(tzinfo=None) if moment else None
    stated, age_warnings = _stated_age(root)
    age, agreed_warnings = agreed_age(birth, recorded_at, stated)
    device = record.recording.device
    producer = producer_of(device.manufacturer, device.model, device.software_version)
    statements, personal = parted(kit_record.statements_of(record))
    person = record.patient
    return recording_of(path, raw, leads, FileFacts(
        NAME, chosen.fs_hz, version=record.file_format.version, producer=producer,
        filters=kit_record.filters_of(record), groups=tuple(SignalGroup(
            group.name, group.kind, tuple(label for label, _count in group.leads), group.fs_hz, group.n_samples,
            chosen=group is chosen) for group in groups),
        age=age, sex=sex_of(person.sex), recorded_at=recorded_at,
        identity=identity_of(
            patient_id=person.patient_id, names=(person.first_name, person.last_name), birth_date=birth,
            others=(*(text for text in _telling(root) if text not in (device.manufacturer, device.model)),
                    record.interpretation.interpreter, record.annotations.get("interpretation_comment", ""), *personal),
            statements=statements),
        statements=statements, warnings=(*_warnings(chosen, groups), *age_warnings, *agreed_warnings)))


def _groups(path: Path, series: "Element") -> Iterator[_Group]:
    """The series' sets of sequences, and those of the series derived from it."""
    for node, derived in ((series, False), *((one, True) for one in series.iterfind("derivation/derivedSeries"))):
        name = attribute(node.find("code"), "code")
        kind = GroupKind.MEDIAN if derived and not name else _KINDS.get(name.upper(), GroupKind.OTHER)
        for sequences in node.iterfind("component/sequenceSet"):
            yield _group(path, name or "unnamed", kind, sequences)


def _group(path: Path, name: str, kind: GroupKind, sequences: "Element") -> _Group:
    fs_hz = 0.0
    leads, left_out = [], []
    for sequence in sequences.iterfind("component/sequence"):
        code = attribute(sequence.find("code"), "code")
        value = sequence.find("value")
        if code.upper().startswith("TIME_"):
            fs_hz = fs_hz or _rate(path, value)
        elif _LEAD_MARK in code.upper() and not code.upper().endswith(_LEAD_MARK):
            label = code[code.upper().index(_LEAD_MARK) + len(_LEAD_MARK):]
            leads.append((label, _judged(path, label[:30], value)))
        else:
            left_out.append(code[:40] or "unnamed")
    if kind is GroupKind.RHYTHM:
        if not leads:
            raise RecordingError(path, "sequenceSet", "the rhythm holds no leads", _AGAIN)
        if fs_hz <= 0:
            raise RecordingError(path, "increment", "the rhythm has no time sequence, so no sampling rate", _AGAIN)
        if len({count for _label, count in leads}) > 1:
            raise RecordingError(path, "digits", "the leads have different lengths", _AGAIN)
        check_length(path, n_samples=leads[0][1], n_leads=len(leads), fs_hz=fs_hz)
    return _Group(name, kind, fs_hz, tuple(leads), tuple(left_out))


def _rate(path: Path, value: "Element | None") -> float:
    """Samples per second of a time sequence. Raises RecordingError where the step or its unit is missing."""
    increment = below(value, "increment")
    step, unit = number(attribute(increment, "value")), attribute(increment, "unit")
    if step is None or step <= 0 or unit not in _SECONDS:
        raise RecordingError(
            path, "increment", "the time step or its unit is missing",
            worded("{again}; expected seconds", again=_AGAIN))
    fs_hz = 1 / max(step * _SECONDS[unit], 1e-300)
    check_rate(path, fs_hz, field="increment")
    return float(round(fs_hz)) if abs(fs_hz - round(fs_hz)) < 1e-6 * fs_hz else fs_hz


def _judged(path: Path, label: str, value: "Element | None") -> int:
    """Number of samples of a lead whose scale, origin and digits are all there."""
    kind = attribute(value, "type")
    if kind not in ("SLIST_PQ", ""):
        raise RecordingError(
            path, worded("lead {label}", label=label),
            worded("a sequence of type '{kind}' is not read", kind=kind[:20]), _AGAIN)
    scale, origin = below(value, "scale"), below(value, "origin")
    step = number(attribute(scale, "value"))
    if step is None or step <= 0 or mv_per_unit(attribute(scale, "unit")) is None:
        raise RecordingError(
            path, worded("scale of lead {label}", label=label), "the gain or its unit is missing or no voltage",
            worded("{again}; a voltage cannot be guessed", again=_AGAIN))
    zero = number(attribute(origin, "value") or "0")
    if zero is None or (zero != 0 and mv_per_unit(attribute(origin, "unit")) is None):
        raise RecordingError(path, worded("origin of lead {label}", label=label), "it is no voltage", _AGAIN)
    digits = below(value, "digits")
    text = (digits.text or "") if digits is not None and not len(digits) else ""
    if not text.strip() or not _DIGITS.fullmatch(text):
        raise RecordingError(
            path, worded("digits of lead {label}", label=label), "there are none, or they are no numbers", _AGAIN)
    return len(text.split())


def _chosen(path: Path, groups: list[_Group]) -> _Group:
    """The rhythm. The package reads the first, so a longer one behind it is refused."""
    shown = [group for group in groups if group.kind is not GroupKind.MEDIAN]
    if not shown or shown[0].kind is not GroupKind.RHYTHM:
        what = mark("only representative beats") if groups and not shown else mark("no rhythm series")
        raise RecordingError(
            path, "series", worded("the document holds {what}", what=what), "export the ECG with its rhythm waveforms")
    if any(group.kind is GroupKind.RHYTHM and group.n_samples * len(group.leads) > shown[0].n_samples * len(
            shown[0].leads) for group in shown):
        raise RecordingError(path, "series", "a later rhythm series is longer than the first or has more leads",
                             "export every rhythm series to a document of its own")
    return shown[0]


def _warnings(chosen: _Group, groups: list[_Group]) -> tuple[Finding, ...]:
    found = []
    if chosen.left_out:
        found.append(Finding(
            "channels_left_out", (), "Channels that are no known ECG lead were left out: {channels}.",
            (("channels", ", ".join(chosen.left_out)),)))
    others = sum(group.kind is not GroupKind.MEDIAN for group in groups) - 1
    return (*found, *groups_left_out(others))


def _stated_age(root: "Element") -> tuple[Age | None, tuple[Finding, ...]]:
    for observation in root.iterfind("controlVariable/relatedObservation"):
        if attribute(observation.find("code"), "code") == _REPORTED_AGE:
            value = observation.find("value")
            return stated_age(number(attribute(value, "value")), attribute(value, "unit"))
    return None, ()


def _telling(root: "Element") -> Iterator[str]:
    """Ids of everything and everybody, names, addresses, titles, free texts, the birth date as written."""
    for node in root.iter():
        if node.tag == "id":
            yield attribute(node, "extension")
            if not _OID.fullmatch(attribute(node, "root")):
                yield attribute(node, "root")
        elif node.tag in _TELLING_TEXTS:
            yield text_of(node)
        elif node.tag == "birthTime":
            yield attribute(node, "value")
        elif node.tag in _TELLING_PARTS:
            yield from (*telling_texts(node), attribute(node, "value"))


def _claims(_path: Path, head: bytes) -> bool:
    return root_name(head) == _ROOT


FORMAT = Format(name=NAME, title=TITLE, suffixes=(), claims=_claims, read=read)
