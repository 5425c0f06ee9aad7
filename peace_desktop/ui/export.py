"""The report of the shown case as a PDF: asked for where, written in the work lane."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from PySide6.QtWidgets import QFileDialog, QWidget

from peace_desktop.jobs.case import CaseAnalysis
from peace_desktop.library.records import AuditHead
from peace_desktop.library.repository import Library
from peace_desktop.report.later_correction import LaterCorrection
from peace_desktop.report.paper import Gain
from peace_desktop.review.reading import Reading, ReadingState, shown_state
from peace_desktop.settings import Settings
from peace_desktop.texts import _
from peace_desktop.ui.display import filter_setting, layout_kind

PaperSize = Literal["A4", "letter"]
AskPath = Callable[[QWidget, str], Path | None]


@dataclass(frozen=True, eq=False)
class Print:
    """Everything a report is made of, taken when it is asked for. selected: (label, method) of the map that is on.

    own_gains: of single leads, as `Gain.own`. blind: whoever prints it has still to read the recording blind.
    corrected: of the person after the reading was signed. gestational_age_weeks: None when unknown.
    """

    title: str
    analysis: CaseAnalysis
    reading: Reading | None
    others: tuple[Reading, ...]
    settings: Settings
    selected: tuple[str, str] | None
    start_s: float
    version: str
    own_gains: tuple[tuple[str, float], ...] = ()
    blind: bool = False
    corrected: LaterCorrection | None = None
    gestational_age_weeks: int | None = None


def ask_path(window: QWidget, suggested: str) -> Path | None:
    """Where the PDF goes; None when the reader would rather not."""
    chosen, _filter = QFileDialog.getSaveFileName(window, _("Report as PDF"), suggested, _("PDF (*.pdf)"))
    return Path(chosen) if chosen else None


def file_name(title: str) -> str:
    """A file name from a title: letters, digits, dash and underscore."""
    kept = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in title).strip("-")
    return f"{kept or 'report'}.pdf"


def audit_words(head: AuditHead) -> str:
    """The audit trail's head as it is printed."""
    return f"{head.sequence} {head.sha256}"


def head_of(library: Library) -> str:
    """In the library lane."""
    return audit_words(library.audit_head())


def write_report(printed: Print, audit_head: str, path: Path) -> Path:
    """In the work lane. Raises ReportError, OSError."""
    from peace_desktop.report.content import build_content
    from peace_desktop.report.pdf import write_pdf

    settings, analysis, reading = printed.settings, printed.analysis, printed.reading
    content = build_content(
        analysis.recording, analysis.findings, analysis.measurements, analysis.prediction, section=analysis.section,
        reading=reading, title=printed.title, audit_head=audit_head, application_version=printed.version,
        printed_at=datetime.now().astimezone(), prediction_error=analysis.prediction_error,
        blind=printed.blind, corrected=printed.corrected, gestational_age_weeks=printed.gestational_age_weeks,
        superseded=reading is not None and shown_state(reading, printed.others) is ReadingState.AMENDED,
        layout=layout_kind(settings), gain=Gain(settings.gain_mm_per_mv, settings.half_standard, printed.own_gains),
        start_s=printed.start_s, filter_setting=filter_setting(settings), selected=printed.selected)
    paper: PaperSize = "letter" if settings.paper == "letter" else "A4"
    write_pdf(content, path, paper=paper)
    return path
