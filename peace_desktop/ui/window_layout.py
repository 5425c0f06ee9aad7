"""Where the parts of the window stand, what of it is remembered, and the ECG alone."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.actions import fill_menus
from peace_desktop.ui.help_viewer import PAGE
from peace_desktop.ui.settings_store import WindowMemory

if TYPE_CHECKING:
    from peace_desktop.ui.main_window import MainWindow

_WIDTHS_PX, _NARROW_PX = (236, 918, 446), (226, 400, 392)
"""Worklist, ECG and side column on a usual and on a small screen."""
_SIZE_PX = (1920, 1080)
_FRAME_PX = 40
"""Room for the title the window manager adds."""


def lay_out(window: "MainWindow", memory: WindowMemory) -> None:
    """Place the parts; sizes and folded panels as they were left."""
    window.setObjectName("main_window")
    window.setWindowTitle(_("PEACE Desktop \N{MIDDLE DOT} DEMO \N{MIDDLE DOT} SIMULATED")
                          if window.is_demo else _("PEACE Desktop"))
    window.setAcceptDrops(True)
    fill_menus(window, window.actions_)
    window.addToolBar(window.toolbar)
    window.menuBar().setCornerWidget(window.toolbar.reader)
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.setObjectName("columns")
    splitter.setChildrenCollapsible(False)
    for widget in (window.lists, window.stage, window.side, window.listing_commands.page):
        splitter.addWidget(widget)
    for part in (window.worklist, window.study_list):
        window.lists.addWidget(part)
    pages: dict[QWidget, str] = {
        window.worklist: "worklist.md", window.listing_commands.page: "worklist.md", window.study_list: "studies.md",
        window.stage.trace: "trace.md", window.side: "reading.md"}
    for shown, page in pages.items():
        shown.setProperty(PAGE, page)
    window.lists.setMinimumWidth(226)
    for place, stretch in enumerate((0, 1, 0, 1)):
        splitter.setStretchFactor(place, stretch)
    centre = QWidget()
    column = QVBoxLayout(centre)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(splitter, 1)
    column.addWidget(window.messages)
    window.setCentralWidget(centre)
    free = window.screen().availableGeometry()
    window.resize(min(_SIZE_PX[0], free.width()), min(_SIZE_PX[1], free.height() - _FRAME_PX))
    splitter.setSizes(list(_WIDTHS_PX if window.width() >= sum(_WIDTHS_PX) else _NARROW_PX))
    geometry, sizes = memory.bytes_of("geometry"), memory.bytes_of("columns")
    if geometry is not None:
        window.restoreGeometry(geometry)
    if sizes is not None:
        splitter.restoreState(sizes)
    folded = memory.names_of("folded")
    for panel in window.side.panels:
        panel.set_folded(panel.key in folded)
    for action_id in ("show_worklist", "show_case", "caliper_snapping"):
        window.actions_[action_id].setChecked(True)


def remember(window: "MainWindow", memory: WindowMemory) -> None:
    """Keep sizes and folded panels; not those of the ECG alone."""
    if window.actions_["ecg_alone"].isChecked():
        show_alone(window, alone=False)
    memory.keep("geometry", window.saveGeometry())
    splitter = window.findChild(QSplitter, "columns")
    if splitter is not None:
        memory.keep("columns", splitter.saveState())
    memory.keep("folded", [panel.key for panel in window.side.panels if panel.is_folded])
    memory.sync()


def show_parts(window: "MainWindow") -> None:
    """Show worklist and side column as their actions say."""
    window.lists.setVisible(window.actions_["show_worklist"].isChecked())
    table = window.actions_["worklist_table"].isChecked()
    window.side.setVisible(window.actions_["show_case"].isChecked() and not table)


def show_alone(window: "MainWindow", *, alone: bool) -> None:
    """The ECG with whose it is, on the whole screen, or everything again."""
    for part in (window.menuBar(), window.toolbar, window.statusBar(), window.lists, window.side):
        part.setVisible(not alone)
    if alone:
        window.showFullScreen()
        return
    window.showNormal()
    show_parts(window)
