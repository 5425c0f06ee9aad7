"""The bundle that comes with the application loads, runs and says that it was trained on adults."""

import pytest

from peace_desktop.jobs.case import analyse
from peace_desktop.jobs.warm import open_predictor
from peace_model.ecg.simulation import simulate
from peace_model.ecg.simulation.spec import SimulationSpec
from peace_model.explanation.trust import trust_of
from peace_model.inference.predictor import METHODS, Predictor


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return open_predictor(provider="cpu")


def test_a_child_gets_every_label_with_both_maps_and_the_adult_trained_reason(predictor: Predictor) -> None:
    bundle = predictor.bundle
    recording = simulate(SimulationSpec(age_days=3 * 365, sex="F", seed=1)).recording
    result = analyse(recording, predictor=predictor).prediction
    assert result is not None
    assert [item.label for item in result.predictions] == [label.code for label in bundle.labels]
    assert {reason.code for reason in result.general_reasons} >= {"adult_trained", "simulated"}
    for item in result.predictions:
        assert 0 <= item.probability <= 1
        assert item.positive == (item.probability >= item.threshold)
        assert item.reasons[0].code == "few_records"
        for method in METHODS:
            (shown,) = result.maps(item.label, method)
            assert len(shown.values) >= 100
            assert trust_of(result, item.label, method).sentences[0].text


def test_the_answer_does_not_depend_on_the_number_of_threads(predictor: Predictor) -> None:
    recording = simulate(SimulationSpec(age_days=5000, sex="M", seed=2)).recording
    single = Predictor(predictor.bundle, provider="cpu", threads=1).predict(recording)
    assert [item.probability for item in single.predictions] == pytest.approx(
        [item.probability for item in predictor.predict(recording).predictions], abs=1e-4)
