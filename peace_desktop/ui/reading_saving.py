"""Values of a reading on their way into the library: drafts at every change, ends of drafts one at a time."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from peace_desktop.jobs.operation import Operation
from peace_desktop.review.reading import Reading
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.services import Services

Stored = TypeVar("Stored")
"""What the library answers with when a draft has ended."""


class ReadingSaving(QObject):
    """unsaved: the last change is not in the library."""

    changed = Signal()
    saved = Signal(bool)
    """True when everything is in the library, False while something is on its way."""
    stored = Signal()
    closed = Signal(object)
    """A reading was locked, revealed or signed: as it now stands in the library, also when another is shown by now."""
    failed = Signal(str, object)

    def __init__(self, services: Services, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._recording = ""
        self._on_the_way = 0
        self._closing = False
        self.unsaved = False

    def _close(self, operation: Operation[Stored], *, then: Callable[[Stored], None], refused: str) -> None:
        """End the draft: nothing is editable until the library answers; where it refuses, the draft stays."""
        recording = self._recording
        self._closing = True
        self._went()

        def ended(*, failed: bool) -> bool:
            self._came(failed=failed)
            here = self._recording == recording
            if here:
                self._closing = False
            return here

        def done(stored: Stored) -> None:
            if isinstance(stored, Reading):
                self.closed.emit(stored)
            if ended(failed=False):
                then(stored)
                self.changed.emit()
            self.stored.emit()

        def failed(error: BaseException) -> None:
            if ended(failed=True):
                self.changed.emit()
            self.failed.emit(refused, error)

        self._bridge.watch(operation, done=done, failed=failed)
        self.changed.emit()

    def _save(self, reading: Reading) -> None:
        self._went()

        def done(_stored: Reading) -> None:
            self._came()
            self.stored.emit()

        def failed(error: BaseException) -> None:
            self._came(failed=True)
            self.failed.emit(_("The last change was not saved."), error)

        self._bridge.watch(self._services.lanes.library.submit(self._services.library.save_reading, reading),
                           done=done, failed=failed)

    def _went(self) -> None:
        self._on_the_way += 1
        self.saved.emit(False)

    def _came(self, *, failed: bool = False) -> None:
        self._on_the_way -= 1
        self.unsaved = failed
        self.saved.emit(self._on_the_way == 0 and not failed)
