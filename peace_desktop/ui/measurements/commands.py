"""Opening the median beat, and keeping what a reader marked on it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QMainWindow

from peace_desktop.jobs.measured_beat import MeasuredBeat, NoBeat, measured_beat
from peace_desktop.jobs.operation import Operation
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.case_state import CaseState
from peace_desktop.ui.measurements.beat_dialog import BeatDialog
from peace_desktop.ui.measurements.edits import MeasurementEdits
from peace_desktop.ui.message_area import Message
from peace_desktop.ui.reading_state import Readings
from peace_desktop.ui.services import Services
from peace_desktop.ui.trace.scale import ScreenScale


class BeatCommands(QObject):
    """dialog: the median beat that is open, None without one."""

    def __init__(self, services: Services, bridge: Bridge, *, window: QMainWindow, case: CaseState, readings: Readings,
                 edits: MeasurementEdits, named: Callable[[], str], title: Callable[[], str],
                 screen: Callable[[], ScreenScale], say: Callable[[Message], None],
                 failed: Callable[[str, BaseException], None]) -> None:
        """named: the reader's name, asked for the first time it is needed, "" when the reader would not say."""
        super().__init__(window)
        self._services = services
        self._bridge = bridge
        self._window = window
        self._case = case
        self._readings = readings
        self._edits = edits
        self._named = named
        self._title = title
        self._screen = screen
        self._say = say
        self._failed = failed
        self._under_way: Operation[MeasuredBeat | NoBeat] | None = None
        self.dialog: BeatDialog | None = None

    def open(self) -> None:
        """Draw the median beat of the shown recording once it is computed."""
        analysis, shown = self._case.analysis, self._case.shown
        if analysis is None or self.dialog is not None:
            return
        asked = self._under_way = self._services.lanes.work.submit(measured_beat, analysis.part)
        # Asked for twice it opens once: only the newest request is answered.
        self._bridge.watch(
            asked, done=self._opened,
            failed=lambda error: self._failed(_("The median beat could not be computed."), error),
            wanted=lambda: self._under_way is asked and self._case.shown == shown and self._case.analysis is not None)

    def _opened(self, measured: MeasuredBeat | NoBeat) -> None:
        analysis = self._case.analysis
        if isinstance(measured, NoBeat) or analysis is None:
            reason = _(measured.reason) if isinstance(measured, NoBeat) else ""
            self._say(Message(_("There is no median beat to mark: {reason}.").format(reason=reason), "", calm=True))
            return
        edit = self._edits.in_force
        free = self._window.screen().availableGeometry().size()
        dialog = BeatDialog(
            measured, analysis.measurements, title=self._title(),
            in_force=edit.boundaries if edit is not None else None, history=self._edits.edits,
            why_not=self._why_not(), screen=self._screen(),
            room=QSize(min(free.width(), max(self._window.width(), 1100)),
                       min(free.height(), max(self._window.height(), 640))), parent=self._window)
        self.dialog = dialog
        shown = self._case.shown

        def ended(_result: int) -> None:
            self.dialog = None
            dialog.deleteLater()
            if dialog.result() == BeatDialog.DialogCode.Accepted and dialog.changed and self._case.shown == shown:
                self._keep(dialog)

        dialog.finished.connect(ended)
        dialog.open()

    def _keep(self, dialog: BeatDialog) -> None:
        reader = self._named()
        if reader:
            self._edits.keep(dialog.boundaries, automatic=dialog.automatic, reader=reader)

    def _why_not(self) -> str:
        if self._readings.final:
            return _("This reading is signed: its measurements stay as they are. Amend it to edit them.")
        if self._case.analysis is not None and self._case.analysis.section is not None:
            return _("A long recording has a median beat a section: its handles cannot be moved.")
        return "" if self._readings.editable else _("The reading is not open now: the handles cannot be moved.")
