"""ISHNE Holter records (Badilini, Ann Noninvasive Electrocardiol 1998;3:263): a fixed header, then 16-bit samples.

Decoded by this project a stretch at a time: a day of twelve leads would stand in memory several times over in the
package that witnesses this reader in the tests.
"""

import binascii
import hashlib
import struct
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.formats import large
from peace_model.ecg.formats.contract import Format, ReadOptions, check_regular
from peace_model.ecg.formats.demographics import age_from_birth
from peace_model.ecg.formats.file_leads import FileFacts, Placed, check_length, place_leads, source_of
from peace_model.ecg.formats.telling import identity_of
from peace_model.ecg.recording import Finding, Recording, RecordingError, Sex, roles_of
from peace_model.words import mark, worded

NAME = "ishne"
TITLE = "ISHNE Holter"
SUFFIXES = (".ecg",)
_MAGIC = b"ISHNE1.0"
_HEADER_BYTES = 522
_CHECKED_FROM = 10
_MAX_LEADS = 12
_MAX_COMMENT_BYTES = 1_000_000
_NOT_RECORDED = -32768
"""Proposed by the standard for a lead that has come off."""
_LEADS = {2: "X", 3: "Y", 4: "Z", 5: "I", 6: "II", 7: "III", 8: "aVR", 9: "aVL", 10: "aVF", 11: "V1", 12: "V2",
          13: "V3", 14: "V4", 15: "V5", 16: "V6", 17: "ES", 18: "AS", 19: "AI"}
_SEX: dict[int, Sex] = {1: "M", 2: "F"}
_AGAIN = mark("copy or export the recording again")


@dataclass(frozen=True)
class _Header:
    """steps_nv: one digit of each lead. declared: the samples the header counts. begins: where the samples do."""

    labels: tuple[str, ...]
    steps_nv: tuple[int, ...]
    fs_hz: float
    declared: int
    n_samples: int
    begins: int
    raw: bytes

    def i16(self, at: int) -> int:
        return int(struct.unpack_from("<h", self.raw, at)[0])

    def text(self, at: int, size: int) -> str:
        return self.raw[at:at + size].split(b"\0")[0].decode("latin-1").strip()

    def day(self, at: int) -> date | None:
        try:
            return date(self.i16(at + 4), self.i16(at + 2), self.i16(at))
        except ValueError:
            return None

    def clock(self, at: int) -> time | None:
        try:
            return time(self.i16(at), self.i16(at + 2), self.i16(at + 4))
        except ValueError:
            return None


def read(path: Path, _options: ReadOptions) -> Recording:
    """Read one record. Raises RecordingError."""
    check_regular(path)
    try:
        header = _header(path)
        placed = place_leads(path, header.labels, frank=False)
        check_length(path, n_samples=header.n_samples, n_leads=len(header.labels), fs_hz=header.fs_hz)
        signal_mv = _millivolts(path, header, placed)
        digest = _sha256(path)
    except OSError as error:
        raise RecordingError(path, "file", "the file cannot be read to its end",
                             "check the disk it lies on, and the room for temporary files") from error
    facts = _facts(header)
    leads = tuple(placed.rows)
    return Recording(
        signal_mv=signal_mv, fs_hz=header.fs_hz, leads=leads, roles=roles_of(leads), age=facts.age, sex=facts.sex,
        recorded_at=facts.recorded_at, patient_key="", identity=facts.identity,
        source=source_of(path, digest, facts, tuple(header.steps_nv[row] * 1e-6 for row in placed.rows.values())),
        warnings=(*placed.warnings, *facts.warnings))


def _header(path: Path) -> _Header:
    size = path.stat().st_size
    with path.open("rb") as stream:
        fixed = stream.read(_HEADER_BYTES)
        if not fixed.startswith(_MAGIC) or len(fixed) < _HEADER_BYTES:
            raise RecordingError(path, "file", "the file is cut short or no ISHNE record", _AGAIN)
        comment_bytes, declared, comment_at, begins = struct.unpack_from("<4i", fixed, 10)
        if not 0 <= comment_bytes <= _MAX_COMMENT_BYTES or begins != _HEADER_BYTES + comment_bytes:
            raise RecordingError(path, "block offsets", "the header contradicts itself about where the samples begin",
                                 _AGAIN)
        if comment_bytes and comment_at != _HEADER_BYTES:
            raise RecordingError(path, "block offsets", "the comment does not follow the header", _AGAIN)
        raw = fixed + stream.read(comment_bytes)
    n_leads = int(struct.unpack_from("<h", fixed, 156)[0])
    if not 1 <= n_leads <= _MAX_LEADS:
        raise RecordingError(
            path, "number of leads",
            worded("{leads} leads; the format holds 1 to {max_leads}", leads=n_leads, max_leads=_MAX_LEADS), _AGAIN)
    codes, steps_nv = (struct.unpack_from(f"<{n_leads}h", fixed, at) for at in (158, 206))
    if min(steps_nv) <= 0:
        raise RecordingError(
            path, "amplitude resolution", "the gain of a lead is missing or not above zero",
            worded("{again} with its gain; a voltage cannot be guessed", again=_AGAIN))
    n_samples, rest = divmod(max(0, size - begins), 2 * n_leads)
    if rest:
        raise RecordingError(
            path, "length", worded("the file ends inside a sample of its {leads} leads", leads=n_leads),
            "copy the recording again from its source")
    return _Header(
        tuple(_LEADS.get(code, f"lead {row + 1}") for row, code in enumerate(codes)), steps_nv,
        float(struct.unpack_from("<h", fixed, 272)[0]), declared, n_samples, begins, raw)


def _millivolts(path: Path, header: _Header, placed: Placed) -> NDArray[np.float32]:
    """float32 (n_leads, n_samples), NaN where the recorder marked a lead as off."""
    n_leads, rows = len(header.labels), list(placed.rows.values())
    steps_mv = np.array([header.steps_nv[row] * 1e-6 for row in rows])[:, None]
    digits = np.memmap(path, dtype="<i2", mode="r", offset=header.begins, shape=(header.n_samples, n_leads))
    signal_mv = large.room_for(path, (len(rows), header.n_samples))
    for block in large.blocks(header.n_samples, n_leads):
        stretch = np.asarray(digits[block]).T[rows]
        signal_mv[:, block] = np.where(stretch == _NOT_RECORDED, np.nan, stretch * steps_mv)
    return signal_mv


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _facts(header: _Header) -> FileFacts:
    day, clock, birth = header.day(138), header.clock(150), header.day(132)
    midnight = datetime.combine(day, time()) if day else None
    age, warnings = age_from_birth(birth, midnight)
    recorder = header.text(232, 40)
    # The field is for "analog" or "digital"; recorders write their model there, and some their serial number.
    is_product = recorder.casefold() not in ("analog", "digital") and sum(map(str.isdigit, recorder)) < 5
    comment = header.raw[_HEADER_BYTES:].split(b"\0")[0].decode("latin-1").strip()
    return FileFacts(
        NAME, header.fs_hz, version=str(header.i16(26)), producer=recorder if is_product else "",
        age=age, sex=_SEX.get(header.i16(128)),
        recorded_at=datetime.combine(day, clock) if day and clock is not None else None,
        identity=identity_of(
            patient_id=header.text(108, 20), names=(header.text(28, 40), header.text(68, 40)), birth_date=birth,
            others=(comment, header.text(274, 80), header.text(354, 80), "" if is_product else recorder)),
        warnings=(*_damage(header), *warnings))


def _damage(header: _Header) -> tuple[Finding, ...]:
    found = []
    checksum = struct.unpack_from("<H", header.raw, 8)[0]
    counted = binascii.crc_hqx(header.raw[_CHECKED_FROM:], 0xFFFF)
    swapped = (counted & 0xFF) << 8 | counted >> 8  # The standard leaves the order of the two bytes open.
    if checksum and checksum not in (counted, swapped):
        found.append(Finding("checksum_differs", (), mark(
            "A checksum of the file does not fit its content: it was changed or damaged after it was written.")))
    if header.declared not in (header.n_samples, header.n_samples * len(header.labels)):
        found.append(Finding("length_differs", (), mark(
            "The header says {said} samples, the file holds {held} of each lead; it may have been cut short."),
            (("said", str(header.declared)), ("held", str(header.n_samples)))))
    return tuple(found)


def _claims(_path: Path, head: bytes) -> bool:
    return head.startswith(_MAGIC)


FORMAT = Format(name=NAME, title=TITLE, suffixes=SUFFIXES, claims=_claims, read=read)
