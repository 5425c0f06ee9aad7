"""Schiller EDI XML (SEMA, SDS): comma-separated digits a lead under a sampling rate and a voltage of one step.

Layout as independent public readers take it: `eventdata/event/wavedata` of type ECG_RHYTHMS holds
`resolution/samplerate` (value, exponent), `resolution/yres` (unitperbit, units) and channels with name, datastype and
data. What an exponent other than 1 means is not known, so such files are refused.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from peace_model.ecg.formats.contract import Format, ReadOptions, check_rate, mv_per_unit
from peace_model.ecg.formats.demographics import age_from_birth, date_of, moment_of, sex_of
from peace_model.ecg.formats.file_leads import (
    FileFacts,
    FileLead,
    check_length,
    digits_of,
    groups_left_out,
    producer_of,
    recording_of,
)
from peace_model.ecg.formats.telling import identity_of, parted
from peace_model.ecg.formats.xml_tree import number, read_xml, root_name, telling_texts, text_of, whole
from peace_model.ecg.recording import DeclaredFilters, GroupKind, Recording, RecordingError, SignalGroup
from peace_model.words import mark, worded

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAME = "schiller"
TITLE = "Schiller EDI XML"
_ROOT = "SchillerEDI"
_KINDS = {"ECG_RHYTHMS": GroupKind.RHYTHM, "ECG_RHYTHM": GroupKind.RHYTHM, "ECG_AVERAGES": GroupKind.MEDIAN}
_AGAIN = mark("export the recording again from the Schiller system")
_SAFE_PERSON = ("gender", "weight", "height", "pacemaker", "ethnic")
_SAFE_EXAM = ("startdatetime", "rectype", "vendor", "model", "type", "version")


def read(path: Path, _options: ReadOptions) -> Recording:
    """Read one export. Raises RecordingError."""
    raw, root = read_xml(path, root=_ROOT)
    waves = [(node, _KINDS.get(text_of(node, "type").upper(), GroupKind.OTHER))
             for node in root.iterfind("eventdata/event/wavedata")]
    rhythms = [node for node, kind in waves if kind is GroupKind.RHYTHM]
    if len(rhythms) != 1:
        raise RecordingError(
            path, "wavedata", worded("the file holds {count} rhythms", count=len(rhythms) or "no"),
            "export one ECG with its rhythm to a file of its own")
    fs_hz = _rate(path, rhythms[0])
    leads = _leads(path, rhythms[0], fs_hz)
    person, exam = root.find("patdata"), root.find("examdescript")
    birth: date | None = date_of(text_of(person, "birthdate")[:8], "%Y%m%d")
    day, clock = (text_of(exam, f"startdatetime/{part}") for part in ("date", "time"))
    recorded_on = date_of(day[:8], "%Y%m%d")
    recorded_at = moment_of(f"{day[:8]} {clock[:6]}", "%Y%m%d %H%M%S")
    age, warnings = age_from_birth(birth, datetime.combine(recorded_on, datetime.min.time()) if recorded_on else None)
    statements, personal = parted(_statements(root))
    device = "aquiringdevice"  # Spelled so in the format.
    return recording_of(path, raw, leads, FileFacts(
        NAME, fs_hz, producer=producer_of(*(text_of(exam, f"{device}/{part}") for part in (
            "hardware/vendor", "hardware/model", "software/version"))),
        filters=_filters(root), groups=tuple(_groups(waves, leads, fs_hz)), age=age,
        sex=sex_of(text_of(person, "gender")), recorded_at=recorded_at,
        identity=identity_of(
            patient_id=text_of(person, "id"), names=(text_of(person, "firstname"), text_of(person, "lastname")),
            birth_date=birth, others=(*telling_texts(person, safe=_SAFE_PERSON),
                                      *telling_texts(exam, safe=_SAFE_EXAM), *personal), statements=statements),
        statements=statements, warnings=(
            *groups_left_out(sum(kind is GroupKind.OTHER for _node, kind in waves)), *warnings)))


def _rate(path: Path, wave: "Element") -> float:
    rate = wave.find("resolution/samplerate")
    fs_hz, exponent = number(text_of(rate, "value")), number(text_of(rate, "exponent"))
    if fs_hz is None or exponent != 1:
        raise RecordingError(path, "samplerate", "the sampling rate is missing, or its exponent not 1", _AGAIN)
    check_rate(path, fs_hz, field="samplerate")
    return fs_hz


def _leads(path: Path, wave: "Element", fs_hz: float) -> list[FileLead]:
    scale = wave.find("resolution/yres")
    step, unit = number(text_of(scale, "unitperbit")), mv_per_unit(text_of(scale, "units"))
    if step is None or step <= 0 or unit is None:
        raise RecordingError(
            path, "yres", "the gain or its unit is missing or no voltage",
            worded("{again}; a voltage cannot be guessed", again=_AGAIN))
    leads = []
    for channel in wave.iterfind("channel"):
        label = text_of(channel, "name")
        kind = text_of(channel, "datastype")
        if kind.upper() != "COMMASEPARATE":
            raise RecordingError(
                path, "datastype", worded("'{kind}' is not read", kind=kind[:20]),
                worded("{again}, comma-separated", again=_AGAIN))
        said = text_of(channel, "samplecount")
        n_samples = whole(said)
        if said and n_samples is None:
            raise RecordingError(
                path, worded("samplecount of lead {label}", label=label[:30]), "it is no whole number", _AGAIN)
        leads.append(FileLead(label, digits_of(path, label, text_of(channel, "data"), n_samples=n_samples,
                                               again=_AGAIN), step * unit))
    if not leads or len({len(lead.digits) for lead in leads}) != 1:
        raise RecordingError(path, "channel", "the rhythm holds no leads, or leads of different lengths", _AGAIN)
    check_length(path, n_samples=len(leads[0].digits), n_leads=len(leads), fs_hz=fs_hz)
    return leads


def _groups(waves: list[tuple["Element", GroupKind]], leads: list[FileLead], fs_hz: float) -> Iterator[SignalGroup]:
    for node, kind in waves:
        chosen = kind is GroupKind.RHYTHM
        yield SignalGroup(
            text_of(node, "type"), kind, tuple(text_of(channel, "name") for channel in node.iterfind("channel")),
            number(text_of(node, "resolution/samplerate/value")) or 0.0 if not chosen else fs_hz,
            len(leads[0].digits) if chosen else max(
                (text_of(channel, "data").count(",") + 1 for channel in node.iterfind("channel")), default=0), chosen)


def _filters(root: "Element") -> DeclaredFilters:
    """Names and values as the file words them; no source says what they count in."""
    told = [f"{text_of(node, 'name')} {text_of(node, 'value')}".strip()
            for node in root.iterfind("eventdata/event/filters_data/filter")]
    return DeclaredFilters(other=", ".join(filter(None, told))[:200])


def _statements(root: "Element") -> tuple[str, ...]:
    texts = (text_of(node, "textdata") for node in root.iterfind("eventdata/event/textdata"))
    return tuple(dict.fromkeys(filter(None, texts)))


def _claims(_path: Path, head: bytes) -> bool:
    return root_name(head).endswith(_ROOT)


FORMAT = Format(name=NAME, title=TITLE, suffixes=(), claims=_claims, read=read)
