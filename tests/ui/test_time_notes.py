"""A reader's notes on stretches of time: written from calipers or mouse, numbered, found again, undone, printed."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from window_cases import import_all, open_titled

from peace_desktop.report.paper import LayoutKind, page_layout
from peace_desktop.report.time_notes import brackets, note_lines
from peace_desktop.review.time_notes import TimeNote
from peace_desktop.ui.export import write_report
from peace_model.ecg.leads import STANDARD_12

PAUSE = TimeNote(2.0, 3.1, "pause after an extra beat")
BLOCK = TimeNote(6.2, 6.4, "narrow here", lead="V2")


def test_a_note_on_all_leads_stands_over_the_first_row_and_one_on_a_lead_over_that_lead():
    page = page_layout(LayoutKind.THREE_BY_FOUR_RHYTHM, leads=STANDARD_12, duration_s=10.0)
    found = brackets((PAUSE, BLOCK), page)
    assert [(item.number, item.strip.lead, item.begins, item.ends) for item in found] == [
        (1, "I", True, False), (1, "aVR", False, True), (2, "V2", True, True)]
    assert [(item.start_s, item.end_s) for item in found] == [(2.0, 2.5), (2.5, 3.1), (6.2, 6.4)]
    assert {item.level for item in found} == {0}
    beside = brackets((PAUSE, TimeNote(2.2, 2.4, "the beat itself"), TimeNote(9.0, 9.5, "end")), page)
    assert [(item.number, item.level) for item in beside if item.strip.column == 0] == [(1, 0), (2, 1)]
    late = page_layout(LayoutKind.TWELVE_BY_ONE, leads=STANDARD_12, duration_s=60.0, start_s=20.0)
    assert brackets((PAUSE, BLOCK), late) == ()
    overlaid = page_layout(LayoutKind.OVERLAY, leads=STANDARD_12, duration_s=10.0)
    assert [(item.number, item.strip.row) for item in brackets((PAUSE, BLOCK), overlaid)] == [(1, 0), (2, 1)]
    assert note_lines((PAUSE, BLOCK)) == (
        "1  2.00–3.10 s, all leads: pause after an extra beat", "2  6.20–6.40 s, V2: narrow here")


def drag_with_ctrl(qtbot, trace, first_s, last_s):
    sheet = trace.sheet()
    strip = next(item for item in sheet.page.strips if item.group == "rhythm")
    ends = [trace.place_px(sheet.time_x_mm(strip, second), sheet.baseline_mm(strip.row)).toPoint()
            for second in (first_s, last_s)]
    viewport, ctrl = trace.paper.viewport(), Qt.KeyboardModifier.ControlModifier
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, ctrl, ends[0])
    QApplication.sendEvent(viewport, QMouseEvent(
        QMouseEvent.Type.MouseMove, QPointF(ends[1]), viewport.mapToGlobal(QPointF(ends[1])), Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton, ctrl))
    assert len(trace.items.notes.brackets) > 0, "the stretch is seen while it is marked"
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, ctrl, ends[1])


def settle(qtbot, window):
    qtbot.waitUntil(lambda: window.bridge.idle and not window.reload_soon.isActive(), timeout=60_000)


def test_notes_are_written_listed_found_undone_and_printed(running, qtbot, children, confirm, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    trace, listed = window.stage.trace, window.side.reading.notes
    assert not listed.isVisibleTo(window)

    # By keyboard: the first press lays the calipers, the second asks for the words.
    window.actions_["note"].trigger()
    assert window.readings.reading is None
    reading = trace.caliper_reading()
    confirm("notched here")
    window.actions_["note"].trigger()
    (note,) = window.readings.reading.notes
    assert (note.text, note.lead) == ("notched here", reading.lead)
    assert (note.start_s, note.end_s) == (pytest.approx(reading.start_s), pytest.approx(reading.end_s))

    # By mouse, on all leads; it is earlier and so becomes number 1.
    confirm("pause of a second")
    drag_with_ctrl(qtbot, trace, 0.5, 1.5)
    first, second = window.readings.reading.notes
    assert (first.text, first.lead, second.text) == ("pause of a second", "", "notched here")
    assert first.end_s - first.start_s == pytest.approx(1.0, abs=0.03)
    assert [item.number for item in trace.items.notes.brackets][0] == 1
    assert listed.isVisibleTo(window)
    assert [listed.item(row).text().split("  ")[0][0] for row in range(listed.count())] == ["1", "2"]

    # In the list: written anew, removed, brought back.
    listed.setCurrentRow(0)
    confirm("pause of one second")
    qtbot.keyClick(listed, Qt.Key.Key_Return)
    assert window.readings.reading.notes[0].text == "pause of one second"
    qtbot.keyClick(listed, Qt.Key.Key_Delete)
    assert [item.text for item in window.readings.reading.notes] == ["notched here"]
    assert listed.count() == 1
    window.readings.undo()
    assert [item.text for item in window.readings.reading.notes] == ["pause of one second", "notched here"]
    assert not window.readings.discardable, "a draft with notes says something"
    settle(qtbot, window)

    path = write_report(window.print_content(), "", tmp_path / "report.pdf")
    pages = [page.extract_text() for page in pypdf.PdfReader(path).pages]
    assert "pause of one second" in " ".join(pages[1].split())
    assert "pause of one second" not in pages[0]

    # Another recording shows none of it; the stored draft brings them back.
    open_titled(qtbot, window, "mother")
    assert listed.count() == 0
    assert trace.items.notes.brackets == ()
    open_titled(qtbot, window, "infant")
    assert listed.count() == 2
    settle(qtbot, window)


def test_another_reader_sees_none_of_the_notes(running, qtbot, children, confirm):
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    confirm("only I saw this")
    drag_with_ctrl(qtbot, window.stage.trace, 0.5, 1.5)
    settle(qtbot, window)
    window._name_reader("Dr. Other")
    qtbot.waitUntil(lambda: window.case.analysis is not None, timeout=60_000)
    settle(qtbot, window)
    assert window.side.reading.notes.count() == 0
    assert window.stage.trace.items.notes.brackets == ()


def test_printing_without_measurements_keeps_the_notes():
    from peace_desktop.report.details import build_details, detail_columns

    details = build_details((), (), rules_hidden="", notes=note_lines((PAUSE,)))
    texts = [mark.text for _x, items in detail_columns(details, 260.0, 150.0) for item in items for mark in item.marks
             if hasattr(mark, "text")]
    assert any("pause after an extra beat" in text for text in texts)


def test_the_keyboard_goes_back_when_the_last_tool_is_put_away(running, qtbot, children):
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    paper = window.stage.trace.paper
    window.worklist.focus_rows()
    for tool in ("calipers", "magnifier"):
        window.actions_[tool].trigger()
        assert paper.hasFocus()
    window.actions_["magnifier"].trigger()
    assert paper.hasFocus(), "the calipers are still in hand"
    window.actions_["calipers"].trigger()
    assert not paper.hasFocus()
