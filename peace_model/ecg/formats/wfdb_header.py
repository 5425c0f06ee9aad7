"""The raw WFDB header, read strictly before any decoder fills gaps with defaults.

The WFDB standard lets a header leave out rate, gain and unit and gives each a default (250 Hz, 200 units per mV, mV).
A voltage built on such a default is a guess, so what is missing stays None here and `wfdb_files` refuses or asks.
Source: header(5) of the WFDB Applications Guide.
"""

import math
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from peace_model.ecg.recording import RecordingError
from peace_model.words import mark, worded

MAX_HEADER_BYTES = 1_000_000
RATE_FIELD = mark("rate in the header")
"""A rate that stands there and is wrong is corrected there; a missing one ("sampling rate") may be given by hand."""
_REMEDY = mark("check that this is a WFDB header")

_GAIN = re.compile(
    r"(?P<gain>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?:\((?P<baseline>-?\d+)\))?(?:/(?P<unit>\S+))?")
_FORMAT = re.compile(r"(?P<format>\d+)(?:x(?P<per_frame>\d+))?(?::(?P<skew>\d+))?(?:\+(?P<offset>\d+))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class SignalLine:
    """One signal's line; gain in digital units per `unit`, None where the header gives none."""

    file_name: str
    storage: str
    samples_per_frame: int
    skew: int
    byte_offset: int
    gain: float | None
    baseline: int
    unit: str | None
    checksum: int | None
    name: str


@dataclass(frozen=True)
class WfdbHeader:
    """fs_hz and n_samples are None where the header gives none; comments without their '#'."""

    fs_hz: float | None
    n_samples: int | None
    recorded_at: datetime | None
    start_text: str
    signals: tuple[SignalLine, ...]
    comments: tuple[str, ...]


def parse_header(path: Path, raw: bytes) -> WfdbHeader:
    """Read a header's bytes. Raises RecordingError naming the line that cannot be understood."""
    if not raw.strip():
        raise RecordingError(path, "header", "the file is empty", "copy the recording again")
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise RecordingError(path, "header", "it begins with a byte order mark, which WFDB does not know",
                             "save the header as plain UTF-8 text without the mark")
    if len(raw) > MAX_HEADER_BYTES or b"\0" in raw:
        raise RecordingError(path, "header", "this is not text", _REMEDY)
    lines = [line.strip() for line in raw.decode("utf-8", errors="replace").splitlines()]
    content = [line for line in lines if line and not line.startswith("#")]
    comments = tuple(line[1:].strip() for line in lines if line.startswith("#"))
    if not content:
        raise RecordingError(path, "header", "no record line", _REMEDY)
    record = content[0].split()
    n_signals = _record_counts(path, record)
    fs_hz = _rate(path, record[2]) if len(record) > 2 else None
    n_samples = _number_of_samples(path, record[3]) if len(record) > 3 else None
    start_text = " ".join(record[4:])
    if len(content) - 1 != n_signals:
        raise RecordingError(
            path, "number of signals", worded("the record line says {signals}, {count} signal lines follow",
                   signals=n_signals, count=len(content) - 1), "restore the header from its source")
    signals = tuple(_signal_line(path, number, line) for number, line in enumerate(content[1:], start=1))
    return WfdbHeader(fs_hz, n_samples, _start(start_text), start_text, signals, comments)


def _record_counts(path: Path, record: list[str]) -> int:
    """The number of signals; refuses multi-segment records."""
    if len(record) < 2 or not (re.fullmatch(r"[\w-]+(/\d+)?", record[0], re.ASCII)
                               and re.fullmatch(r"\d{1,4}", record[1], re.ASCII)):
        raise RecordingError(path, "header", "the first line is no record line (name, number of signals, rate, "
                             "number of samples)", _REMEDY)
    if "/" in record[0]:
        raise RecordingError(path, "segments", "multi-segment records are not read",
                             "open the segments one by one, or join them into one record")
    if int(record[1]) == 0:
        raise RecordingError(path, "number of signals", "the record holds no signals", "open a record with signals")
    return int(record[1])


def _rate(path: Path, text: str) -> float:
    match = re.match(r"\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+", text, re.ASCII)
    value = float(match.group()) if match else math.nan
    if not (math.isfinite(value) and value > 0):
        raise RecordingError(path, RATE_FIELD, "the record line names no rate above 0",
                             "correct the rate in the header's first line")
    return value


def _number_of_samples(path: Path, text: str) -> int:
    if not re.fullmatch(r"\d{1,12}", text, re.ASCII):
        raise RecordingError(path, "number of samples", "the record line's fourth word is no number", _REMEDY)
    return int(text)


def _signal_line(path: Path, number: int, line: str) -> SignalLine:
    """file, format, [gain(baseline)/unit, [ADC bits, [ADC zero, [first value, [checksum, [block, [name]]]]]]]."""
    words = line.split(maxsplit=8)
    storage = _FORMAT.fullmatch(words[1]) if len(words) > 1 else None
    if storage is None or max(map(len, words[1:2])) > 40:
        raise RecordingError(
            path, worded("signal {number}", number=number), "the line names no file and storage format", _REMEDY)
    gain, baseline, unit = _gain(path, number, words[2]) if len(words) > 2 else (None, None, None)
    integers: list[int | None] = [None] * 5
    for position, (field, word) in enumerate(zip(
            ("ADC resolution", "ADC zero", "first value", "checksum", "block size"), words[3:8], strict=False)):
        if not re.fullmatch(r"[-+]?\d{1,18}", word, re.ASCII):
            raise RecordingError(
                path, worded("signal {number}", number=number), worded("the {field} is no whole number", field=field),
                _REMEDY)
        integers[position] = int(word)
    adc_zero = integers[1] or 0
    return SignalLine(
        file_name=words[0], storage=storage["format"], samples_per_frame=int(storage["per_frame"] or 1),
        skew=int(storage["skew"] or 0), byte_offset=int(storage["offset"] or 0), gain=gain,
        baseline=adc_zero if baseline is None else baseline, unit=unit, checksum=integers[3],
        name=words[8].strip() if len(words) > 8 else "")


def _gain(path: Path, number: int, text: str) -> tuple[float, int | None, str | None]:
    match = _GAIN.fullmatch(text)
    value = float(match["gain"]) if match else math.nan
    if match is None or not math.isfinite(value) or len(match["baseline"] or "") > 12:
        raise RecordingError(
            path, worded("gain of signal {number}", number=number), "the gain cannot be understood",
            "write it as units per millivolt, for example 1000(0)/mV")
    return value, int(match["baseline"]) if match["baseline"] else None, match["unit"]


def _start(text: str) -> datetime | None:
    """Date and time in the standard's order (time, then day/month/year) or as CinC writes them; None if neither."""
    standard = re.fullmatch(
        r"(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6}))?)? (\d{1,2})/(\d{1,2})/(\d{4})", text, re.ASCII)
    if standard:
        hour, minute, second, fraction, day, month, year = standard.groups()
    else:
        named = re.fullmatch(r"(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d{1,2}):(\d{1,2}):(\d{1,2})", text, re.ASCII)
        if named is None or named[2].casefold() not in _MONTHS:
            return None
        day, name, year, hour, minute, second = named.groups()
        month, fraction = str(_MONTHS.index(name.casefold()) + 1), None
    try:
        return datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0),
                        int((fraction or "").ljust(6, "0")))
    except ValueError:
        return None
