"""When the program itself is at fault: written down without patient data, said, and the window goes on where it can."""

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtWidgets import QMessageBox

from peace_desktop.crash_file import CrashFile
from peace_desktop.logs import describe_exception
from peace_desktop.texts import _
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.message_area import Message

LOGGER = logging.getLogger(__name__)


def crash_message(error: BaseException, crash: CrashFile | None) -> Message:
    """What is said of a fault that the window survives."""
    said = _("Something went wrong inside the program; it goes on, and what was saved is safe. If it happens again, "
             "copy the details and report them.")
    if crash is not None:
        said += " " + _("They also stand in {file}.").format(file=crash.path)
    return Message(said, describe_exception(error))


def catch_faults(window: MainWindow, crash: CrashFile | None) -> Callable[[], None]:
    """From now on a fault in a handler or a lane is written down and said in the window; returns how to end that."""
    before, before_thread = sys.excepthook, threading.excepthook

    def note(error: BaseException) -> None:
        LOGGER.error("unexpected fault: %s", describe_exception(error))
        if crash is not None:
            crash.write(error)

    def in_window(_type: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
        note(error)
        window.messages.say(crash_message(error, crash))

    def in_thread(happened: threading.ExceptHookArgs) -> None:
        error = happened.exc_value
        if error is not None:
            note(error)
            window.bridge.listener(lambda *_nothing: window.messages.say(crash_message(error, crash)))(0, 0, "")

    sys.excepthook, threading.excepthook = in_window, in_thread

    def give_back() -> None:
        sys.excepthook, threading.excepthook = before, before_thread

    return give_back


class LastResort:
    """Around everything the application does: a fault that no window survives is written down and said.

    A context manager that lets nothing but faults of the program end in it.
    """

    def __init__(self, crash: CrashFile) -> None:
        self._crash = crash

    def __enter__(self) -> "LastResort":
        return self

    def __exit__(self, _kind: type[BaseException] | None, error: BaseException | None,
                 _traceback: TracebackType | None) -> bool:
        if not isinstance(error, Exception):
            return False
        self._crash.write(error)
        print(describe_exception(error), file=sys.stderr)
        QMessageBox.critical(None, _("PEACE Desktop"), _(
            "Something went wrong inside the program, and it has to end. What was saved is safe: drafts and signatures "
            "are saved as they are made. What is known stands, without patient data, in {file}.").format(
                file=self._crash.path))
        return True
