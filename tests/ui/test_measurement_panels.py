"""Measurements, rule results and the lead table in the side column."""

from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QTableView, QToolButton
from window_cases import import_all, open_titled

from peace_desktop.app import Application
from peace_desktop.ui.findings.axis_dial import AxisDial
from peace_desktop.ui.findings.disclosure import Disclosure
from peace_desktop.ui.findings.input_truth import quality_words
from peace_desktop.ui.findings.limit_strip import LimitStrip
from peace_desktop.ui.findings.measurement_view import AxisView
from peace_model.ecg.signal.lead_quality import LeadQuality


def test_the_source_of_a_limit_is_one_click_away(qtbot: object, running: Application, children: Path) -> None:
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    qtbot.waitUntil(lambda: bool(window.side.measurements.findChildren(LimitStrip)), timeout=60_000)  # type: ignore[attr-defined]
    cited = [item for item in window.side.measurements.findChildren(Disclosure) if "Source: Rijnbeek" in item.text]
    assert cited
    button = cited[0].findChild(QToolButton)
    assert button is not None
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert button.isChecked()
    assert window.side.measurements.findChildren(AxisDial)
    table = window.side.findChild(QTableView, "lead_table")
    assert table is not None
    assert table.model().rowCount() >= 9
    assert window.side.rules.findChildren(Disclosure)
    (quality,) = (item for item in window.side.input_truth.findChildren(Disclosure) if "V6: " in item.text)
    assert "Lead quality" in quality.findChild(QToolButton).text()  # type: ignore[union-attr]


def test_without_a_recording_nothing_is_said_to_be_measured(running: Application) -> None:
    said = running.window.side.rules.findChild(QLabel, "rules_hidden")
    assert said is not None
    assert said.text() == "No recording is shown."


def test_the_worst_lead_is_named_first() -> None:
    words, lines = quality_words((LeadQuality("I", 0.97, 0.003, 0.002, 0.1), LeadQuality("V4", 0.31, 0.08, 0.001, 0.2)))
    assert words == "Lead quality, worst: V4 0.31"
    assert [line.split(":")[0] for line in lines[:2]] == ["V4", "I"]
    assert "noise 0.080" in lines[0]


def test_a_disclosure_opens_and_closes(qtbot: object) -> None:
    item = Disclosure("98–152 (Rijnbeek 2001)", ["Source: x"], subject="PR interval")
    qtbot.addWidget(item)  # type: ignore[attr-defined]
    button = item.findChild(QToolButton)
    assert button is not None
    assert "PR interval" in button.accessibleName()
    assert item.findChild(QLabel, "disclosed") is None
    button.click()
    label = item.findChild(QLabel, "disclosed")
    assert label is not None
    assert not label.isHidden()
    QTest.mouseClick(item.findChildren(QLabel)[0], Qt.MouseButton.LeftButton)
    assert label.isHidden(), "a click on the words is a click on the arrow"


def test_a_line_that_is_too_long_wraps_and_keeps_its_figures(qtbot: object) -> None:
    words = "no published limit (age 6 d); for reading only: 90–160 (Chicago teaching table)"
    item = Disclosure(words, ["Source: x"], subject="Heart rate")
    qtbot.addWidget(item)  # type: ignore[attr-defined]
    assert item.words == words
    assert item.heightForWidth(160) >= 4 * item.fontMetrics().lineSpacing()


def test_axes_that_point_the_same_way_share_their_letters(qtbot: object) -> None:
    apart = AxisDial(AxisView((("P", 40.0), ("QRS", -60.0), ("T", 170.0)), None, "apart"))
    close = AxisDial(AxisView((("P", 81.0), ("QRS", 87.0), ("T", 20.0)), (27, 117), "close"))
    for dial in (apart, close):
        qtbot.addWidget(dial)  # type: ignore[attr-defined]
        dial.resize(dial.sizeHint())
        boxes = [box for _names, box in dial.letters()]
        assert not any(one.intersects(other) for place, one in enumerate(boxes) for other in boxes[place + 1:])
        assert all(QRectF(dial.rect()).contains(box) for box in boxes)
        assert not dial.grab().isNull()
    assert [names for names, _box in apart.letters()] == ["P", "QRS", "T"]
    assert [names for names, _box in close.letters()] == ["P, QRS", "T"]
