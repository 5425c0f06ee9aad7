"""What a reader does with the worklist: the table, filters kept under names, flags."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from peace_desktop.jobs.worklist import FilterChoices, Kept, filter_choices, kept_filters
from peace_desktop.library.worklist import Worklist
from peace_desktop.library.worklist_filter import WorklistFilter
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.services import Services
from peace_desktop.ui.worklist.filter_dialog import FilterDialog
from peace_desktop.ui.worklist.listing import Listing
from peace_desktop.ui.worklist.panel import WorklistPanel
from peace_desktop.ui.worklist.table_page import WorklistPage

_SPARE_PX = 32


class ListingCommands(QObject):
    """reader: whose flags and filters they are. named: the same, asked for where nobody is named."""

    failed = Signal(str, object)

    def __init__(self, services: Services, bridge: Bridge, *, window: QWidget, listing: Listing, panel: WorklistPanel,
                 reader: Callable[[], str], named: Callable[[], str]) -> None:
        super().__init__(window)
        self._services = services
        self._bridge = bridge
        self._window = window
        self._listing = listing
        self._panel = panel
        self._reader = reader
        self._named = named
        self._kept: Mapping[str, WorklistFilter] = {}
        self.page = WorklistPage(listing, panel.model)
        self.page.hide()
        self.dialog: FilterDialog | None = None
        self._menu = QMenu(panel)
        self._menu.setObjectName("worklist_filters_menu")
        panel.filters.setMenu(self._menu)
        self._whose: str | None = None
        listing.listed.connect(self._listed)
        self._fill()

    def open_menu(self) -> None:
        """The kept filters, as they stand in the library."""
        button = self._panel.filters
        self.look(then=lambda: self._menu.popup(button.mapToGlobal(button.rect().bottomLeft())))

    def clear(self) -> None:
        """Every recording again."""
        self._listing.choose(WorklistFilter())

    def flag(self) -> None:
        """Set or take away the reader's mark on the shown recording."""
        row = self._listing.shown_row
        reader = self._named()
        if row is None or not reader:
            return
        self._write(Worklist(self._services.library).flag, row.sha256, reader=reader, flagged=not row.flagged,
                    what=_("The flag was not changed."), then=self._listing.read)

    def look(self, then: Callable[[], None] | None = None) -> None:
        """Read the kept filters and the names of the studies anew."""
        def found(kept: Kept) -> None:
            self._kept = kept.filters
            self._panel.show_studies(kept.studies)
            self._fill()
            if then is not None:
                then()

        self._bridge.watch(self._services.lanes.library.submit(
            kept_filters, self._services.library, reader=self._reader()), done=found, failed=lambda error:
                           self.failed.emit(_("The kept filters could not be read."), error))

    def choose(self) -> None:
        """Everything there is to filter and sort by."""
        self._bridge.watch(self._services.lanes.library.submit(filter_choices, self._services.library),
                           done=self._open, failed=lambda error: self.failed.emit(
                               _("The filters could not be listed."), error))

    def _open(self, choices: FilterChoices) -> None:
        self._panel.show_studies(dict(choices.studies))
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = FilterDialog(self._listing, choices, keep=self.keep, parent=self._window)
        self.dialog.show()

    def keep(self) -> None:
        """Ask for a name and keep what is chosen now under it."""
        reader = self._named()
        if not reader:
            return
        name, said = QInputDialog.getText(self.dialog or self._window, _("Keep this filter"),
                                          _("Name; one that has it already is replaced"))
        if said and name.strip():
            self._write(Worklist(self._services.library).keep_filter, name, self._listing.chosen, reader=reader,
                        what=_("The filter was not kept."), then=self.look)

    def _forget(self, name: str) -> None:
        self._write(Worklist(self._services.library).forget_filter, name, reader=self._reader(),
                    what=_("The filter was not forgotten."), then=self.look)

    def _write(self, call: Callable[..., None], *given: object, what: str, then: Callable[[], None],
               **named: object) -> None:
        self._bridge.watch(self._services.lanes.library.submit(partial(call, *given, **named)),
                           done=lambda _none: then(), failed=lambda error: self.failed.emit(what, error))

    def _listed(self) -> None:
        """The menu says what is chosen; another reader has other filters."""
        if self._reader() != self._whose:
            self._whose = self._reader()
            self.look()
        self._fill()

    def _fill(self) -> None:
        menu = self._menu
        menu.clear()
        for place, (name, chosen) in enumerate(self._kept.items(), 1):
            mnemonic = f"&{place}  " if place <= 9 else ""
            entry = menu.addAction(mnemonic + name.replace("&", "&&"), partial(self._listing.choose, chosen))
            entry.setCheckable(True)
            entry.setChecked(chosen == self._listing.chosen)
        if self._kept:
            menu.addSeparator()
        menu.addAction(_("&All recordings"), self.clear).setEnabled(bool(self._listing.chosen))
        menu.addAction(_("&Choose filters and order…"), self.choose)
        menu.addAction(_("&Keep this filter…"), self.keep).setEnabled(bool(self._listing.chosen))
        if self._kept:
            forget = menu.addMenu(_("&Forget"))
            for name in self._kept:
                forget.addAction(name.replace("&", "&&"), partial(self._forget, name))
        # The style measures Chinese with a key behind it too narrow, and would cut the longest line.
        menu.setMinimumWidth(0)
        menu.setMinimumWidth(menu.sizeHint().width() + _SPARE_PX)
