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
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QMessageLogContext, QTimer, QtMsgType, QTranslator, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QMessageBox

from peace_desktop import __version__
from peace_desktop.jobs.lanes import Lanes
from peace_desktop.jobs.model import Model
from peace_desktop.jobs.table_profiles import TableProfiles
from peace_desktop.jobs.warm import open_predictor
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError
from peace_desktop.logs import Log, describe_exception
from peace_desktop.paths import Places, places
from peace_desktop.texts import _, use_language
from peace_desktop.ui import theme
from peace_desktop.ui.access.start import Declined, Doorkeeper
from peace_desktop.ui.findings.prediction_view import LabelName
from peace_desktop.ui.main_window import MainWindow
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
                 make_model: Callable[[Provider], Model] | None = None) -> None:
        """ask_first: shows the intended use; False ends the application before a library is opened.
        make_model: None takes the bundle that comes with the application, or no model in safe mode.

        Raises LibraryError when the library cannot be opened, Declined when the reader declined.
        """
        self._stack = ExitStack()
        try:
            self._compose(options, ask_first, make_model or _model_maker(safe_mode=options.safe_mode))
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> "Application":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self._stack.close()

    def _compose(self, options: Options, ask_first: Callable[[SettingsStore], bool],
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
        asked = not store.settings.intended_use_accepted
        if asked and not ask_first(store):
            raise Declined
        lanes = Lanes()
        ending = self._stack.enter_context(ExitStack())
        ending.callback(lanes.close)
        door = Doorkeeper(lanes.library)
        library = open_library(self._library_folder(options, home), application_version=__version__,
                               unlock=door.unlock)
        self._stack.callback(library.close)
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
    """The application until its window is closed; returns the exit status."""
    try:
        with Application(options, ask_first=ask_intended_use) as running:
            running.show(options)
            return QApplication.exec()
    except Declined:
        return EXIT_REFUSED
    except LibraryError as error:
        print(error, file=sys.stderr)
        QMessageBox.warning(None, _("PEACE Desktop"), str(error))
        return EXIT_REFUSED


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
