"""GE MUSE XML (restecg.dtd): the rhythm waveform, base64 integers a lead with the voltage of one step.

MUSE stores I, II and V1 to V6. The median beat stands first in most exports; it is named and never chosen.
"""

import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from peace_model.ecg.formats import kit_record
from peace_model.ecg.formats.contract import Format, ReadOptions, check_rate, mv_per_unit
from peace_model.ecg.formats.demographics import agreed_age, date_of, moment_of, sex_of, stated_age
from peace_model.ecg.formats.file_leads import (
    FileFacts,
    check_length,
    groups_left_out,
    offset_not_applied,
    producer_of,
    recording_of,
)
from peace_model.ecg.formats.telling import identity_of, parted
from peace_model.ecg.formats.xml_tree import base64_of, number, read_xml, root_name, telling_texts, text_of, whole
from peace_model.ecg.recording import Finding, GroupKind, Recording, RecordingError, SignalGroup
from peace_model.words import mark, worded

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAME = "muse"
TITLE = "GE MUSE XML"
_ROOT = "RestingECG"
_KINDS = {"rhythm": GroupKind.RHYTHM, "median": GroupKind.MEDIAN}
_UNITS = {"microvolts": "uV", "microvolt": "uV", "millivolts": "mV", "millivolt": "mV", "nanovolts": "nV",
          "nanovolt": "nV", "volts": "V", "volt": "V"}
_MONTH_FIRST = ("%m-%d-%Y", "%m/%d/%Y")
_AGAIN = mark("export the recording again from MUSE")
_SAFE_PERSON = ("Gender", "PatientAge", "AgeUnits", "Race", "HeightIN", "HeightCM", "WeightLBS", "WeightKG",
                "PaceMaker", "DisplayUnits")
_SAFE_TEST = ("DataType", "Status", "Priority", "TestType", "EditListStatus", "AcquisitionDevice", "XMLSourceVersion",
              "AcquisitionSoftwareVersion", "AnalysisSoftwareVersion", "AcquisitionTime", "EditTime")
_SAFE_PHARMA = ("PharmaRRinterval", "PharmaPPinterval")
_SAFE_REST = frozenset({
    "MuseInfo", "RestingECGMeasurements", "OriginalRestingECGMeasurements", "Diagnosis", "OriginalDiagnosis",
    "MeasurementMatrix", "QRSTimesTypes", "Waveform", "PatientDemographics", "TestDemographics", "PharmaData",
    "IntervalMeasurements", "AmplitudeMeasurements", "IntervalMeasurementTimeResolution"})


@dataclass(frozen=True)
class _Lead:
    label: str
    n_samples: int
    checksum_fits: bool
    off: bool
    shifted: bool


@dataclass(frozen=True)
class _Waveform:
    name: str
    kind: GroupKind
    fs_hz: float
    leads: tuple[_Lead, ...]

    @property
    def n_samples(self) -> int:
        return max((lead.n_samples for lead in self.leads), default=0)


def read(path: Path, _options: ReadOptions) -> Recording:
    """Read one export. Raises RecordingError."""
    raw, root = read_xml(path, root=_ROOT)
    waveforms = [_judged(path, node) for node in root.findall("Waveform")]
    chosen = _chosen(path, waveforms)
    record = kit_record.decode(path, TITLE, "muse")
    leads = kit_record.file_leads(path, record, [(lead.label, lead.n_samples) for lead in chosen.leads])
    test, person = root.find("TestDemographics"), root.find("PatientDemographics")
    recorded_at, birth, date_warnings = _dates(root)
    stated, age_warnings = stated_age(number(text_of(person, "PatientAge")), text_of(person, "AgeUnits"))
    age, agreed_warnings = agreed_age(birth.date() if birth else None, recorded_at, stated)
    statements, personal = parted(kit_record.statements_of(record))
    return recording_of(path, raw, leads, FileFacts(
        NAME, chosen.fs_hz, version=text_of(root, "MuseInfo/MuseVersion"),
        producer=producer_of(text_of(test, "AcquisitionDevice"), text_of(test, "AcquisitionSoftwareVersion")),
        filters=kit_record.filters_of(record), groups=tuple(SignalGroup(
            one.name, one.kind, tuple(lead.label for lead in one.leads), one.fs_hz, one.n_samples,
            chosen=one is chosen) for one in waveforms),
        age=age, sex=sex_of(text_of(person, "Gender")), recorded_at=recorded_at,
        identity=identity_of(
            patient_id=text_of(person, "PatientID"),
            names=(text_of(person, "PatientFirstName"), text_of(person, "PatientLastName")),
            birth_date=birth.date() if birth else None, others=(*_telling(root), *personal), statements=statements),
        statements=statements,
        warnings=(*_warnings(chosen, waveforms), *date_warnings, *age_warnings, *agreed_warnings)))


def _chosen(path: Path, waveforms: list[_Waveform]) -> _Waveform:
    """The rhythm. Of several the package reads the first, so a longer one behind it is refused."""
    if not all(one.name for one in waveforms):
        raise RecordingError(path, "WaveformType", "a waveform does not say whether it is the rhythm", _AGAIN)
    rhythms = [one for one in waveforms if one.kind is GroupKind.RHYTHM]
    if not rhythms:
        what = mark("only the median beat") if waveforms else mark("no waveform")
        raise RecordingError(
            path, "Waveform", worded("the file holds {what}, no rhythm", what=what), "export the ECG with its rhythm")
    if any(one.n_samples > rhythms[0].n_samples for one in rhythms):
        raise RecordingError(path, "Waveform", "a later rhythm waveform is longer than the first",
                             "export every rhythm to a file of its own")
    return rhythms[0]


def _judged(path: Path, node: "Element") -> _Waveform:
    name = text_of(node, "WaveformType")
    base, exponent = number(text_of(node, "SampleBase")), whole(text_of(node, "SampleExponent") or "0")
    if base is None or exponent is None or abs(exponent) > 6:
        raise RecordingError(
            path, "SampleBase", worded("the {name} waveform gives no sampling rate", name=name or "unnamed"), _AGAIN)
    kind = _KINDS.get(name.casefold(), GroupKind.OTHER)
    fs_hz = base * 10.0 ** exponent
    check_rate(path, fs_hz, field="SampleBase")
    nodes = node.findall("LeadData")
    if text_of(node, "SampleType").casefold() not in ("", "continuous_samples"):
        raise RecordingError(path, "SampleType", "the samples are not continuous", _AGAIN)
    declared = text_of(node, "NumberofLeads")
    if declared and whole(declared) != len(nodes):
        raise RecordingError(
            path, "NumberofLeads",
            worded("the file says {declared} leads and holds {count}", declared=declared[:10], count=len(nodes)),
            _AGAIN)
    leads = tuple(_judged_lead(path, lead) for lead in nodes)
    if len({lead.n_samples for lead in leads}) > 1 and kind is GroupKind.RHYTHM:
        raise RecordingError(path, "LeadSampleCountTotal", "the leads have different lengths", _AGAIN)
    waveform = _Waveform(name, kind, fs_hz, leads)
    if kind is GroupKind.RHYTHM:
        if not leads:
            raise RecordingError(path, "LeadData", "the rhythm holds no leads", _AGAIN)
        check_length(path, n_samples=waveform.n_samples, n_leads=len(leads), fs_hz=fs_hz)
    return waveform


def _judged_lead(path: Path, node: "Element") -> _Lead:
    """Everything the package would take for granted: step, unit, sample size, and counts that fit the payload."""
    label = text_of(node, "LeadID")
    shown = label[:30] or "without a name"
    step, unit = number(text_of(node, "LeadAmplitudeUnitsPerBit")), text_of(node, "LeadAmplitudeUnits").casefold()
    if step is None or step <= 0:
        raise RecordingError(
            path, worded("LeadAmplitudeUnitsPerBit of lead {lead}", lead=shown),
            "the gain is missing or not above zero", worded("{again}; a voltage cannot be guessed", again=_AGAIN))
    if mv_per_unit(_UNITS.get(unit, unit)) is None:
        raise RecordingError(
            path, worded("LeadAmplitudeUnits of lead {lead}", lead=shown), "the unit is missing or no voltage",
            worded("{again}; expected MICROVOLTS", again=_AGAIN))
    payload = base64_of(path, text_of(node, "WaveFormData"),
                        field=worded("WaveFormData of lead {lead}", lead=shown), remedy=_AGAIN)
    n_bytes, n_samples = (whole(text_of(node, tag)) for tag in ("LeadByteCountTotal", "LeadSampleCountTotal"))
    size = whole(text_of(node, "LeadSampleSize")) if text_of(node, "LeadSampleSize") else (
        n_bytes // n_samples if n_bytes and n_samples else None)
    if not label or size not in (1, 2, 4) or n_samples is None:
        raise RecordingError(
            path, worded("lead {lead}", lead=shown), "its name, sample size or number of samples is missing", _AGAIN)
    if len(payload) != n_samples * size or n_bytes not in (None, len(payload)):
        raise RecordingError(
            path, worded("WaveFormData of lead {lead}", lead=shown),
            worded("{count} bytes where {samples} samples of {size} bytes are declared", count=len(payload),
                   samples=n_samples, size=size), _AGAIN)
    if number(text_of(node, "LeadTimeOffset") or "0") != 0:
        raise RecordingError(
            path, worded("LeadTimeOffset of lead {lead}", lead=shown),
            "the lead is shifted in time by an unstated unit", "export the ECG with simultaneous leads")
    crc = text_of(node, "LeadDataCRC32")
    return _Lead(label, n_samples, not crc.isdecimal() or zlib.crc32(payload) == int(crc[:20]),
                 off=text_of(node, "LeadOff").casefold() == "true",
                 shifted=any((number(text_of(node, tag)) or 0) != 0
                             for tag in ("FirstSampleBaseline", "LeadOffsetFirstSample")))


def _warnings(chosen: _Waveform, waveforms: list[_Waveform]) -> tuple[Finding, ...]:
    found = []
    damaged = tuple(lead.label for lead in chosen.leads if not lead.checksum_fits)
    if damaged:
        found.append(Finding("checksum_differs", damaged, "The samples differ from those the header was written for "
                             "(checksum of {leads}).", (("leads", ", ".join(damaged)),)))
    off = tuple(lead.label for lead in chosen.leads if lead.off)
    if off:
        found.append(Finding("lead_off_declared", off, mark("The recorder says that {leads} had no contact."),
                             (("leads", ", ".join(off)),)))
    others = sum(one.kind is not GroupKind.MEDIAN for one in waveforms) - 1
    shifted = [lead.label for lead in chosen.leads if lead.shifted]
    return (*found, *offset_not_applied(shifted), *groups_left_out(others))


def _dates(root: "Element") -> tuple[datetime | None, datetime | None, tuple[Finding, ...]]:
    """Time of recording and birth date. MUSE writes the month first; a file with a month above 12 does not."""
    test, person = root.find("TestDemographics"), root.find("PatientDemographics")
    recorded, clock = text_of(test, "AcquisitionDate"), text_of(test, "AcquisitionTime")
    born = text_of(person, "DateofBirth")
    if any(int(found[1]) > 12 for found in map(re.compile(r"(\d{1,2})[-/]\d{1,2}[-/]\d{4}").match, (recorded, born))
           if found):
        return None, None, (_unread_dates(),)
    day, birth = (date_of(text, *_MONTH_FIRST, "%Y-%m-%d", "%Y%m%d") for text in (recorded, born))
    moment = moment_of(clock, "%H:%M:%S", "%H:%M")
    recorded_at = datetime.combine(day, moment.time()) if day and moment else None
    unread = (recorded and day is None) or (born and birth is None)
    return recorded_at, datetime.combine(birth, datetime.min.time()) if birth else None, (
        (_unread_dates(),) if unread else ())


def _unread_dates() -> Finding:
    return Finding("date_unreadable", (), mark(
        "A date in the file could not be understood for certain; what hangs on it is treated as unknown."))


def _telling(root: "Element") -> tuple[str, ...]:
    found = [*telling_texts(root.find("PatientDemographics"), safe=_SAFE_PERSON),
             *telling_texts(root.find("TestDemographics"), safe=_SAFE_TEST),
             *telling_texts(root.find("PharmaData"), safe=_SAFE_PHARMA)]
    for node in root:
        if node.tag not in _SAFE_REST:
            found += telling_texts(node, safe=("Question",))
    return tuple(found)


def _claims(_path: Path, head: bytes) -> bool:
    return root_name(head).casefold() == _ROOT.casefold()


FORMAT = Format(name=NAME, title=TITLE, suffixes=(".xml",), claims=_claims, read=read)
"""The suffix stands here for all kinds of XML: each is told by its first element, and one that is no kind is refused by
the name of that element."""
