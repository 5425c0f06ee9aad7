"""What surrounds a reading while it is open: the time in front of it, and everything its reader was shown."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from peace_desktop.jobs.study_session import StudySession
from peace_desktop.review.circumstances import (
    NOTHING_SHOWN,
    Circumstances,
    Display,
    PersonThen,
    Shown,
    Stage,
    Versions,
    Visit,
    together,
)
from peace_desktop.review.reading import SIGNED_STATES, Reading

_TICK_MS = 1000
_KEPT_EVERY_S = 10.0
"""What a crash can cost of the time; whatever is answered, or goes on to another recording, keeps it at once."""
_WORTH_S = 1.0

Keep = Callable[[Visit, str, str, str], None]
"""Of a visit: recording, reader, study."""


@dataclass
class _Open:
    """A visit in the window. kept_s: the seconds the library has of it, None until it said what it has."""

    sha256: str
    reader: str
    study_id: str
    now: Visit = field(default_factory=Visit)
    kept_s: float | None = None


class Surroundings(QObject):
    """Counts while the application is in front and not locked; time away from the window is nobody's reading time.

    Visits add up until the reading is signed, over all runs of the program: `resume` brings in what the library has.
    display: how the traces are drawn now. person: what holds of the open recording's now. versions: of what computes
    what is shown. locked: whether the window waits for a passphrase; it is asked every second. keep: a visit for the
    library.
    """

    def __init__(self, *, display: Callable[[], Display], person: Callable[[], PersonThen | None],
                 session: Callable[[], StudySession | None],
                 versions: Callable[[], Versions], locked: Callable[[], bool], keep: Keep,
                 now_s: Callable[[], float] = time.monotonic, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._display = display
        self._person = person
        self._session = session
        self._versions = versions
        self._locked = locked
        self._keep = keep
        self._now_s = now_s
        self._visits: dict[tuple[str, str, str], _Open] = {}
        self._here: _Open | None = None
        self._since_s: float | None = None
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._front_changed)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._ticked)
        self._tick.start()

    def open(self, sha256: str, *, reader: str, study_id: str) -> None:
        """Another recording is in front, "" for none."""
        self.keep()
        key = (sha256, reader, study_id)
        self._here = self._visits.setdefault(key, _Open(*key)) if sha256 else None
        self._since_s = self._now_s() if self._counts else None

    def resume(self, kept: Mapping[str, Visit]) -> None:
        """What the library has of this reader's visits of the open recording, by study."""
        here = self._here
        if here is not None and here.kept_s is None:
            earlier = kept.get(here.study_id, Visit())
            here.now, here.kept_s = here.now.after(earlier), earlier.seconds

    def note(self, shown: Shown) -> None:
        """What can be seen of the open recording at this moment."""
        if self._here is not None and self._here.now.shown != shown:
            self._here.now = replace(self._here.now, shown=together(self._here.now.shown, shown))

    def note_earlier(self) -> None:
        """An earlier recording of the child was laid beside this one."""
        self.note(replace(NOTHING_SHOWN, earlier_recordings=True))

    def of(self, reading: Reading, stage: Stage) -> Circumstances:
        """What surrounds a reading that is locked or signed now."""
        self.count()
        visited = self._visits.get((reading.recording_sha256, reading.reader, reading.study_id))
        visit = visited.now if visited is not None else Visit()
        session = self._session()
        item = session.item(reading.recording_sha256) if session is not None else None
        within = session is not None and session.protocol.study_id == reading.study_id and item is not None
        versions = self._versions()
        if not visit.shown.model_output:
            versions = replace(versions, bundle_sha256="", pipeline="")
        return Circumstances(
            reading.reading_id, stage, round(visit.seconds, 1), item.position if within and item else None,
            session.protocol.order_seed if within and session else None, visit.shown, self._display(), versions,
            self._person())

    def closed(self, reading: Reading) -> None:
        """A reading was stored for good; signed, its visit is over, and what is still looked at is another one."""
        visit = self._visits.get((reading.recording_sha256, reading.reader, reading.study_id))
        if visit is not None and reading.state in SIGNED_STATES:
            visit.now, visit.kept_s = Visit(), 0.0

    def count(self) -> None:
        """Add the time since it was last counted, unless the window was locked meanwhile."""
        now_s = self._now_s()
        here = self._here
        if here is not None and self._since_s is not None and not self._locked():
            here.now = replace(here.now, seconds=here.now.seconds + now_s - self._since_s)
        self._since_s = now_s if self._counts else None

    def keep(self, *, least_s: float = _WORTH_S) -> None:
        """Hand the open visit to the library where it has grown by so much, and the library has said what it had."""
        self.count()
        here = self._here
        if here is not None and here.reader and here.kept_s is not None and (
                here.now.seconds - here.kept_s >= least_s):
            here.kept_s = here.now.seconds
            self._keep(here.now, here.sha256, here.reader, here.study_id)

    def end(self) -> None:
        """The window closes: keep what was counted, and count no more."""
        self._tick.stop()
        self.keep()

    def _ticked(self) -> None:
        self.keep(least_s=_KEPT_EVERY_S)

    @property
    def _counts(self) -> bool:
        """Whether somebody can be reading now."""
        return self._here is not None and _in_front() and not self._locked()

    def _front_changed(self, _state: Qt.ApplicationState) -> None:
        self.count()


def _in_front() -> bool:
    return QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
