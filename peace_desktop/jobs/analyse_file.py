"""One recording's file to its result files: read, analyse, write JSON and PDF."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from peace_desktop.jobs.analysis_record import analysis_record, record_text
from peace_desktop.jobs.case import CaseAnalysis, analyse
from peace_desktop.jobs.operation import Report
from peace_desktop.jobs.result_files import write_whole
from peace_model.ecg.age import Age
from peace_model.ecg.formats.registry import FoundFile, ReadOptions, read_recording
from peace_model.ecg.leads import PRECORDIAL
from peace_model.ecg.norms import load_norms
from peace_model.ecg.recording import Recording, Sex
from peace_model.inference.prediction import PredictionResult
from peace_model.inference.predictor import Predictor

CROWDED_MV = 3.0
"""30 mm at standard gain: nearly two rows of a printed page."""


@dataclass(frozen=True)
class AnalysisTask:
    """What is done with every recording. age, sex: in place of what the file says, None leaves the file's."""

    out: Path
    want_json: bool
    want_pdf: bool
    read_options: ReadOptions
    age: Age | None
    sex: Sex | None
    predictor: Predictor
    application_version: str


def analyse_file(file: FoundFile, name: Path, task: AnalysisTask, *, progress: Report) -> None:
    """Analyse one recording and write its results as `task.out / name` with their suffixes.

    Once writing has begun it is not cancelled, so that a recording has all of its results or none.
    Raises RecordingError or ResultError.
    """
    recording = read_recording(file.path, options=task.read_options)
    if task.age is not None or task.sex is not None:
        recording = recording.with_person(age=task.age or recording.age, sex=task.sex or recording.sex)
    progress(1, 3, name.name)
    case = analyse(recording, predictor=task.predictor)
    progress(2, 3, name.name)
    target = task.out / name
    if task.want_json:
        text = record_text(analysis_record(case, source_name=file.relative.as_posix(), bundle=task.predictor.bundle,
                                           norms=load_norms(), application_version=task.application_version))
        _write(target, ".json", recording, lambda path: _write_text(path, text))
    if task.want_pdf:
        _write(target, ".pdf", recording, _pdf_writer(case, title=name.name, task=task))


def strongest_map(result: PredictionResult | None) -> tuple[str, str] | None:
    """The map a report shows when no reader chose one: Grad-CAM++ of the positive label farthest above its threshold.

    None when nothing is positive or the map found nothing.
    """
    positive = [item for item in result.predictions if item.positive] if result is not None else []
    if result is None or not positive:
        return None
    label = max(positive, key=lambda item: item.probability - item.threshold).label
    explanation = result.explanation(label, "gradcam")
    return (label, "gradcam") if explanation is not None and explanation.values.any() else None


def crowds_the_paper(recording: Recording) -> bool:
    """Whether the precordial leads would run into one another at 10 mm/mV, so that a report prints them at half.

    Judged without the outermost 0.2 % of samples on either side, so that one artefact does not shrink the page.
    """
    heights_mv = []
    for lead in PRECORDIAL:
        if lead in recording.leads:
            recorded_mv = recording.lead(lead)[np.isfinite(recording.lead(lead))]
            if recorded_mv.size:
                low_mv, high_mv = np.percentile(recorded_mv, (0.2, 99.8))
                heights_mv.append(high_mv - low_mv)
    return max(heights_mv, default=0.0) > CROWDED_MV


def _pdf_writer(case: CaseAnalysis, *, title: str, task: AnalysisTask) -> Callable[[Path], None]:
    # reportlab takes a tenth of a second to import; the JSON needs none of it.
    from peace_desktop.report.content import build_content
    from peace_desktop.report.paper import Gain
    from peace_desktop.report.pdf import write_pdf

    content = build_content(
        case.recording, case.findings, case.measurements, case.prediction, prediction_error=case.prediction_error,
        reading=None, title=title, audit_head="", selected=strongest_map(case.prediction),
        gain=Gain(precordial_half=crowds_the_paper(case.recording)),
        application_version=task.application_version, printed_at=datetime.now().astimezone())
    return lambda path: write_pdf(content, path)


def _write(target: Path, suffix: str, recording: Recording, write: Callable[[Path], None]) -> None:
    write_whole(target.with_name(target.name + suffix), write, inputs=recording.source.files)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
