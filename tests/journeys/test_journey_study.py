"""A study from the worklist to the other hospital and back: two blinded readers, reveal, change of mind, disagreement,
adjudication by a third, the agreement page, the bundle. Real windows, keys where a reader uses keys.
"""

import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QListWidget, QTableWidget
from window_cases import SHA256, SmallPredictor, import_all, start

from peace_desktop.app import Application
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.map_ratings import Rating
from peace_desktop.review.reading import ReadingState
from peace_desktop.review.statements import Presence
from peace_desktop.ui.adjudication.dialog import AdjudicationDialog
from peace_desktop.ui.agreement.dialog import AgreementDialog
from peace_desktop.ui.agreement.table_view import What
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.study import surroundings
from peace_desktop.ui.study.new_study import NewStudyDialog
from peace_desktop.ui.study.studies_dialog import StudiesDialog

ANNA, BERT, CARLA = "Dr. Anna", "Dr. Bert", "Dr. Carla"
CONTROL = Qt.KeyboardModifier.ControlModifier
FIRST, SECOND = "LVH", "RVH"


def become(qtbot: object, window: MainWindow, reader: str) -> None:
    window.take(replace(window.settings, reader_name=reader))
    settle(qtbot, window)


def settle(qtbot: object, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.bridge.idle and window.case.analysis is not None  # type: ignore[attr-defined]
                    and window.actions_["about_recording"].isEnabled(), timeout=60_000)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=60_000)  # type: ignore[attr-defined]


def make_study(qtbot: object, window: MainWindow) -> str:
    QTest.keyClick(window, Qt.Key.Key_N, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: isinstance(window.study_dialogs.dialog, NewStudyDialog), timeout=60_000)  # type: ignore[attr-defined]
    dialog = window.study_dialogs.dialog
    assert isinstance(dialog, NewStudyDialog)
    assert dialog.plan is None, "a study without a name, labels and readers is none"
    name = dialog.findChild(QLineEdit, "study_name")
    name.setText("Ventricles")
    labels = dialog.findChild(QListWidget, "study_labels")
    for place in range(labels.count()):
        if labels.item(place).data(Qt.ItemDataRole.UserRole) in (FIRST, SECOND):
            labels.item(place).setCheckState(Qt.CheckState.Checked)
    for reader in (ANNA, BERT):
        field = dialog.findChild(QLineEdit, "study_reader")
        field.setText(reader)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert dialog.isVisible(), "Return ends the field and makes no study"
    readers = dialog.findChild(QListWidget, "study_readers")
    for place in range(readers.count()):
        if readers.item(place).text() == ANNA:
            readers.item(place).setCheckState(Qt.CheckState.Checked)
    assert dialog.findChild(QCheckBox, "study_blind").isChecked()
    plan = dialog.plan
    assert plan is not None
    assert sorted(plan.loads) == [(ANNA, 3), (BERT, 3)]
    dialog._make()
    settle(qtbot, window)
    return StudyRoom(window.services.library).protocols()[0].study_id


def begin_reading(qtbot: object, window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_T, CONTROL)
    qtbot.waitUntil(lambda: isinstance(window.study_dialogs.dialog, StudiesDialog)  # type: ignore[attr-defined]
                    and window.study_dialogs.dialog.chosen is not None, timeout=60_000)
    table = window.study_dialogs.dialog.findChild(QTableWidget, "studies_table")
    QTest.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.studies.session is not None and window.readings.ready, timeout=60_000)  # type: ignore[attr-defined]
    settle(qtbot, window)


def answer_and_lock(qtbot: object, window: MainWindow, keys: str) -> None:
    QTest.keyClicks(window, keys)
    QTest.keyClick(window, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: window.readings.revealable, timeout=60_000)  # type: ignore[attr-defined]
    settle(qtbot, window)


def reveal(qtbot: object, window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: window.case.loaded is not None and not window.case.loaded.blindness  # type: ignore[attr-defined]
                    and window.commands.prediction is not None and window.readings.editable, timeout=60_000)
    settle(qtbot, window)


def sign(qtbot: object, window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: window.readings.final, timeout=60_000)  # type: ignore[attr-defined]
    settle(qtbot, window)


def read_all(qtbot: object, window: MainWindow, keys: str) -> None:
    """Each recording in this reader's order: answers, lock, reveal, sign, next."""
    session = window.studies.session
    assert session is not None
    for item in session.items:
        assert window.case.shown == item.sha256
        answer_and_lock(qtbot, window, keys)
        reveal(qtbot, window)
        sign(qtbot, window)
        QTest.keyClick(window, Qt.Key.Key_J)
        settle(qtbot, window)


def test_from_the_worklist_to_the_other_hospital_and_back(
        qtbot: object, begin: Callable[[], Application], predictor: SmallPredictor, children: Path, tmp_path: Path,
        confirm: Callable[[str], None]) -> None:
    here = begin()
    window, library = here.window, here.library
    import_all(qtbot, window, children)
    become(qtbot, window, ANNA)
    study_id = make_study(qtbot, window)

    begin_reading(qtbot, window)
    session = window.studies.session
    assert session is not None
    assert window.case.shown == session.items[0].sha256
    assert window.study_list.lines[0].endswith(f"1  {session.items[0].title}")
    assert [row.label for row in window.side.predictions.rows] == [FIRST, SECOND]
    QTest.keyClicks(window, "1p")
    QTest.keyClick(window, Qt.Key.Key_Return, CONTROL)
    assert window.readings.reading.state is ReadingState.DRAFT, "an answer is missing"
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert window.readings.reading.statements == ()
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert [item.presence for item in window.readings.reading.statements] == [Presence.PRESENT]

    answer_and_lock(qtbot, window, "2x")
    first = window.readings.reading
    QTest.keyClicks(window, "1x")
    assert window.readings.reading == first, "locked answers do not change"
    reveal(qtbot, window)
    QTest.keyClicks(window, "1a")
    QTest.keyClick(window, Qt.Key.Key_1, CONTROL)
    assert [item.rating for item in window.readings.reading.map_ratings] == [Rating.PLAUSIBLE]
    sign(qtbot, window)
    stored = library.reading(first.reading_id)
    assert stored.locked.statement(FIRST).presence is Presence.PRESENT
    assert (stored.bundle_sha256, stored.map_ratings[0].bundle_sha256) == (SHA256, SHA256)
    locked, signed = StudyRoom(library).circumstances(first.reading_id)
    assert (locked.position, locked.shown.model_output, locked.versions.bundle_sha256) == (1, False, "")
    assert (signed.shown.model_output, signed.shown.rule_results, signed.versions.bundle_sha256) == (True, True, SHA256)
    assert signed.seconds >= locked.seconds >= 0
    assert f"{FIRST}/attention" in signed.shown.maps

    QTest.keyClick(window, Qt.Key.Key_J)
    settle(qtbot, window)
    for _recording in session.items[1:]:
        answer_and_lock(qtbot, window, "1x2x")
        reveal(qtbot, window)
        sign(qtbot, window)
        QTest.keyClick(window, Qt.Key.Key_J)
        settle(qtbot, window)

    become(qtbot, window, BERT)
    assert window.studies.session is None, "another reader's study is left"
    assert window.commands.prediction is None
    begin_reading(qtbot, window)
    window.study_dialogs.agreement(study_id)
    qtbot.waitUntil(lambda: window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]
    assert not isinstance(window.study_dialogs.dialog, AgreementDialog), "no figures before the last lock"
    read_all(qtbot, window, "1x2p")
    assert "everything of this study" in window.findChild(QLabel, "study_state").text()
    window.studies.leave()
    settle(qtbot, window)

    become(qtbot, window, CARLA)
    window.study_dialogs.adjudicate(study_id)
    qtbot.waitUntil(lambda: isinstance(window.study_dialogs.dialog, AdjudicationDialog)  # type: ignore[attr-defined]
                    and window.bridge.idle, timeout=60_000)
    deciding = window.study_dialogs.dialog
    assert isinstance(deciding, AdjudicationDialog)
    count = 0
    while deciding.case is not None:
        case = deciding.case
        assert sorted(case.answers) == [Presence.ABSENT, Presence.PRESENT]
        QTest.keyClick(deciding, Qt.Key.Key_P)
        QTest.keyClick(deciding, Qt.Key.Key_Return, CONTROL)
        qtbot.waitUntil(lambda case=case: deciding.case != case and window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]
        count += 1
    assert count == len(StudyRoom(library).study(study_id).adjudications) == 4
    deciding.reject()

    window.study_dialogs.agreement(study_id)
    qtbot.waitUntil(lambda: isinstance(window.study_dialogs.dialog, AgreementDialog)  # type: ignore[attr-defined]
                    and window.study_dialogs.dialog.findChild(QTableWidget, "agreement_table").rowCount() > 0,
                    timeout=60_000)
    page = window.study_dialogs.dialog
    assert isinstance(page, AgreementDialog)
    table = page.findChild(QTableWidget, "agreement_table")
    assert table.item(0, 3).text() == "3"
    page.look_at(What.CHANGE)
    changed = {(table.item(row, 0).text(), table.item(row, 2).text()): table.item(row, 4).text()
               for row in range(table.rowCount())}
    assert set(changed.values()) == {"2", "3", "5", "6"}, "one answer of one reader was changed"
    for name in ("table.csv", "all.json"):
        page.saved.emit(str(tmp_path / name))
    page.save_plot(str(tmp_path / "plot.svg"))
    qtbot.waitUntil(lambda: window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]
    assert "mcnemar" in (tmp_path / "table.csv").read_text()
    assert (tmp_path / "plot.svg").read_bytes().startswith(b"<?xml")
    page.reject()

    out, back = tmp_path / "out.zip", tmp_path / "back.zip"
    window.study_dialogs.bundles.write(study_id, out, with_names=True, with_free_text=False)
    qtbot.waitUntil(out.exists, timeout=60_000)  # type: ignore[attr-defined]
    with start(tmp_path / "elsewhere", predictor, reader=CARLA) as there:
        import_all(qtbot, there.window, children)
        there.window.study_dialogs.bundles.join(out)
        qtbot.waitUntil(lambda: there.window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]
        assert len(StudyRoom(there.library).study(study_id).readings) == 6
        there.window.study_dialogs.bundles.write(study_id, back, with_names=True, with_free_text=False)
        qtbot.waitUntil(back.exists, timeout=60_000)  # type: ignore[attr-defined]
        assert there.library.verify().problems == ()
    window.study_dialogs.bundles.join(back)
    qtbot.waitUntil(lambda: window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]
    with zipfile.ZipFile(out) as sent, zipfile.ZipFile(back) as returned:
        for name in ("statistics.json", "statistics.csv", "readings.csv"):
            assert returned.read(name).decode().replace("\r", "").count("\n") == sent.read(name).decode().count("\n")
        assert sent.read("statistics.json") == returned.read("statistics.json")
    assert library.verify().problems == ()


def test_a_study_goes_on_where_it_was_left_by_a_crash(
        qtbot: object, begin: Callable[[], Application], children: Path, confirm: Callable[[str], None],
        monkeypatch: pytest.MonkeyPatch) -> None:
    first = begin()
    import_all(qtbot, first.window, children)
    become(qtbot, first.window, ANNA)
    make_study(qtbot, first.window)
    begin_reading(qtbot, first.window)
    shown, study = first.window.case.shown, first.window.readings.study
    monkeypatch.setattr(surroundings, "_in_front", lambda: True)
    monkeypatch.setattr(first.window.surroundings, "_now_s", lambda: time.monotonic() + 600)
    QTest.keyClicks(first.window, "1p")
    qtbot.waitUntil(lambda: bool(  # type: ignore[attr-defined]
        first.window.services.library.visits(shown, ANNA)), timeout=60_000)
    first.close()
    second = begin()
    become(qtbot, second.window, ANNA)
    begin_reading(qtbot, second.window)
    assert second.window.case.shown == shown
    assert second.window.services.library.visits(shown, ANNA)[study.study_id].seconds >= 600
    assert second.window.surroundings.of(second.window.readings.reading, "locked").seconds >= 600
    assert [item.presence for item in second.window.readings.reading.statements] == [Presence.PRESENT]
    assert second.window.commands.prediction is None
