"""The model as the work lane holds it: loaded on first use, in the lane's own thread, and never fatal."""

from collections.abc import Callable
from dataclasses import dataclass

from peace_desktop.jobs.case import CaseAnalysis, analyse, occlusion_maps
from peace_desktop.jobs.operation import Report
from peace_desktop.texts import error_words
from peace_model.ecg.recording import Recording
from peace_model.inference.bundle_fields import BundleError
from peace_model.inference.prediction import Explanation
from peace_model.inference.predictor import Predictor


@dataclass(frozen=True)
class ModelStatus:
    """What the status bar and the map's legend say of the model.

    problem: a sentence when there is no model to ask, else "". associated: whether the bundle has associated findings.
    """

    bundle_name: str = ""
    bundle_version: str = ""
    bundle_sha256: str = ""
    provider: str = ""
    fallback: str = ""
    problem: str = ""
    associated: bool = False

    @property
    def there(self) -> bool:
        return bool(self.bundle_sha256)


class Model:
    """Confined to the work lane: `status`, `analyse` and `occlude` are called there and nowhere else.

    make: loads bundle and session; None leaves the model out on purpose (safe mode).
    """

    def __init__(self, make: Callable[[], Predictor] | None, *, left_out: str = "") -> None:
        self._make = make
        self._left_out = left_out
        self._predictor: Predictor | None = None
        self._problem = ""

    def status(self) -> ModelStatus:
        """Loads the model when it is not loaded yet, and says what became of it."""
        predictor = self._open()
        if predictor is None:
            return ModelStatus(problem=self._problem or self._left_out)
        bundle = predictor.bundle
        return ModelStatus(bundle.name, bundle.version, bundle.sha256, predictor.provider, predictor.fallback,
                           associated=bool(bundle.abnormalities))

    def analyse(self, recording: Recording, *, at_s: float = 0.0) -> CaseAnalysis:
        """Findings, measurements and, where there is a model, the prediction; at_s: see `case.analyse`."""
        return analyse(recording, predictor=self._open(), at_s=at_s)

    def occlude(self, case: CaseAnalysis, label: str, *, progress: Report) -> tuple[Explanation, ...]:
        """The occlusion maps of one label; cancelled between two parts. Raises PredictionError without an answer."""
        predictor = self._open()
        return occlusion_maps(case, label, predictor=predictor, progress=progress) if predictor is not None else ()

    def _open(self) -> Predictor | None:
        if self._predictor is None and self._make is not None and not self._problem:
            try:
                self._predictor = self._make()
            except (BundleError, FileNotFoundError) as error:
                self._problem = error_words(error)
        return self._predictor
