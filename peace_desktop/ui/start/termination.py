"""Asked to end by the system, as at logout and shutdown, the application ends as if its window had been closed."""

import signal
import socket
from types import FrameType, TracebackType

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class OrderlyEnd:
    """A context manager for the main thread, once there is a QApplication.

    While Qt waits, Python's own handlers are not reached: a socket wakes it.
    """

    def __enter__(self) -> "OrderlyEnd":
        self._ours, self._theirs = socket.socketpair()
        for end in (self._ours, self._theirs):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._end)
        self._wakeup_before = signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        self._before = [(number, signal.signal(number, _wake)) for number in _SIGNALS]
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None,
                 _traceback: TracebackType | None) -> None:
        for number, handler in self._before:
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        self._notifier.setEnabled(False)
        self._ours.close()
        self._theirs.close()

    def _end(self) -> None:
        self._ours.recv(64)
        QApplication.closeAllWindows()


def _wake(_number: int, _frame: FrameType | None) -> None:
    """The number is written into the socket all the same."""
