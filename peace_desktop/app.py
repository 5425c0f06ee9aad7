"""Puts the application together: log, settings, library, language, theme, window. What is slow comes after it."""

import logging
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QMessageLogContext, QTimer, QtMsgType, QTranslator, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QMessageBox

from peace_desktop import __version__
from peace_desktop.jobs.lanes import Lanes
from peace_desktop.jobs.model import Model
from peace_desktop.jobs.table_profiles import TableProfiles
from peace_desktop.jobs.warm import open_predictor
from peace_desktop.library.at_rest import AtRest
from peace_desktop.library.clock import clock_behind
from peace_desktop.library.damage import DamagedLibrary
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.key_file import WrappedKey, is_begun
from peace_desktop.library.ladder import keep_backup
from peace_desktop.library.repository import Library
from peace_desktop.library.restore import restore
from peace_desktop.logs import Log, describe_exception
from peace_desktop.paths import Places, places
from peace_desktop.texts import _, use_language
from peace_desktop.ui import theme
from peace_desktop.ui.access.new_library import ask_how_to_keep
from peace_desktop.ui.access.start import Declined, Doorkeeper
from peace_desktop.ui.backups.at_start import ask_after_damage
from peace_desktop.ui.findings.prediction_view import LabelName
from peace_desktop.ui.han_face import lend_han_face
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.message_area import Message
from peace_desktop.ui.notice import NoticeDialog, notice_sha256
from peace_desktop.ui.services import Services
from peace_desktop.ui.settings_store import SettingsStore, WindowMemory
from peace_model.inference.session import Provider
from peace_model.labels.profile import READERS_PROFILE, load_profile

LOGGER = logging.getLogger(__name__)
QT_LOGGER = logging.getLogger("peace_desktop.qt")
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO, QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR, QtMsgType.QtFatalMsg: logging.CRITICAL,
}
EXIT_REFUSED = 1


@dataclass(frozen=True)
class Options:
    """What the command line asked for. provider: None takes the setting."""

    paths: tuple[Path, ...] = ()
    is_demo: bool = False
    library: Path | None = None
    data_dir: Path | None = None
    safe_mode: bool = False
    provider: Provider | None = None


class Application:
    """The running application; `close` ends lanes, library and log in this order. A context manager."""

    def __init__(self, options: Options, *, ask_first: Callable[[SettingsStore], bool],
                 make_model: Callable[[Provider], Model] | None = None,
                 ask_new: Callable[[Path], None] = lambda _folder: None) -> None:
        """ask_first: shows the intended use; False ends the application before a library is opened.
        ask_new: how a library that is about to be made in a folder is to be kept.
        make_model: None takes the bundle that comes with the application, or no model in safe mode.

        Raises LibraryError when the library cannot be opened, Declined when the reader declined.
        """
        self._stack = ExitStack()
        self.brings_back: Path | None = None
        """The backup that is to be brought back once everything is closed."""
        self.backup_problem = ""
        """Why no backup was kept on closing."""
        try:
            self._compose(options, ask_first, ask_new, make_model or _model_maker(safe_mode=options.safe_mode))
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> "Application":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self._stack.close()

    def _compose(self, options: Options, ask_first: Callable[[SettingsStore], bool], ask_new: Callable[[Path], None],
                 make_model: Callable[[Provider], Model]) -> None:
        home = self._places(options)
        log = Log(home)
        self._stack.callback(log.close)
        qInstallMessageHandler(_log_qt)
        self._stack.callback(qInstallMessageHandler, None)
        store = SettingsStore(home.settings_file, safe_mode=options.safe_mode)
        settings = store.settings
        if options.provider is not None:
            settings = replace(settings, provider=options.provider)
        if options.is_demo:
            settings = replace(settings, reader_name=_("Demo reader"), intended_use_accepted=True)
        store.settings = settings
        language = use_language(settings.language)
        application = _qt_application()
        self._translate_qt(application, language)
        theme.apply_theme(application, settings.theme)
        lend_han_face(application)
        asked = not store.settings.intended_use_accepted
        if asked and not ask_first(store):
            raise Declined
        lanes = Lanes()
        ending = self._stack.enter_context(ExitStack())
        ending.callback(lanes.close)
        door = Doorkeeper(lanes.library)
        folder = self._library_folder(options, home)
        if not options.is_demo and not is_begun(folder):
            ask_new(folder)
        library = open_library(folder, application_version=__version__, unlock=door.unlock)
        self._stack.callback(library.close)
        if not options.is_demo:
            self._stack.callback(self._keep_backup, library)
        reader = door.sign_in(library, store.settings.reader_name)
        if reader != store.settings.reader_name:
            store.write(replace(store.settings, reader_name=reader))
        if asked and reader:
            library.record_acceptance(reader, notice_sha256())
        if reader:
            library.add_reader(reader)
        # The lanes end before the library they write into.
        self._stack.push(ending.pop_all())
        services = Services(library=library, lanes=lanes, make_model=make_model,
                            labels=tuple(LabelName(label.code, label.name)
                                         for label in load_profile(READERS_PROFILE).labels),
                            profiles=TableProfiles(home.table_profiles), version=__version__, is_demo=options.is_demo)
        self.library, self.lanes = library, lanes
        self.window = MainWindow(services, store, WindowMemory(home.window_file), language=language)
        self._stack.callback(self._end_window)
        self.window.backups.wanted.connect(self._bring_back)
        application.styleHints().colorSchemeChanged.connect(self._recolour)
        self._stack.callback(application.styleHints().colorSchemeChanged.disconnect, self._recolour)
        self._catch_faults()

    def show(self, options: Options) -> None:
        """Show the window; after its first paint the demo is made, or the paths are imported."""
        self.window.show()
        QTimer.singleShot(0, lambda: self._begin(options))

    def _begin(self, options: Options) -> None:
        if options.is_demo:
            # The model waits: loading it beside the simulation would make both slower.
            self._make_demo(then=self.window.begin)
        else:
            self.window.begin()
        if options.paths:
            self.window.files.import_paths(options.paths)
        self.window.bridge.watch(self.lanes.library.submit(clock_behind, self.library), done=self._say_clock,
                                 failed=partial(self.window.fail, _("The audit trail could not be read.")))

    def _say_clock(self, behind: timedelta) -> None:
        if behind:
            self.window.messages.say(Message(_(
                "The computer's clock is behind: the library was written to at a later time than it shows now. What is "
                "saved is safe and keeps its order. Set the clock right before you sign, because its time is printed."),
                ""))

    def _make_demo(self, place: int = 0, *, then: Callable[[], None]) -> None:
        """One recording after the other, so that the first can be opened while the others are made."""
        from peace_desktop.jobs.demo import add_demo_recording

        window = self.window

        def made(more: bool) -> None:
            if not window.reload_soon.isActive():
                window.reload_soon.start()
            if more:
                self._make_demo(place + 1, then=then)
            else:
                then()

        def failed(error: BaseException) -> None:
            window.fail(_("The demo could not be made."), error)
            then()

        window.bridge.watch(self.lanes.library.submit(add_demo_recording, self.library, place), done=made,
                            failed=failed)

    def _bring_back(self, file: Path) -> None:
        self.brings_back = file
        self.window.close()

    def _keep_backup(self, library: Library) -> None:
        """What is closed is kept, if something was written; a full disk must not keep anybody from closing."""
        try:
            keep_backup(library)
        except LibraryError as error:
            LOGGER.warning("no backup was kept: %s", describe_exception(error))
            self.backup_problem = str(error)

    def _end_window(self) -> None:
        """Before the lanes end: closing hands over what is still being typed."""
        self.window.close()
        self.window.deleteLater()

    def _places(self, options: Options) -> Places:
        if not options.is_demo:
            return places(options.data_dir)
        folder = Path(tempfile.mkdtemp(prefix="peace-demo-"))
        self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
        return places(folder)

    @staticmethod
    def _library_folder(options: Options, home: Places) -> Path:
        return home.library if options.library is None or options.is_demo else options.library

    def _translate_qt(self, application: QApplication, language: str) -> None:
        translator = QTranslator(application)
        if translator.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            application.installTranslator(translator)
            self._stack.callback(application.removeTranslator, translator)

    def _recolour(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.refresh(application)
            self.window.actions_.refresh_icons()

    def _catch_faults(self) -> None:
        """A fault in a handler is written down without patient data and said; the window goes on."""
        window, bridge = self.window, self.window.bridge
        before, before_thread = sys.excepthook, threading.excepthook

        def in_window(_type: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
            LOGGER.error("unexpected fault: %s", describe_exception(error))
            window.crashed(error)

        def in_thread(happened: threading.ExceptHookArgs) -> None:
            error = happened.exc_value
            if error is not None:
                LOGGER.error("unexpected fault in a lane: %s", describe_exception(error))
                bridge.listener(lambda *_nothing: window.crashed(error))(0, 0, "")

        sys.excepthook, threading.excepthook = in_window, in_thread

        def give_back() -> None:
            sys.excepthook, threading.excepthook = before, before_thread

        self._stack.callback(give_back)


def run(options: Options) -> int:
    """The application until its window is closed; returns the exit status. A backup is brought back between windows."""
    try:
        while True:
            folder, at_rest, chosen, status = _one_window(options)
            if chosen is None:
                return status
            restore(folder, chosen, application_version=__version__, unlock=partial(_known, at_rest))
    except Declined:
        return EXIT_REFUSED
    except LibraryError as error:
        _warn(str(error))
        return EXIT_REFUSED


def _known(at_rest: AtRest, _key: WrappedKey) -> AtRest:
    return at_rest


def _one_window(options: Options) -> tuple[Path, AtRest, Path | None, int]:
    """One window until it is closed: folder of the library, how it is read, the backup that is wanted, exit status.

    Of a library that is damaged, the backup that was chosen instead.
    """
    try:
        with Application(options, ask_first=ask_intended_use, ask_new=ask_how_to_keep) as running:
            running.show(options)
            status = QApplication.exec()
    except DamagedLibrary as damage:
        print(damage, file=sys.stderr)
        return damage.folder, damage.at_rest, ask_after_damage(damage), EXIT_REFUSED
    if running.backup_problem:
        _warn(_("No backup was kept on closing. {reason}").format(reason=running.backup_problem))
    return running.library.folder, running.library.at_rest, running.brings_back, status


def _warn(sentence: str) -> None:
    print(sentence, file=sys.stderr)
    QMessageBox.warning(None, _("PEACE Desktop"), sentence)


def ask_intended_use(store: SettingsStore) -> bool:
    """The notice at first start; what was answered is kept."""
    dialog = NoticeDialog(store.settings.reader_name)
    if dialog.exec() != NoticeDialog.DialogCode.Accepted:
        return False
    store.write(replace(store.settings, intended_use_accepted=True, reader_name=dialog.reader_name))
    return True


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


def _model_maker(*, safe_mode: bool) -> Callable[[Provider], Model]:
    def make(provider: Provider) -> Model:
        if safe_mode:
            return Model(None, left_out=_("left out on purpose (safe mode)"))
        return Model(lambda: open_predictor(provider=provider))

    return make


def _qt_application() -> QApplication:
    running = QApplication.instance()
    application = running if isinstance(running, QApplication) else QApplication(["peace-desktop"])
    application.setApplicationName("peace-desktop")
    application.setApplicationDisplayName("PEACE Desktop")
    application.setDesktopFileName("peace-desktop")
    return application


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    QT_LOGGER.log(_QT_LEVELS[kind], "%s", message)
