"""What begins once the window has been painted: the list and the model, the demo, an import, a look at the clock."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication

from peace_desktop.library.clock import clock_behind
from peace_desktop.texts import _
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.message_area import Message
from peace_desktop.ui.start.after_crash import safe_mode_words
from peace_desktop.ui.start.file_open import FileOpen
from peace_desktop.ui.start.hand_over import TakeOver


def begin(window: MainWindow, paths: Sequence[Path], *, safe_mode: bool) -> None:
    """paths: recordings and folders that are to be imported."""
    if safe_mode:
        window.setWindowTitle(_("{title} \N{MIDDLE DOT} SAFE MODE").format(title=window.windowTitle()))
        window.messages.say(Message(safe_mode_words(), "", calm=True))
    library, lanes = window.services.library, window.services.lanes
    if window.is_demo:
        # The model waits: loading it beside the simulation would make both slower.
        _make_demo(window, then=window.begin)
    else:
        window.begin()
    if not window.is_demo:
        TakeOver(window)
        FileOpen(QApplication.instance() or window, partial(_open, window), window)
    if paths:
        window.files.import_paths(tuple(paths))
    window.bridge.watch(lanes.library.submit(clock_behind, library), done=partial(_say_clock, window),
                        failed=partial(window.fail, _("The audit trail could not be read.")))


def _open(window: MainWindow, paths: tuple[Path, ...]) -> None:
    """A locked window takes nothing, as from a second start."""
    if not window.access.locked:
        window.files.import_paths(paths)


def _say_clock(window: MainWindow, behind: timedelta) -> None:
    if behind:
        window.messages.say(Message(_(
            "The computer's clock is behind: the library was written to at a later time than it shows now. What is "
            "saved is safe and keeps its order. Set the clock right before you sign, because its time is printed."),
            ""))


def _make_demo(window: MainWindow, place: int = 0, *, then: Callable[[], None]) -> None:
    """One recording after the other, so that the first can be opened while the others are made."""
    from peace_desktop.jobs.demo import add_demo_recording

    def made(more: bool) -> None:
        if not window.reload_soon.isActive():
            window.reload_soon.start()
        if more:
            _make_demo(window, place + 1, then=then)
        else:
            then()

    def failed(error: BaseException) -> None:
        window.fail(_("The demo could not be made."), error)
        then()

    window.bridge.watch(window.services.lanes.library.submit(add_demo_recording, window.services.library, place),
                        done=made, failed=failed)
