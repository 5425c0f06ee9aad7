"""A lab's bare tables dropped on the window: the wizard asks once, by keyboard; its profile serves the next day."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QSpinBox,
    QWidget,
)

from peace_desktop.app import Application
from peace_desktop.ui.import_.wizard import TableWizard
from peace_desktop.ui.import_.wizard_table import WizardTable
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.simulation import SimulationSpec, simulate


def part(wizard: QWidget, kind: type, name: str) -> Any:
    found = wizard.findChild(kind, name)
    assert found is not None, name
    return found


def settled(qtbot: Any, wizard: TableWizard) -> str:
    qtbot.waitUntil(lambda: wizard.settled, timeout=60_000)
    return wizard.said


def wizard_of(qtbot: Any, window: Any) -> TableWizard:
    """The wizard that stands open once the import has come to its end."""
    dialog = window.files.dialog
    qtbot.waitUntil(lambda: dialog.ended, timeout=60_000)
    wizard = dialog.questions.wizard
    assert wizard is not None
    settled(qtbot, wizard)
    return wizard


def choose(combo: QComboBox, value: str) -> None:
    """As a person does with the arrow keys."""
    combo.setFocus()
    while combo.currentData() != value:
        before = combo.currentIndex()
        QTest.keyClick(combo, Qt.Key.Key_Down if combo.findData(value) > before else Qt.Key.Key_Up)
        assert combo.currentIndex() != before


def type_number(spin: QDoubleSpinBox | QSpinBox, text: str) -> None:
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, text)


@pytest.fixture
def signal_uv() -> np.ndarray:
    recording = simulate(SimulationSpec(age_days=3000, sex="M", seed=8)).recording
    return np.round(1000 * np.nan_to_num(recording.signal_mv.T))


@pytest.fixture
def bare(tmp_path: Path, signal_uv: np.ndarray) -> Path:
    """Three tables of microvolts without a header, and one of nine columns."""
    folder = tmp_path / "lab"
    folder.mkdir()
    for n in range(3):
        np.savetxt(folder / f"case{n}.txt", signal_uv + n, fmt="%d", delimiter=";")
    np.savetxt(folder / "other.txt", signal_uv[:, :9], fmt="%d", delimiter=";")
    return folder


def test_bare_tables_are_told_once_by_keyboard_and_kept_as_a_profile(
        qtbot: Any, running: Application, bare: Path, signal_uv: np.ndarray) -> None:
    window = running.window
    window.files.import_paths((bare,))
    wizard = wizard_of(qtbot, window)
    use = part(wizard, QPushButton, "wizard_use")
    assert wizard.said == "Still open: which column is which lead."
    assert not use.isEnabled(), "nothing is guessed"
    QTest.keyClick(part(wizard, QPushButton, "wizard_twelve"), Qt.Key.Key_Space)
    assert settled(qtbot, wizard) == "Still open: the unit of the samples."
    choose(part(wizard, QComboBox, "wizard_unit"), "mV")
    type_number(part(wizard, QDoubleSpinBox, "wizard_rate"), "500")
    assert settled(qtbot, wizard).startswith("12 leads, 500 Hz, 10.0 s, largest QRS ")
    assert part(wizard, QWidget, "wizard_doubt").isVisible(), "a thousand millivolts"
    choose(part(wizard, QComboBox, "wizard_unit"), "uV")
    settled(qtbot, wizard)
    assert not part(wizard, QWidget, "wizard_doubt").isVisible()
    QTest.keyClicks(part(wizard, QLineEdit, "wizard_name"), "Lab 4")
    assert part(wizard, QCheckBox, "wizard_like").isChecked()
    use.click()
    other = wizard_of(qtbot, window)
    assert other is not wizard
    assert "'Lab 4' does not fit: the table has 9 columns" in window.files.dialog.text
    assert "3 recordings imported" in window.files.dialog.headline
    part(other, QPushButton, "wizard_leave").click()
    assert window.files.dialog.questions.wizard is other, "a table left out is not asked for again"
    qtbot.waitUntil(lambda: window.case.loaded is not None, timeout=60_000)
    recording = window.case.loaded.recording
    assert (recording.leads, recording.fs_hz) == (STANDARD_12, 500)
    assert "Lab 4" in " ".join(finding.text for finding in recording.warnings)
    window.files.dialog.close()
    np.savetxt(bare / "next_day.txt", signal_uv[::-1], fmt="%d", delimiter=";")
    window.files.import_paths((bare / "next_day.txt",))
    wizard = wizard_of(qtbot, window)
    choice = part(wizard, QComboBox, "wizard_profile")
    choose(choice, "Lab 4")
    assert settled(qtbot, wizard).startswith("12 leads, 500 Hz")
    part(wizard, QPushButton, "wizard_use").click()
    qtbot.waitUntil(lambda: window.files.dialog.ended, timeout=60_000)
    assert window.files.dialog.headline == "1 recording imported"


def test_a_layout_is_corrected_on_the_table_and_profiles_are_renamed_and_deleted(
        qtbot: Any, running: Application, tmp_path: Path, signal_uv: np.ndarray,
        monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "ms.csv"
    stamps = 2 * np.arange(len(signal_uv))
    rows = "\n".join(f"{t};{a / 1000:.3f};{b / 1000:.3f}".replace(".", ",")
                     for t, a, b in zip(stamps, signal_uv[:, 0], signal_uv[:, 1], strict=True))
    table.write_text(f"Device;B\nclock;one;two\n{rows}\n", "utf-8")
    window = running.window
    window.files.import_paths((table,))
    wizard = wizard_of(qtbot, window)
    assert not part(wizard, QCheckBox, "wizard_like").isVisible()
    assert part(wizard, QSpinBox, "wizard_skip").value() == 1
    cells, role = part(wizard, WizardTable, "wizard_table"), part(wizard, QComboBox, "wizard_role")
    for value in ("time", "I", "II"):
        choose(role, value)
        settled(qtbot, wizard)
        QTest.keyClick(cells, Qt.Key.Key_Right)
    choose(part(wizard, QComboBox, "wizard_unit"), "mV")
    choose(part(wizard, QComboBox, "wizard_time_unit"), "ms")
    assert settled(qtbot, wizard).startswith("2 leads, 500 Hz, 10.0 s")
    choose(part(wizard, QComboBox, "wizard_decimal"), ".")
    assert "no number" in settled(qtbot, wizard)
    choose(part(wizard, QComboBox, "wizard_decimal"), ",")
    settled(qtbot, wizard)
    name = part(wizard, QLineEdit, "wizard_name")
    name.setText("Clock")
    part(wizard, QPushButton, "wizard_save").click()
    choice = part(wizard, QComboBox, "wizard_profile")
    name.setText("Clock of B")
    part(wizard, QPushButton, "wizard_rename").click()
    assert choice.currentData() == "Clock of B"
    choose(part(wizard, QComboBox, "wizard_unit"), "V")
    settled(qtbot, wizard)
    assert part(wizard, QWidget, "wizard_doubt").isVisible()
    monkeypatch.setattr(QMessageBox, "question", lambda *_args: QMessageBox.StandardButton.No)
    part(wizard, QPushButton, "wizard_use").click()
    assert wizard.isVisible(), "another profile of this name is not replaced unasked"
    choose(choice, "Clock of B")
    assert settled(qtbot, wizard).startswith("2 leads, 500 Hz, 10.0 s")
    assert not part(wizard, QWidget, "wizard_doubt").isVisible()
    monkeypatch.setattr(QMessageBox, "question", lambda *_args: QMessageBox.StandardButton.Yes)
    part(wizard, QPushButton, "wizard_delete").click()
    assert choice.count() == 1
    part(wizard, QPushButton, "wizard_use").click()
    qtbot.waitUntil(lambda: window.files.dialog.ended, timeout=60_000)
    assert window.files.dialog.headline == "1 recording imported"


def test_every_input_of_the_wizard_has_a_name_and_the_keyboard_reaches_it(
        qtbot: Any, running: Application, bare: Path) -> None:
    window = running.window
    window.files.import_paths((bare / "case0.txt",))
    wizard = wizard_of(qtbot, window)
    wanted = {"wizard_separator", "wizard_decimal", "wizard_encoding", "wizard_skip", "wizard_header",
              "wizard_transposed", "wizard_role", "wizard_twelve", "wizard_unit", "wizard_rate", "wizard_table",
              "wizard_profile", "wizard_name", "wizard_leave"}
    reached = set()
    part(wizard, QComboBox, "wizard_separator").setFocus()
    for _step in range(40):
        focus = QApplication.focusWidget()
        assert focus is not None
        reached.add(focus.objectName())
        assert focus.accessibleName() or getattr(focus, "text", str)(), focus.objectName()
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert wanted <= reached
    wizard.reject()


def test_a_wfdb_header_without_a_unit_is_asked_in_the_list(
        qtbot: Any, running: Application, tmp_path: Path) -> None:
    (tmp_path / "r.hea").write_text("r 1 500 1000\nr.dat 16 200 16 0 0 0 0 II\n", "utf-8")
    np.zeros(1000, dtype="<i2").tofile(tmp_path / "r.dat")
    window = running.window
    window.files.import_paths((tmp_path / "r.hea",))
    dialog = window.files.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.ended, timeout=60_000)
    assert dialog.questions.wizard is None
    unit, again = part(dialog, QComboBox, "import_unit"), part(dialog, QPushButton, "import_again")
    assert not again.isEnabled(), "nothing is given yet, and nothing is guessed"
    unit.setCurrentIndex(unit.findData("mV"))
    again.click()
    qtbot.waitUntil(lambda: dialog.ended, timeout=60_000)
    assert dialog.headline == "1 recording imported"
