"""Work off the window's thread: a lane for the library, one for imports, one for the rest, a single worker each.

One worker per lane means that a reader's writes never overlap and that analyses finish in the order asked for.
Qt-free: `ui/bridge.py` brings results to the window's thread.
"""

import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from peace_desktop.jobs.operation import Operation, ProgressListener

T = TypeVar("T")


class Lane:
    """A queue with one worker thread. Safe to call from any thread."""

    def __init__(self, name: str) -> None:
        self._queue: queue.SimpleQueue[tuple[Operation[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._pending: set[Operation[Any]] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=name)
        self._thread.start()

    def submit(self, fn: Callable[..., T], *args: Any, progress: ProgressListener | None = None,
               **kwargs: Any) -> Operation[T]:
        """Queue `fn(*args, **kwargs)`.

        With `progress`, fn is called with a further keyword `progress`: a function (done, total, text) which tells the
        listener (in this lane's thread) and raises `Cancelled` once the operation was cancelled.
        Raises RuntimeError when the lane is closed.
        """
        operation: Operation[T] = Operation(progress)
        if progress is not None:
            kwargs["progress"] = operation.report
        with self._lock:
            if self._closed:
                raise RuntimeError("the lane is closed")
            self._pending.add(operation)
            self._queue.put((operation, lambda: fn(*args, **kwargs)))
        operation.add_done_callback(self._forget)
        return operation

    def close(self, *, cancel: bool = False) -> None:
        """Finish what is queued (or cancel it) and end the worker; returns when it ended."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
            pending = list(self._pending)
        if cancel:
            for operation in pending:
                operation.cancel()
        self._thread.join()

    def _forget(self, operation: Any) -> None:
        with self._lock:
            self._pending.discard(operation)

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            operation, call = item
            if not operation.set_running_or_notify_cancel():
                continue
            operation.run(call)


class Lanes:
    """The three lanes of the application; an import, however long, keeps nobody waiting."""

    def __init__(self) -> None:
        self.library = Lane("library-lane")
        self.work = Lane("work-lane")
        self.imports = Lane("import-lane")

    def close(self) -> None:
        """Work is dropped, library writes are finished: nothing a reader did may be lost."""
        self.imports.close(cancel=True)
        self.work.close(cancel=True)
        self.library.close()
