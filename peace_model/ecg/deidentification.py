"""A recording without its identity: a keyed patient key in the name's place, dates shifted, texts cleaned.

The key and the number of days come from a secret by HMAC-SHA-256: the same patient gets the same ones wherever the
secret is the same, and without it neither leads back. The age is left exactly as it was, and so is every interval
between two recordings of one patient.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from peace_model.ecg.identity import Identity
from peace_model.ecg.recording import Finding, Recording, Source
from peace_model.ecg.traces import Traces, without_dates

NOBODY = Identity()
KEY_DIGITS = 16
_LEAST_SHIFT_DAYS, _MOST_SHIFT_DAYS = 366, 3652
_PSEUDONYM = re.compile(r"[A-Za-z]{0,4}[_-]?\d{1,8}(?:[_-]?[A-Za-z]{1,4}\d{0,4})?", re.ASCII)
"""Names of published records: 00001_lr, JS20008, P02222_E01, s0010_re, 100. A name of a person has more letters."""


def patient_key_of(identity: Identity, secret: bytes) -> str:
    """A patient's key under a secret: from the patient's number, else from name and birth date together, else "".

    A number without a digit other than 0 ("UNKNOWN", "0000") belongs to everybody, and a name alone to many.
    """
    number = _folded(identity.patient_id)
    if re.search(r"[1-9]", number):
        return _digest(secret, "patient number", number)[:KEY_DIGITS]
    name = _folded(identity.name)
    if name and identity.birth_date is not None:
        return _digest(secret, "name and birth date", f"{name} {identity.birth_date.isoformat()}")[:KEY_DIGITS]
    return ""


def deidentified(recording: Recording, secret: bytes, *, keep_date: bool = False) -> Recording:
    """The same ECG of nobody in particular: nothing of its identity, path or true date is left in it.

    patient_key: a key the file itself gives (a published pseudonym) is kept, an identity is turned into one.
    recorded_at moves by a whole number of days, between one and ten years back, the same for all recordings of a
    patient; a recording of nobody known moves by days of its own. keep_date leaves it. Doing it twice changes nothing.
    """
    identity = recording.identity or NOBODY
    key = recording.patient_key or patient_key_of(identity, secret)
    shifts = not (keep_date or recording.date_shifted or recording.simulated or recording.recorded_at is None)
    traces = traces_of(recording, keep_date=keep_date)

    def cleaned(text: str) -> str:
        return traces.taken_out_of(text if keep_date else without_dates(text))

    return replace(
        recording, patient_key=key, identity=None,
        recorded_at=_shifted(recording.recorded_at, _shift(secret, key or recording.source.sha256)) if shifts
        else recording.recorded_at,
        date_shifted=recording.date_shifted or shifts,
        source=_cleaned_source(recording.source, traces),
        source_statements=tuple(map(cleaned, recording.source_statements)),
        warnings=tuple(Finding(finding.code, finding.leads, finding.template,
                               tuple((name, cleaned(value)) for name, value in finding.values))
                       for finding in recording.warnings))


def traces_of(recording: Recording, *, keep_date: bool = False) -> Traces:
    """What must not be left of a recording as it was read: its identity and, unless it is kept, its date."""
    hides = recording.recorded_at is not None and not (keep_date or recording.date_shifted or recording.simulated)
    return Traces(recording.identity or NOBODY, hidden_day=recording.recorded_at if hides else None)


def shown_name(recording: Recording, name: str) -> str:
    """A record's own name where it is a pseudonym that was published with it, "" where it could be a person's.

    recording: as it was read, with its identity. A simulated heart has no name to hide.
    """
    shown = recording.simulated or recording.source.format == "wfdb" and _PSEUDONYM.fullmatch(name) is not None
    return name if shown and not traces_of(recording).kinds_in(name) else ""


def neutral_title(recording: Recording) -> str:
    """Words for a recording that has no name of its own: its patient's key, or its own hash, and when it was made.

    A shifted date bears a "~".
    """
    parts = [recording.patient_key[:8] or f"#{recording.source.sha256[:8]}"]
    if recording.recorded_at is not None:
        parts.append(f"{'~' if recording.date_shifted else ''}{recording.recorded_at:%Y-%m-%d %H:%M}")
    return " ".join(parts)


def _folded(text: str) -> str:
    return " ".join(re.split(r"[\s^=,]+", unicodedata.normalize("NFKC", text).casefold())).strip()


def _digest(secret: bytes, purpose: str, text: str) -> str:
    return hmac.new(secret, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def _shift(secret: bytes, key: str) -> timedelta:
    number = int(_digest(secret, "days", key), 16)
    return timedelta(days=_LEAST_SHIFT_DAYS + number % (_MOST_SHIFT_DAYS - _LEAST_SHIFT_DAYS + 1))


def _shifted(at: datetime | None, shift: timedelta) -> datetime | None:
    """None for a clock that was never set: a date in the first years of the calendar."""
    return None if at is None or at.year < 100 else at - shift


def _cleaned_source(source: Source, traces: Traces) -> Source:
    """Without path and files, whose names may be a person's."""
    clean = traces.taken_out_of
    return replace(
        source, path=Path(source.sha256), files=(), producer=clean(source.producer), version=clean(source.version),
        exported_from=clean(source.exported_from), filters=replace(source.filters, other=clean(source.filters.other)),
        groups=tuple(replace(group, name=clean(group.name)) for group in source.groups))
