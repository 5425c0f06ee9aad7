"""Everything computed from one recording, in one piece of work."""

from dataclasses import dataclass

from peace_model.ecg.measurement import Measurement, measure
from peace_model.ecg.recording import Finding, Recording
from peace_model.ecg.signal.quality import input_findings
from peace_model.inference.prediction import PredictionResult
from peace_model.inference.predictor import PredictionError, Predictor


@dataclass(frozen=True, eq=False)
class CaseAnalysis:
    """findings: what the reader of the file and the look at the signal said, in this order.

    prediction: None without a predictor, or when it had no answer; prediction_error then says why, as a template
    sentence to translate ("" when nothing was asked).
    """

    recording: Recording
    findings: tuple[Finding, ...]
    measurements: tuple[Measurement, ...]
    prediction: PredictionResult | None
    prediction_error: str


def analyse(recording: Recording, *, predictor: Predictor | None) -> CaseAnalysis:
    """Findings, measurements and, with a predictor, the prediction with its maps. Off the GUI thread."""
    findings = case_findings(recording)
    prediction: PredictionResult | None = None
    prediction_error = ""
    if predictor is not None:
        try:
            prediction = predictor.predict(recording, findings)
        except PredictionError as error:
            prediction_error = str(error)
    return CaseAnalysis(recording, findings, measure(recording), prediction, prediction_error)


def case_findings(recording: Recording) -> tuple[Finding, ...]:
    """The warnings of the file's reader and the findings of the signal, each once."""
    findings = input_findings(recording)
    seen = {(finding.code, finding.leads) for finding in findings}
    return tuple(warning for warning in recording.warnings if (warning.code, warning.leads) not in seen) + findings
