"""The worklist in the window: filters that say what they leave out, the table, flags, order and the shown recording."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QInputDialog, QLabel, QLineEdit, QTableView
from sqlalchemy import delete, select
from study_cases import NOW, protocol
from window_cases import READER, SmallPredictor, import_all, listed_rows, open_titled, settled
from worklist_cases import Line, add_lines

from peace_desktop.app import Application
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.library.tables import ThumbnailRow
from peace_desktop.library.worklist import Worklist
from peace_desktop.library.worklist_filter import Order, SortBy, WorklistFilter
from peace_desktop.review.assignment import assign
from peace_desktop.review.reading import new_draft, sign, with_comment
from peace_desktop.review.study import StudyRecording
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.worklist.model import Column

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: Any, running: Application, children: Path) -> MainWindow:
    import_all(qtbot, running.window, children)
    return running.window


def titles(window: MainWindow) -> list[str]:
    return [row.title for row in listed_rows(window)]


def count(window: MainWindow) -> str:
    label = window.findChild(QLabel, "worklist_count")
    assert label is not None
    return label.text()


def test_a_filtered_list_says_so_and_one_key_shows_all_again(qtbot: Any, window: MainWindow) -> None:
    search = window.findChild(QLineEdit, "worklist_search")
    QTest.keyClicks(search, "INF")
    settled(qtbot, window)
    assert titles(window) == ["infant"]
    assert count(window) == "1 of 3 recordings — only: “INF”"
    open_titled(qtbot, window, "infant")
    search.setText("mot")
    settled(qtbot, window)
    QTest.keyClick(search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.worklist.recording(window.case.shown) is not None, timeout=60_000)
    assert window.worklist.recording(window.case.shown).title == "mother", "Return shows what was found"
    window.worklist.focus_search()
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is window.findChild(QTableView, "worklist")
    QTest.keyClick(window, Qt.Key.Key_F9)
    settled(qtbot, window)
    assert (len(titles(window)), count(window), search.text()) == (3, "3 recordings", "")


def test_filters_are_combined_kept_under_a_name_and_chosen_by_key(
        qtbot: Any, window: MainWindow, begin: Callable[[], Application], monkeypatch: pytest.MonkeyPatch) -> None:
    window.listing_commands.choose()
    settled(qtbot, window)
    dialog = window.listing_commands.dialog
    for name in ("band_91-182d", "band_unknown", "sex_F"):
        dialog.findChild(QCheckBox, name).click()
    settled(qtbot, window)
    assert titles(window) == ["infant", "nameless"]
    assert count(window) == "2 of 3 recordings — only: 91–182 days · Age unknown · F"
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args: ("small ones", True))
    window.listing_commands.keep()
    settled(qtbot, window)
    dialog.reject()
    window.listing_commands.clear()
    settled(qtbot, window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=60_000)
    QTest.keyClick(window, Qt.Key.Key_F, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None, timeout=60_000)
    QTest.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_1)
    settled(qtbot, window)
    assert titles(window) == ["infant", "nameless"]
    assert set(Worklist(window.services.library).kept_filters(reader=READER)) == {"small ones"}


def test_the_table_sorts_by_the_column_with_the_cursor_and_keeps_the_shown_recording(
        qtbot: Any, window: MainWindow) -> None:
    open_titled(qtbot, window, "mother")
    window.actions_["worklist_table"].trigger()
    table = window.listing_commands.page.table
    assert table.isVisible()
    assert not window.stage.isVisible()
    assert QApplication.focusWidget() is table
    for _step in range(Column.AGE):
        QTest.keyClick(table, Qt.Key.Key_Right)
    QTest.keyClick(table, Qt.Key.Key_Space)
    QTest.keyClick(table, Qt.Key.Key_Space)
    settled(qtbot, window)
    assert titles(window) == ["mother", "infant", "nameless"], "unknown ages stand last"
    assert (table.currentIndex().row(), table.currentIndex().column()) == (0, Column.AGE)
    QTest.keyClick(table, Qt.Key.Key_Space)
    settled(qtbot, window)
    assert titles(window) == ["infant", "mother", "nameless"]
    assert window.case.shown == listed_rows(window)[table.currentIndex().row()].sha256
    QTest.keyClick(table, Qt.Key.Key_Escape)
    assert window.stage.isVisible()
    window.step(1)
    assert window.case.shown == listed_rows(window)[2].sha256, "the next of the order that is shown"


def test_a_flag_is_the_readers_own(qtbot: Any, window: MainWindow) -> None:
    open_titled(qtbot, window, "infant")
    window.worklist.focus_rows()
    QTest.keyClick(window, Qt.Key.Key_D, CONTROL)
    settled(qtbot, window)
    assert [row.flagged for row in listed_rows(window)] == [row.title == "infant" for row in listed_rows(window)]
    worklist = Worklist(window.services.library)
    assert not worklist.row(window.case.shown, reader="Dr. Elsewhere").flagged
    QTest.keyClick(window, Qt.Key.Key_D, CONTROL)
    settled(qtbot, window)
    assert not any(row.flagged for row in listed_rows(window))
    assert window.services.library.verify().problems == ()


def test_a_blind_reader_is_not_told_who_has_signed(qtbot: Any, window: MainWindow) -> None:
    library, (first, *_rest) = window.services.library, listed_rows(window)
    rows = window.findChild(QTableView, "worklist")
    qtbot.waitUntil(lambda: all(row.thumbnail is not None for row in listed_rows(window)), timeout=60_000)
    settled(qtbot, window)
    alone = rows.grab().toImage()
    theirs = library.save_reading(with_comment(new_draft(first.sha256, "Dr. Elsewhere"), "seen"))
    library.sign_reading(sign(theirs, reader="Dr. Elsewhere", meaning="read", at=NOW))
    window.reload_worklist()
    settled(qtbot, window)
    assert "1 other signed" in listed_rows(window)[0].accessible
    assert rows.grab().toImage() != alone, "painted in the row as well"
    study = protocol(readers=(READER, "Dr. Elsewhere"))
    StudyRoom(library).create(study, [StudyRecording(first.sha256)], assign(study, [first.sha256]))
    window.reload_worklist()
    settled(qtbot, window)
    assert "signed" not in listed_rows(window)[0].accessible
    assert rows.grab().toImage() == alone


def test_a_kept_filter_names_its_study(qtbot: Any, window: MainWindow) -> None:
    library, (first, *_rest) = window.services.library, listed_rows(window)
    study = protocol(readers=(READER, "Dr. Elsewhere"))
    StudyRoom(library).create(study, [StudyRecording(first.sha256)], assign(study, [first.sha256]))
    Worklist(library).keep_filter("theirs", WorklistFilter(study_id=study.study_id), reader=READER)
    window.listing_commands.open_menu()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None, timeout=60_000)
    QTest.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_1)
    settled(qtbot, window)
    assert count(window) == "1 of 3 recordings — only: Right ventricles"


def test_the_next_recording_is_loaded_and_predicted_before_it_is_asked_for(
        qtbot: Any, window: MainWindow, predictor: SmallPredictor) -> None:
    open_titled(qtbot, window, "infant")
    settled(qtbot, window)
    asked = list(predictor.asked)
    predictor.gate.clear()
    window.step(1)
    qtbot.waitUntil(lambda: window.commands.prediction is not None, timeout=60_000)
    assert (window.worklist.recording(window.case.shown).title, predictor.asked[:len(asked)]) == ("mother", asked)
    assert window.case.analysis.recording.age.days == 15_350
    predictor.gate.set()


def test_a_thumbnail_is_drawn_when_its_row_comes_into_sight(qtbot: Any, window: MainWindow) -> None:
    library = window.services.library
    add_lines(library, [Line(f"above {place:03d}") for place in range(60)])
    window.listing.sort(Order(SortBy.TITLE))
    settled(qtbot, window)
    rows = window.findChild(QTableView, "worklist")
    assert rows.verticalScrollBar().value() > 0, "the shown recording stays in sight in another order"
    rows.scrollToTop()
    settled(qtbot, window)
    with library.write("application") as (session, _act):
        session.execute(delete(ThumbnailRow))
    window.reload_worklist()
    settled(qtbot, window)

    def drawn() -> set[str]:
        with library.read() as session:
            return set(session.scalars(select(ThumbnailRow.recording_sha256)))

    assert drawn() == set(), "nothing out of sight is drawn"
    rows.scrollToBottom()
    qtbot.waitUntil(lambda: len(drawn()) == 3, timeout=60_000)
    settled(qtbot, window)
    assert all(window.worklist.model.row(place).thumbnail is not None for place in (60, 61, 62))


def test_rows_far_down_are_fetched_when_they_are_looked_at(qtbot: Any, window: MainWindow) -> None:
    add_lines(window.services.library, [Line(f"far {place:04d}") for place in range(1000)])
    window.reload_worklist()
    settled(qtbot, window)
    assert window.worklist.model.rowCount() == 1003
    assert window.worklist.model.row(900) is None
    settled(qtbot, window)
    assert window.worklist.model.row(900).title == "far 0897"
    state = window.findChild(QComboBox, "worklist_filter")
    state.setCurrentIndex(state.findText("Signed"))
    settled(qtbot, window)
    assert count(window) == "0 of 1,003 recordings — only: Signed"
