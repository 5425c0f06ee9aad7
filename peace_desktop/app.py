"""Puts the application together: log, settings, library, language, theme, window. What is slow comes after it."""

import logging
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QTimer, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from peace_desktop import __version__
from peace_desktop.crash_file import CrashFile
from peace_desktop.jobs.lanes import Lanes
from peace_desktop.jobs.model import Model
from peace_desktop.jobs.table_profiles import TableProfiles
from peace_desktop.jobs.warm import open_predictor
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.key_file import Unlock, is_begun
from peace_desktop.library.ladder import keep_backup
from peace_desktop.library.repository import Library
from peace_desktop.logs import Log, describe_exception
from peace_desktop.paths import Places, places
from peace_desktop.settings import Settings
from peace_desktop.texts import _
from peace_desktop.ui import theme
from peace_desktop.ui.access.start import Declined, Doorkeeper
from peace_desktop.ui.findings.prediction_view import LabelName
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.notice import notice_sha256
from peace_desktop.ui.services import Services
from peace_desktop.ui.settings_store import SettingsStore, WindowMemory
from peace_desktop.ui.start import first_paint
from peace_desktop.ui.start.choose_library import find_again
from peace_desktop.ui.start.dress import dress, qt_application, speak
from peace_desktop.ui.start.faults import catch_faults
from peace_desktop.ui.start.qt_messages import log_qt
from peace_model.inference.session import Provider
from peace_model.labels.profile import READERS_PROFILE, load_profile

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class Options:
    """What the command line asked for. provider: None takes the setting. leads_on: the demo leads to one's own library.
    """

    paths: tuple[Path, ...] = ()
    is_demo: bool = False
    library: Path | None = None
    data_dir: Path | None = None
    safe_mode: bool = False
    provider: Provider | None = None
    leads_on: bool = False


class Application:
    """The running application; `close` ends lanes, library and log in this order. A context manager."""

    def __init__(self, options: Options, *, ask_first: Callable[[SettingsStore], bool],
                 make_model: Callable[[Provider], Model] | None = None,
                 ask_new: Callable[[Path], Unlock | None] = lambda _folder: None,
                 crash: CrashFile | None = None) -> None:
        """ask_first: the questions of the first start; False ends the application before a library is opened.
        ask_new: how a library that is about to be made in a folder is to be kept.
        make_model: None takes the bundle that comes with the application, or no model in safe mode.
        crash: where faults are written down beside the log.

        Raises LibraryError when the library cannot be opened, Declined when the reader declined.
        """
        self._stack = ExitStack()
        self.brings_back: Path | None = None
        """The backup that is to be brought back once everything is closed."""
        self.goes_on = False
        """Whether one's own library is to follow the demo."""
        self.backup_problem = ""
        """Why no backup was kept on closing."""
        try:
            self._compose(options, ask_first, ask_new, make_model or _model_maker(safe_mode=options.safe_mode), crash)
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
                 ask_new: Callable[[Path], Unlock | None], make_model: Callable[[Provider], Model],
                 crash: CrashFile | None) -> None:
        home = self._places(options)
        self._stack.callback(Log(home).close)
        qInstallMessageHandler(log_qt)
        self._stack.callback(qInstallMessageHandler, None)
        store = SettingsStore(home.settings_file, safe_mode=options.safe_mode)
        store.settings = _as_given(options, store.settings)
        application = qt_application()
        language = dress(application, store.settings)
        if options.is_demo:
            store.settings = replace(store.settings, reader_name=_("Demo reader"))
        asked = not store.settings.intended_use_accepted
        if asked:
            if not ask_first(store):
                raise Declined
            language = speak(application, store.settings.language)
        lanes = Lanes()
        ending = self._stack.enter_context(ExitStack())
        ending.callback(lanes.close)
        library = self._open_library(options, store, home, Doorkeeper(lanes.library), ask_new)
        if asked and store.settings.reader_name:
            library.record_acceptance(store.settings.reader_name, notice_sha256())
            store.write(replace(store.settings, intended_use_accepted=True))
        # The lanes end before the library they write into.
        self._stack.push(ending.pop_all())
        self.library, self.lanes = library, lanes
        services = Services(library=library, lanes=lanes, make_model=make_model,
                            labels=tuple(LabelName(label.code, label.name)
                                         for label in load_profile(READERS_PROFILE).labels),
                            profiles=TableProfiles(home.table_profiles), home=home, version=__version__,
                            is_demo=options.is_demo, leads_on=options.leads_on)
        memory = WindowMemory(None if options.safe_mode else home.window_file)
        self.window = MainWindow(services, store, memory, language=language)
        self._stack.callback(self._end_window)
        self.window.backups.wanted.connect(self._bring_back)
        self.window.stage.own_wanted.connect(self._go_on)
        application.styleHints().colorSchemeChanged.connect(self._recolour)
        self._stack.callback(application.styleHints().colorSchemeChanged.disconnect, self._recolour)
        self._stack.callback(catch_faults(self.window, crash))

    def _open_library(self, options: Options, store: SettingsStore, home: Places, door: Doorkeeper,
                      ask_new: Callable[[Path], Unlock | None]) -> Library:
        """The library, with the reader signed in. Raises Declined and LibraryError."""
        folder = home.library
        if options.library is not None and not options.is_demo:
            folder = options.library
        elif store.settings.library_folder:
            found = find_again(store.settings.library_folder, usual=home.library)
            store.write(replace(store.settings, library_folder=found))
            folder = Path(found) if found else home.library
        unlock = ask_new(folder) if not options.is_demo and not is_begun(folder) else None
        library = open_library(folder, application_version=__version__, unlock=unlock or door.unlock)
        self._stack.callback(library.close)
        if not options.is_demo:
            self._stack.callback(self._keep_backup, library)
        reader = door.sign_in(library, store.settings.reader_name)
        store.write(replace(store.settings, reader_name=reader))
        if reader:
            library.add_reader(reader)
        return library

    def show(self, options: Options) -> None:
        """Show the window; after its first paint the demo is made, or the paths are imported."""
        self.window.show()
        QTimer.singleShot(0, lambda: first_paint.begin(self.window, options.paths, safe_mode=options.safe_mode))

    def _bring_back(self, file: Path) -> None:
        self.brings_back = file if self.window.close() else None

    def _go_on(self) -> None:
        self.goes_on = self.window.close()

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

    def _recolour(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.refresh(application)
            self.window.actions_.refresh_icons()


def _as_given(options: Options, settings: Settings) -> Settings:
    """What the command line says holds for this run. The demo speaks and looks as the reader's own window does."""
    if options.provider is not None:
        settings = replace(settings, provider=options.provider)
    if options.is_demo:
        own = SettingsStore(places(options.data_dir).settings_file).settings
        settings = replace(settings, language=own.language, theme=own.theme, intended_use_accepted=True)
    return settings


def _model_maker(*, safe_mode: bool) -> Callable[[Provider], Model]:
    def make(provider: Provider) -> Model:
        if safe_mode:
            return Model(None, left_out=_("left out on purpose (safe mode)"))
        return Model(lambda: open_predictor(provider=provider))

    return make
