"""What an SCP-ECG record says of itself before any sample is decoded (EN 1064 / ISO 11073-91064).

Sections 1 (person and device), 3 (leads) and 5 and 6 (how the samples are stored), read by this project so that the
decoding package sees only what has been judged.
"""

import struct
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from peace_model.ecg.recording import RecordingError, Sex
from peace_model.words import mark, worded

_HEADER_BYTES = 16
_AGAIN = mark("export the recording again from its source")
MAX_HUFFMAN_BYTES = 500_000
"""Decoding takes some seconds a megabyte; a cart's ten seconds of twelve leads take 20 to 100 kB."""
_FIXED_SIZES = {4: 3, 5: 4, 6: 3, 7: 3, 8: 1, 9: 1, 11: 2, 12: 2, 24: 1, 25: 4, 26: 3, 27: 2, 28: 2, 29: 1, 33: 2}
"""Some writers give these tags a wrong length."""
_AGE_UNITS = {1: "years", 2: "months", 3: "weeks", 4: "days", 5: "hours"}
_FRANK = 1


@dataclass(frozen=True)
class ScpLead:
    """start, n_samples: on the recording's time axis, the first sample 1. code: of Section 3's table."""

    start: int
    n_samples: int
    code: int


@dataclass(frozen=True)
class ScpHeader:
    """interval_us, step_nv: of the rhythm. age: number and unit, None where not given."""

    leads: tuple[ScpLead, ...]
    interval_us: int
    step_nv: int
    sex: Sex | None
    age: tuple[float, str] | None
    birth_date: date | None
    recorded_on: date | None
    recorded_time: time | None
    frank: bool


def parse_scp_header(path: Path, raw: bytes) -> ScpHeader:
    """Judge the record's structure. Raises RecordingError."""
    try:
        return _header(path, raw)
    except (struct.error, IndexError) as error:
        raise RecordingError(path, "sections", "the record is cut short or contradicts itself", _AGAIN) from error


def _header(path: Path, raw: bytes) -> ScpHeader:
    size = _u32(raw, 2)
    if size > len(raw):
        raise RecordingError(
            path, "record size",
            worded("the record says {size} bytes, the file holds {count}", size=size, count=len(raw)),
            "copy the recording again from its source")
    sections = _sections(path, raw[:size])
    for number, what in ((3, mark("lead definition")), (6, mark("rhythm"))):
        if number not in sections:
            remedy = ("export the ECG as SCP-ECG version 1.3 to 2.x" if number == 6 and 12 in sections else
                      "export the ECG with its rhythm")
            raise RecordingError(
                path, worded("section {number}", number=number), worded("the record holds no {what}", what=what),
                remedy)
    leads = _leads(path, sections[3])
    step_nv, interval_us = _u16(sections[6], 0), _u16(sections[6], 2)
    if step_nv == 0:
        raise RecordingError(
            path, "section 6", "the gain (amplitude value multiplier) is zero",
            worded("{again}; a voltage cannot be guessed", again=_AGAIN))
    if interval_us == 0:
        raise RecordingError(path, "section 6", "the sample interval is zero", _AGAIN)
    _check_payload(path, sections, leads)
    tags = _tags(sections.get(1, b""))
    age = tags.get(4, b"")
    placement = tags.get(33, b"")
    return ScpHeader(
        leads, interval_us, step_nv, _sex(tags.get(8, b"")),
        (float(_u16(age, 0)), _AGE_UNITS[age[2]]) if len(age) >= 3 and _u16(age, 0) and age[2] in _AGE_UNITS else None,
        _date(tags.get(5, b"")), _date(tags.get(25, b"")), _time(tags.get(26, b"")),
        frank=len(placement) >= 2 and placement[1] == _FRANK)


def _sections(path: Path, raw: bytes) -> dict[int, bytes]:
    """The content of each section that Section 0 points at, without its own header."""
    found: dict[int, bytes] = {}
    end = 6 + _u32(raw, 10)
    if _u16(raw, 8) != 0 or not 6 + _HEADER_BYTES <= end <= len(raw):
        raise RecordingError(path, "section 0", "the record's table of contents is damaged", _AGAIN)
    for at in range(6 + _HEADER_BYTES, end - 9, 10):
        number, length, index = struct.unpack_from("<HII", raw, at)
        if number == 0 or length == 0:
            continue
        if number in found:
            raise RecordingError(path, worded("section {number}", number=number), "the record holds it twice", _AGAIN)
        if index == 0 or index - 1 + length > len(raw) or (number <= 11 and length < _HEADER_BYTES):
            raise RecordingError(path, worded("section {number}", number=number), "it lies outside the file", _AGAIN)
        found[number] = raw[index - 1 + _HEADER_BYTES:index - 1 + length]
    return found


def _leads(path: Path, body: bytes) -> tuple[ScpLead, ...]:
    count = body[0]
    if count == 0 or 2 + 9 * count > len(body):
        raise RecordingError(path, "section 3", "the lead definition is empty or cut short", _AGAIN)
    leads = []
    for row in range(count):
        first, last, code = struct.unpack_from("<IIB", body, 2 + 9 * row)
        if not 1 <= first <= last:
            raise RecordingError(path, "section 3", worded("lead {row} ends before it begins", row=row + 1), _AGAIN)
        leads.append(ScpLead(first, last - first + 1, code))
    return tuple(leads)


def _check_payload(path: Path, sections: dict[int, bytes], leads: tuple[ScpLead, ...]) -> None:
    """Declared sample counts fit the bytes: a Huffman code takes a bit at least, a plain sample two bytes.

    The package makes room for as many samples as are declared before it looks at the bytes.
    """
    huffman = 2 in sections
    if huffman and len(sections[6]) + len(sections.get(5, b"")) > MAX_HUFFMAN_BYTES:
        raise RecordingError(path, "section 6", "there are more compressed samples than any resting ECG has",
                             "export a shorter part of the recording")
    for row, lead in enumerate(leads):
        n_bytes = _u16(sections[6], 6 + 2 * row)
        if lead.n_samples > 8 * n_bytes or (not huffman and 2 * lead.n_samples != n_bytes):
            raise RecordingError(
                path, "section 6", worded("lead {row} holds {bytes} bytes for {samples} declared samples", row=row + 1,
                       bytes=n_bytes, samples=lead.n_samples), _AGAIN)


def _tags(body: bytes) -> dict[int, bytes]:
    """The first value of each tag of Section 1; a wrong length of a tag of known size is put right."""
    for sizes in ({}, _FIXED_SIZES):
        found = _walked(body, sizes)
        if found is not None:
            return found
    return {}


def _walked(body: bytes, sizes: dict[int, int]) -> dict[int, bytes] | None:
    found: dict[int, bytes] = {}
    at = 0
    while at + 3 <= len(body) and body[at] != 255:
        tag = body[at]
        length = sizes.get(tag, _u16(body, at + 1))
        at += 3 + length
        if at > len(body):
            return None
        found.setdefault(tag, body[at - length:at])
    return found


def _sex(value: bytes) -> Sex | None:
    return {b"\x01": "M", b"\x02": "F"}.get(value[:1])  # type: ignore[return-value]


def _date(value: bytes) -> date | None:
    if len(value) < 4:
        return None
    try:
        return date(_u16(value, 0), value[2], value[3])
    except ValueError:
        return None


def _time(value: bytes) -> time | None:
    if len(value) < 3:
        return None
    try:
        return time(value[0], value[1], value[2])
    except ValueError:
        return None


def day_as_moment(day: date | None) -> datetime | None:
    """For an age by the calendar where only the day of recording is known."""
    return datetime.combine(day, time()) if day else None


def _u16(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])


def _u32(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])
