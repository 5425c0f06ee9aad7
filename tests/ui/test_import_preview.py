"""The preview of an import: every file a row, reasons whole, thousands of rows, one choice about the person."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from identified_files import write_identified
from library_cases import listed
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QPlainTextEdit, QPushButton, QRadioButton, QWidget
from window_cases import import_all, look_at, say_yes

from peace_desktop.app import Application
from peace_desktop.jobs.import_outcomes import Fate, Outcome
from peace_desktop.ui.import_ import dialog as import_dialog
from peace_desktop.ui.import_.dialog import ImportDialog
from peace_desktop.ui.import_.outcome_table import OutcomeModel
from peace_model.ecg.formats.registry import FoundFile
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.simulation import SimulationSpec, simulate


def part(dialog: ImportDialog, kind: type, name: str) -> Any:
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def rows(dialog: ImportDialog) -> list[tuple[str, ...]]:
    model = dialog.outcomes.table.outcomes
    return [model.cells(model.outcome(row)) for row in range(model.rowCount())]


def test_rows_tell_what_becomes_of_every_file(qtbot: Any, running: Application, children: Path) -> None:
    window = running.window
    import_all(qtbot, window, children / "mother.hea")
    (children / "broken.hea").write_text("no header\n", "utf-8")
    shutil.copytree(children, children / "zcopy", ignore=shutil.ignore_patterns("broken*", "mother*", "nameless*"))
    np.savetxt(children / "bare.txt", np.arange(36).reshape(12, 3).repeat(40, 0), fmt="%d", delimiter=";")
    write_identified(children / "named.dcm")
    dialog = look_at(qtbot, window, children)
    assert dialog.looked
    told = {cells[0]: cells[1:] for cells in rows(dialog)}
    assert told["infant.hea"][:5] == ("new", "WFDB record", "none", "3 months 9 days", "Female")
    assert told["nameless.hea"][3] == "Age unknown"
    assert told["named.dcm"][2] == "MUSTERFRAU ERIKA"
    assert told["mother.hea"][0] == "known already"
    assert told["mother.hea"][-1] == "mother.hea: in the library already"
    assert told["zcopy/infant.hea"][-1] == "infant.hea: the same recording as infant.hea"
    assert told["broken.hea"][0] == "refused"
    assert told["bare.txt"][0] == "asks for something"
    assert dialog.headline == ("3 new recordings, 2 known already, 1 refused, 1 needs an answer. "
                               "Nothing is imported yet.")
    reason = part(dialog, QPlainTextEdit, "import_reason")
    assert reason.toPlainText() == told["broken.hea"][-1], "the first refused one is shown whole"
    assert reason.lineWrapMode() is QPlainTextEdit.LineWrapMode.WidgetWidth
    only = part(dialog, QComboBox, "import_only")
    only.setCurrentIndex(only.findData(Fate.ASKS))
    only.activated.emit(only.currentIndex())
    assert [cells[0] for cells in rows(dialog)] == ["bare.txt"]
    part(dialog, QPushButton, "import_copy").click()
    copied = QGuiApplication.clipboard().text().splitlines()
    assert len(copied) == 4
    assert told["broken.hea"][-1] in copied
    assert len(listed(window.services.library)) == 1, "nothing is written before the yes"
    dialog.reject()


def test_what_is_kept_of_the_person_is_chosen_by_keyboard(qtbot: Any, running: Application, tmp_path: Path) -> None:
    window = running.window
    folder = write_identified(tmp_path / "archive" / "a.dcm").parent
    write_identified(folder / "b.dcm", seed=2, name="OTHER^ANNA", number="MRN9")
    dialog = look_at(qtbot, window, folder / "a.dcm")
    assert dialog.looked, "a file that bears a name is asked about, even alone"
    assert dialog.isVisible()
    nothing, name = (part(dialog, QRadioButton, f"import_keep_{kind}") for kind in ("nothing", "name"))
    birth = part(dialog, QCheckBox, "import_keep_birth")
    assert nothing.isChecked()
    assert not birth.isEnabled()
    say_yes(qtbot, dialog)
    assert not listed(window.services.library)[0].identified
    dialog.reject()
    dialog = look_at(qtbot, window, folder)
    nothing, name = (part(dialog, QRadioButton, f"import_keep_{kind}") for kind in ("nothing", "name"))
    nothing.setFocus()
    QTest.keyClick(nothing, Qt.Key.Key_Down)
    assert name.isChecked()
    assert part(dialog, QCheckBox, "import_keep_birth").isEnabled()
    say_yes(qtbot, dialog)
    kept = [row for row in listed(window.services.library) if row.identified]
    assert len(kept) == 1
    assert [cells[1] for cells in rows(dialog)] == ["known already", "imported"]
    dialog.reject()


@pytest.mark.parametrize("patience_ms", [0, 60_000])
def test_one_new_recording_goes_straight_in(
        qtbot: Any, running: Application, children: Path, patience_ms: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_dialog, "_PATIENCE_MS", patience_ms)
    window = running.window
    dialog = look_at(qtbot, window, children / "infant.hea")
    qtbot.waitUntil(lambda: window.messages.text == "1 recording imported", timeout=60_000)
    assert dialog.ended
    assert len(listed(window.services.library)) == 1
    assert not dialog.isVisible()


def test_every_input_has_a_name_and_tab_reaches_it(qtbot: Any, running: Application, children: Path) -> None:
    (children / "broken.hea").write_text("no header\n", "utf-8")
    dialog = look_at(qtbot, running.window, children)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow, timeout=60_000)
    assert QApplication.focusWidget() is part(dialog, QPushButton, "import_yes")
    reached = set()
    for _step in range(20):
        focus = QApplication.focusWidget()
        reached.add(focus.objectName())
        assert focus.accessibleName() or getattr(focus, "text", str)(), focus.objectName()
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert {"import_only", "import_table", "import_reason", "import_keep_nothing", "import_copy", "import_yes",
            "import_end"} <= reached
    dialog.outcomes.table.setFocus()
    dialog.outcomes.table.selectRow(0)
    QTest.keyClick(dialog.outcomes.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith("broken.hea\trefused\t")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not listed(running.window.services.library)


def test_no_machine_diagnosis_is_shown_before_the_import(qtbot: Any, running: Application, children: Path) -> None:
    heart = simulate(SimulationSpec(age_days=900, sex="M", seed=5)).recording
    write_wfdb(replace(heart, source_statements=("Dx: 164890007 WOLFPARKINSON",)), children, "spoken")
    assert "WOLFPARKINSON" in (children / "spoken.hea").read_text("utf-8")
    dialog = look_at(qtbot, running.window, children)
    said = [dialog.text, part(dialog, QPlainTextEdit, "import_reason").toPlainText(), *map(str, rows(dialog))]
    for widget in dialog.findChildren(QWidget):
        said += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(),
                 str(getattr(widget, "text", str)())]
    words = "\n".join(said)
    assert "spoken.hea" in words
    assert "WOLFPARKINSON" not in words
    assert "164890007" not in words
    dialog.reject()


def test_an_empty_folder_and_a_folder_where_all_is_refused(qtbot: Any, running: Application, tmp_path: Path) -> None:
    window = running.window
    (tmp_path / "empty").mkdir()
    dialog = look_at(qtbot, window, tmp_path / "empty")
    assert dialog.ended
    assert dialog.isVisible()
    assert dialog.headline.startswith("No recording was found.")
    dialog.reject()
    bad = tmp_path / "bad"
    bad.mkdir()
    for number in range(30):
        (bad / f"b{number}.hea").write_text("no header\n", "utf-8")
    dialog = look_at(qtbot, window, bad)
    assert dialog.ended
    assert dialog.headline == "Nothing imported, 30 refused"
    assert len(dialog.text.splitlines()) == 30
    assert not part(dialog, QPushButton, "import_yes").isVisible()
    dialog.reject()


def test_two_thousand_rows_come_in_parts_and_take_their_places() -> None:
    model = OutcomeModel()
    found = [FoundFile(Path(f"/x/{n}.hea"), "wfdb", Path(f"{n}.hea")) for n in range(2000)]
    for start in range(0, 2000, 100):
        model.take([Outcome(file, Fate.NEW) for file in found[start:start + 100]])
    model.show_only(Fate.REFUSED)
    assert model.rowCount() == 0
    model.take([Outcome(file, Fate.REFUSED, said="no") for file in found[:1990]])
    model.take([Outcome(file, Fate.IMPORTED) for file in found[1990:]] * 2)
    assert model.rowCount() == 1990
    model.show_only(None)
    assert model.rowCount() == 2000
    assert model.numbers[Fate.NEW] == 0
    assert (model.numbers[Fate.REFUSED], model.numbers[Fate.IMPORTED]) == (1990, 10)
