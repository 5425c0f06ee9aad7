"""The occlusion map of the selected label: asked for by choosing it, computed in the work lane, stopped at any moment.

A map is asked for a moment after its label was chosen, so that stepping over labels and methods computes nothing.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from peace_desktop.jobs.operation import Operation
from peace_desktop.texts import _
from peace_desktop.ui.case_state import CaseState
from peace_desktop.ui.trace.legend import MapWork
from peace_model.inference.prediction import Explanation

_PATIENCE_MS = 400


class OcclusionMaps(QObject):
    """One map at a time. `work` says how far the wanted one is; the maps themselves join the case's prediction."""

    changed = Signal()

    def __init__(self, case: CaseState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._case = case
        self._wanted: tuple[str, str] | None = None
        self._operation: Operation[tuple[Explanation, ...]] | None = None
        self._words = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PATIENCE_MS)
        self._soon.timeout.connect(self.start)

    @property
    def work(self) -> MapWork:
        """What stands in the place kept for the map."""
        return MapWork(self._words, running=self.running)

    @property
    def running(self) -> bool:
        return self._soon.isActive() or self._operation is not None

    def want(self, label: str) -> None:
        """The label of the shown recording whose map is to be seen and is not there; "" when none is."""
        wanted = (self._case.shown, label) if label else None
        if wanted == self._wanted:
            return
        self._end()
        self._wanted = wanted
        if wanted is not None:
            self._words = _("The map is about to be computed")
            self._soon.start()

    def start(self) -> None:
        """Compute the wanted map now."""
        if self._wanted is None or self._operation is not None:
            return
        self._soon.stop()
        self._words = _("Computing the map …")
        self._operation = self._case.occlude(self._wanted[1], told=self._told, done=self._done, failed=self._failed)
        self.changed.emit()

    def stop(self) -> None:
        """Leave the wanted map as it is: not computed, and said so."""
        if self.running:
            self._end()
            self._words = _("The map was not computed: stopped")
            self.changed.emit()

    def _end(self) -> None:
        self._soon.stop()
        if self._operation is not None:
            self._operation.cancel()
            self._operation = None

    def _told(self, done: int, total: int) -> None:
        self._words = _("Computing the map: {done} of {total} patches").format(done=done, total=total)
        self.changed.emit()

    def _done(self) -> None:
        self._operation, self._wanted = None, None

    def _failed(self, words: str) -> None:
        self._operation = None
        self._words = words
        self.changed.emit()
