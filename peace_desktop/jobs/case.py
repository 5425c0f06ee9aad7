"""Everything computed from one recording, in one piece of work."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from peace_model.ecg.measurement import Measurement, measure
from peace_model.ecg.recording import Finding, Recording
from peace_model.ecg.signal.lead_quality import LeadQuality, lead_quality
from peace_model.ecg.signal.quality import input_findings
from peace_model.explanation.occlusion import Progress, occlude
from peace_model.inference.prediction import Explanation, PredictionResult
from peace_model.inference.predictor import PredictionError, Predictor


@dataclass(frozen=True, eq=False)
class CaseAnalysis:
    """findings: what the reader of the file and the look at the signal said, in this order.

    prediction: None without a predictor, or when it had no answer; prediction_error then says why, as a template
    sentence to translate ("" when nothing was asked).
    """

    recording: Recording
    findings: tuple[Finding, ...]
    quality: tuple[LeadQuality, ...]
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
    return CaseAnalysis(recording, findings, lead_quality(recording), measure(recording), prediction, prediction_error)


def with_occlusion(case: CaseAnalysis, labels: Sequence[str], *, predictor: Predictor,
                   progress: Progress) -> CaseAnalysis:
    """The case with occlusion maps of these labels; without a prediction the case as it was.

    progress is called between parts of the work, and what it raises ends it. Raises KeyError for a label that is not
    of the bundle.
    """
    if case.prediction is None:
        return case
    for label in labels:
        case = with_maps(case, occlude(predictor, case.recording, label, progress=progress))
    return case


def with_maps(case: CaseAnalysis, maps: tuple[Explanation, ...]) -> CaseAnalysis:
    """The case with further maps beside those it has, in place of earlier ones of the same label and method."""
    assert case.prediction is not None
    new = {(item.label, item.method) for item in maps}
    kept = tuple(item for item in case.prediction.explanations if (item.label, item.method) not in new)
    return replace(case, prediction=replace(case.prediction, explanations=kept + maps))


def case_findings(recording: Recording) -> tuple[Finding, ...]:
    """The warnings of the file's reader and the findings of the signal, each once."""
    findings = input_findings(recording)
    seen = {(finding.code, finding.leads) for finding in findings}
    return tuple(warning for warning in recording.warnings if (warning.code, warning.leads) not in seen) + findings
