"""One import under way: looks for recordings, then reads and keeps them one by one, so that lanes stay free between."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from peace_desktop.jobs.importing import Fate, Outcome, keep, look_for, read_found, refused
from peace_desktop.jobs.lanes import Lanes
from peace_desktop.library.repository import Library
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_model.ecg.formats.registry import FoundFile, ReadOptions
from peace_model.ecg.recording import Recording, RecordingError


class ImportRun(QObject):
    """outcomes: the fate of every file so far. Cancelling keeps what was imported and leaves the rest."""

    progressed = Signal(int, int, str)
    finished = Signal()

    def __init__(self, library: Library, lanes: Lanes, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._lanes = lanes
        self._bridge = bridge
        self._waiting: list[FoundFile] = []
        self._options = ReadOptions()
        self._total = 0
        self._cancelled = False
        self.outcomes: list[Outcome] = []
        self.trouble = ""

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def start(self, paths: tuple[Path, ...]) -> None:
        """Look for recordings among files and folders, then import them."""
        self.progressed.emit(0, 0, _("Looking for recordings…"))
        self._bridge.watch(self._lanes.work.submit(look_for, paths), done=self._found, failed=self._stop)

    def retry(self, options: ReadOptions) -> None:
        """Import the files that asked, with what the reader answered."""
        asking = [outcome.found for outcome in self.outcomes if outcome.fate is Fate.ASKS]
        self.outcomes = [outcome for outcome in self.outcomes if outcome.fate is not Fate.ASKS]
        self._options = options
        self._found(tuple(asking))

    def cancel(self) -> None:
        self._cancelled = True

    def _found(self, found: tuple[FoundFile, ...]) -> None:
        self._waiting = list(found)
        self._total = len(found)
        self._next()

    def _next(self) -> None:
        if self._cancelled or not self._waiting:
            self.progressed.emit(self._total, self._total, "")
            self.finished.emit()
            return
        found = self._waiting.pop(0)
        self.progressed.emit(self._total - len(self._waiting) - 1, self._total, found.path.name)
        options = self._options

        def read(recording: Recording) -> None:
            self._bridge.watch(
                self._lanes.library.submit(keep, self._library, found, recording, options),
                done=self._settle, failed=lambda error: self._settle(Outcome(found, Fate.REFUSED, said=str(error))))

        def failed(error: BaseException) -> None:
            if isinstance(error, RecordingError):
                self._settle(refused(found, error))
            else:
                self._settle(Outcome(found, Fate.REFUSED, said=_(
                    "{file}: could not be read; the log has the details").format(file=found.path.name)))

        self._bridge.watch(self._lanes.work.submit(read_found, found, options), done=read, failed=failed)

    def _settle(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self._next()

    def _stop(self, error: BaseException) -> None:
        self.trouble = _("The files could not be looked through: {reason}").format(
            reason=getattr(error, "strerror", None) or type(error).__name__)
        self.finished.emit()
