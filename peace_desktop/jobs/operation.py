"""One piece of work in a lane: a future that can report progress and be cancelled between two steps."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")

Report = Callable[[int, int, str], None]
"""What a working function calls: (done, total, text). Raises `Cancelled` once the operation was cancelled."""

ProgressListener = Callable[[int, int, str], None]
"""What is told of the progress, in the lane's thread."""


class Cancelled(Exception):
    """The operation was cancelled while it ran."""


class Operation(Future[T]):
    """A future with a cancel event: cancelling also stops work that already runs, at its next progress report."""

    def __init__(self, listener: ProgressListener | None = None) -> None:
        super().__init__()
        self.cancel_event = threading.Event()
        self._listener = listener

    def cancel(self) -> bool:
        """Ask to stop. True when it had not begun; a running one ends with `Cancelled` at its next report."""
        self.cancel_event.set()
        return super().cancel()

    def report(self, done: int, total: int, text: str = "") -> None:
        """Tell the listener, and stop here when cancelled."""
        if self.cancel_event.is_set():
            raise Cancelled
        if self._listener is not None:
            self._listener(done, total, text)

    def run(self, call: Callable[[], T]) -> None:
        """Run the call in the current thread and keep its result or its error for whoever asks."""
        try:
            result = call()
        except BaseException as error:  # noqa: BLE001  a future carries every error to the one who asked
            self.set_exception(error)
        else:
            self.set_result(result)
