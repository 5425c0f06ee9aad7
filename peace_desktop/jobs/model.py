"""The model as the work lane holds it: loaded on first use, in the lane's own thread, and never fatal."""

from collections.abc import Callable
from dataclasses import dataclass

from peace_desktop.jobs.case import CaseAnalysis, analyse
from peace_model.ecg.recording import Recording
from peace_model.inference.bundle_fields import BundleError
from peace_model.inference.predictor import Predictor


@dataclass(frozen=True)
class ModelStatus:
    """What the status bar and the map's legend say of the model.

    problem: a sentence when there is no model to ask, else "". map_checks: method -> what its sanity checks at release
    said. map_step_ms: time that one step of a map covers.
    """

    bundle_name: str = ""
    bundle_version: str = ""
    bundle_sha256: str = ""
    provider: str = ""
    fallback: str = ""
    problem: str = ""
    map_checks: tuple[tuple[str, str], ...] = ()
    map_step_ms: float = 0.0

    @property
    def there(self) -> bool:
        return bool(self.bundle_sha256)


class Model:
    """Confined to the work lane: `status` and `analyse` are called there and nowhere else.

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
        return ModelStatus(
            bundle.name, bundle.version, bundle.sha256, predictor.provider, predictor.fallback,
            map_checks=tuple((method, check.text) for method, check in bundle.explanation_checks.items()),
            map_step_ms=1000 * bundle.tokens.samples_per_token / bundle.pipeline.fs_hz)

    def analyse(self, recording: Recording) -> CaseAnalysis:
        """Findings, measurements and, where there is a model, the prediction."""
        return analyse(recording, predictor=self._open())

    def _open(self) -> Predictor | None:
        if self._predictor is None and self._make is not None and not self._problem:
            try:
                self._predictor = self._make()
            except (BundleError, FileNotFoundError) as error:
                self._problem = str(error)
        return self._predictor
