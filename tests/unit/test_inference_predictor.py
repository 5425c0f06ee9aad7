"""The predictor gives the graph's own numbers, over any number of windows, with the maps where the signal is."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the bundle of these tests is made with the onnx package (extra train)")

from tiny_bundle import write_bundle

from peace_desktop.jobs.case import analyse, case_findings
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Finding, Recording, Source, roles_of
from peace_model.inference.bundle import load_bundle
from peace_model.inference.predictor import METHODS, PredictionError, Predictor

FS_HZ = 500.0


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> Predictor:
    return Predictor(load_bundle(write_bundle(tmp_path_factory.mktemp("bundle") / "tiny")), provider="cpu")


def recording_of(signal_mv: np.ndarray, *, leads: tuple[str, ...] = STANDARD_12,
                 warnings: tuple[Finding, ...] = ()) -> Recording:
    return Recording(
        signal_mv=signal_mv.astype(np.float32), fs_hz=FS_HZ, leads=leads, roles=roles_of(leads),
        age=Age(3000, Precision.DAY, "test"), sex="M", recorded_at=None, patient_key="",
        source=Source(Path("x.hea"), "wfdb", "0" * 64, ()), warnings=warnings)


def waves(duration_s: float, *, n_leads: int = 12) -> np.ndarray:
    """A 7 Hz tone in every lead, higher from lead to lead."""
    time_s = np.arange(round(duration_s * FS_HZ)) / FS_HZ
    return np.outer(0.1 + 0.1 * np.arange(n_leads), np.sin(2 * np.pi * 7 * time_s))


def test_probability_is_the_calibrated_mean_over_the_windows(predictor: Predictor) -> None:
    recording = recording_of(waves(20))
    result = predictor.predict(recording)
    signal = predictor.prepare(recording).signal.astype(np.float64)
    logits = np.abs(signal.reshape(2, 12, 125, 8).mean(axis=3)).mean(axis=2)[:, :3] - 1
    expected = (1 / (1 + np.exp(-logits))).mean(axis=0)
    assert [item.probability for item in result.predictions] == pytest.approx(expected, abs=1e-5)
    assert [item.positive for item in result.predictions] == [bool(value >= 0.5) for value in expected]
    assert result.windows_s == ((0, 10), (10, 20))
    assert result.bundle_sha256 == predictor.bundle.sha256
    assert result.provider == "cpu"


def test_every_label_has_both_maps_over_the_recording(predictor: Predictor) -> None:
    result = predictor.predict(recording_of(waves(17)))
    assert {(item.label, item.method) for item in result.explanations} == {
        (label.code, method) for label in predictor.bundle.labels for method in METHODS}
    for item in result.explanations:
        assert item.start_s + len(item.values) * item.step_s == pytest.approx(17, abs=item.step_s)
        assert item.values.min() >= 0
        assert item.values.max() == pytest.approx(1)
        assert not item.values.flags.writeable


def test_a_map_points_at_the_time_of_the_signal(predictor: Predictor) -> None:
    signal_mv = waves(30) * 0.01
    signal_mv[:, 6000:6250] *= 100
    (shown,) = predictor.predict(recording_of(signal_mv)).maps("NORM", "gradcam")
    peak_s = shown.start_s + (int(shown.values.argmax()) + 0.5) * shown.step_s
    assert 12 <= peak_s <= 12.5


def test_a_long_recording_is_run_in_parts_with_the_same_answer(
        predictor: Predictor, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = recording_of(waves(75))
    whole = predictor.predict(recording)
    monkeypatch.setattr("peace_model.inference.predictor.WINDOWS_AT_ONCE", 3)
    parts = predictor.predict(recording)
    assert [item.probability for item in parts.predictions] == pytest.approx(
        [item.probability for item in whole.predictions], abs=1e-6)
    for one, other in zip(whole.explanations, parts.explanations, strict=True):
        assert one.values == pytest.approx(other.values, abs=1e-5)


def test_a_recording_without_any_standard_lead_has_no_prediction_but_a_sentence(predictor: Predictor) -> None:
    recording = recording_of(waves(10, n_leads=1), leads=("V3R",))
    with pytest.raises(PredictionError, match="No standard lead"):
        predictor.predict(recording)
    case = analyse(recording, predictor=predictor)
    assert case.prediction is None
    assert "No standard lead" in case.prediction_error


def test_without_a_predictor_nothing_is_predicted_and_nothing_is_wrong() -> None:
    case = analyse(recording_of(waves(10)), predictor=None)
    assert (case.prediction, case.prediction_error) == (None, "")
    assert case.measurements


def test_a_warning_of_the_file_and_a_finding_of_the_signal_are_said_once() -> None:
    signal_mv = waves(10)
    signal_mv[11] = 0
    plain = recording_of(signal_mv)
    flat = next(finding for finding in case_findings(plain) if finding.leads == ("V6",))
    other = Finding("checksum", ("I",), "The checksum of {leads} is wrong", (("leads", "I"),))
    findings = case_findings(recording_of(signal_mv, warnings=(flat, other)))
    assert [finding.code for finding in findings].count(flat.code) == 1
    assert other in findings
