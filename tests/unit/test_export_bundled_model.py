"""The bundle that comes with the application: whole, small, honest about its origin, and its card up to date."""

import json

import pytest

from peace_model.ecg.age import days_from_years
from peace_model.inference.bundle import Bundle, default_bundle_folder, load_bundle
from peace_model.labels import load_profile

FOLDER = default_bundle_folder()


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle(FOLDER)


def test_it_holds_the_labels_of_its_profile_in_order(bundle: Bundle) -> None:
    profile = load_profile(json.loads((FOLDER / "bundle.json").read_text(encoding="utf-8"))["training"]["profile"])
    assert tuple(label.code for label in bundle.labels) == profile.codes
    assert tuple(label.name for label in bundle.labels) == tuple(label.name for label in profile.labels)


def test_it_is_small(bundle: Bundle) -> None:
    assert len(bundle.graph) < 16e6


def test_nothing_of_the_machine_that_made_it_is_in_it(bundle: Bundle) -> None:
    assert b".py" not in bundle.graph
    assert b"site-packages" not in bundle.graph


def test_a_map_can_tell_p_from_qrs_from_t(bundle: Bundle) -> None:
    assert bundle.tokens.count >= 100
    assert bundle.tokens.samples_per_token / bundle.pipeline.fs_hz <= 0.1


def test_it_was_trained_on_adults_and_says_so(bundle: Bundle) -> None:
    assert bundle.training.min_age_days is not None
    assert bundle.training.min_age_days >= days_from_years(18)
    assert all(set(counts) == {"18y+"} for counts in bundle.training.positives.values())
    assert "adults only" in bundle.intended_use


def test_thresholds_are_probabilities_with_a_method(bundle: Bundle) -> None:
    for fit in bundle.calibration.values():
        assert 0 < fit.threshold < 1
        assert fit.scale > 0
        assert "fold 9" in fit.method


def test_figures_carry_their_intervals_and_seed(bundle: Bundle) -> None:
    figures = bundle.metrics["choosing"]
    assert isinstance(bundle.metrics["seed"], int)
    assert set(figures["labels"]) == set(bundle.calibration)
    for entry in (figures["macro_auroc"], *(label["auroc"] for label in figures["labels"].values())):
        assert entry["low"] <= entry["value"] <= entry["high"]
    assert bundle.metrics["proxy_f_under_18"]["normal"] == 102


def test_every_kind_of_map_was_checked(bundle: Bundle) -> None:
    assert set(bundle.explanation_checks) >= {"gradcam", "attention", "occlusion"}
    assert bundle.explanation_checks["gradcam"].figures["spread_on_constant_input"] == 0


def test_its_associated_findings_come_with_figures_above_chance_and_change_no_diagnosis(bundle: Bundle) -> None:
    assert {item.code for item in bundle.abnormalities} >= {
        "rate_high", "rate_low", "qrs_120", "qtc_bazett_480", "axis_left", "axis_right", "low_voltage_limb"}
    assert all(item.evidence.beyond_chance for item in bundle.abnormalities)
    run = json.loads((FOLDER / "bundle.json").read_text(encoding="utf-8"))["run"]
    assert run["training"]["trained"] == ["abnormalities."]
    assert run["init"]["made"]["recipe"]["name"] == "distill"


def test_its_text_embeddings_are_the_committed_ones(bundle: Bundle) -> None:
    pytest.importorskip("torch", reason="needs the extra 'train'")
    from peace_model.networks.descriptor_bank import load_bank, shipped_descriptors

    written = json.loads((FOLDER / "bundle.json").read_text(encoding="utf-8"))
    bank = load_bank(tuple(bundle.calibration), shipped_descriptors("peace24"))
    assert written["text"]["text_sha256"] == bank.text_sha256
    assert written["network"]["age_conditioned"] is False


def test_the_card_is_the_one_its_figures_give() -> None:
    from peace_model.evaluation.model_card import card_text

    written = json.loads((FOLDER / "bundle.json").read_text(encoding="utf-8"))
    assert (FOLDER / "card.md").read_text(encoding="utf-8") == card_text(written)
