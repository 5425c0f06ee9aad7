"""One import under way, in a lane of its own: reading and saving go on in between, whatever its length."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from peace_desktop.jobs.import_outcomes import Outcome
from peace_desktop.jobs.importing import Import
from peace_desktop.jobs.lanes import Lanes
from peace_desktop.jobs.operation import Report
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.records import Keep
from peace_desktop.library.repository import Library
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_model.ecg.formats.registry import FoundFile, ReadOptions

_LISTED_MS = 2000
"""The worklist shows what came in so often, and no oftener: reading thousands of its rows takes the window's time."""


class ImportRun(QObject):
    """outcomes: the fate of every file so far. Cancelling keeps what was imported; `go_on` takes the rest.

    progressed: files done, files there are (0 while folders are still walked), the file that comes now. taken: more
    recordings are in the library, told now and then.
    """

    progressed = Signal(int, int, str)
    taken = Signal()
    looked = Signal()
    finished = Signal()

    def __init__(self, library: Library, lanes: Lanes, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._lanes = lanes
        self._bridge = bridge
        self._import: Import | None = None
        self._cancelled = False
        self._writes = False
        self._listed = QElapsedTimer()
        self.trouble = ""
        self.progressed.connect(self._tell_taken)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return self._import.outcomes if self._import is not None else ()

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    @property
    def left(self) -> int:
        """How many files are still to be imported."""
        return self._import.left if self._import is not None else 0

    @property
    def n_found(self) -> int:
        """How many files were found so far."""
        return self._import.n_found if self._import is not None else 0

    @property
    def looked_at(self) -> bool:
        """Whether something is known of every file."""
        return self._import is not None and self._import.looked_at

    def outcomes_since(self, number: int) -> tuple[Outcome, ...]:
        """What became known after the first `number` outcomes; cheap, however many there are."""
        return self._import.outcomes_since(number) if self._import is not None else ()

    def look(self, paths: tuple[Path, ...]) -> None:
        """Find out what would become of every file; `looked` follows, and nothing is imported before `go_on`."""
        self._import = Import(self._library, paths)
        self.look_on()

    def look_on(self) -> None:
        """Look at what a cancelled look left, or at what has been answered for."""
        self._cancelled = False
        self._writes = False
        self._begun.go_on()
        self._work(self._begun.look, self.looked.emit)

    def go_on(self, *, keep: Keep | None = None) -> None:
        """Import what was looked at, or what a cancelled import left. keep: what of the person is kept."""
        self._cancelled = False
        self._writes = True
        self._listed.start()
        self._begun.go_on()
        if keep is not None:
            self._begun.keep = keep
        self._work(self._begun.run, self.finished.emit)

    def retry(self, options: ReadOptions, files: tuple[FoundFile, ...], *, keep: Keep | None = None) -> None:
        """Import files that asked, with what the reader answered."""
        self._begun.answer(options, files)
        self.go_on(keep=keep)

    def answer(self, options: ReadOptions, files: tuple[FoundFile, ...]) -> None:
        """Look again at files that asked, with what the reader answered; nothing is imported."""
        self._begun.answer(options, files)
        self.look_on()

    def release(self) -> None:
        """Lets go of the samples kept for an import that does not follow."""
        if self._import is not None:
            self._import.release()

    def cancel(self) -> None:
        self._cancelled = True
        if self._import is not None:
            self._import.stop()

    @property
    def _begun(self) -> Import:
        assert self._import is not None
        return self._import

    def _tell_taken(self) -> None:
        if self._writes and self._listed.hasExpired(_LISTED_MS):
            self._listed.start()
            self.taken.emit()

    def _work(self, step: Callable[..., tuple[Outcome, ...]], then: Callable[[], None]) -> None:
        """Runs a step in the import's lane; a cancelled one ends by itself."""
        self.trouble = ""

        def done(_outcomes: tuple[Outcome, ...]) -> None:
            then()

        def failed(error: BaseException) -> None:
            self.trouble = str(error) if isinstance(error, LibraryError) else _(
                "The files could not be looked through: {reason}").format(
                    reason=getattr(error, "strerror", None) or type(error).__name__)
            then()

        def carry_out(*, progress: Report) -> tuple[Outcome, ...]:
            return step(progress=progress)

        self._bridge.watch(self._lanes.imports.submit(carry_out, progress=self._bridge.listener(self.progressed.emit)),
                           done=done, failed=failed)
