"""The recording that is shown: its loading, its analysis, its person. One at a time; answers about others are dropped.

Every request remembers the visit it was made for. An answer that arrives after the reader went on is stored in the
library where it belongs, and never shown.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from peace_desktop.jobs.bundle_shelf import SHIPPED
from peace_desktop.jobs.case import CaseAnalysis, with_maps
from peace_desktop.jobs.model import Model, ModelStatus
from peace_desktop.jobs.opened_case import LoadedCase, keep_analysis, load_case
from peace_desktop.jobs.operation import Operation
from peace_desktop.library.records import Person
from peace_desktop.texts import _, error_words
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.services import Services
from peace_model.ecg.age import Age
from peace_model.ecg.recording import Recording, Sex
from peace_model.ecg.signal.section import section_of
from peace_model.inference.prediction import Explanation
from peace_model.inference.session import Provider

_KEPT_CASES = 24
_KEPT_BYTES = 256 << 20
"""Of samples in memory; those of long recordings lie in their files."""
_PATIENCE_MS = 60
"""A recording that comes sooner is shown at once, without the face of one that is on its way."""


def _bytes_of(analyses: Mapping[str, CaseAnalysis]) -> int:
    """Samples held in memory; a mapped file is not."""
    return sum(array.nbytes for analysis in analyses.values()
               if not isinstance(array := analysis.recording.signal_mv, np.memmap))


class CaseState(QObject):
    """shown, loaded and analysis are what stands now, as the reader may see it; each is None until it is there."""

    opened = Signal(str)
    changed = Signal()
    model_changed = Signal()
    stored = Signal()
    """Something the worklist shows was written."""
    failed = Signal(str, object)
    """A sentence of what could not be done, and the error."""

    def __init__(self, services: Services, bridge: Bridge, *, reader: Callable[[], str],
                 parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._reader = reader
        self._model: Model | None = None
        self._visit = 0
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_PATIENCE_MS)
        self._late.timeout.connect(self.changed)
        self._under_way: list[Operation[Any]] = []
        self._at_s = 0.0
        self._analyses: OrderedDict[str, CaseAnalysis] = OrderedDict()
        self._next = ""
        self._next_recording: Recording | None = None
        self._next_analysis: Operation[CaseAnalysis] | None = None
        self.model_status: ModelStatus | None = None
        self.shown = ""
        self.loaded: LoadedCase | None = None
        self.analysis: CaseAnalysis | None = None
        self._whole: CaseAnalysis | None = None
        """The analysis with what a blind reader may not see."""
        self.problem = ""

    def use_model(self, provider: Provider, bundle: str = SHIPPED) -> None:
        """Load a model: another bundle, or the same for another provider; what is shown is analysed again."""
        model = self._services.model(provider, bundle)
        self._model, self.model_status = model, None
        self._analyses.clear()
        self._forget_next()
        self.model_changed.emit()

        def loaded(status: ModelStatus) -> None:
            self.model_status = status
            self.model_changed.emit()

        self._bridge.watch(self._services.lanes.work.submit(model.status), done=loaded,
                           failed=lambda error: self.failed.emit(_("The model could not be loaded."), error),
                           wanted=lambda: self._model is model)
        if self.loaded is not None:
            self.analyse_again()

    def open(self, sha256: str) -> None:
        """Show a recording: first its traces, then what is found in it.

        `opened` comes at once, and from then on nothing of the recording before may be written.
        """
        if sha256 == self.shown and self.loaded is not None:
            return
        self._enter(sha256)

    def _enter(self, sha256: str) -> None:
        self._leave()
        self.shown = sha256
        self.opened.emit(sha256)
        self._late.start()
        self._load(sha256)

    def open_again(self) -> None:
        """Forget what is shown and open it anew: another reader may see less of it."""
        if self.shown:
            self._enter(self.shown)

    def read_again(self) -> None:
        """Load anew what is shown, which stays in sight: its reader may see more of it now."""
        if self.shown:
            self._load(self.shown)

    def close(self) -> None:
        """Show nothing."""
        self._leave()
        self.shown = ""
        self.opened.emit("")
        self.changed.emit()

    def analyse_again(self) -> None:
        """Measure and predict anew what is shown; of a long recording the same section."""
        self.analyse_at(self._at_s)

    def analyse_at(self, at_s: float) -> None:
        """Measure and predict what is shown; of a long recording the section that begins at this second."""
        if self.loaded is None:
            return
        self._analyses.pop(self.shown, None)
        self._know(None)
        self._at_s = at_s
        self.changed.emit()
        self._analyse(self.loaded)

    @property
    def sectioned(self) -> bool:
        """Whether what is shown is so long that it is analysed by sections."""
        return self.loaded is not None and section_of(self.loaded.recording) is not None

    def occlude(self, label: str, *, told: Callable[[int, int], None], done: Callable[[], None],
                failed: Callable[[str], None]) -> Operation[tuple[Explanation, ...]] | None:
        """Compute the occlusion maps of a label of what is shown; they join its prediction, then `done` is called.

        told: (passes done, of all). None where there is no prediction to explain.
        """
        analysis, model, sha256, visit = self.analysis, self._model, self.shown, self._visit
        if analysis is None or analysis.prediction is None or model is None:
            return None
        operation = self._services.lanes.work.submit(
            model.occlude, analysis, label,
            progress=self._bridge.listener(lambda count, total, _text: told(count, total) if wanted() else None))

        def wanted() -> bool:
            return self._visit == visit and self._model is model and not operation.cancel_event.is_set()

        def occluded(maps: tuple[Explanation, ...]) -> None:
            done()
            if self._whole is not None and self._whole.prediction is not None:
                self._know(with_maps(self._whole, maps))
                self._remember(sha256, self._whole)
            self.changed.emit()

        self._under_way.append(operation)
        self._bridge.watch(operation, done=occluded, wanted=wanted, failed=lambda _error: failed(
            _("The map could not be computed; the prediction stands.")))
        return operation

    def prefetch(self, sha256: str) -> None:
        """Load and analyse the recording that is likely to be opened next; one at a time.

        When it is opened meanwhile, the analysis under way is its own.
        """
        if sha256 in self._analyses or sha256 in (self.shown, self._next):
            return
        self._forget_next()
        self._next = sha256
        operation = self._services.lanes.library.submit(load_case, self._services.library, sha256, None,
                                                        reader=self._reader())

        def loaded(case: LoadedCase) -> None:
            if self.shown == sha256:
                self._forget_next()  # It was opened meanwhile, and is analysed as what is shown.
                return
            self._next_recording = case.whole
            self._next_analysis = self._analyse(case, quietly=True)

        self._bridge.watch(operation, done=loaded, failed=lambda _error: self._forget_next(),
                           wanted=lambda: self._next == sha256)

    def _forget_next(self) -> None:
        """What waits in the lane is taken back; what runs ends there and is kept."""
        if self._next_analysis is not None:
            self._next_analysis.cancel()
        self._next, self._next_recording, self._next_analysis = "", None, None

    def correct_person(self, *, age: Age | None, sex: Sex | None, gestational_age_weeks: int | None, reader: str,
                       reason: str) -> None:
        """Enter or correct what holds of the shown recording's person; it is loaded and analysed again."""
        sha256, visit = self.shown, self._visit
        operation = self._services.lanes.library.submit(
            self._services.library.correct_person, sha256, age=age, sex=sex,
            gestational_age_weeks=gestational_age_weeks, reader=reader, reason=reason)

        def corrected(_person: Person) -> None:
            self._analyses.pop(sha256, None)
            self.stored.emit()
            if self.shown == sha256 and self._visit == visit:
                self._know(None)
                self._load(sha256)

        self._bridge.watch(operation, done=corrected, failed=lambda error: self.failed.emit(
            _("Age and sex were not changed."), error))

    def _leave(self) -> None:
        self._visit += 1
        self._late.stop()
        for operation in self._under_way:
            operation.cancel()
        self._under_way.clear()
        self.loaded = None
        self._know(None)
        self.problem = ""
        self._at_s = 0.0

    def _know(self, analysis: CaseAnalysis | None) -> None:
        """Hold an analysis of what is loaded; the one to be shown is as this reader may see it."""
        self._whole = analysis
        self.analysis = self.loaded.blindness.analysis(analysis) if analysis is not None and self.loaded else None

    def _load(self, sha256: str) -> None:
        visit, reader = self._visit, self._reader()
        kept = self._analyses.get(sha256)
        recording = kept.recording if kept is not None else self._next_recording if sha256 == self._next else None
        operation = self._services.lanes.library.submit(
            load_case, self._services.library, sha256, recording, reader=reader)
        self._under_way.append(operation)

        def loaded(case: LoadedCase) -> None:
            self._late.stop()
            self.loaded = case
            known = self._analyses.get(sha256)
            if known is not None and known.recording is case.whole:
                self._know(known)
                self._at_s = known.section.start_s if known.section is not None else 0.0
                self.changed.emit()
                return
            self._know(None)
            self.changed.emit()
            if case.whole is not self._next_recording or self._next_analysis is None:
                self._analyse(case)

        def failed(error: BaseException) -> None:
            self._late.stop()
            self.problem = error_words(error)
            self.changed.emit()
            self.failed.emit(_("This recording could not be opened."), error)

        self._bridge.watch(operation, done=loaded, failed=failed, wanted=lambda: self._visit == visit)

    def _analyse(self, case: LoadedCase, *, quietly: bool = False) -> Operation[CaseAnalysis] | None:
        model = self._model
        if model is None:
            return None
        visit, at_s = self._visit, 0.0 if quietly else self._at_s
        operation = self._services.lanes.work.submit(model.analyse, case.whole, at_s=at_s)
        if not quietly:
            self._under_way.append(operation)

        def analysed(analysis: CaseAnalysis) -> None:
            if operation is self._next_analysis:
                self._forget_next()
            if self.shown == case.sha256 and self._visit == visit and self._at_s != at_s:
                return  # Another section was asked for meanwhile; its answer is on the way.
            if self._model is model:
                self._remember(case.sha256, analysis)
            self._store(case.sha256, analysis)
            if self.shown == case.sha256 and self.loaded is not None and self.loaded.whole is case.whole:
                self._know(analysis)
                self.changed.emit()

        def failed(error: BaseException) -> None:
            if operation is self._next_analysis:
                self._forget_next()
            opened = self.loaded is not None and self.loaded.whole is case.whole
            if self.shown == case.sha256 and (self._visit == visit or opened):
                self.problem = _("The analysis of this recording failed; reading and signing still work.")
                self.changed.emit()
                self.failed.emit(self.problem, error)

        self._bridge.watch(operation, done=analysed, failed=failed, wanted=lambda: self._model is model)
        return operation

    def _remember(self, sha256: str, analysis: CaseAnalysis) -> None:
        self._analyses[sha256] = analysis
        self._analyses.move_to_end(sha256)
        while len(self._analyses) > _KEPT_CASES or len(self._analyses) > 1 and _bytes_of(self._analyses) > _KEPT_BYTES:
            self._analyses.popitem(last=False)

    def _store(self, sha256: str, analysis: CaseAnalysis) -> None:
        operation = self._services.lanes.library.submit(keep_analysis, self._services.library, sha256, analysis)
        self._bridge.watch(operation, done=lambda _none: self.stored.emit(), failed=lambda error: self.failed.emit(
            _("The prediction was not kept in the library."), error))
