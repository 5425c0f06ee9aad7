"""What surrounds a reading while it is open: the time in front of it, and everything its reader was shown."""

import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from peace_desktop.jobs.study_session import StudySession
from peace_desktop.review.circumstances import Circumstances, Display, Shown, Stage, Versions
from peace_desktop.review.reading import Reading
from peace_desktop.settings import Settings

_TICK_MS = 1000
NOTHING_SHOWN = Shown(age=False, sex=False, indication=False, earlier_recordings=False, model_output=False,
                      rule_results=False, source_statements=False, other_readings=False)


def together(first: Shown, second: Shown) -> Shown:
    """What was shown at one moment or another."""
    flags = {field.name: getattr(first, field.name) or getattr(second, field.name)
             for field in fields(Shown) if field.name != "maps"}
    return Shown(**flags, maps=tuple(dict.fromkeys((*first.maps, *second.maps))))


@dataclass
class _Visit:
    """Of one recording for one reader and study: seconds in front of it, and what was shown."""

    seconds: float = 0.0
    shown: Shown = NOTHING_SHOWN


class Surroundings(QObject):
    """Counts while the application is in front and not locked; time away from the window is nobody's reading time.

    Visits of one run of the program add up. versions: of what computes what is shown now. locked: whether the window
    waits for a passphrase; it is asked every second.
    """

    def __init__(self, *, settings: Callable[[], Settings], session: Callable[[], StudySession | None],
                 versions: Callable[[], Versions], locked: Callable[[], bool],
                 now_s: Callable[[], float] = time.monotonic, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._session = session
        self._versions = versions
        self._locked = locked
        self._now_s = now_s
        self._visits: dict[tuple[str, str, str], _Visit] = {}
        self._here: _Visit | None = None
        self._since_s: float | None = None
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._front_changed)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self.count)
        self._tick.start()

    def open(self, sha256: str, *, reader: str, study_id: str) -> None:
        """Another recording is in front, "" for none."""
        self.count()
        self._here = self._visits.setdefault((sha256, reader, study_id), _Visit()) if sha256 else None
        self._since_s = self._now_s() if self._counts else None

    def note(self, shown: Shown) -> None:
        """What can be seen of the open recording at this moment."""
        if self._here is not None and self._here.shown != shown:
            self._here.shown = together(self._here.shown, shown)

    def note_earlier(self) -> None:
        """An earlier recording of the child was laid beside this one."""
        self.note(replace(NOTHING_SHOWN, earlier_recordings=True))

    def of(self, reading: Reading, stage: Stage) -> Circumstances:
        """What surrounds a reading that is locked or signed now."""
        self.count()
        key = (reading.recording_sha256, reading.reader, reading.study_id)
        visit = self._visits.get(key, _Visit())
        session, settings = self._session(), self._settings()
        item = session.item(reading.recording_sha256) if session is not None else None
        within = session is not None and session.protocol.study_id == reading.study_id and item is not None
        versions = self._versions()
        if not visit.shown.model_output:
            versions = replace(versions, bundle_sha256="", pipeline="")
        return Circumstances(
            reading.reading_id, stage, round(visit.seconds, 1), item.position if within and item else None,
            session.protocol.order_seed if within and session else None, visit.shown,
            Display(settings.layout, settings.speed_mm_per_s, settings.gain_mm_per_mv, settings.half_standard,
                    settings.filter), versions)

    def count(self) -> None:
        """Add the time since it was last counted, unless the window was locked meanwhile."""
        now_s = self._now_s()
        if self._here is not None and self._since_s is not None and not self._locked():
            self._here.seconds += now_s - self._since_s
        self._since_s = now_s if self._counts else None

    @property
    def _counts(self) -> bool:
        """Whether somebody can be reading now."""
        return self._here is not None and _in_front() and not self._locked()

    def _front_changed(self, _state: Qt.ApplicationState) -> None:
        self.count()


def _in_front() -> bool:
    return QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
