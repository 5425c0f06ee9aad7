"""One recording in, the model's answer out: probabilities, decisions, reasons and maps."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.recording import Finding, Recording
from peace_model.ecg.signal.pipeline import ModelInput, Pipeline
from peace_model.ecg.signal.quality import input_findings
from peace_model.inference.associated import AssociatedFinding
from peace_model.inference.bundle import Bundle, Calibration
from peace_model.inference.calibration import decisions, probabilities
from peace_model.inference.domain import general_reasons, label_reasons
from peace_model.inference.evidence import support_of
from peace_model.inference.maps import join_windows, scaled
from peace_model.inference.prediction import Explanation, Prediction, PredictionResult
from peace_model.inference.session import GraphOutput, Provider, open_session

METHODS = ("gradcam", "attention")
WINDOWS_AT_ONCE = 8
"""More at once leave the caches of common processors and take longer a window."""
SHORTEST_S = 2.0
"""The model answers to anything; on less than two beats of a slow heart its answer means nothing."""


class PredictionError(Exception):
    """A recording the model has no answer for. str() is one sentence with the remedy, without patient data."""


class Predictor:
    """A bundle ready to predict. Making one takes a moment: do it off the GUI thread, once.

    provider: what the session really runs on. fallback: "" or a sentence why it is not what was asked for.
    One thread at a time may call `predict`, `run` and `logits`.
    """

    def __init__(self, bundle: Bundle, provider: Provider = "auto", threads: int | None = None) -> None:
        """Raises BundleError when the graph cannot be run or does not belong to its bundle.json."""
        self.bundle = bundle
        self._pipeline = Pipeline(bundle.pipeline)
        self._session = open_session(bundle, provider=provider, threads=threads)
        self.provider = self._session.provider
        self.fallback = self._session.fallback

    def prepare(self, recording: Recording) -> ModelInput:
        """The recording as the graph takes it, W windows. Raises PredictionError when there is nothing to give it."""
        if recording.n_samples == 0:
            raise PredictionError("The recording has no samples; the model has nothing to look at.")
        if recording.duration_s < SHORTEST_S:
            raise PredictionError("The recording is shorter than two seconds; the model needs a few whole beats.")
        given = self._pipeline.prepare(recording)
        if not given.lead_mask.any():
            raise PredictionError("No standard lead of this recording carries a signal; the model has nothing to look "
                                  "at. Check the lead names and the electrodes.")
        return given

    def run(self, *, signal: NDArray[np.float32], lead_mask: NDArray[np.float32], valid_samples: NDArray[np.int64],
            age_days: NDArray[np.float32]) -> GraphOutput:
        """The raw graph: signal (B, 12, N), lead_mask (B, 12), valid_samples (B,), age_days (B,), NaN for unknown.

        Raises PredictionError when the graph gives no number.
        """
        parts = [
            self._session.run(signal=signal[part], lead_mask=lead_mask[part], valid_samples=valid_samples[part],
                              age_days=age_days[part])
            for part in _parts(len(signal))
        ]
        output = GraphOutput(logits=np.concatenate([part.logits for part in parts]),
                             attention=np.concatenate([part.attention for part in parts]),
                             gradcam=np.concatenate([part.gradcam for part in parts]),
                             abnormalities=_joined([part.abnormalities for part in parts]))
        for logits in (output.logits, output.abnormalities):
            if logits is not None:
                _refuse_no_number(logits)
        return output

    def logits(self, *, signal: NDArray[np.float32], lead_mask: NDArray[np.float32],
               valid_samples: NDArray[np.int64], age_days: NDArray[np.float32]) -> NDArray[np.float32]:
        """As `run`, the logits (B, C) alone: the graph leaves out the work for the maps."""
        logits = np.concatenate([
            self._session.logits(signal=signal[part], lead_mask=lead_mask[part], valid_samples=valid_samples[part],
                                 age_days=age_days[part])
            for part in _parts(len(signal))
        ])
        _refuse_no_number(logits)
        return logits

    def probabilities(self, logits: NDArray[np.float32]) -> NDArray[np.float64]:
        """Calibrated probability per label (C,), mean over the windows of logits (W, C)."""
        return probabilities(logits, self._calibrations())

    def predict(self, recording: Recording, findings: Sequence[Finding] | None = None) -> PredictionResult:
        """Predict every label of the bundle, with both maps each, joined over the windows.

        findings: of `input_findings(recording)` when the caller has them already; computed otherwise.
        Raises PredictionError when the model has no answer.
        """
        if findings is None:
            findings = input_findings(recording)
        given = self.prepare(recording)
        output = self.run(signal=given.signal, lead_mask=given.lead_mask, valid_samples=given.valid_samples,
                          age_days=given.age_days)
        probability = self.probabilities(output.logits)
        positive = decisions(probability, self._calibrations())
        fs_hz = self.bundle.pipeline.fs_hz
        return PredictionResult(
            predictions=tuple(
                Prediction(label.code, label.name, float(probability[index]),
                           self.bundle.calibration[label.code].threshold, bool(positive[index]),
                           label_reasons(recording.age, label.code, self.bundle))
                for index, label in enumerate(self.bundle.labels)),
            explanations=self._explanations(given, output),
            general_reasons=general_reasons(recording, findings, self.bundle, given=given),
            bundle_name=self.bundle.name,
            bundle_version=self.bundle.version,
            bundle_sha256=self.bundle.sha256,
            pipeline_version=self.bundle.pipeline.version,
            provider=self.provider,
            windows_s=tuple((float(start), float(start) + int(valid) / fs_hz)
                            for start, valid in zip(given.starts_s, given.valid_samples, strict=True)),
            associated=self._associated(output),
        )

    def _explanations(self, given: ModelInput, output: GraphOutput) -> tuple[Explanation, ...]:
        explanations: list[Explanation] = []
        for method in METHODS:
            maps = output.gradcam if method == "gradcam" else output.attention
            values, start_s, step_s = join_windows(
                maps, tokens=self.bundle.tokens, fs_hz=self.bundle.pipeline.fs_hz, starts_s=given.starts_s,
                valid_samples=[int(count) for count in given.valid_samples])
            values = scaled(values)
            values.flags.writeable = False
            explanations.extend(
                Explanation(label.code, method, values[index], start_s, step_s, support=support_of(
                    self.bundle.explanation_checks, method=method, label=label.code))
                for index, label in enumerate(self.bundle.labels))
        return tuple(explanations)

    def _associated(self, output: GraphOutput) -> tuple[AssociatedFinding, ...]:
        """What the head for abnormalities says, in the bundle's order; empty where the bundle has none."""
        heads = self.bundle.abnormalities
        if output.abnormalities is None:
            return ()
        calibrations = [head.calibration for head in heads]
        probability = probabilities(output.abnormalities, calibrations)
        return tuple(
            AssociatedFinding(head.code, head.name, head.criterion, head.citation, float(value),
                              head.calibration.threshold, bool(said), head.evidence)
            for head, value, said in zip(heads, probability, decisions(probability, calibrations), strict=True))

    def _calibrations(self) -> list[Calibration]:
        return [self.bundle.calibration[label.code] for label in self.bundle.labels]


def _parts(count: int) -> list[slice]:
    return [slice(first, first + WINDOWS_AT_ONCE) for first in range(0, count, WINDOWS_AT_ONCE)]


def _joined(parts: Sequence[NDArray[np.float32] | None]) -> NDArray[np.float32] | None:
    there = [part for part in parts if part is not None]
    return np.concatenate(there) if there else None


def _refuse_no_number(logits: NDArray[np.float32]) -> None:
    if not np.isfinite(logits).all():
        raise PredictionError("The model gave no number for this recording; check its signal for gaps, and the "
                              "bundle with another recording.")
