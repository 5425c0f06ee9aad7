"""A blind reader at the measurements: values and limits, and no rule result in any text, tip or accessible word."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QTableView, QWidget
from window_cases import READER, import_all, open_titled

from peace_desktop.app import Application
from peace_desktop.review.measurement_edits import edit_in
from peace_desktop.review.reading import new_draft, with_comment
from peace_desktop.ui.export import write_report
from peace_desktop.ui.main_window import MainWindow
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.measurement import apply_rules
from peace_model.ecg.simulation import Pathology, SimulationSpec, simulate

OTHER = "Dr. Elsewhere"


@pytest.fixture
def blind(qtbot: object, running: Application, tmp_path: Path) -> MainWindow:
    """A child with met rules, twice; this reader reads it blind, another reader has moved its P onset."""
    window = running.window
    folder = tmp_path / "child"
    folder.mkdir()
    sick = frozenset({Pathology.RVH, Pathology.CRBBB})
    for name, days in (("before", 1100), ("now", 1500)):
        spec = SimulationSpec(days, "M", 1, duration_s=8, pathologies=sick)
        write_wfdb(replace(simulate(spec).recording, patient_key="C1"), folder, name)
    import_all(qtbot, window, folder)
    open_titled(qtbot, window, "now")
    assert window.side.rules.findChildren(QLabel, "rule_met")
    library, sha256 = window.services.library, window.case.shown
    beat = opened_beat(qtbot, window)
    automatic = beat.automatic
    beat.reject()
    theirs = library.save_reading(with_comment(new_draft(sha256, OTHER), "P is early"))
    library.add_measurement_edit(edit_in(theirs, replace(automatic, p_on=(automatic.p_on or 0.0) - 30),
                                         automatic=automatic, at=datetime.now(UTC)))
    library.save_reading(with_comment(replace(new_draft(sha256, READER), mode="blind"), "first look"))
    open_titled(qtbot, window, "before")
    open_titled(qtbot, window, "now")
    assert window.edits.blind
    return window


def opened_beat(qtbot: object, window: MainWindow):
    window.actions_["median_beat"].trigger()
    qtbot.waitUntil(lambda: window.beat.dialog is not None, timeout=60_000)  # type: ignore[attr-defined]
    return window.beat.dialog


def words_of(*roots: QWidget) -> str:
    """Everything these say to eye, pointer or screen reader, hidden parts too."""
    said = []
    for widget in (item for root in roots for item in (root, *root.findChildren(QWidget))):
        said += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.statusTip(),
                 widget.whatsThis(), widget.windowTitle()]
        text = getattr(widget, "text", None)
        if callable(text):
            said.append(str(text()))
        if isinstance(widget, QTableView) and (model := widget.model()) is not None:
            said += [str(model.index(row, column).data(role)) for row in range(model.rowCount())
                     for column in range(model.columnCount())
                     for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole,
                                  Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole)]
    return "\n".join(said)


def assert_nothing_of_rules(window: MainWindow, words: str) -> None:
    assert window.case.analysis is not None
    results = apply_rules(window.case.analysis.recording, window.case.analysis.measurements)
    assert any(result.positive for result in results)
    for result in results:
        assert result.name not in words, result.name
    assert not any(word in words for word in (OTHER, " met", "bundle branch", "hypertrophy"))


def test_no_panel_dialog_or_report_tells_a_blind_reader_a_rule_result(
        qtbot: object, blind: MainWindow, tmp_path: Path) -> None:
    window = blind
    qtbot.waitUntil(lambda: window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]
    panels = [panel for panel in window.side.panels if panel.key != "predictions"]
    words = words_of(*panels)
    assert "Blind reading: rule results are hidden until they are revealed." in words
    assert "QRS duration" in words
    assert_nothing_of_rules(window, words)

    beat = opened_beat(qtbot, window)
    words = words_of(beat)
    assert "Not edited so far." in words, "nobody else's edit is told"
    assert beat.boundaries is None
    assert_nothing_of_rules(window, words)
    QTest.keyClick(beat, Qt.Key.Key_Escape)

    window.actions_["compare"].trigger()
    qtbot.waitUntil(lambda: window.compare.dialog is not None, timeout=60_000)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]
    assert window.compare.dialog is not None
    words = words_of(window.compare.dialog)
    assert "PR interval" in words
    assert_nothing_of_rules(window, words)
    window.compare.dialog.reject()

    content = window.print_content()
    assert content is not None
    from pypdf import PdfReader
    written = write_report(content, "", tmp_path / "blind.pdf")
    pages = [page.extract_text() for page in PdfReader(written).pages]
    assert "rule results are hidden" in pages[1]
    assert_nothing_of_rules(window, "\n".join(pages))
