"""Choosing, adding and removing bundles: checked and copied off the window's thread."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from peace_desktop.jobs.bundle_shelf import ShelvedBundle
from peace_desktop.settings import Settings, changed
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.bundles.dialog import BundlesDialog
from peace_desktop.ui.message_area import explain
from peace_desktop.ui.services import Services

T = TypeVar("T")


class BundleCommands(QObject):
    """dialog: the newest one, None before the first. take: hold, keep and show settings."""

    def __init__(self, services: Services, bridge: Bridge, *, window: QMainWindow, settings: Callable[[], Settings],
                 take: Callable[[Settings], None]) -> None:
        super().__init__(window)
        self._services, self._bridge, self._window = services, bridge, window
        self._settings, self._take = settings, take
        self.dialog: BundlesDialog | None = None

    def open(self) -> None:
        """The list of bundles."""
        if self.dialog is not None:
            self.dialog.close()
            self.dialog.deleteLater()
        dialog = self.dialog = BundlesDialog(self._window)
        dialog.chosen.connect(self._choose)
        dialog.added.connect(self.add)
        dialog.removed.connect(self._remove)
        dialog.open()
        self._list()

    def add(self, folder: Path) -> None:
        """Check a bundle and keep a copy; why it is refused is said."""
        self._ask(lambda: self._services.shelf.add(folder), self._added, _("The bundle was not added."))

    def _added(self, bundle: ShelvedBundle) -> None:
        self._say(_("Here now: {bundle}. It is asked once you use it.").format(bundle=bundle.title))
        self._list(mark=bundle.choice)

    def _choose(self, choice: str) -> None:
        self._take(changed(self._settings(), "bundle", choice))
        self._say("")
        self._list()

    def _remove(self, choice: str) -> None:
        def removed(_none: None) -> None:
            self._say(_("Removed. What it predicted stays in the library."))
            self._list()

        self._ask(lambda: self._services.shelf.remove(choice), removed, _("The bundle was not removed."))

    def _list(self, mark: str | None = None) -> None:
        def listed(bundles: tuple[ShelvedBundle, ...]) -> None:
            if self.dialog is not None:
                self.dialog.show_bundles(bundles, choice=self._settings().bundle, mark=mark)

        self._ask(self._services.shelf.all, listed, _("The bundles could not be listed."))

    def _ask(self, job: Callable[[], T], done: Callable[[T], None], what: str) -> None:
        """Beside the imports: a bundle is tens of megabytes, and its graph is run once."""
        dialog = self.dialog
        self._bridge.watch(self._services.lanes.imports.submit(job), done=done, wanted=lambda: self.dialog is dialog,
                           failed=lambda error: self._say(explain(what, error).text))

    def _say(self, words: str) -> None:
        if self.dialog is not None:
            self.dialog.say(words)
