"""The start, top to bottom: crash file, what the last run left, one window after the other until the last is closed."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QApplication, QMessageBox

from peace_desktop import __version__
from peace_desktop.app import Application, Options
from peace_desktop.crash_file import CrashFile
from peace_desktop.library.at_rest import AtRest
from peace_desktop.library.damage import DamagedLibrary
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.key_file import WrappedKey
from peace_desktop.library.lock import LibraryInUse
from peace_desktop.library.restore import restore
from peace_desktop.paths import Places, places
from peace_desktop.texts import _
from peace_desktop.ui.access.start import Declined
from peace_desktop.ui.backups.at_start import ask_after_damage
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.settings_store import SettingsStore
from peace_desktop.ui.start.after_crash import ask_after_crash
from peace_desktop.ui.start.dress import dress, qt_application
from peace_desktop.ui.start.faults import LastResort
from peace_desktop.ui.start.first_run import FirstRun
from peace_desktop.ui.start.hand_over import hand_over
from peace_desktop.ui.start.termination import OrderlyEnd

EXIT_REFUSED, EXIT_FAULT = 1, 3


def run(options: Options) -> int:
    """The application until its last window is closed; returns the exit status."""
    home, application = places(options.data_dir), qt_application()
    try:
        crash = CrashFile(home.logs)
    except OSError as error:
        dress(application, SettingsStore(home.settings_file).settings)
        _warn(_("The folder of settings and log cannot be written to ({reason}): {folder}. Nothing was changed. Look "
                "at its permissions, or name another one with --data-dir.").format(
                    reason=error.strerror, folder=home.data))
        return EXIT_REFUSED
    with crash, LastResort(crash), OrderlyEnd():
        if crash.left is not None and not options.safe_mode:
            dress(application, SettingsStore(home.settings_file, safe_mode=True).settings)
            options = replace(options, safe_mode=ask_after_crash(crash.left))
        crash.note(f"Qt {qVersion()}, safe mode {'on' if options.safe_mode else 'off'}")
        return _windows(options, home, crash)
    return EXIT_FAULT


def _windows(options: Options, home: Places, crash: CrashFile) -> int:
    """One window after the other: a backup is brought back between two, and one's own library follows the demo."""
    first = FirstRun(usual=home.library, given=options.library, paths=options.paths)
    own = options
    try:
        while True:
            ended = _one_window(options, first, crash)
            if ended.restores is not None:
                restore(ended.folder, ended.restores, application_version=__version__,
                        unlock=partial(_known, ended.at_rest))
            elif ended.demo:
                own, options = options, replace(options, is_demo=True, leads_on=True, paths=())
            elif ended.goes_on:
                options = own
            else:
                return ended.status
    except Declined:
        return EXIT_REFUSED
    except LibraryInUse as error:
        if hand_over(error.folder, first.take_paths()):
            return 0
        _warn(str(error))
        return EXIT_REFUSED
    except LibraryError as error:
        _warn(str(error))
        return EXIT_REFUSED


@dataclass(frozen=True)
class _Ended:
    """What a window left: its library's folder and how it is read, and what comes next.

    restores: the backup that was chosen. demo, goes_on: the demo, or one's own library, is to follow.
    """

    folder: Path
    at_rest: AtRest
    status: int = 0
    restores: Path | None = None
    demo: bool = False
    goes_on: bool = False


def _one_window(options: Options, first: FirstRun, crash: CrashFile) -> _Ended:
    """One window until it is closed. Of a library that is damaged, the backup that was chosen instead."""
    try:
        with Application(options, ask_first=first.ask, ask_new=first.keep, crash=crash) as running:
            demo = first.settle(running.library)
            status = 0
            if not demo:
                running.show(replace(options, paths=() if options.is_demo else first.take_paths()))
                status = QApplication.exec()
    except DamagedLibrary as damage:
        print(damage, file=sys.stderr)
        return _Ended(damage.folder, damage.at_rest, EXIT_REFUSED, restores=ask_after_damage(damage))
    if running.backup_problem:
        _warn(_("No backup was kept on closing. {reason}").format(reason=running.backup_problem))
    return _Ended(running.library.folder, running.library.at_rest, status, running.brings_back, demo, running.goes_on)


def _known(at_rest: AtRest, _key: WrappedKey) -> AtRest:
    return at_rest


def _warn(sentence: str) -> None:
    print(sentence, file=sys.stderr)
    QMessageBox.warning(None, _("PEACE Desktop"), sentence)


def self_test(argv: Sequence[str] = ()) -> int:
    """Open the demo offscreen, predict, explain, report; print what ran. 0 when all of it worked, 1 when not."""
    from peace_desktop.ui.rehearsal import check_everything

    del argv
    return _rehearse(check_everything)


def demo_pictures(folder: Path) -> int:
    """Pictures of the demo's window and its reports, for a machine without a display."""
    from peace_desktop.ui.rehearsal import take_pictures

    return _rehearse(lambda window: take_pictures(window, folder))


def _rehearse(play: Callable[[MainWindow], int]) -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    options = Options(is_demo=True)
    with Application(options, ask_first=lambda _store: True) as running:
        running.show(options)
        return play(running.window)
