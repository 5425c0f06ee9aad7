"""Measurements, rule results and the lead table in the side column."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView, QToolButton
from window_cases import import_all, open_titled

from peace_desktop.app import Application
from peace_desktop.ui.findings.axis_dial import AxisDial
from peace_desktop.ui.findings.disclosure import Disclosure
from peace_desktop.ui.findings.input_truth import quality_words
from peace_desktop.ui.findings.limit_strip import LimitStrip
from peace_desktop.ui.panel import text_label
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


def test_the_worst_lead_is_named_first() -> None:
    words, lines = quality_words((LeadQuality("I", 0.97, 0.003, 0.002, 0.1), LeadQuality("V4", 0.31, 0.08, 0.001, 0.2)))
    assert words == "Lead quality, worst: V4 0.31"
    assert [line.split(":")[0] for line in lines[:2]] == ["V4", "I"]
    assert "noise 0.080" in lines[0]


def test_a_disclosure_opens_and_closes(qtbot: object) -> None:
    item = Disclosure("98–152 (Rijnbeek 2001)", ["Source: x"], subject="PR interval")
    qtbot.addWidget(item)  # type: ignore[attr-defined]
    label = item.findChildren(type(text_label()))[0]
    button = item.findChild(QToolButton)
    assert button is not None
    assert "PR interval" in button.accessibleName()
    assert label.isHidden()
    button.click()
    assert not label.isHidden()
    button.click()
    assert label.isHidden()
