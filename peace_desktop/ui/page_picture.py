"""The page on the screen as a file, true to scale: PNG, SVG or PDF with what is drawn and the writing that says how.

Everything is drawn at 96 logical pixels an inch, so that text has the size it has on a screen at 100 %; a millimetre of
the paper is a millimetre of the file at any zoom of the window. Nothing tells whose recording it is.
"""

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPageSize, QPainter, QPdfWriter, QTransform
from PySide6.QtSvg import QSvgGenerator

from peace_desktop.report.wording import DOT
from peace_desktop.texts import _, age_words
from peace_desktop.ui.trace import captions
from peace_desktop.ui.trace.pens import ink_colour
from peace_desktop.ui.trace.trace_view import TraceView

_DPI = 96
_PX_PER_MM = _DPI / 25.4
_FINER = 3
"""Dots of a PNG a logical pixel: 288 an inch."""
_PAD_PX = 8.0


def drawn_page(trace: TraceView, ending: str, *, version: str) -> QImage | bytes:
    """The page that is drawn, in the window's thread: an image for ".png", the file's bytes for ".svg" and ".pdf".

    Raises ValueError without a recording or for another ending.
    """
    page = _Page(trace, version)
    makers: dict[str, Callable[[], QImage | bytes]] = {".png": page.image, ".svg": page.svg, ".pdf": page.pdf}
    if ending.lower() not in makers:
        raise ValueError(_("Choose a name that ends in .png, .svg or .pdf."))
    return makers[ending.lower()]()


def write_drawn(drawn: QImage | bytes, path: Path) -> Path:
    """Write a drawn page, whole or not at all, and return the path; off the window's thread. Raises OSError."""
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.write_bytes(drawn if isinstance(drawn, bytes) else _png(drawn))
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return path


class _Page:
    """The paper with lines of writing above and below, in logical pixels."""

    def __init__(self, trace: TraceView, version: str) -> None:
        recording, sheet = trace.recording, trace.sheet()
        if recording is None or sheet is None:
            raise ValueError(_("No recording is open."))
        self._trace = trace
        self._font = QFont(trace.font())
        self._width, self._paper = sheet.width_mm * _PX_PER_MM, sheet.height_mm * _PX_PER_MM
        drawn = DOT.join([age_words(recording.age), *(piece.text for piece in trace.writing)])
        where = DOT.join((captions.layout_name(sheet.page.kind),
                          captions.window_text(sheet.page, recording.duration_s)))
        scale = _("true to scale when printed at 100 %: the pulse is 1 mV high and 200 ms wide")
        below = [_("Research use only \N{EM DASH} not a medical device") + DOT + scale, trace.legend_words,
                 f"PEACE Desktop {version}{DOT}SHA-256 {recording.source.sha256[:16]}"]
        self._above, self._below = self._lines([drawn, where]), self._lines(below)
        self._line = QFontMetricsF(self._font).height() + 2
        self._top = len(self._above) * self._line + _PAD_PX
        self._height = self._top + self._paper + len(self._below) * self._line + _PAD_PX

    def image(self) -> QImage:
        image = QImage(QSize(round(self._width * _FINER), round(self._height * _FINER)), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_FINER)
        painter = QPainter(image)
        self._paint(painter)
        painter.end()
        # Only now: letters are sized by it.
        dots_a_metre = round(1000 * _PX_PER_MM * _FINER)
        image.setDotsPerMeterX(dots_a_metre)
        image.setDotsPerMeterY(dots_a_metre)
        return image

    def svg(self) -> bytes:
        buffer = _buffer()
        made = QSvgGenerator()
        made.setOutputDevice(buffer)
        made.setResolution(_DPI)
        made.setSize(QSize(round(self._width), round(self._height)))
        made.setViewBox(QRectF(0, 0, round(self._width), round(self._height)))
        made.setTitle(_("ECG page"))
        painter = QPainter(made)
        self._paint(painter)
        painter.end()
        return bytes(buffer.data().data())

    def pdf(self) -> bytes:
        buffer = _buffer()
        made = QPdfWriter(buffer)
        made.setResolution(_DPI)
        size_mm = QSizeF(self._width / _PX_PER_MM, self._height / _PX_PER_MM)
        made.setPageSize(QPageSize(size_mm, QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch))
        made.setPageMargins(QMarginsF(0, 0, 0, 0))
        made.setTitle(_("ECG page"))
        made.setCreator("PEACE Desktop")
        painter = QPainter(made)
        self._paint(painter)
        painter.end()
        return bytes(buffer.data().data())

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(QRectF(0, 0, self._width, self._height), ink_colour("paper"))
        self._write(painter, self._above, 0.0)
        painter.save()
        painter.setClipRect(QRectF(0, self._top, self._width, self._paper))
        self._trace.paint_page(painter, QTransform.fromTranslate(0, self._top).scale(_PX_PER_MM, _PX_PER_MM))
        painter.restore()
        self._write(painter, self._below, self._top + self._paper)

    def _write(self, painter: QPainter, lines: list[str], top: float) -> None:
        painter.setFont(self._font)
        painter.setPen(ink_colour("text"))
        for index, words in enumerate(lines):
            place = QRectF(_PAD_PX, top + _PAD_PX / 2 + index * self._line, self._width - 2 * _PAD_PX, self._line)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    def _lines(self, texts: list[str]) -> list[str]:
        """The texts in lines that fit the page; an empty text takes none."""
        metrics, lines = QFontMetricsF(self._font), []
        for text in filter(None, texts):
            line = ""
            for word in text.split(" "):
                longer = f"{line} {word}" if line else word
                if line and metrics.horizontalAdvance(longer) > self._width - 2 * _PAD_PX:
                    lines.append(line)
                    longer = word
                line = longer
            lines.append(line)
        return lines


def _png(image: QImage) -> bytes:
    buffer = _buffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # Qt takes the format's name as text
    return bytes(buffer.data().data())


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer
