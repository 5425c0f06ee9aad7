"""A blind reader finds nothing of what is hidden in any widget, order, print or file, whatever way a recording is
opened; after the reveal all of it is there. Strings are planted in everything that is to be hidden.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from study_cases import protocol
from window_cases import READER, SHA256, SmallPredictor, import_all, listed_rows, open_titled
from window_words import everything_said

from peace_desktop.app import Application
from peace_desktop.jobs.exporting import FileFormat
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.assignment import assign
from peace_desktop.review.measurement_edits import edit_in
from peace_desktop.review.reading import new_draft, sign, with_comment
from peace_desktop.review.statements import agree
from peace_desktop.review.study import StudyRecording
from peace_desktop.ui import case_view
from peace_desktop.ui.export import write_report
from peace_desktop.ui.main_window import MainWindow
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.recording import Recording
from peace_model.ecg.simulation import Pathology, SimulationSpec, simulate
from peace_model.inference.associated import AssociatedFinding, Evidence
from peace_model.inference.prediction import PredictionResult, Reason

OTHER = "Dr. Elsewhere"
MARKS = {"prediction": "MARK-NAME", "reason": "MARK-REASON", "banner": "MARK-GENERAL", "rule": "MARK-RULE",
         "associated": "MARK-ASSOCIATED", "header": "MARK-HEADER", "comment": "MARK-COMMENT",
         "earlier": "MARK-EARLIER", "person": "MARK-PERSON"}
LABELS = ("LVH", "RVH")


class MarkedPredictor(SmallPredictor):
    """Its names, reasons, probabilities and associated findings can be told apart from everything else."""

    def __init__(self) -> None:
        super().__init__()
        self.bundle.abnormalities = ("a head",)

    def predict(self, recording: Recording, _findings: object = None) -> PredictionResult:
        result = super().predict(recording)
        numbers = np.linspace(0.071, 0.913, len(result.predictions))
        return replace(
            result, general_reasons=(Reason("marked", MARKS["banner"]),),
            associated=(AssociatedFinding("Potassium_high", MARKS["associated"], "over 5.1", "A source.", 0.62, 0.4,
                                          True, Evidence(0.8, 0.7, 0.9, 80, 900, "somewhere")),),
            predictions=tuple(replace(item, name=MARKS["prediction"], probability=float(number), positive=number >= 0.5,
                                      reasons=(Reason("marked", MARKS["reason"]),))
                              for item, number in zip(result.predictions, numbers, strict=True)))


@pytest.fixture
def predictor() -> MarkedPredictor:
    return MarkedPredictor()


@pytest.fixture
def blind(qtbot: object, running: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """One child twice, with everything that is to be hidden; "now" is to be read blind."""
    from peace_model.ecg.measurement import apply_rules

    monkeypatch.setattr(case_view, "apply_rules", lambda *given: tuple(
        replace(rule, name=MARKS["rule"]) for rule in apply_rules(*given)))
    window = running.window
    folder = tmp_path / "child"
    folder.mkdir()
    sick = frozenset({Pathology.RVH, Pathology.CRBBB})
    for name, days in (("before", 1100), ("now", 1500)):
        spec = SimulationSpec(days, "M", 1, duration_s=8, pathologies=sick)
        write_wfdb(replace(simulate(spec).recording, patient_key="C1", source_statements=(MARKS["header"],)),
                   folder, name)
    import_all(qtbot, window, folder)
    open_titled(qtbot, window, "now")
    library, sha256 = window.services.library, window.case.shown
    beat = opened_beat(qtbot, window)
    automatic = beat.automatic
    beat.reject()
    theirs = library.save_reading(with_comment(new_draft(sha256, OTHER), MARKS["comment"]))
    library.add_measurement_edit(edit_in(theirs, replace(automatic, p_on=(automatic.p_on or 0.0) - 30),
                                         automatic=automatic, at=datetime.now(UTC)))
    library.sign_reading(sign(theirs, reader=OTHER, meaning="read", at=datetime.now(UTC)))
    mine = with_comment(replace(new_draft(sha256, READER), statements=(agree("RVH", True, SHA256),)), MARKS["earlier"])
    library.save_reading(mine)
    library.correct_person(sha256, age=window.case.loaded.person.age, sex="M", reader=OTHER, reason=MARKS["person"])
    before = next(row.sha256 for row in listed_rows(window) if row.title == "before")
    study = protocol(name="Blind ones", labels=LABELS, readers=(READER, OTHER), bundle_sha256=SHA256)
    StudyRoom(library).create(study, [StudyRecording(sha256)], assign(study, [sha256]))
    window.open_recording(before)
    qtbot.waitUntil(lambda: MARKS["header"] in everything_said(), timeout=60_000)  # type: ignore[attr-defined]
    return window


def opened_beat(qtbot: object, window: MainWindow):
    window.actions_["median_beat"].trigger()
    qtbot.waitUntil(lambda: window.beat.dialog is not None, timeout=60_000)  # type: ignore[attr-defined]
    return window.beat.dialog


def settled(qtbot: object, window: MainWindow, title: str) -> None:
    open_titled(qtbot, window, title)
    qtbot.waitUntil(lambda: window.bridge.idle and window.edits.measurements is not None,  # type: ignore[attr-defined]
                    timeout=60_000)


def in_front(qtbot: object, window: MainWindow) -> None:
    """After dialogs the keys are the window's again."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=60_000)  # type: ignore[attr-defined]


def look_everywhere(qtbot: object, window: MainWindow, folder: Path) -> str:
    """What is said by the window with every panel, label, map and dialog, and by everything that can be written."""
    said = []
    for panel in window.side.panels:
        panel.set_folded(False)
    in_front(qtbot, window)
    for method in ("gradcam", "occlusion"):
        window.take(replace(window.settings, map_method=method))
        for key in "12":
            QTest.keyClicks(window, key)
            said.append(everything_said())
    window.take(replace(window.settings, map_method="gradcam"))
    opened_beat(qtbot, window)
    said.append(everything_said())
    window.beat.dialog.reject()
    window.actions_["compare"].trigger()
    qtbot.waitUntil(lambda: window.compare.dialog is not None and window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]
    said.append(everything_said())
    window.compare.dialog.reject()
    window.actions_["about"].trigger()
    said.append(everything_said())
    window.helping.dialog.close()
    printed = window.print_content()
    assert printed is not None
    said += [page.extract_text() for page in PdfReader(write_report(printed, "", folder / "report.pdf")).pages]
    for file_format in FileFormat:
        window.exporting.write_recording(window.case.shown, folder / file_format, file_format)
    for ending in ("svg", "pdf"):
        window.exporting.write_page(folder / f"page.{ending}")
    qtbot.waitUntil(lambda: window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]
    said += [file.read_bytes().decode("latin-1") for file in folder.rglob("*")
             if file.is_file() and file.suffix not in (".dat", ".pdf")]
    said += [page.extract_text() for page in PdfReader(folder / "page.pdf").pages]
    return "\n".join(said)


def assert_nothing_is_told(words: str) -> None:
    assert [kind for kind, mark in MARKS.items() if mark in words] == []
    of_the_model = ("91\N{NARROW NO-BREAK SPACE}%", "91 %", "hypothesis about the model", "agrees", "Positive:")
    told = [word for word in of_the_model if word in words]
    assert told == []


def test_nothing_hidden_reaches_a_blind_reader_and_all_of_it_is_there_after_the_reveal(
        qtbot: object, blind: MainWindow, tmp_path: Path, confirm: Callable[[str], None]) -> None:
    window = blind
    (tmp_path / "outside").mkdir()
    settled(qtbot, window, "now")
    assert not window.readings.editable
    words = look_everywhere(qtbot, window, tmp_path / "outside")
    assert_nothing_is_told(words)
    assert "To be read blind for the study \"Blind ones\"" in words
    assert "QRS duration" in words
    assert "rule results are hidden" in words
    assert "associated findings are hidden" in words

    window.studies.read(StudyRoom(window.services.library).protocols()[0].study_id)
    qtbot.waitUntil(lambda: window.studies.session is not None and window.readings.editable  # type: ignore[attr-defined]
                    and window.case.analysis is not None and bool(window.side.predictions.rows), timeout=60_000)
    assert [row.label for row in window.side.predictions.rows] == list(LABELS), "the study's order, not the model's"
    (tmp_path / "within").mkdir()
    words = look_everywhere(qtbot, window, tmp_path / "within")
    assert_nothing_is_told(words)
    assert "Blind. Hidden until you lock and reveal: model, maps, rules, machine, header, other readings." in words
    assert "Not edited so far." in words, "nobody else's edit is told"

    in_front(qtbot, window)
    QTest.keyClicks(window, "y")
    QTest.keyClick(window, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(window, "1p2x")
    assert [item.presence.value for item in window.readings.reading.statements] == ["present", "absent"]
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.readings.revealable, timeout=60_000)  # type: ignore[attr-defined]
    assert_nothing_is_told(everything_said())
    (kept,) = StudyRoom(window.services.library).circumstances(window.readings.reading.reading_id)
    assert kept.person is not None
    assert kept.person.age == window.case.loaded.person.age
    shown = kept.shown
    assert (shown.model_output, shown.associated_findings, shown.rule_results, shown.source_statements,
            shown.other_readings, shown.maps) == (False, False, False, False, False, ())
    assert (shown.age, shown.sex, shown.earlier_recordings, kept.position) == (True, True, True, 1)
    assert (kept.display.drawn_layout, kept.display.drawn_leads[:3], kept.display.own_gains) == (
        "3x4+rhythm", ("I", "II", "III"), (("I", 2.0),))

    in_front(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_L,
                   Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.case.loaded is not None and not window.case.loaded.blindness  # type: ignore[attr-defined]
                    and window.case.analysis is not None and window.edits.measurements is not None
                    and window.bridge.idle, timeout=60_000)
    (tmp_path / "revealed").mkdir()
    words = look_everywhere(qtbot, window, tmp_path / "revealed")
    assert [row.label for row in window.side.predictions.rows] == list(LABELS), "nothing jumps"
    missing = [kind for kind, mark in MARKS.items()
               if mark not in words and kind not in ("comment", "earlier", "person", "prediction")]
    assert missing == []
    assert OTHER in words
    assert "hypothesis about the model" in words


def test_a_study_without_a_model_shows_none_after_the_reveal_either(
        qtbot: object, running: Application, children: Path, confirm: Callable[[str], None]) -> None:
    window, library = running.window, running.window.services.library
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    sha256 = window.case.shown
    study = protocol(name="Bare", labels=LABELS, readers=(READER,), readers_per_recording=1, bundle_sha256=None)
    StudyRoom(library).create(study, [StudyRecording(sha256)], assign(study, [sha256]))
    window.studies.read(study.study_id)
    qtbot.waitUntil(lambda: window.studies.session is not None and window.readings.editable  # type: ignore[attr-defined]
                    and window.case.analysis is not None and bool(window.side.predictions.rows), timeout=60_000)
    in_front(qtbot, window)
    QTest.keyClicks(window, "1p2x")
    for stands in (lambda: window.readings.revealable, lambda: window.readings.signable,
                   lambda: window.readings.final):
        in_front(qtbot, window)
        QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda stands=stands: stands() and window.bridge.idle  # type: ignore[attr-defined]
                        and window.case.analysis is not None, timeout=60_000)
        assert window.commands.prediction is None
        assert_nothing_is_told(everything_said())
    assert "The study \"Bare\" has no model" in everything_said()
    reading = window.readings.reading
    assert reading.bundle_sha256 is None
    assert [item.shown.model_output for item in StudyRoom(library).circumstances(reading.reading_id)] == [False, False]
    window.studies.leave()
    qtbot.waitUntil(lambda: window.commands.prediction is not None, timeout=60_000)  # type: ignore[attr-defined]


def test_somebody_without_a_name_sees_no_more_than_the_readers(
        qtbot: object, blind: MainWindow, tmp_path: Path) -> None:
    window = blind
    window.take(replace(window.settings, reader_name=""))
    settled(qtbot, window, "now")
    assert window.case.loaded is not None
    assert window.case.loaded.blindness
    assert_nothing_is_told(everything_said())
    window.take(replace(window.settings, reader_name="Dr. Chief"))
    qtbot.waitUntil(lambda: window.case.analysis is not None and window.case.analysis.prediction is not None,  # type: ignore[attr-defined]
                    timeout=60_000)
    qtbot.waitUntil(lambda: MARKS["header"] in everything_said(), timeout=60_000)  # type: ignore[attr-defined]
