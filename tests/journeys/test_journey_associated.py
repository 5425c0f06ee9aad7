"""A bundle with a head for abnormalities: what it tells stands in the JSON, on both pages, and in the window."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

pytest.importorskip("onnx", reason="the bundle of these tests is made with the onnx package (extra train)")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton
from tiny_bundle import ABNORMALITIES, description, graph_with_head, with_head, write_bundle
from window_cases import SmallPredictor, import_all, open_titled
from window_words import words_of

from peace_desktop.app import Application
from peace_desktop.jobs.analysis_record import analysis_record, record_text
from peace_desktop.jobs.case import CaseAnalysis, analyse
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.report.content import build_content
from peace_desktop.report.pdf import write_pdf
from peace_model.ecg.norms import load_norms
from peace_model.ecg.recording import Recording
from peace_model.ecg.simulation import SimulationSpec, simulate
from peace_model.inference.associated import AssociatedFinding, Evidence
from peace_model.inference.bundle import load_bundle
from peace_model.inference.prediction import PredictionResult
from peace_model.inference.predictor import Predictor
from peace_model.resources import resource

SCHEMA = json.loads(resource("schema", "analyze-1.json").read_text(encoding="utf-8"))


@pytest.fixture
def headed(tmp_path: Path) -> Predictor:
    """The tiny bundle: with quiet leads its labels are negative, and so all of its abnormalities positive."""
    fields = with_head(description())
    fields["abnormalities"]["metrics"]["qrs_120"] = {"positives": 9, "known": 900,
                                                     "auroc": {"value": 0.55, "low": 0.41, "high": 0.66}}
    return Predictor(load_bundle(write_bundle(tmp_path / "tiny", fields=fields, graph=graph_with_head())),
                     provider="cpu")


def infant(headed: Predictor) -> CaseAnalysis:
    return analyse(simulate(SimulationSpec(100, "F", 3)).recording, predictor=headed)


def test_the_record_says_what_was_learnt_with_what_evidence_and_what_it_counts_for_here(headed: Predictor) -> None:
    record = analysis_record(infant(headed), source_name="x", bundle=headed.bundle, norms=load_norms(),
                             application_version="0")
    read = json.loads(record_text(record))
    jsonschema.validate(read, SCHEMA)
    found = {item["code"]: item for item in read["associated_findings"]}
    assert {code: (item["positive"], item["standing"], item["rule"]) for code, item in found.items()} == {
        "rate_high": (True, "not borne out", "rate_high"), "qrs_120": (True, "no evidence", "qrs_wide"),
        "Potassium_high": (True, "not measured", None)}
    assert found["rate_high"]["reasons"][0]["code"] == "adult_trained"
    assert found["rate_high"]["criterion"] == "heart rate over 100 bpm in adults"
    assert found["rate_high"]["evidence"] == {
        "auroc": 0.8, "low": 0.7, "high": 0.85, "positives": 80, "known": 900,
        "data": "PTB-XL 1.0.3 at 100 Hz, fold 9, adults"}


@pytest.mark.parametrize("blind", [False, True])
def test_the_report_prints_them_only_where_it_shows_the_model(
        headed: Predictor, tmp_path: Path, blind: bool) -> None:
    from pypdf import PdfReader

    case = infant(headed)
    content = build_content(
        case.recording, case.findings, case.measurements, case.prediction, reading=None, title="x", audit_head="",
        application_version="0", printed_at=datetime.now(UTC), blind=blind)
    write_pdf(content, tmp_path / "report.pdf")
    first, second = (" ".join(page.extract_text().split()) for page in PdfReader(tmp_path / "report.pdf").pages)
    assert ("Potassium" in first + second) is not blind
    assert ("ASSOCIATED FINDINGS" in first) is not blind
    if not blind:
        assert "an association with the ECG, no cause, no measurement, no diagnosis" in first
        assert "Named by the model, not borne out by what is measured here:" in first
        assert "Rule for this age not met: Heart rate above the 98th percentile for age and sex" in second
        assert "1 not shown: its figures are no better than chance" in first
        assert "Learnt as: QRS duration over 120 ms in adults; AUROC 0.550 (0.410 to 0.660)" in second
        assert "Source of Potassium_high." in second


class HeadedPredictor(SmallPredictor):
    """As the tiny bundle: what it names is high potassium and, by the limits of adults, a high rate."""

    def __init__(self) -> None:
        super().__init__()
        self.bundle.abnormalities = ("a head",)

    def predict(self, recording: Recording, _findings: object = None) -> PredictionResult:
        evidence = Evidence(0.8, 0.7, 0.85, 80, 900, "PTB-XL 1.0.3 at 100 Hz, fold 9, adults")
        return replace(super().predict(recording), associated=tuple(
            AssociatedFinding(code, name, criterion, f"Source of {code}.", 0.62, 0.4, True, evidence)
            for code, (name, criterion) in ABNORMALITIES.items() if code != "qrs_120"))


class TestInTheWindow:
    @pytest.fixture
    def predictor(self) -> HeadedPredictor:
        return HeadedPredictor()

    def test_the_panel_says_association_evidence_and_the_measurement_here(
            self, qtbot: object, running: Application, children: Path, confirm: Callable[[str], None]) -> None:
        window = running.window
        panel = next(panel for panel in window.side.panels if panel.key == "associated")
        import_all(qtbot, window, children)
        open_titled(qtbot, window, "infant")
        qtbot.waitUntil(lambda: panel.findChild(QLabel, "associated_intro") is not None,  # type: ignore[attr-defined]
                        timeout=60_000)
        panel.set_folded(False)
        assert panel.isVisible()
        named = {kind: [label.text() for label in panel.findChildren(QLabel, f"associated_{kind}")]
                 for kind in ("found", "aside", "here")}
        assert named["found"] == ["\N{BULLET} Potassium, high (62 %)"]
        assert named["aside"] == ["\N{BULLET} High heart rate (62 %)"]
        assert "The model was trained on adults only." in words_of(panel)
        assert named["here"][0] == "Not measured here."
        assert "Rule for this age not met: Heart rate above the 98th percentile for age and sex" in named["here"][1]
        keys = [button for button in panel.findChildren(QToolButton) if button.isVisible()
                and button.focusPolicy() & Qt.FocusPolicy.TabFocus]
        assert all(button.accessibleName() for button in keys)
        disclosed = next(button for button in keys if "Potassium" in button.accessibleName())
        QTest.keyClick(disclosed, Qt.Key.Key_Space)
        assert "Source of Potassium_high." in words_of(panel)

        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=60_000)  # type: ignore[attr-defined]
        QTest.keyClicks(window, "1p")
        QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: window.readings.final and window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]
        (kept,) = StudyRoom(window.services.library).circumstances(window.readings.reading.reading_id)
        assert kept.shown.associated_findings
