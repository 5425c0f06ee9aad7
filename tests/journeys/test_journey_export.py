"""A DICOM ECG from a cart: opened, asked how it was made, blind and open, and written as CSV and as PDF."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget
from study_cases import protocol
from window_cases import READER, import_all

from peace_desktop.app import Application
from peace_desktop.jobs.exporting import FileFormat
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.assignment import assign
from peace_desktop.review.study import StudyRecording
from peace_desktop.ui.main_window import MainWindow
from peace_model.ecg.formats.dicom_writer import write_dicom
from peace_model.ecg.formats.registry import read_recording
from peace_model.ecg.simulation import SimulationSpec, simulate

PLANTED = "SINUS RHYTHM PLANTED BY THE MACHINE"
NAME = "Mustermann"
NUMBER = "KH-4711-Z"
"""Digits alone stand in a made UID by chance."""


@pytest.fixture
def cart(tmp_path: Path) -> Path:
    """A recording of a person, with what the machine says of it."""
    import pydicom

    made = simulate(SimulationSpec(age_days=2500, sex="F", seed=3, duration_s=8.0)).recording
    folder = tmp_path / "cart"
    folder.mkdir()
    path = write_dicom(replace(made, simulated=False, source_statements=(PLANTED,)), folder / "ecg.dcm")
    dataset = pydicom.dcmread(path)
    dataset.PatientName, dataset.PatientID, dataset.PatientIdentityRemoved = f"{NAME}^Erika", NUMBER, "NO"
    del dataset.DeidentificationMethod
    dataset.save_as(path)
    return path


def said_by(*roots: QWidget) -> str:
    """Every text, tip and accessible word, folded parts too."""
    said = []
    for widget in (item for root in roots for item in (root, *root.findChildren(QWidget))):
        said += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.statusTip(),
                 widget.whatsThis()]
        text = getattr(widget, "text", None)
        said += [str(text())] if callable(text) else []
    return "\n".join(said)


def wait_message(qtbot: object, window: MainWindow, words: str) -> None:
    qtbot.waitUntil(lambda: words in said_by(window.messages), timeout=60_000)  # type: ignore[attr-defined]


def test_from_a_dicom_to_its_csv_and_pdf(qtbot, running: Application, cart: Path, tmp_path: Path,
                                         monkeypatch: pytest.MonkeyPatch) -> None:
    window = running.window
    import_all(qtbot, window, cart)
    qtbot.waitUntil(lambda: window.case.analysis is not None and window.bridge.idle, timeout=60_000)
    window.side.panels[-1].set_folded(True)
    QTest.keyClick(window, Qt.Key.Key_I)
    assert not window.side.panels[-1].is_folded
    assert window.side.about.hasFocus()
    told = said_by(window.side.panels[-1])
    for words in ("DICOM", "500 Hz, stated by the file", "RHYTHM", "(shown)", window.case.shown[:22], "8.0 s",
                  "removed on import", PLANTED):
        assert words in told, words
    assert NAME not in said_by(window)
    QTest.keyClick(window, Qt.Key.Key_I)
    assert window.side.panels[-1].is_folded

    shown = window.case.shown
    study = protocol(readers=(READER,), readers_per_recording=1)
    StudyRoom(running.library).create(study, [StudyRecording(shown)], assign(study, [shown]))
    window.case.close()
    window.open_recording(shown)
    qtbot.waitUntil(lambda: window.case.analysis is not None and bool(window.case.loaded.blindness), timeout=60_000)
    qtbot.waitUntil(lambda: "stated by the file" in said_by(window.side.panels[-1]))
    told = said_by(window.side.panels[-1])
    assert PLANTED not in told
    assert "DICOM" in told

    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(out))
    for times in (1, 2):
        window.actions_["export_csv"].trigger()
        qtbot.waitUntil(lambda wanted=times: len(list(out.glob("*.csv"))) == wanted, timeout=60_000)
        wait_message(qtbot, window, "Written without anything")
    first, second = sorted(out.glob("*.csv"))
    assert first.read_bytes() == second.read_bytes(), "nothing is written over"
    back = read_recording(first)
    shown_mv = window.case.loaded.recording
    assert np.allclose(back.lead("V2"), shown_mv.lead("V2"), atol=1e-6)
    for file_format, ending in ((FileFormat.DICOM, "dcm"), (FileFormat.WFDB, "hea")):
        window.exporting.write_recording(shown, out, file_format)
        qtbot.waitUntil(lambda ending=ending: len(list(out.glob(f"*.{ending}"))) == 1, timeout=60_000)
    page = out / "page.pdf"
    window.exporting.write_page(page)
    wait_message(qtbot, window, "Page written: page.pdf")
    for file in out.iterdir():
        content = file.read_bytes()
        assert NAME.encode() not in content, file.name
        assert NUMBER.encode() not in content, file.name
    window.exporting.write_page(tmp_path / "nowhere" / "page.pdf")
    wait_message(qtbot, window, "The page was not written")
