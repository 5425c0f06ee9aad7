"""A reader's way through a study: which recordings in which order, what is known of each, where the reader stands."""

from dataclasses import dataclass

from peace_desktop.library.repository import Library
from peace_desktop.library.study_room import Study, StudyRoom
from peace_desktop.review.reading import SIGNED_STATES, ReadingState
from peace_desktop.review.study import Progress, Protocol, progress_of


@dataclass(frozen=True)
class StudyItem:
    """One recording of a reader's list. position: from 1. indication: "" when unknown or not to be shown."""

    sha256: str
    title: str
    position: int
    indication: str
    state: ReadingState | None


@dataclass(frozen=True)
class StudySession:
    """items: in the reader's order. closed: nothing more is read for the study."""

    protocol: Protocol
    reader: str
    closed: bool
    items: tuple[StudyItem, ...]

    def item(self, sha256: str) -> StudyItem | None:
        """The line of a recording, None where it is not this reader's to read."""
        return next((item for item in self.items if item.sha256 == sha256), None)

    def neighbour(self, sha256: str, step: int) -> str:
        """The recording `step` places from this one in the reader's order, "" beyond the ends."""
        here = self.item(sha256)
        wanted = (here.position if here is not None else 0) + step
        return self.items[wanted - 1].sha256 if 1 <= wanted <= len(self.items) else ""

    def next_to_read(self) -> str:
        """The first that is not signed; the first of all where everything is."""
        open_ = [item for item in self.items if item.state not in SIGNED_STATES]
        return (open_ or self.items)[0].sha256 if self.items else ""


def open_session(library: Library, study_id: str, reader: str) -> StudySession:
    """In the library lane: a reader's list of a study. Raises LibraryError."""
    room = StudyRoom(library)
    study, titles = room.study(study_id), room.titles(study_id)
    indications = {item.recording_sha256: item.indication for item in study.recordings}
    shown = study.protocol.indication_shown
    states = _states(study, reader)
    return StudySession(study.protocol, reader, study.closed_at is not None, tuple(
        StudyItem(item.recording_sha256, titles[item.recording_sha256], item.position,
                  indications[item.recording_sha256] if shown else "", states.get(item.recording_sha256))
        for item in study.assignments if item.reader == reader))


@dataclass(frozen=True)
class StudyOverview:
    """A study as the list of studies shows it. progress: of every reader, in the protocol's order."""

    protocol: Protocol
    closed: bool
    recordings: int
    decisions: int
    progress: tuple[Progress, ...]

    def progress_of(self, reader: str) -> Progress | None:
        return next((item for item in self.progress if item.reader == reader), None)


def overviews(library: Library) -> tuple[StudyOverview, ...]:
    """In the library lane: every study, newest first. Raises LibraryError."""
    room = StudyRoom(library)
    return tuple(_overview(room.study(protocol.study_id)) for protocol in reversed(room.protocols()))


def _overview(study: Study) -> StudyOverview:
    progress = []
    for reader in study.protocol.readers:
        states = _states(study, reader)
        mine = [states.get(item.recording_sha256) for item in study.assignments if item.reader == reader]
        progress.append(progress_of(reader, mine))
    return StudyOverview(study.protocol, study.closed_at is not None, len(study.recordings),
                         len({(item.recording_sha256, item.label) for item in study.adjudications}), tuple(progress))


def _states(study: Study, reader: str) -> dict[str, ReadingState]:
    """Recording -> state of this reader's reading that counts."""
    by_recording: dict[str, ReadingState] = {}
    for reading in study.readings:
        if reading.reader == reader and reading.amends is None:
            by_recording[reading.recording_sha256] = reading.state
    return by_recording
