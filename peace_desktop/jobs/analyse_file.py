"""One recording's file to its result files: read, analyse, write JSON and PDF."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from peace_desktop.jobs.analysis_record import analysis_record, record_text
from peace_desktop.jobs.case import CaseAnalysis, analyse, with_occlusion
from peace_desktop.jobs.operation import Report
from peace_desktop.jobs.result_files import ResultError, write_whole
from peace_desktop.report.clock import elapsed
from peace_desktop.texts import _, listed
from peace_model.ecg.age import Age
from peace_model.ecg.deidentification import NOBODY, deidentified, traces_of
from peace_model.ecg.formats.registry import FoundFile, ReadOptions, read_recording
from peace_model.ecg.norms import load_norms
from peace_model.ecg.recording import Recording, Sex
from peace_model.ecg.signal.section import Section, section_of
from peace_model.ecg.traces import Traces
from peace_model.inference.prediction import PredictionResult, Verdict
from peace_model.inference.predictor import METHODS, Predictor

if TYPE_CHECKING:
    from peace_desktop.report.paper import Strip

Extent = NDArray[np.float64]

_CELL_S = 0.04
_CELLS = 300
"""Twelve seconds: more than a page's ten."""
_CROSSINGS_ALLOWED = 3
"""Cells of the page; a QRS that crosses fills one or two."""


@dataclass(frozen=True)
class AnalysisTask:
    """What is done with every recording. age, sex: in place of what the file says, None leaves the file's.

    secret: results are without identity, with keys and dates made from it; None keeps the file's number and date.
    occlusion: labels to make occlusion maps of. section_at_s: where the section of a long recording begins.
    """

    out: Path
    want_json: bool
    want_pdf: bool
    read_options: ReadOptions
    age: Age | None
    sex: Sex | None
    predictor: Predictor
    application_version: str
    secret: bytes | None
    occlusion: tuple[str, ...] = ()
    section_at_s: float = 0.0


@dataclass(frozen=True, eq=False)
class _Named:
    """A recording with the names its results and its source get, and what must not stand in them."""

    recording: Recording
    name: Path
    source_name: str
    traces: Traces


def analyse_file(file: FoundFile, name: Path, task: AnalysisTask, *, progress: Report) -> Path:
    """Analyse one recording, write its results as `task.out / name` with their suffixes, and return the name.

    Where the name holds something of the recording's identity, the results are named after the recording's hash.
    Once writing has begun it is not cancelled, so that a recording has all of its results or none.
    Raises RecordingError or ResultError.
    """
    read = read_recording(file.path, options=task.read_options)
    named = _named(read, file.relative.as_posix(), name, task.secret)
    recording = named.recording
    if task.age is not None or task.sex is not None:
        recording = recording.with_person(age=task.age or recording.age, sex=task.sex or recording.sex)
    progress(1, 3, name.name)
    _refuse_past_end(recording, task.section_at_s)
    case = analyse(recording, predictor=task.predictor, at_s=task.section_at_s)
    case = with_occlusion(case, task.occlusion, predictor=task.predictor,
                          progress=lambda _done, _total, _text: progress(1, 3, name.name))
    progress(2, 3, name.name)
    target, inputs = task.out / named.name, read.source.files
    if task.want_json:
        record = analysis_record(case, source_name=named.source_name, bundle=task.predictor.bundle, norms=load_norms(),
                                 application_version=task.application_version)
        _refuse_traces(named.traces, record, case)
        text = record_text(record)
        _write(target, ".json", inputs, lambda path: _write_text(path, text))
    if task.want_pdf:
        _write(target, ".pdf", inputs, _pdf_writer(case, title=named.name.name, task=task))
    return named.name


def _refuse_past_end(recording: Recording, at_s: float) -> None:
    """Only a long recording has sections; a section that it does not reach would be another one than was asked for."""
    if section_of(recording) is not None and at_s >= recording.duration_s:
        raise ResultError(_("ends at {end}, before the section that was asked for; choose another with --section"
                            ).format(end=elapsed(recording.duration_s)))


def _named(read: Recording, source_name: str, name: Path, secret: bytes | None) -> _Named:
    if secret is None:
        number = read.identity.patient_id if read.identity is not None else ""
        return _Named(replace(read, patient_key=read.patient_key or number, identity=None), name, source_name,
                      Traces(NOBODY))
    traces, clean = traces_of(read), deidentified(read, secret)
    if traces.kinds_in(f"{source_name}\n{name.as_posix()}"):
        neutral = read.source.sha256[:16]
        return _Named(clean, Path(neutral), neutral, traces)
    return _Named(clean, name, source_name, traces)


def _refuse_traces(traces: Traces, record: dict[str, Any], case: CaseAnalysis) -> None:
    """Looks through what comes from the file; the rest is our own words and numbers. Raises ResultError."""
    said = {"recording": record["recording"], "findings": [finding["text"] for finding in record["findings"]]}
    ours = {"recording": {key: value for key, value in record["recording"].items()
                          if key not in ("source_file", "declared_filters")},
            "findings": [_(finding.template) for finding in case.findings]}
    kinds = traces.kinds_in(record_text(said), innocent=record_text(ours))
    if kinds:
        raise ResultError(_("something that was to be removed ({kinds}) is still in the result, which was not written"
                            ).format(kinds=listed(kinds)))


def strongest_map(result: PredictionResult | None) -> tuple[str, str] | None:
    """The map a report shows when no reader chose one: of the positive label farthest above its threshold, by the first
    method whose maps of that label stood the tests at release.

    None when nothing is positive or no map has that support: a page read without the application shows none then.
    """
    positive = [item for item in result.predictions if item.positive] if result is not None else []
    if result is None or not positive:
        return None
    label = max(positive, key=lambda item: item.probability - item.threshold).label
    for method in METHODS:
        maps = result.maps(label, method)
        if any(item.values.any() and item.support.verdict is Verdict.SUPPORTED for item in maps):
            return label, method
    return None


def crowds_the_paper(recording: Recording, section: Section | None = None) -> bool:
    """Whether precordial traces would cross a neighbouring row of the report at 10 mm/mV; it prints them at half then.

    section: what of a long recording is printed.
    A crossing counts where the upper trace comes below the lower one within 0.04 s (1 mm) of paper. One beat may cross:
    an artefact or a single premature beat must not halve the page.
    """
    # The report's rooms import reportlab late themselves; its geometry is pure.
    from peace_desktop.report.frame import frame_for
    from peace_desktop.report.paper import Gain, LayoutKind, page_layout

    if not recording.leads or recording.n_samples == 0:
        return False
    page = page_layout(LayoutKind.THREE_BY_FOUR_RHYTHM if section is None else LayoutKind.STRIP, leads=recording.leads,
                       duration_s=recording.duration_s, start_s=section.start_s if section is not None else 0.0)
    room_mv = frame_for(page, "A4").row_mm / Gain().mm_per_mv
    extents = {strip: _extents_mv(recording, strip, start_s=page.x_s(strip)) for strip in page.strips if strip.present}
    crossings = 0
    for upper, lower in product(extents, extents):
        if lower.row == upper.row + 1 and (upper.precordial or lower.precordial):
            low_mv, high_mv = extents[upper][0], extents[lower][1]
            crossings += int(np.count_nonzero(low_mv + room_mv < high_mv))
    return crossings > _CROSSINGS_ALLOWED


def _extents_mv(recording: Recording, strip: "Strip", *, start_s: float) -> tuple[Extent, Extent]:
    """Lowest and highest mV in every 0.04 s of the page, float64 (n,) each; infinite where the strip is not."""
    first, last = (round(at_s * recording.fs_hz) for at_s in (strip.start_s, strip.end_s))
    samples_mv = strip.sign * recording.lead(strip.lead)[first:last].astype(np.float64)
    finite = np.isfinite(samples_mv)
    cell = np.floor((start_s + np.arange(len(samples_mv)) / recording.fs_hz) / _CELL_S).astype(int)[finite]
    low_mv, high_mv = np.full(_CELLS, np.inf), np.full(_CELLS, -np.inf)
    if finite.any():
        from_rest_mv = samples_mv[finite] - np.median(samples_mv[finite])  # A strip is drawn with its median at rest.
        np.minimum.at(low_mv, cell, from_rest_mv)
        np.maximum.at(high_mv, cell, from_rest_mv)
    return low_mv, high_mv


def _pdf_writer(case: CaseAnalysis, *, title: str, task: AnalysisTask) -> Callable[[Path], None]:
    # reportlab takes a tenth of a second to import; the JSON needs none of it.
    from peace_desktop.report.content import build_content
    from peace_desktop.report.paper import Gain
    from peace_desktop.report.pdf import write_pdf

    content = build_content(
        case.recording, case.findings, case.measurements, case.prediction, prediction_error=case.prediction_error,
        section=case.section,
        reading=None, title=title, audit_head="", selected=strongest_map(case.prediction),
        gain=Gain(precordial_half=crowds_the_paper(case.recording, case.section)),
        application_version=task.application_version, printed_at=datetime.now().astimezone())
    return lambda path: write_pdf(content, path)


def _write(target: Path, suffix: str, inputs: tuple[Path, ...], write: Callable[[Path], None]) -> None:
    write_whole(target.with_name(target.name + suffix), write, inputs=inputs)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
