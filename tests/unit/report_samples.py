"""Recordings with known peaks, predictions and readings for the report's tests, and a reader of PDF drawings."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from peace_desktop.report.content import build_content
from peace_desktop.report.pdf import write_pdf
from peace_desktop.review.blind_reading import lock, reveal
from peace_desktop.review.reading import (
    Reading,
    ReadingState,
    new_draft,
    sign,
    with_comment,
    with_confidence,
    with_statement,
)
from peace_desktop.review.statements import Presence, Statement, agree, disagree
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Finding, Recording, Source, roles_of
from peace_model.inference.prediction import Explanation, Prediction, PredictionResult, Reason

SHA = "ab12cd34" * 8
BUNDLE = "3f9e0a1b" * 8
AUDIT = "118 " + "9c4e77d0" * 8
PRINTED_AT = datetime(2026, 3, 4, 15, 6, 7, tzinfo=timezone(timedelta(hours=1)))
PEAKS_S = (1.0, 1.8, 2.2, 4.0, 6.4, 8.9)
PEAK_MV = 1.5
MM = 72 / 25.4


def spikes(leads=STANDARD_12, *, fs_hz=200.0, duration_s=10.0, age_days=2740, peak_mv=PEAK_MV, **changes) -> Recording:
    """Flat leads with a triangle of peak_mv, 40 ms wide, at every time of PEAKS_S."""
    seconds = np.arange(round(duration_s * fs_hz)) / fs_hz
    signal = sum(np.clip(1 - np.abs(seconds - peak) / 0.02, 0, None) for peak in PEAKS_S) * peak_mv
    fields = {
        "signal_mv": np.tile(signal, (len(leads), 1)).astype(np.float32),
        "fs_hz": fs_hz,
        "leads": tuple(leads),
        "roles": roles_of(tuple(leads)),
        "age": Age(age_days, Precision.DAY, "file header") if age_days is not None else None,
        "sex": "F",
        "recorded_at": datetime(2025, 12, 31, 8, 30),
        "patient_key": "P00073",
        "source": Source(Path("P00073_E02.hea"), "wfdb", SHA, ()),
    }
    return Recording(**(fields | changes))


def prediction(labels=("RVH", "LVH", "NORM"), *, positive=("RVH",)) -> PredictionResult:
    few = "Few records: the model saw {count} recordings with this label in training."
    values = np.linspace(0, 1, 125, dtype=np.float32)
    return PredictionResult(
        predictions=tuple(
            Prediction(label, f"Name of {label}", 0.82 if label in positive else 0.13, 0.41, label in positive,
                       (Reason("few_records", few, (("count", str(3 + index)),)),))
            for index, label in enumerate(labels)
        ),
        explanations=tuple(
            Explanation(label, method, values, 0.0, 0.08) for label in labels for method in ("gradcam", "attention")),
        general_reasons=(
            Reason("adult_trained", "The model was trained on adults only; this is a child's recording ({age}).",
                   (("age", "7 years 6 months"),)),),
        bundle_name="peace-ptbxl", bundle_version="1.0.0", bundle_sha256=BUNDLE, pipeline_version="1",
        provider="CPU", windows_s=((0.0, 10.0),),
    )


def draft(comment="", **changes) -> Reading:
    reading = new_draft(SHA, "Dr. Müller", bundle_sha256=BUNDLE, reading_id="0123456789abcdef")
    reading = with_statement(reading, agree("RVH", True, BUNDLE))
    reading = with_statement(reading, disagree("NORM", False, BUNDLE))
    reading = with_statement(reading, Statement("LVH", Presence.UNCERTAIN))
    reading = with_confidence(with_comment(reading, comment), 4)
    return Reading(**(vars(reading) | changes))


def blind(state=ReadingState.DRAFT) -> Reading:
    """A blind reading in a state before its signature."""
    reading = new_draft(SHA, "Dr. Müller", mode="blind", study_id="s" * 32, reading_id="0123456789abcdef")
    reading = with_statement(reading, Statement("RVH", Presence.PRESENT))
    if state is ReadingState.ASSIGNED:
        return replace(reading, state=state)
    locked = lock(reading, ("RVH",), at=PRINTED_AT)
    return {ReadingState.LOCKED: locked, ReadingState.REVEALED: reveal(locked, bundle_sha256=BUNDLE)}.get(
        state, reading)


def signed(comment="Sinus rhythm.", **changes) -> Reading:
    return sign(draft(comment, **changes), reader="Dr. Müller", meaning="read", at=PRINTED_AT)


def content_of(recording=None, *, findings=(), measurements=(), result=None, reading=None, **options):
    fields = {"title": "Follow-up", "audit_head": AUDIT, "application_version": "0.1.0", "printed_at": PRINTED_AT}
    recording = recording if recording is not None else spikes()
    return build_content(recording, findings, measurements, result, reading=reading, **(fields | options))


def finding(text: str, *leads: str) -> Finding:
    return Finding("noise", leads, "{text}", (("text", text),))


def text_of(path: Path) -> str:
    """All words of the page, and of the second one where measurements are printed; line ends as spaces."""
    from pypdf import PdfReader

    reader = PdfReader(path)
    assert len(reader.pages) <= 2
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def printed_text(folder: Path, content, **options) -> str:
    path = folder / "report.pdf"
    write_pdf(content, path, **options)
    return text_of(path)


@dataclass
class Drawing:
    """What a page strokes, in mm of the sheet: one (n, 2) array a polyline, with its clip rectangle."""

    size_mm: tuple[float, float]
    lines: list[np.ndarray] = field(default_factory=list)
    clips: list[tuple[float, float, float, float] | None] = field(default_factory=list)

    def of_length(self, low: int, high: int = 10**9) -> list[np.ndarray]:
        return [line for line in self.lines if low <= len(line) <= high]


def drawing_of(path: Path) -> Drawing:
    """Stroked polylines of the page, through the current transformation matrix."""
    from pypdf import PdfReader
    from pypdf.generic import ContentStream

    page = PdfReader(path).pages[0]
    found = Drawing((float(page.mediabox.width) / MM, float(page.mediabox.height) / MM))
    matrix, clip, stack = np.eye(3), None, []
    subpaths: list[list[tuple[float, float]]] = []
    rectangle, clipping = None, False
    for operands, operator in ContentStream(page.get_contents(), None).operations:
        numbers = [float(o) for o in operands] if operator in (b"m", b"l", b"re", b"cm") else []
        if operator == b"q":
            stack.append((matrix, clip))
        elif operator == b"Q":
            matrix, clip = stack.pop()
        elif operator == b"cm":
            a, b, c, d, e, f = numbers
            matrix = np.array([[a, b, 0], [c, d, 0], [e, f, 1]]) @ matrix
        elif operator == b"m":
            subpaths.append([tuple(numbers)])
        elif operator == b"l":
            subpaths[-1].append(tuple(numbers))
        elif operator == b"re":
            rectangle = tuple(n / MM for n in numbers)
        elif operator == b"W":
            clipping = True
        elif operator in (b"S", b"n", b"f", b"f*", b"B"):
            if operator == b"S":
                for path_points in subpaths:
                    points = np.column_stack([np.array(path_points), np.ones(len(path_points))]) @ matrix
                    found.lines.append(points[:, :2] / MM)
                    found.clips.append(clip)
            if clipping:
                clip = rectangle
            subpaths, rectangle, clipping = [], None, False
    return found
