"""The only way from a lane to the window: results arrive by one queued signal, and stale ones do not arrive at all."""

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from peace_desktop.jobs.operation import Cancelled, Operation, ProgressListener
from peace_desktop.logs import describe_exception

LOGGER = logging.getLogger(__name__)
T = TypeVar("T")


def always() -> bool:
    return True


class Bridge(QObject):
    """Lives in the window's thread; `watch` may be called there only."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: set[Operation[Any]] = set()
        self._closed = False
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def watch(self, operation: Operation[T], *, done: Callable[[T], None], failed: Callable[[BaseException], None],
              wanted: Callable[[], bool] = always) -> None:
        """Call `done(result)` or `failed(error)` in the window's thread, if `wanted()` still holds at that moment.

        Whoever shows one recording passes `wanted` so that an answer about another one never lands. A cancelled
        operation is not reported.
        """
        self._waiting.add(operation)

        def finish() -> None:
            self._waiting.discard(operation)
            if operation.cancelled():
                return
            error = operation.exception()
            if isinstance(error, Cancelled):
                return
            if error is not None:
                LOGGER.warning("an operation failed: %s", describe_exception(error))
            if not wanted():
                return
            if error is not None:
                failed(error)
            else:
                done(operation.result())

        operation.add_done_callback(lambda _operation: self._posted.emit(finish))

    def listener(self, told: Callable[[int, int, str], None]) -> ProgressListener:
        """A progress listener for a lane that calls `told` in the window's thread, with the newest progress only.

        A lane may tell of thousands of steps a second: what the window had no time for is overtaken by what came after.
        """
        newest: list[tuple[int, int, str]] = []
        lock = threading.Lock()

        def deliver() -> None:
            with lock:
                step = newest.pop()
            told(*step)

        def tell(done: int, total: int, text: str) -> None:
            with lock:
                waits = bool(newest)
                newest[:] = [(done, total, text)]
            if not waits:
                self._posted.emit(deliver)

        return tell

    @property
    def idle(self) -> bool:
        """Whether nothing is under way that would still be reported."""
        return not self._waiting

    def close(self) -> None:
        """Deliver nothing any more: the window is going, the lanes finish what they have."""
        self._closed = True

    @Slot(object)
    def _deliver(self, call: Callable[[], None]) -> None:
        if not self._closed:
            call()
