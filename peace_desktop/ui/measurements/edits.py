"""The edits of the shown recording's measurements: which one holds, the measurements it gives, a new one kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from peace_desktop.jobs.case import CaseAnalysis
from peace_desktop.jobs.measured_beat import edited_measurements
from peace_desktop.review.errors import ReadingError
from peace_desktop.review.measurement_edits import MeasurementEdit, edit_in, edit_in_force
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.case_state import CaseState, LoadedCase
from peace_desktop.ui.reading_state import Readings
from peace_desktop.ui.services import Services
from peace_model.ecg.boundaries import Boundaries
from peace_model.ecg.measurement import Measurement

Measured = tuple[Measurement, ...]


class MeasurementEdits(QObject):
    """edits: of the shown recording, those its reader may see, in the order they were made."""

    changed = Signal()
    failed = Signal(str, object)

    def __init__(self, services: Services, bridge: Bridge, *, case: CaseState, readings: Readings,
                 reader: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._case = case
        self._readings = readings
        self._reader = reader
        self._loaded: LoadedCase | None = None
        self._measured: tuple[MeasurementEdit, Measured, Measured] | None = None
        self._asked: tuple[MeasurementEdit, Measured] | None = None
        self.edits: tuple[MeasurementEdit, ...] = ()

    def take(self, loaded: LoadedCase | None) -> None:
        """What the library knows of a recording that was opened; None while nothing is known."""
        if loaded is not self._loaded:
            self._loaded = loaded
            self.edits = loaded.edits if loaded is not None else ()

    @property
    def in_force(self) -> MeasurementEdit | None:
        """The edit that holds now, None for the automatic measurements; a section's median beat is never edited."""
        if self._case.analysis is not None and self._case.analysis.section is not None:
            return None
        return edit_in_force(self.edits, reading=self._readings.reading, reader=self.whose,
                             signed_with=self._loaded.signed_with if self._loaded is not None else {})

    @property
    def measurements(self) -> Measured | None:
        """What is measured with the edit in force; None while that is being computed, or nothing is analysed."""
        analysis, edit = self._case.analysis, self.in_force
        if analysis is None or edit is None:
            return analysis.measurements if analysis is not None else None
        if self._measured is not None and self._measured[0] == edit and self._measured[1] is analysis.measurements:
            return self._measured[2]
        self._measure(analysis, edit)
        return None

    def applied(self) -> CaseAnalysis | None:
        """The analysis as it is shown and printed, None while something is awaited."""
        measured = self.measurements
        if self._case.analysis is None or measured is None:
            return None
        return replace(self._case.analysis, measurements=measured)

    def keep(self, boundaries: Boundaries | None, *, automatic: Boundaries, reader: str) -> None:
        """Keep a reader's boundaries, None to go back to the automatic ones; begins a draft where there is none."""
        draft = self._readings.draft(reader=reader)
        if draft is None:
            return
        try:
            edit = edit_in(draft, boundaries, automatic=automatic, at=datetime.now(UTC))
        except ReadingError as error:
            self.failed.emit(str(error), error)
            return

        def kept(_none: None) -> None:
            if self._case.shown == edit.recording_sha256 and edit not in self.edits:
                self.edits = (*self.edits, edit)
                self.changed.emit()

        self._bridge.watch(
            self._services.lanes.library.submit(self._services.library.add_measurement_edit, edit), done=kept,
            failed=lambda error: self.failed.emit(_("The edited measurements were not saved."), error))

    @property
    def whose(self) -> str:
        """The reader whose edits come first."""
        return self._readings.reading.reader if self._readings.reading is not None else self._reader()

    def _measure(self, analysis: CaseAnalysis, edit: MeasurementEdit) -> None:
        if self._asked is not None and self._asked[0] == edit and self._asked[1] is analysis.measurements:
            return
        asked = self._asked = (edit, analysis.measurements)

        def wanted() -> bool:
            return self._asked is asked

        def measured(values: Measured) -> None:
            self._asked = None
            self._measured = (edit, analysis.measurements, values)
            self.changed.emit()

        def failed(error: BaseException) -> None:
            # Asked again it would fail again: the automatic values stand, and the message says so.
            self._asked = None
            self._measured = (edit, analysis.measurements, analysis.measurements)
            self.failed.emit(_("The edited measurements could not be computed; the automatic ones are shown."), error)
            self.changed.emit()

        self._bridge.watch(self._services.lanes.work.submit(
            edited_measurements, analysis.part, analysis.measurements, edit),
            done=measured, failed=failed, wanted=wanted)
