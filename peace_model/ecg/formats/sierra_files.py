"""Philips Sierra XML 1.03 to 1.04.02 (PageWriter, TraceMasterVue, HeartStart): `restingecgdata`.

The package unpacks the samples and rebuilds the limb leads that the compression stores as small remainders.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from peace_model.ecg.age import Age
from peace_model.ecg.formats import kit_record
from peace_model.ecg.formats.calibration_pulse import without_pulse
from peace_model.ecg.formats.contract import Format, ReadOptions, check_rate
from peace_model.ecg.formats.demographics import agreed_age, date_of, moment_of, sex_of, stated_age
from peace_model.ecg.formats.file_leads import MAX_LEADS, FileFacts, check_length, producer_of, recording_of
from peace_model.ecg.formats.sierra_payload import xli_sample_counts
from peace_model.ecg.formats.telling import identity_of, parted
from peace_model.ecg.formats.xml_tree import (
    attribute,
    base64_of,
    number,
    read_xml,
    root_name,
    telling_texts,
    text_of,
    whole,
)
from peace_model.ecg.leads import LIMB, STANDARD_12, canonical_lead
from peace_model.ecg.recording import Finding, GroupKind, Recording, RecordingError, SignalGroup
from peace_model.words import mark, worded

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAME = "sierra"
TITLE = "Philips Sierra XML"
_ROOT = "restingecgdata"
_TYPES = ("SierraECG", "PhilipsECG")
_VERSIONS = ("1.03", "1.04", "1.04.01", "1.04.02")
_STANDARD_SETS = ("STD-12", "10-WIRE")
_YES_OR_NO = ("true", "yes", "t", "1", "false", "no", "f", "0")
_AGE_PARTS = ("years", "months", "weeks", "days", "hours")
_AGAIN = mark("export the recording again as Philips XML")
_SAFE_PATIENT = ("age", "sex", "race", "height", "weight", "pacestatus", "bloodpressure")
_SAFE_ORDER = ("orderstatus", "priority")
_SAFE_ACQUIRER = ("reviewpriority",)
_SAFE_DOCUMENT = ("documenttype", "documentversion")


@dataclass(frozen=True)
class _Waveform:
    labels: tuple[str, ...]
    n_samples: int
    fs_hz: float


def read(path: Path, _options: ReadOptions) -> Recording:
    """Read one export. Raises RecordingError."""
    raw, root = read_xml(path, root=_ROOT)
    version = _version(path, root)
    waveform = _judged(path, root)
    record = kit_record.decode(path, TITLE, "sierra")
    leads = kit_record.file_leads(path, record, [(label, waveform.n_samples) for label in waveform.labels])
    leads, pulse_warnings = without_pulse(leads, waveform.fs_hz)
    acquisition = root.find("dataacquisition")
    recorded_at = moment_of(f"{attribute(acquisition, 'date')} {attribute(acquisition, 'time')}", "%Y-%m-%d %H:%M:%S")
    birth = _birth(root)
    age, warnings = _age(root, birth, recorded_at)
    device = record.recording.device
    person = root.find("patient/generalpatientdata")
    statements, personal = parted(kit_record.statements_of(record))
    return recording_of(path, raw, leads, FileFacts(
        NAME, waveform.fs_hz, version=version,
        producer=producer_of(device.manufacturer, device.model, device.software_version),
        filters=kit_record.filters_of(record),
        groups=(SignalGroup("parsedwaveforms", GroupKind.RHYTHM, waveform.labels, waveform.fs_hz, waveform.n_samples,
                            chosen=True), *kit_record.median_group(record, "repbeats")),
        age=age, sex=sex_of(text_of(person, "sex")), recorded_at=recorded_at,
        identity=identity_of(
            patient_id=text_of(person, "patientid") or text_of(person, "MRN"),
            names=[_name(person, part) for part in ("firstname", "middlename", "lastname")], birth_date=birth,
            others=(*_telling(root, record.interpretation.interpreter), *personal), statements=statements),
        statements=statements, warnings=(*pulse_warnings, *warnings)))


def _version(path: Path, root: "Element") -> str:
    """Raises RecordingError naming the document type that other makers put into this root element."""
    kind, version = (text_of(root, f"documentinfo/document{part}") for part in ("type", "version"))
    if kind not in _TYPES or version not in _VERSIONS:
        raise RecordingError(
            path, "document type", worded("'{kind} {version}' is not read", kind=kind[:40], version=version[:20]),
            worded("export the recording as {names} {oldest} to {newest}", names=" or ".join(_TYPES),
                   oldest=_VERSIONS[0], newest=_VERSIONS[-1]))
    return version


def _judged(path: Path, root: "Element") -> _Waveform:
    """Rate, gain, lead names and a payload of exactly the declared length."""
    node = root.find("waveforms/parsedwaveforms")
    if node is None or any(len(list(root.iter(tag))) > 1 for tag in ("parsedwaveforms", "signalcharacteristics")):
        raise RecordingError(
            path, "parsedwaveforms", "the file holds no rhythm, or more than one",
            worded("{again} with waveforms; a report alone cannot be read", again=_AGAIN))
    signal = root.find("dataacquisition/signalcharacteristics")
    fs_hz = number(_said(path, node, signal, "samplespersecond", "samplingrate"))
    step = number(_said(path, node, signal, "resolution", "resolution", "signalresolution"))
    duration_ms = number(attribute(node, "durationperchannel"))
    if fs_hz is None or fs_hz != int(fs_hz):
        raise RecordingError(path, "samplingrate", "the file gives no whole number of samples a second", _AGAIN)
    check_rate(path, fs_hz, field="samplingrate")
    if step is None or step <= 0:
        raise RecordingError(
            path, "resolution", "the gain is missing or not above zero",
            worded("{again}; a voltage cannot be guessed", again=_AGAIN))
    if duration_ms is None or duration_ms <= 0:
        raise RecordingError(path, "durationperchannel", "the length of the leads is missing", _AGAIN)
    labels = _labels(path, node, signal)
    if _compression(node) and tuple(map(canonical_lead, labels[:6])) != LIMB:
        raise RecordingError(
            path, "leadlabels", "compressed leads whose first six are not the limb leads are not read",
            worded("{again}, uncompressed", again=_AGAIN))
    n_samples = round(min(duration_ms, 1e9) * fs_hz / 1000)
    check_length(path, n_samples=n_samples, n_leads=len(labels), fs_hz=fs_hz)
    _check_payload(path, node, signal, n_leads=len(labels), n_samples=n_samples)
    return _Waveform(labels, n_samples, fs_hz)


def _said(path: Path, node: "Element", signal: "Element | None", name: str, *tags: str) -> str:
    """An attribute of the stored waveform, else what the recorder's description says.

    Raises RecordingError where both stand there and differ: readers of these files take the one or the other.
    """
    told = list(filter(None, (attribute(node, name), *(text_of(signal, tag) for tag in tags))))
    if len({number(text) for text in told}) > 1:
        raise RecordingError(path, name, "the file gives two that differ", _AGAIN)
    return told[0] if told else ""


def _labels(path: Path, node: "Element", signal: "Element | None") -> tuple[str, ...]:
    """The first `numberofleads` of the labels; where there are none, the twelve in their order if the file says so."""
    names = attribute(node, "leadlabels").split()
    count = whole(attribute(node, "numberofleads") if names else text_of(signal, "numberchannelsallocated"))
    if count is None or not 0 < count <= MAX_LEADS:
        raise RecordingError(path, "numberofleads", "the file does not say how many leads it holds", _AGAIN)
    if not names and (text_of(signal, "acquisitiontype") or text_of(signal, "leadset")) in _STANDARD_SETS:
        names = list(STANDARD_12)
    if count > len(names):
        raise RecordingError(
            path, "leadlabels", worded("{count} leads are declared, {named} named", count=count, named=len(names)),
            _AGAIN)
    return tuple(names[:count])


def _check_payload(path: Path, node: "Element", signal: "Element | None", *, n_leads: int, n_samples: int) -> None:
    encoding, compression = attribute(node, "dataencoding"), _compression(node)
    bits = attribute(node, "bitspersample") or attribute(node, "nbitspersample") or text_of(signal, "bitspersample")
    if bits and whole(bits) != 16:
        raise RecordingError(
            path, "bitspersample", worded("samples of {bits} bits are not read", bits=bits[:10]), _AGAIN)
    zero = attribute(node, "signaloffset") or text_of(signal, "signaloffset")
    sign = attribute(node, "signalsigned") or text_of(signal, "signalsigned")
    if zero and whole(zero) is None:
        raise RecordingError(path, "signaloffset", "it is no whole number", _AGAIN)
    if sign and sign.casefold() not in _YES_OR_NO:
        raise RecordingError(path, "signalsigned", "it is neither true nor false", _AGAIN)
    if encoding == "Plain" and not compression:
        counted = len(text_of(node).split())
    elif encoding == "Base64":
        payload = base64_of(path, text_of(node), field="parsedwaveforms", remedy=_AGAIN)
        if compression and compression.upper() != "XLI":
            raise RecordingError(
                path, "compression", worded("'{compression}' is not read", compression=compression[:20]),
                worded("{again}, uncompressed", again=_AGAIN))
        if compression:
            counts = xli_sample_counts(payload, most=2 * n_samples)
            fits = counts is not None and len(counts) >= n_leads and set(counts[:n_leads]) == {n_samples}
            counted = n_leads * n_samples if fits else -1
        else:
            counted = len(payload) // 2 if len(payload) % 2 == 0 else -1
    else:
        raise RecordingError(
            path, "dataencoding", worded("'{encoding}' is not read", encoding=encoding[:20]),
            worded("{again}, in Base64", again=_AGAIN))
    if counted != n_leads * n_samples:
        raise RecordingError(
            path, "parsedwaveforms", worded("the samples stored are not the declared {samples} of {leads} leads",
                   samples=n_samples, leads=n_leads), _AGAIN)


def _compression(node: "Element") -> str:
    if attribute(node, "compressflag").casefold() in ("false", "no", "f", "0"):
        return ""
    method = attribute(node, "compression") or attribute(node, "compressmethod")
    return "" if method.casefold() in ("uncompressed", "none") else method


def _birth(root: "Element") -> date | None:
    person = root.find("patient/generalpatientdata")
    return date_of(text_of(person, "age/dateofbirth") or text_of(person, "dateofbirth"), "%Y-%m-%d", "%m/%d/%Y")


def _age(root: "Element", birth: date | None, recorded_at: datetime | None) -> tuple[Age | None, tuple[Finding, ...]]:
    """By the calendar or as stated; `defaultage` is a setting of the cart, never the patient's age."""
    node = root.find("patient/generalpatientdata/age")
    told = [(value, unit) for unit in _AGE_PARTS if (value := number(text_of(node, unit))) is not None]
    # "0 years" beside months says less than the months; alone it is the age.
    stated, warnings = stated_age(*next((part for part in told if part[0] > 0), told[-1])) if told else (None, ())
    age, agreed = agreed_age(birth, recorded_at, stated)
    return age, (*warnings, *agreed)


def _name(person: "Element | None", part: str) -> str:
    return text_of(person, f"name/{part}") or text_of(person, part)


def _telling(root: "Element", interpreter: str) -> Iterator[str]:
    acquisition = root.find("dataacquisition")
    yield interpreter
    yield attribute(acquisition.find("machine") if acquisition is not None else None, "machineid")
    for place, safe in (("patient", _SAFE_PATIENT), ("userdefines", ("label",)), ("orderinfo", _SAFE_ORDER),
                        ("documentinfo", _SAFE_DOCUMENT), ("dataacquisition/acquirer", _SAFE_ACQUIRER)):
        yield from telling_texts(root.find(place), safe=safe)
    for interpretation in root.iterfind("interpretations/interpretation"):
        for tag in ("confirmingclinician", "overreadingclinician", "comments"):
            for node in interpretation.iterfind(tag):
                yield from telling_texts(node)
        signature = text_of(interpretation, "mdsignatureline")
        if ":" in signature or any(map(str.isdigit, signature)):  # else words of state such as "Unconfirmed diagnosis"
            yield signature


def _claims(_path: Path, head: bytes) -> bool:
    return root_name(head) == _ROOT


FORMAT = Format(name=NAME, title=TITLE, suffixes=(), claims=_claims, read=read)
