"""GE CardioSoft and CASE XML (`CardiologyXML`): comma-separated digits a lead under one resolution.

Layout as several independent public readers take it: `StripData` holds the rhythm with `NumberOfLeads`, `SampleRate`,
`ChannelSampleCountTotal`, `Resolution units="uVperLsb"` and a `WaveformData lead="I"` for each lead; the median beat
stands in `MedianSamples`. The full disclosure of an exercise test is laid out otherwise and is not read.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from peace_model.ecg.formats.contract import Format, ReadOptions, check_rate
from peace_model.ecg.formats.demographics import agreed_age, sex_of, stated_age
from peace_model.ecg.formats.file_leads import FileFacts, FileLead, check_length, digits_of, producer_of, recording_of
from peace_model.ecg.formats.telling import identity_of, parted
from peace_model.ecg.formats.xml_tree import (
    attribute,
    below,
    number,
    read_xml,
    root_name,
    telling_texts,
    text_of,
    whole,
)
from peace_model.ecg.recording import DeclaredFilters, GroupKind, Recording, RecordingError, SignalGroup
from peace_model.words import mark, worded

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAME = "cardiosoft"
TITLE = "GE CardioSoft XML"
_ROOT = "CardiologyXML"
_STEP_UNIT = "uVperLsb"
_AGAIN = mark("export the recording again from CardioSoft")
_SAFE_PERSON = ("Age", "Gender", "Race", "Height", "Weight", "PaceMaker")
_SAFE_CLINICAL = ("Desc", "SoftwareVer", "AnalysisVer")
_SAFE_VISIT = ("PatientClass", "AdmissionType", "SysBP", "DiaBP", "Label")


def read(path: Path, _options: ReadOptions) -> Recording:
    """Read one export. Raises RecordingError."""
    raw, root = read_xml(path, root=_ROOT)
    strip = root.find("StripData")
    if strip is None:
        exercise = root.find("FullDisclosure") is not None
        what = mark("only the full disclosure of an exercise test") if exercise else mark("no rhythm")
        raise RecordingError(path, "StripData", worded("the file holds {what}", what=what), "export the resting ECG")
    fs_hz = _rate(path, strip)
    leads = _leads(path, strip, fs_hz)
    person, device = root.find("PatientInfo"), root.find("ClinicalInfo/DeviceInfo")
    moment = root.find("ObservationDateTime")
    recorded_on, clock, born = _day(moment), _clock(moment), _day(below(person, "BirthDateTime"))
    age_node = below(person, "Age")
    stated, age_warnings = stated_age(number(text_of(age_node)), attribute(age_node, "units"))
    age, agreed_warnings = agreed_age(born, datetime.combine(recorded_on, time()) if recorded_on else None, stated)
    statements, personal = parted(dict.fromkeys(filter(None, map(text_of, root.iterfind("Interpretation/*/*")))))
    return recording_of(path, raw, leads, FileFacts(
        NAME, fs_hz, producer=producer_of(text_of(device, "Desc"), text_of(device, "SoftwareVer")),
        filters=_filters(root.find("FilterSetting")),
        groups=(SignalGroup("StripData", GroupKind.RHYTHM, tuple(lead.label for lead in leads), fs_hz,
                            len(leads[0].digits), chosen=True), *_median(root)),
        age=age, sex=sex_of(text_of(person, "Gender")),
        recorded_at=datetime.combine(recorded_on, clock) if recorded_on and clock is not None else None,
        identity=identity_of(
            patient_id=text_of(person, "PID"),
            names=(text_of(person, "Name/GivenName"), text_of(person, "Name/FamilyName")), birth_date=born,
            others=(*_telling(root), *personal), statements=statements),
        statements=statements, warnings=(*age_warnings, *agreed_warnings)))


def _rate(path: Path, strip: "Element") -> float:
    node = strip.find("SampleRate")
    fs_hz = number(text_of(node))
    if fs_hz is None or attribute(node, "units") not in ("", "Hz"):
        raise RecordingError(path, "SampleRate", "the sampling rate is missing or not in Hz", _AGAIN)
    check_rate(path, fs_hz, field="SampleRate")
    return fs_hz


def _leads(path: Path, strip: "Element", fs_hz: float) -> list[FileLead]:
    resolution = strip.find("Resolution")
    step_uv = number(text_of(resolution))
    if step_uv is None or step_uv <= 0 or attribute(resolution, "units") != _STEP_UNIT:
        raise RecordingError(
            path, "Resolution", worded("the gain is missing or not in {step_unit}", step_unit=_STEP_UNIT),
            worded("{again}; a voltage cannot be guessed", again=_AGAIN))
    nodes = strip.findall("WaveformData")
    declared, n_samples = whole(text_of(strip, "NumberOfLeads")), whole(text_of(strip, "ChannelSampleCountTotal"))
    if not nodes or declared != len(nodes):
        raise RecordingError(
            path, "NumberOfLeads", worded("the file holds {count} leads, which is not what it says", count=len(nodes)),
            _AGAIN)
    if n_samples is None or n_samples <= 0:
        raise RecordingError(path, "ChannelSampleCountTotal", "the number of samples is missing", _AGAIN)
    check_length(path, n_samples=n_samples, n_leads=len(nodes), fs_hz=fs_hz)
    return [FileLead(attribute(node, "lead"), digits_of(
        path, attribute(node, "lead"), node.text or "", n_samples=n_samples, again=_AGAIN), step_uv / 1000)
        for node in nodes]


def _filters(node: "Element | None") -> DeclaredFilters:
    notches = [hz for hz in (50.0, 60.0) if text_of(node, f"Filter{hz:.0f}Hz").casefold() == "yes"]
    return DeclaredFilters(
        low_cut_hz=number(text_of(node, "HighPass")) or None, high_cut_hz=number(text_of(node, "LowPass")) or None,
        notch_hz=notches[0] if len(notches) == 1 else None,
        other="cubic spline baseline" if text_of(node, "CubicSpline").casefold() == "yes" else "")


def _median(root: "Element") -> Iterator[SignalGroup]:
    for node in root.iter("MedianSamples"):
        names = tuple(attribute(lead, "lead") for lead in node.iterfind("WaveformData"))
        yield SignalGroup("MedianSamples", GroupKind.MEDIAN, names, number(text_of(node, "SampleRate")) or 0.0,
                          whole(text_of(node, "ChannelSampleCountTotal")) or 0, chosen=False)


def _day(node: "Element | None") -> date | None:
    year, month, day = (whole(text_of(node, tag)) for tag in ("Year", "Month", "Day"))
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _clock(node: "Element | None") -> time | None:
    hour, minute, second = (whole(text_of(node, tag)) for tag in ("Hour", "Minute", "Second"))
    if hour is None or minute is None:
        return None
    try:
        return time(hour, minute, second or 0)
    except (ValueError, OverflowError):
        return None


def _telling(root: "Element") -> Iterator[str]:
    for place, safe in (("PatientInfo", _SAFE_PERSON), ("ClinicalInfo", _SAFE_CLINICAL), ("PatientVisit", _SAFE_VISIT),
                        ("UID", ())):
        yield from telling_texts(root.find(place), safe=(*safe, "Year", "Month", "Day"))


def _claims(_path: Path, head: bytes) -> bool:
    return root_name(head) == _ROOT


FORMAT = Format(name=NAME, title=TITLE, suffixes=(), claims=_claims, read=read)
