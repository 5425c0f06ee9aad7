"""Measurements, rule results and the lead table in the side column."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView, QToolButton
from window_cases import import_all, open_titled

from peace_desktop.app import Application
from peace_desktop.ui.findings.axis_dial import AxisDial
from peace_desktop.ui.findings.disclosure import Disclosure
from peace_desktop.ui.findings.limit_strip import LimitStrip
from peace_desktop.ui.panel import text_label


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
