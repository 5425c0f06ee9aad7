"""Everything computed from one recording, in one piece of work."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from peace_desktop.texts import error_words
from peace_model.ecg.measurement import Measurement, measure
from peace_model.ecg.recording import Finding, Recording
from peace_model.ecg.signal.lead_quality import LeadQuality, lead_quality
from peace_model.ecg.signal.quality import input_findings
from peace_model.ecg.signal.section import Section, part_of, section_of
from peace_model.explanation.occlusion import Progress, occlude
from peace_model.inference.prediction import Explanation, PredictionResult, Reason
from peace_model.inference.predictor import PredictionError, Predictor


@dataclass(frozen=True, eq=False)
class CaseAnalysis:
    """findings: what the reader of the file and the look at the signal said, in this order.

    prediction: None without a predictor, or when it had no answer; prediction_error then says why, as a template
    sentence to translate ("" when nothing was asked). section: what of a long recording all of this concerns, None for
    the whole; part: that section as a recording, or the recording itself. Maps and windows stand at their time of the
    recording.
    """

    recording: Recording
    section: Section | None
    part: Recording
    findings: tuple[Finding, ...]
    quality: tuple[LeadQuality, ...]
    measurements: tuple[Measurement, ...]
    prediction: PredictionResult | None
    prediction_error: str


def analyse(recording: Recording, *, predictor: Predictor | None, at_s: float = 0.0) -> CaseAnalysis:
    """Findings, measurements and, with a predictor, the prediction with its maps. Off the GUI thread.

    at_s: where the section of a long recording begins.
    """
    section = section_of(recording, at_s)
    part = part_of(recording, section)
    findings = case_findings(part)
    prediction: PredictionResult | None = None
    prediction_error = ""
    if predictor is not None:
        try:
            prediction = _at_its_time(predictor.predict(part, findings), section)
        except PredictionError as error:
            prediction_error = error_words(error)
    return CaseAnalysis(recording, section, part, findings, lead_quality(part), measure(part), prediction,
                        prediction_error)


def with_occlusion(case: CaseAnalysis, labels: Sequence[str], *, predictor: Predictor,
                   progress: Progress) -> CaseAnalysis:
    """The case with occlusion maps of these labels; without a prediction the case as it was.

    progress is called between parts of the work, and what it raises ends it. Raises KeyError for a label that is not
    of the bundle.
    """
    if case.prediction is None:
        return case
    for label in labels:
        case = with_maps(case, occlusion_maps(case, label, predictor=predictor, progress=progress))
    return case


def occlusion_maps(case: CaseAnalysis, label: str, *, predictor: Predictor, progress: Progress
                   ) -> tuple[Explanation, ...]:
    """One label's occlusion maps of what was analysed, at their time of the recording. Raises as `occlude`."""
    return _maps_at_their_time(occlude(predictor, case.part, label, progress=progress), case.section)


def with_maps(case: CaseAnalysis, maps: tuple[Explanation, ...]) -> CaseAnalysis:
    """The case with further maps beside those it has, in place of earlier ones of the same label and method."""
    assert case.prediction is not None
    new = {(item.label, item.method) for item in maps}
    kept = tuple(item for item in case.prediction.explanations if (item.label, item.method) not in new)
    return replace(case, prediction=replace(case.prediction, explanations=kept + maps))


def _at_its_time(result: PredictionResult, section: Section | None) -> PredictionResult:
    if section is None:
        return result
    return replace(result, explanations=_maps_at_their_time(result.explanations, section), windows_s=tuple(
        (start + section.start_s, end + section.start_s) for start, end in result.windows_s))


def _maps_at_their_time(maps: tuple[Explanation, ...], section: Section | None) -> tuple[Explanation, ...]:
    if section is None:
        return maps
    start_s = section.start_s
    return tuple(replace(item, start_s=item.start_s + start_s, said=_said_at_its_time(item.said, start_s))
                 for item in maps)


def _said_at_its_time(said: Reason | None, start_s: float) -> Reason | None:
    if said is None:
        return None
    return replace(said, values=tuple((name, f"{float(value) + start_s:.1f}" if name == "at_s" else value)
                                      for name, value in said.values))


def case_findings(recording: Recording) -> tuple[Finding, ...]:
    """The warnings of the file's reader and the findings of the signal, each once."""
    findings = input_findings(recording)
    seen = {(finding.code, finding.leads) for finding in findings}
    return tuple(warning for warning in recording.warnings if (warning.code, warning.leads) not in seen) + findings
