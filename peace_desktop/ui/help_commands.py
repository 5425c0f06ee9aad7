"""Settings, help, keys and the page about the application: dialogs that stay beside the window."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from peace_desktop.jobs.model import ModelStatus
from peace_desktop.settings import Settings, changed
from peace_desktop.ui.help_viewer import HelpViewer, help_page_of
from peace_desktop.ui.key_sheet import KeySheet
from peace_desktop.ui.notice import AboutDialog
from peace_desktop.ui.services import Services
from peace_desktop.ui.settings_dialog import SettingsDialog
from peace_desktop.ui.start.choose_library import choose_library


class HelpCommands(QObject):
    """dialog: the newest of them, None before the first. focused: what help is asked about, None for everything."""

    def __init__(self, services: Services, *, window: QWidget, settings: Callable[[], Settings],
                 take: Callable[[Settings], None], status: Callable[[], ModelStatus | None],
                 focused: Callable[[], QWidget | None], language: str) -> None:
        super().__init__(window)
        self._services = services
        self._window = window
        self._settings = settings
        self._take = take
        self._status = status
        self._focused = focused
        self._language = language
        self.dialog: QDialog | None = None

    def settings(self) -> None:
        home = self._services.home
        dialog = SettingsDialog(
            self._settings(), self._window, signed_in=bool(self._services.library.signed_in),
            choose_library=None if self._services.is_demo else
            lambda folder, parent: choose_library(folder, usual=home.library, parent=parent))
        dialog.changed.connect(lambda key, value: self._take(changed(self._settings(), key, value)))
        self._show(dialog)

    def show_settings(self, settings: Settings) -> None:
        """What stands now, in the dialog too while it is there."""
        if isinstance(self.dialog, SettingsDialog):
            self.dialog.follow(settings, signed_in=bool(self._services.library.signed_in))

    def help(self) -> None:
        """The page about the part of the window that has the keyboard."""
        self._show(HelpViewer(self._language, self._window, page=help_page_of(self._focused())))

    def keys(self) -> None:
        self._show(KeySheet(self._window))

    def about(self) -> None:
        self._show(AboutDialog(version=self._services.version, status=self._status(),
                               library_folder=str(self._services.library.folder),
                               log_folder=str(self._services.home.logs), parent=self._window))

    def _show(self, dialog: QDialog) -> None:
        if self.dialog is not None:
            self.dialog.close()
            self.dialog.deleteLater()
        self.dialog = dialog
        dialog.show()
