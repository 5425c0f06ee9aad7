"""A study that is being made: what the dialog says, as a protocol with its recordings and assignments."""

import csv
import io
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from peace_desktop.library.repository import Library
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.assignment import assign
from peace_desktop.review.errors import StudyError
from peace_desktop.review.reading import Mode
from peace_desktop.review.study import Assignment, Protocol, Rule, StudyRecording
from peace_desktop.texts import _

_LARGEST_SEED = 999_999
_LEAST_HASH = 12
_TABLE_LIMIT_BYTES = 8 << 20


@dataclass(frozen=True)
class StudyDraft:
    """What was chosen. recordings: SHA-256 in the worklist's order. indications: SHA-256 -> why the ECG was taken."""

    name: str
    labels: tuple[str, ...]
    mode: Mode
    readers: tuple[str, ...]
    readers_per_recording: int
    order_seed: int
    rule: Rule
    indication_shown: bool
    bundle_sha256: str | None
    recordings: tuple[str, ...]
    indications: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """What would be kept: it is shown before."""

    protocol: Protocol
    held: tuple[StudyRecording, ...]
    assignments: tuple[Assignment, ...]

    @property
    def loads(self) -> tuple[tuple[str, int], ...]:
        """Reader and how many recordings, in the protocol's order."""
        counts = Counter(item.reader for item in self.assignments)
        return tuple((reader, counts[reader]) for reader in self.protocol.readers)


def drawn_seed() -> int:
    """A new order seed, short enough to be written down."""
    return secrets.randbelow(_LARGEST_SEED) + 1


def planned(draft: StudyDraft, *, created_by: str, at: datetime, study_id: str = "") -> Plan:
    """The study as it would be kept. at: aware. Raises StudyError where something is missing or contradicts."""
    protocol = Protocol(
        study_id or uuid4().hex, draft.name.strip(), draft.labels, draft.mode, draft.readers,
        draft.readers_per_recording, draft.order_seed, draft.rule, draft.indication_shown, draft.bundle_sha256,
        created_by, at)
    held = tuple(StudyRecording(sha256, draft.indications.get(sha256, "")) for sha256 in draft.recordings)
    return Plan(protocol, held, assign(protocol, draft.recordings))


def keep_study(library: Library, plan: Plan) -> str:
    """In the library lane: keeps the study; returns its id. Raises LibraryError."""
    StudyRoom(library).create(plan.protocol, plan.held, plan.assignments)
    return plan.protocol.study_id


def close_study(library: Library, study_id: str, actor: str) -> None:
    """In the library lane: nothing more is read or decided for a study. Raises LibraryError."""
    StudyRoom(library).close(study_id, actor=actor)


@dataclass(frozen=True)
class Indications:
    """Why ECGs were taken, by SHA-256. unknown: first cells of lines that name no recording of the study."""

    words: Mapping[str, str]
    unknown: tuple[str, ...]


def read_indications(file: Path, titles: Mapping[str, str]) -> Indications:
    """Reads a table with a title or SHA-256 (its first 12 digits are enough) and the indication on each line.

    titles: SHA-256 -> title of the study's recordings. Comma, semicolon or tab; UTF-8. Raises StudyError for anything
    else, for a title that several recordings bear, and for a recording that stands twice.
    """
    content = file.read_bytes()
    if len(content) > _TABLE_LIMIT_BYTES:
        raise StudyError(_("This table is far larger than one of indications; it was not read."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError(_("This table is not written in UTF-8. Save it again as \"CSV UTF-8\".")) from error
    separator = max(",;\t", key=text.partition("\n")[0].count)
    named = Counter(titles.values())
    words: dict[str, str] = {}
    unknown = []
    for line, row in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=1):
        if not row or not any(row):
            continue
        if len(row) < 2:
            raise StudyError(_("Line {line} of the table has one column; a title and an indication are needed.").format(
                line=line))
        sha256 = _recording_of(row[0].strip(), titles, named, line)
        if not sha256:
            unknown.append(row[0].strip())
        elif sha256 in words:
            raise StudyError(_("Line {line} of the table gives a recording a second indication.").format(line=line))
        else:
            words[sha256] = row[1].strip()
    return Indications(words, tuple(unknown))


def _recording_of(given: str, titles: Mapping[str, str], named: Mapping[str, int], line: int) -> str:
    """The SHA-256 of a recording by title or hash, "" where there is none."""
    if named.get(given, 0) > 1:
        raise StudyError(_("Line {line} of the table names a title that several recordings bear; give the SHA-256."
                           ).format(line=line))
    return next((sha256 for sha256, title in titles.items()
                 if given == title or len(given) >= _LEAST_HASH and sha256.startswith(given.lower())), "")
