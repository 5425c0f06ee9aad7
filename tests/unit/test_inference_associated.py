"""Associated findings: a bundle with a head for abnormalities says them; a wrong one is refused with its place."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the bundle of these tests is made with the onnx package (extra train)")

from tiny_bundle import description, graph_bytes, graph_with_head, with_head, write_bundle

from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Recording, Source, roles_of
from peace_model.inference.associated import Evidence
from peace_model.inference.bundle import load_bundle
from peace_model.inference.bundle_fields import BundleError
from peace_model.inference.predictor import Predictor
from peace_model.inference.session import open_session

CODES = ("rate_high", "qrs_wide", "axis_left")


def told(*codes: str) -> dict[str, Any]:
    """bundle.json with a head of these outputs."""
    return with_head(description(), {code: (f"{code} named", f"{code} over 1") for code in codes})


def recording() -> Recording:
    time_s = np.arange(1500) / 100
    signal_mv = np.outer(np.linspace(0.1, 1, 12), np.sin(2 * np.pi * 7 * time_s)).astype(np.float32)
    return Recording(
        signal_mv=signal_mv, fs_hz=100.0, leads=STANDARD_12, roles=roles_of(STANDARD_12), age=None, sex=None,
        recorded_at=None, patient_key="", source=Source(Path("x.hea"), "wfdb", "0" * 64, ()))


def test_what_the_head_says_of_the_windows_is_averaged_and_calibrated(tmp_path: Path) -> None:
    predictor = Predictor(load_bundle(write_bundle(tmp_path, fields=told(*CODES), graph=graph_with_head())),
                          provider="cpu")
    assert [head.code for head in predictor.bundle.abnormalities] == list(CODES)
    assert {head.evidence for head in predictor.bundle.abnormalities} == {
        Evidence(0.8, 0.7, 0.85, 80, 900, "PTB-XL 1.0.3 at 100 Hz, fold 9, adults")}
    given = predictor.prepare(recording())
    logits = predictor.logits(signal=given.signal, lead_mask=given.lead_mask, valid_samples=given.valid_samples,
                              age_days=given.age_days)
    share = (1 / (1 + np.exp(-logits))).mean(axis=0)
    expected = 1 / (1 + np.exp(2 * np.log(share / (1 - share)) - 0.5))
    result = predictor.predict(recording())
    assert [item.probability for item in result.associated] == pytest.approx(expected, abs=1e-5)
    assert [item.positive for item in result.associated] == [value >= 0.4 for value in expected]
    assert (result.associated[1].criterion, result.associated[1].citation) == ("qrs_wide over 1", "Source of qrs_wide.")
    assert result.associated[1].evidence.beyond_chance
    assert len(result.predictions) == 3


def test_a_bundle_without_a_head_says_none(tmp_path: Path) -> None:
    predictor = Predictor(load_bundle(write_bundle(tmp_path)), provider="cpu")
    assert (predictor.bundle.abnormalities, predictor.predict(recording()).associated) == ((), ())


@pytest.mark.parametrize(("fields", "graph", "said"), [
    (told(*CODES), graph_bytes(), "outputs are .*expected .*abnormalities"),
    (description(), graph_with_head(), "outputs are .*abnormalities.*expected"),
    (told(*CODES[:2]), graph_with_head(),
     r"output abnormalities has the shape \(B, 3\), bundle.json asks for \(B, 2\)")])
def test_graph_and_description_must_agree_on_the_head(
    fields: dict[str, Any], graph: bytes, said: str, tmp_path: Path
) -> None:
    with pytest.raises(BundleError, match=said):
        open_session(load_bundle(write_bundle(tmp_path, fields=fields, graph=graph)), provider="cpu")


@pytest.mark.parametrize(("place", "value", "said"), [
    (("heads",), [], "abnormalities.heads is empty"),
    (("calibration", "qrs_wide"), {}, "abnormalities.calibration.qrs_wide.scale is missing"),
    (("metrics",), {}, "abnormalities.metrics.rate_high is missing"),
    (("metrics", "rate_high", "positives"), None, "abnormalities.metrics.rate_high.positives is not a whole number"),
    (("data",), "", "abnormalities.data is not a text"),
    (("heads", 1, "code"), "rate_high", "code has no calibration, or stands twice"),
    (("heads", 0, "criterion"), "", r"abnormalities.heads\[0\].criterion is not a text")])
def test_a_head_that_is_described_wrongly_is_refused_with_its_place(
    place: tuple[Any, ...], value: object, said: str, tmp_path: Path
) -> None:
    fields = told(*CODES)
    at = fields["abnormalities"]
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    with pytest.raises(BundleError, match=said):
        load_bundle(write_bundle(tmp_path, fields=fields, graph=graph_with_head()))
