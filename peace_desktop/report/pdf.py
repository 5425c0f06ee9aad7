"""Writes a report as PDF: a page of traces true to scale, a page of details; the same bytes for the same content."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from peace_desktop.report.blocks import columns
from peace_desktop.report.details import Details, detail_columns
from peace_desktop.report.flow import Item, Text, text_width
from peace_desktop.report.fonts import REGULAR, faces, runs
from peace_desktop.report.frame import POINTS_PER_MM, Frame, PaperSize, frame_for
from peace_desktop.report.header import footer, header, legend, trust_lines
from peace_desktop.report.labels import LABEL_PT, NOTE_PT, Label, lead_labels
from peace_desktop.report.note_marks import note_labels, note_operators
from peace_desktop.report.paper import Ink, load_ink
from peace_desktop.report.printed import ReportContent
from peace_desktop.report.traces import draw_strips, hatch_operators, map_operators, paper_operators, trace_operators
from peace_desktop.texts import _

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_GAP_MM = 3.0


def write_pdf(content: ReportContent, path: Path, *, paper: PaperSize = "A4") -> None:
    """Write the report to path, replacing an earlier file only once the new one is complete.

    Raises ReportError when the layout does not fit the sheet true to scale, OSError when path cannot be written.
    """
    from reportlab.pdfgen.canvas import Canvas

    frame = frame_of(content, paper)
    ink = load_ink()
    faces()
    unfinished = path.with_name(path.name + ".part")
    canvas = Canvas(
        str(unfinished),
        pagesize=(frame.sheet.width * POINTS_PER_MM, frame.sheet.height * POINTS_PER_MM),
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,
    )
    canvas.setTitle(_("ECG report"))
    canvas.setSubject(_("Research use only \N{EM DASH} not a medical device"))
    canvas.setCreator(content.application)
    canvas.setAuthor(content.application)
    drawn = draw_strips(content.trace, frame)
    canvas.addLiteral(paper_operators(frame, ink))
    canvas.saveState()
    canvas.setBlendMode("Multiply")
    canvas.addLiteral(map_operators(content.trace, frame, ink))
    canvas.restoreState()
    canvas.addLiteral(hatch_operators(content.trace, frame, ink))
    canvas.addLiteral(trace_operators(content.trace, frame, drawn, ink))
    _draw_labels(canvas, lead_labels(content.trace, frame, drawn, ink), ink)
    canvas.addLiteral(note_operators(content.trace, frame, ink))
    _draw_labels(canvas, note_labels(content.trace, frame, ink), ink)
    cut = tuple(dict.fromkeys(item.strip.label for item in drawn if item.cut))
    _draw(canvas, [header(content, frame.header.width, frame.header.height)], frame.header.x, frame.header.top, ink)
    under = legend(content, frame.legend.width, frame.legend.height, cut=cut)
    _draw(canvas, [under], frame.legend.x, frame.legend.top, ink)
    for column in columns(content, frame.blocks.width, frame.blocks.height):
        _draw(canvas, column.items, frame.blocks.x + column.x, frame.blocks.top, ink)
    _draw(canvas, footer(content, frame.footer.width), frame.footer.x, frame.footer.top, ink)
    canvas.showPage()
    if content.details is not None:
        _draw_details(canvas, content, content.details, frame, ink)
    try:
        canvas.save()
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def _draw_details(canvas: "Canvas", content: ReportContent, details: Details, frame: Frame, ink: Ink) -> None:
    """The second page between the same header and footer."""
    _draw(canvas, [header(content, frame.header.width, frame.header.height)], frame.header.x, frame.header.top, ink)
    top = frame.header.y - _GAP_MM
    for x, items in detail_columns(details, frame.header.width, top - frame.footer.top - _GAP_MM):
        _draw(canvas, items, frame.header.x + x, top, ink)
    _draw(canvas, footer(content, frame.footer.width), frame.footer.x, frame.footer.top, ink)
    canvas.showPage()


def frame_of(content: ReportContent, paper: PaperSize) -> Frame:
    """The areas of this content's sheet: a map's legend takes the lines it needs. Raises ReportError as `frame_for`."""
    trace = content.trace
    frame = frame_for(trace.page, paper, gain=trace.gain)
    lines = trust_lines(content, frame.legend.width)
    return frame_for(trace.page, paper, gain=trace.gain, legend_lines=1 + len(lines)) if lines else frame


def _draw(canvas: "Canvas", items: Iterable[Item], x_mm: float, top_mm: float, ink: Ink) -> None:
    k = POINTS_PER_MM
    top = top_mm
    for item in items:
        for mark in item.marks:
            colour = ink.map_colour(float(mark.ink[4:])) if mark.ink.startswith("map:") else ink.colours[mark.ink]
            canvas.setFillColor(colour)
            if isinstance(mark, Text):
                width = text_width(mark.text, mark.size_pt, bold=mark.bold) if mark.anchor == "right" else 0.0
                _write(canvas, x_mm + mark.x - width, top - mark.down, mark.text, mark.size_pt, bold=mark.bold)
            else:
                down = top - mark.down - mark.height
                canvas.rect((x_mm + mark.x) * k, down * k, mark.width * k, mark.height * k, stroke=0, fill=1)
        top -= item.height


def _write(canvas: "Canvas", x_mm: float, y_mm: float, text: str, size_pt: float, *, bold: bool) -> None:
    for name, stretch in runs(text, bold=bold):
        canvas.setFont(name, size_pt)
        canvas.drawString(x_mm * POINTS_PER_MM, y_mm * POINTS_PER_MM, stretch)
        x_mm += text_width(stretch, size_pt, bold=bold)


def _draw_labels(canvas: "Canvas", labels: Iterable[Label], ink: Ink) -> None:
    for label in labels:
        canvas.setFillColor(label.colour)
        _write(canvas, label.x, label.y, label.text, LABEL_PT, bold=True)
        if label.note:
            canvas.setFillColor(ink.colours["gap"])
            _write(canvas, label.note_x, label.y, label.note, NOTE_PT, bold=False)
