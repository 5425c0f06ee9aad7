"""Opening the comparison, and fetching the recordings it asks for."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtWidgets import QMainWindow

from peace_desktop.jobs.comparison import ComparedRecording, compared, in_order, load_other, nearest
from peace_desktop.jobs.operation import Operation
from peace_desktop.library.records import RecordingRow
from peace_desktop.library.worklist import Worklist
from peace_desktop.review.measurement_edits import MeasurementEdit, edit_in_force
from peace_desktop.settings import Settings
from peace_desktop.texts import _, error_words
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.case_state import CaseState
from peace_desktop.ui.compare.dialog import CompareDialog
from peace_desktop.ui.measurements.edits import MeasurementEdits
from peace_desktop.ui.services import Services
from peace_desktop.ui.trace.scale import ScreenScale
from peace_model.ecg.recording import Recording


class CompareCommands(QObject):
    """dialog: the comparison that is open, None without one."""

    compared = Signal()
    """Another recording of the child stands beside this one."""

    def __init__(self, services: Services, bridge: Bridge, *, window: QMainWindow, case: CaseState,
                 edits: MeasurementEdits, settings: Callable[[], Settings], screen: Callable[[], ScreenScale],
                 failed: Callable[[str, BaseException], None]) -> None:
        super().__init__(window)
        self._services = services
        self._bridge = bridge
        self._window = window
        self._case = case
        self._edits = edits
        self._settings = settings
        self._screen = screen
        self._failed = failed
        self._here: ComparedRecording | None = None
        self._under_way: Operation[tuple[RecordingRow, ...]] | None = None
        self.dialog: CompareDialog | None = None

    def open(self) -> None:
        """Compare what is shown with the other recordings of its patient."""
        loaded, shown = self._case.loaded, self._case.shown
        if loaded is None or self.dialog is not None:
            return
        asked = self._under_way = self._services.lanes.library.submit(
            _patients_rows, self._services, shown, loaded.recording.patient_key)
        # Asked for twice it opens once: only the newest request is answered.
        self._bridge.watch(
            asked, done=self._opened, wanted=lambda: self._under_way is asked and self._case.loaded is loaded,
            failed=lambda error: self._failed(_("The other recordings could not be listed."), error))

    def _opened(self, rows: tuple[RecordingRow, ...]) -> None:
        shown = self._case.shown
        ordered, order = in_order(rows)
        row = next(row for row in rows if row.sha256 == shown)
        free = self._window.screen().availableGeometry().size()
        dialog = CompareDialog(row, [other for other in ordered if other.sha256 != shown], order,
                               settings=self._settings(), screen=self._screen(),
                               room=QSize(min(free.width(), max(self._window.width(), 1200)),
                                          min(free.height(), max(self._window.height(), 680))), parent=self._window)
        self.dialog = dialog
        self._here = None

        def ended(_result: int) -> None:
            self.dialog = None
            dialog.deleteLater()

        dialog.finished.connect(ended)
        dialog.asked.connect(lambda sha256: self._fetch(next(item for item in rows if item.sha256 == sha256), row))
        dialog.open()
        other = nearest(ordered, shown)
        if other is not None:
            dialog.choose(other.sha256)

    def _fetch(self, row: RecordingRow, here: RecordingRow) -> None:
        """The other recording from the library, then both measured; this one only once."""
        dialog, loaded = self.dialog, self._case.loaded
        if dialog is None or loaded is None:
            return
        dialog.show_waiting()
        asked = row.sha256

        def wanted() -> bool:
            return self.dialog is dialog and dialog.chosen == asked

        def failed(error: BaseException) -> None:
            dialog.show_failed(error_words(error))

        def measured(there: ComparedRecording) -> None:
            if self._here is not None:
                dialog.show_pair(self._here, there)
                self.compared.emit()

        def kept(side: ComparedRecording) -> None:
            self._here = side

        def fetched(found: tuple[Recording, tuple[MeasurementEdit, ...]]) -> None:
            if self._here is None:
                self._measure(here, loaded.recording, self._edits.in_force, done=kept, failed=failed,
                              wanted=lambda: self.dialog is dialog)
            recording, edits = found
            edit = edit_in_force(edits, reading=None, reader=self._edits.whose, signed_with={})
            self._measure(row, recording, edit, done=measured, failed=failed, wanted=wanted)

        self._bridge.watch(self._services.lanes.library.submit(
            load_other, self._services.library, asked, reader=self._settings().reader_name),
                           done=fetched, failed=failed, wanted=wanted)

    def _measure(self, row: RecordingRow, recording: Recording, edit: MeasurementEdit | None, *,
                 done: Callable[[ComparedRecording], None], failed: Callable[[BaseException], None],
                 wanted: Callable[[], bool]) -> None:
        self._bridge.watch(self._services.lanes.work.submit(compared, row, recording, edit), done=done, failed=failed,
                           wanted=wanted)


def _patients_rows(services: Services, sha256: str, patient_key: str) -> tuple[RecordingRow, ...]:
    """In the library lane: every recording of a patient; this one alone where its file names none."""
    worklist = Worklist(services.library)
    row = worklist.row(sha256)
    return worklist.of_patient(patient_key) or ((row,) if row is not None else ())
