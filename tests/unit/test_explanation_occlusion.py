"""An occlusion map is the fall of the logit, patch by patch and lead by lead, and can be stopped between patches."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("onnx", reason="the bundle of these tests is made with the onnx package (extra train)")

from tiny_bundle import write_bundle

from peace_desktop.jobs.case import analyse, with_occlusion
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Recording, Source, roles_of
from peace_model.explanation.occlusion import METHOD, PATCH_S, occlude, occlusion_drops
from peace_model.explanation.trust import trust_of
from peace_model.inference.bundle import load_bundle
from peace_model.inference.predictor import Predictor

FS_HZ = 500.0


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> Predictor:
    return Predictor(load_bundle(write_bundle(tmp_path_factory.mktemp("bundle") / "tiny")), provider="cpu")


def recording_of(*, duration_s: float = 10.0, leads: tuple[str, ...] = STANDARD_12) -> Recording:
    """A 7 Hz tone in every lead, three times as large between 3 and 4 s."""
    time_s = np.arange(round(duration_s * FS_HZ)) / FS_HZ
    tone = np.sin(2 * np.pi * 7 * time_s) * np.where((time_s >= 3) & (time_s < 4), 0.9, 0.3)
    return Recording(
        signal_mv=np.tile(tone, (len(leads), 1)).astype(np.float32), fs_hz=FS_HZ, leads=leads, roles=roles_of(leads),
        age=Age(3000, Precision.DAY, "test"), sex="M", recorded_at=None, patient_key="",
        source=Source(Path("x.hea"), "wfdb", "0" * 64, ()))


def ignore(_done: int, _total: int, _text: str) -> None:
    pass


def test_only_what_the_graph_reads_lowers_its_logit(predictor: Predictor) -> None:
    maps = occlude(predictor, recording_of(), "RVH", progress=ignore)
    by_lead = {item.lead: item for item in maps}
    assert set(by_lead) == set(STANDARD_12)
    assert all(not by_lead[lead].values.any() for lead in STANDARD_12 if lead != "II")
    seen = by_lead["II"]
    assert seen.step_s == PATCH_S
    assert len(seen.values) == 50
    assert 3 <= (int(seen.values.argmax()) + 0.5) * PATCH_S <= 4
    assert seen.values.max() == pytest.approx(1)


def test_each_patch_is_the_fall_of_the_logit_without_it(predictor: Predictor) -> None:
    given_ = predictor.prepare(recording_of())
    signal = given_.signal[0]

    def run(signals: np.ndarray) -> np.ndarray:
        return np.abs(signals[:, 1].reshape(len(signals), 125, 8).mean(axis=2)).mean(axis=1) - 1

    logit = float(run(signal[None])[0])
    drops, lead_drops = occlusion_drops(run, signal, logit=logit, leads=np.array([0, 1]), valid_samples=1000,
                                        patch=20, told=lambda _count: None)
    without = signal.copy()
    without[1, 300:320] = 0
    assert drops[1, 15] == pytest.approx(logit - float(run(without[None])[0]), abs=1e-6)
    assert lead_drops[1] == pytest.approx(logit + 1, abs=1e-6)
    assert not drops[0].any()


def test_the_figures_say_what_becomes_of_the_probability(predictor: Predictor) -> None:
    recording = recording_of()
    (said,) = {item.said for item in occlude(predictor, recording, "RVH", progress=ignore)}
    assert said is not None
    values = dict(said.values)
    before = predictor.predict(recording).predictions[1].probability
    assert float(values["before"]) == pytest.approx(100 * before, abs=0.05)
    assert float(values["after"]) < float(values["before"])
    assert float(values["leadless"]) < float(values["after"])
    assert (values["patch_lead"], values["whole_lead"], values["ms"]) == ("II", "II", "200")
    assert 3 <= float(values["at_s"]) <= 4


def test_a_long_recording_is_occluded_window_by_window(predictor: Predictor) -> None:
    maps = occlude(predictor, recording_of(duration_s=27), "NORM", progress=ignore)
    lead = next(item for item in maps if item.lead == "I")
    assert len(lead.values) * lead.step_s == pytest.approx(27)
    assert 3 <= (int(lead.values.argmax()) + 0.5) * PATCH_S <= 4
    assert lead.values[100:].any()


def test_absent_leads_are_not_tried_and_progress_counts_every_pass(predictor: Predictor) -> None:
    told: list[tuple[int, int]] = []
    maps = occlude(predictor, recording_of(leads=("I", "V1", "V6")), "NORM",
                   progress=lambda done, total, _text: told.append((done, total)))
    given_ = predictor.prepare(recording_of(leads=("I", "V1", "V6")))
    used = int(given_.lead_mask[0].sum())
    assert len(maps) == used < 12
    assert told[0] == (0, used * 51)
    assert told[-1] == (used * 51, used * 51)
    assert [done for done, _total in told] == sorted(done for done, _total in told)


def test_it_stops_where_its_listener_says_so(predictor: Predictor) -> None:
    calls = 0

    def stop(_done: int, _total: int, _text: str) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        occlude(predictor, recording_of(), "NORM", progress=stop)
    assert calls == 3


def test_the_case_keeps_one_occlusion_map_a_label_and_says_what_it_is_worth(predictor: Predictor) -> None:
    case = analyse(recording_of(), predictor=predictor)
    for _again in range(2):
        case = with_occlusion(case, ("RVH",), predictor=predictor, progress=ignore)
    assert case.prediction is not None
    assert len(case.prediction.maps("RVH", METHOD)) == 12
    assert len(case.prediction.maps("RVH", "gradcam")) == 1
    trust = trust_of(case.prediction, "RVH", METHOD)
    assert [sentence.code for sentence in trust.sentences][:2] == ["map_not_tested", "occlusion_figures"]
    with pytest.raises(KeyError):
        with_occlusion(case, ("AFIB",), predictor=predictor, progress=ignore)


def test_a_case_without_a_prediction_stays_as_it_is(predictor: Predictor) -> None:
    case = replace(analyse(recording_of(), predictor=None), prediction=None)
    assert with_occlusion(case, ("RVH",), predictor=predictor, progress=ignore) is case


@settings(deadline=None)
@given(valid=st.integers(1, 90), patch=st.integers(1, 40), weights=st.lists(st.floats(-2, 2), min_size=3, max_size=3))
def test_falls_of_a_linear_model_add_up_to_those_of_whole_leads(
        valid: int, patch: int, weights: list[float]) -> None:
    rng = np.random.default_rng(valid)
    signal = np.zeros((3, 90), np.float32)
    signal[:, :valid] = rng.normal(size=(3, valid))
    w = np.array(weights, np.float32)

    def run(signals: np.ndarray) -> np.ndarray:
        return np.einsum("bls,l->b", signals, w).astype(np.float32)

    drops, lead_drops = occlusion_drops(
        run, signal, logit=float(run(signal[None])[0]), leads=np.arange(3), valid_samples=valid, patch=patch,
        told=lambda _count: None)
    assert drops.sum(axis=1) == pytest.approx(lead_drops, abs=1e-2)
