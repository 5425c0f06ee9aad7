"""The page as a file: true to scale, with the writing that says how it is drawn, and nothing of whose it is."""

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from peace_desktop.ui.page_picture import drawn_page, write_drawn
from peace_desktop.ui.trace.trace_view import TraceView
from peace_model.ecg.simulation import SimulationSpec, simulate

_DOTS_PER_MM = 3 * 96 / 25.4


@pytest.fixture
def view(qtbot) -> TraceView:
    made = TraceView()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.set_screen_mm(3.0, 3.0)
    made.show()
    recording = simulate(SimulationSpec(age_days=2500, sex="F", seed=3, duration_s=10.0)).recording
    made.show_recording(replace(recording, patient_key="KEY4711"))
    made.set_gain(20.0)
    made.set_zoom(1.5)
    made.set_calipers(True)
    QTest.keyClick(made.paper, Qt.Key.Key_Return)
    return made


def test_a_png_has_its_millimetres_whatever_the_screen(view: TraceView, tmp_path: Path) -> None:
    path = write_drawn(drawn_page(view, ".png", version="1.2"), tmp_path / "page.png")
    image = QImage(str(path))
    sheet = view.sheet()
    assert image.width() == pytest.approx(sheet.width_mm * _DOTS_PER_MM, abs=1)
    assert image.dotsPerMeterX() == pytest.approx(1000 * _DOTS_PER_MM, abs=1)
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())[:, :grey.width()]
    left = round((sheet.left_mm - 1) * _DOTS_PER_MM)
    dark = pixels[:, :left] < 90
    columns = np.flatnonzero(dark.sum(axis=0) > 18 * _DOTS_PER_MM)
    assert columns[-1] - columns[0] == pytest.approx(5 * _DOTS_PER_MM, abs=4), "200 ms at 25 mm/s"
    assert not list(tmp_path.glob(".*")), "nothing half written is left"


def test_a_pdf_says_what_is_seen_and_nothing_of_whose_it_is(view: TraceView, tmp_path: Path) -> None:
    from pypdf import PdfReader

    reader = PdfReader(write_drawn(drawn_page(view, ".pdf", version="1.2"), tmp_path / "page.pdf"))
    page = reader.pages[0]
    assert float(page.mediabox.width) / 72 * 25.4 == pytest.approx(view.sheet().width_mm, abs=0.5)
    text = unicodedata.normalize("NFKC", page.extract_text()).replace("\t", " ")
    for words in ("25 mm/s", "20 mm/mV", "filter off", "0.0–10.0 s of 10.0 s", "Research use only", "200 ms", "1.2",
                  "6 years 10 months"):
        assert words in text, words
    assert "zoom" in " ".join(piece.text for piece in view.caption.writing)
    said = text + str(dict(reader.metadata or {}))
    assert "KEY4711" not in said
    assert "zoom" not in said, "the file is true to scale at any zoom"


def test_an_svg_is_as_wide_as_its_paper_and_has_no_pixels(view: TraceView, tmp_path: Path) -> None:
    drawing = write_drawn(drawn_page(view, ".svg", version="1"), tmp_path / "page.svg").read_text("utf-8")
    wide = re.search(r'width="([\d.]+)mm"', drawing)
    assert wide is not None
    assert float(wide[1]) == pytest.approx(view.sheet().width_mm, abs=0.3)
    assert "<image" not in drawing
    assert "KEY4711" not in drawing


def test_other_endings_and_no_recording_are_said(view: TraceView) -> None:
    with pytest.raises(ValueError, match="png"):
        drawn_page(view, ".bmp", version="1")
    view.show_recording(None)
    with pytest.raises(ValueError, match="No recording"):
        drawn_page(view, ".png", version="1")
