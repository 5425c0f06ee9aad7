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
    """Values stay here until the library has them; one that it refused is tried again by `save_again`."""

    changed = Signal()
    saved = Signal(bool)
    """True when everything is in the library, False while something is on its way or was refused."""
    stored = Signal()
    closed = Signal(object)
    """A reading was locked, revealed or signed: as it now stands in the library, also when another is shown by now."""
    failed = Signal(str, object)

    def __init__(self, services: Services, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._recording, self._reader = "", ""
        self._waiting: dict[str, Reading] = {}
        """The newest value of every reading that is not in the library yet, by its id."""
        self._refused: set[str] = set()
        """Those of them that nothing is under way for."""
        self._closing = False
        self.on_the_way = 0

    @property
    def unsaved(self) -> int:
        """Of how many readings the last change is here only, because the library refused it."""
        return len(self._refused)

    def save_again(self) -> None:
        """Try again what the library refused: before another save, before something else is shown, before the end."""
        refused, self._refused = self._refused, set()
        for reading_id in sorted(refused):
            self._send(self._waiting[reading_id])

    def _close(self, operation: Operation[Stored], reading_id: str, *, then: Callable[[Stored], None],
               refused: str) -> None:
        """End the draft: nothing is editable until the library answers; where it refuses, the draft stays."""
        place = self._recording, self._reader
        self._closing = True
        self._went()

        def ended() -> bool:
            here = (self._recording, self._reader) == place
            if here:
                self._closing = False
            return here

        def done(stored: Stored) -> None:
            self._waiting.pop(reading_id, None)
            self._refused.discard(reading_id)
            self._came()
            if isinstance(stored, Reading):
                self.closed.emit(stored)
            if ended():
                then(stored)
                self.changed.emit()
            self.stored.emit()

        def failed(error: BaseException) -> None:
            self._came()
            if ended():
                self.changed.emit()
            self.failed.emit(refused, error)

        self._bridge.watch(operation, done=done, failed=failed)
        self.changed.emit()

    def _save(self, reading: Reading) -> None:
        self._waiting[reading.reading_id] = reading
        self._refused.discard(reading.reading_id)  # This value says all that the one before it said.
        self.save_again()
        self._send(reading)

    def _send(self, reading: Reading) -> None:
        self._went()

        def newest() -> bool:
            return self._waiting.get(reading.reading_id) == reading

        def done(_stored: Reading) -> None:
            if newest():
                del self._waiting[reading.reading_id]
            self._came()
            self.stored.emit()

        def failed(error: BaseException) -> None:
            last = newest()
            if last:
                self._refused.add(reading.reading_id)
            self._came()
            if last:
                self.failed.emit(_("The last change was not saved; it stands in this window and is tried again."),
                                 error)

        self._bridge.watch(self._services.lanes.library.submit(self._services.library.save_reading, reading),
                           done=done, failed=failed)

    def _went(self) -> None:
        self.on_the_way += 1
        self.saved.emit(False)

    def _came(self) -> None:
        self.on_the_way -= 1
        self.saved.emit(self.on_the_way == 0 and not self._refused)
