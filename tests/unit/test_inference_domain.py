"""Every way in which a recording differs from the training data is said, and nothing else is."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the bundle of these tests is made with the onnx package (extra train)")

from tiny_bundle import description, write_bundle

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Finding, Recording, Source, roles_of
from peace_model.ecg.signal.pipeline import ModelInput
from peace_model.inference.bundle import Bundle, load_bundle
from peace_model.inference.domain import general_reasons, label_reasons

CHILD = Age(400, Precision.DAY, "test")
ADULT = Age(40 * 366, Precision.DAY, "test")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return load_bundle(write_bundle(tmp_path_factory.mktemp("tiny")))


def recording_of(age: Age | None, fs_hz: float = 500.0) -> Recording:
    signal_mv = np.zeros((12, round(10 * fs_hz)), np.float32)
    return Recording(signal_mv=signal_mv, fs_hz=fs_hz, leads=STANDARD_12, roles=roles_of(STANDARD_12), age=age,
                     sex=None, recorded_at=None, patient_key="", source=Source(Path("x.hea"), "wfdb", "0" * 64, ()))


def given_to_model(*, masked: tuple[str, ...] = (), valid_samples: int = 1000, windows: int = 1,
                   notes: tuple[Finding, ...] = ()) -> ModelInput:
    mask = np.ones((windows, 12), np.float32)
    mask[:, [STANDARD_12.index(lead) for lead in masked]] = 0
    valid = np.full(windows, 1000)
    valid[-1] = valid_samples
    return ModelInput(np.zeros((windows, 12, 1000), np.float32), mask, valid, np.full(windows, np.nan, np.float32),
                      tuple(10.0 * index for index in range(windows)), 10.0 * windows, notes)


def codes(recording: Recording, bundle: Bundle, given: ModelInput, *findings: Finding) -> list[str]:
    return [reason.code for reason in general_reasons(recording, findings, bundle, given=given)]


def test_an_adult_with_everything_recorded_gives_no_reason(bundle: Bundle) -> None:
    assert codes(recording_of(ADULT), bundle, given_to_model()) == []


def test_a_shorter_signal_is_a_reason_as_soon_as_its_length_reads_shorter(bundle: Bundle) -> None:
    assert codes(recording_of(ADULT), bundle, given_to_model(valid_samples=996)) == []
    reasons = general_reasons(recording_of(ADULT), (), bundle, given=given_to_model(valid_samples=990))
    assert [reason.text for reason in reasons] == ["Only 9.9 s of signal; the model expects 10 s."]


def test_a_child_gets_the_adult_trained_reason_first(bundle: Bundle) -> None:
    reasons = general_reasons(recording_of(CHILD), (), bundle, given=given_to_model(masked=("V6",)))
    assert [reason.code for reason in reasons] == ["adult_trained", "missing_leads"]
    assert "trained on adults only" in reasons[0].text
    assert "1 month" not in reasons[0].text
    assert "13 months" in reasons[0].text
    assert "V6" in reasons[1].text


def test_a_newborn_is_named_whatever_the_model_learnt_from(bundle: Bundle) -> None:
    day_29, day_30 = (recording_of(Age(days, Precision.DAY, "test")) for days in (29, 30))
    assert codes(day_29, bundle, given_to_model()) == ["adult_trained", "newborn"]
    assert codes(day_30, bundle, given_to_model()) == ["adult_trained"]
    knows_children = dataclasses.replace(bundle, training=dataclasses.replace(bundle.training, min_age_days=1))
    assert codes(day_29, knows_children, given_to_model()) == ["newborn"]
    reason = general_reasons(day_29, (), knows_children, given=given_to_model())[0]
    assert "A newborn (29 days)" in reason.text
    assert "AUROC 0.61 in 56 recordings" in reason.text


def test_nine_leads_tell_what_their_loss_costs_this_model(bundle: Bundle) -> None:
    def said(metrics: dict[str, object], *masked: str) -> list[str]:
        found = general_reasons(recording_of(ADULT), (), dataclasses.replace(bundle, metrics=metrics),
                                given=given_to_model(masked=masked))
        return [f"{reason.code}: {reason.text}" for reason in found]

    nine = ("V2", "V4", "V6")
    lost = {"value": -0.0123, "low": -0.02, "high": -0.004}
    told = said({"choosing": {"nine_leads": {"difference": lost}}}, *nine)
    assert told[0] == "missing_leads: The model was run without V2, V4, V6."
    assert told[1].endswith("changed its macro AUROC by -0.0123 (-0.0200 to -0.0040).")
    for unmeasured in ({}, {"choosing": {}}, {"choosing": {"nine_leads": {"difference": {**lost, "low": None}}}}):
        assert said(unmeasured, *nine)[1].endswith("what their loss costs this model was not measured.")
    assert len(said({"choosing": {"nine_leads": {"difference": lost}}}, "V2", "V4")) == 1


def test_the_eighteenth_birthday_ends_childhood(bundle: Bundle) -> None:
    days_18 = 6574
    assert codes(recording_of(Age(days_18, Precision.DAY, "test")), bundle, given_to_model()) == []
    assert codes(recording_of(Age(days_18 - 1, Precision.DAY, "test")), bundle, given_to_model()) == ["adult_trained"]


def test_a_bundle_trained_on_children_does_not_warn_of_children(bundle: Bundle, tmp_path: Path) -> None:
    fields = description()
    fields["training"]["min_age_days"] = 0
    child_bundle = load_bundle(write_bundle(tmp_path / "children", fields=fields))
    assert codes(recording_of(CHILD), child_bundle, given_to_model()) == []
    fields["training"]["min_age_days"] = 1096
    toddler_bundle = load_bundle(write_bundle(tmp_path / "toddlers", fields=fields))
    assert codes(recording_of(CHILD), toddler_bundle, given_to_model()) == ["younger_than_training"]


def test_training_recordings_of_unknown_age_are_counted_and_said(tmp_path: Path) -> None:
    fields = description()
    fields["training"] |= {"min_age_days": None, "positives": {"NORM": {}, "RVH": {}, "LQTS": {}},
                           "positives_of_unknown_age": {"NORM": 900, "RVH": 50, "LQTS": 12}}
    ageless = load_bundle(write_bundle(tmp_path / "ageless", fields=fields))
    for age in (CHILD, ADULT):
        (reason,) = general_reasons(recording_of(age), (), ageless, given=given_to_model())
        assert "ages of the training recordings are unknown" in reason.text
        assert label_reasons(age, "NORM", ageless) == label_reasons(age, "RVH", ageless) == ()
        assert "12 recordings" in label_reasons(age, "LQTS", ageless)[0].text
    fields["training"] |= {"min_age_days": 6574, "positives": {"NORM": {"18y+": 40}, "RVH": {}, "LQTS": {}}}
    partly = load_bundle(write_bundle(tmp_path / "partly", fields=fields))
    assert codes(recording_of(ADULT), partly, given_to_model()) == []
    (reason,) = label_reasons(ADULT, "NORM", partly)
    assert "40 recordings" in reason.text
    assert "940 at all ages" in reason.text


def test_unknown_age_is_a_reason_of_its_own(bundle: Bundle) -> None:
    assert codes(recording_of(None), bundle, given_to_model()) == ["age_unknown"]


def test_rate_length_and_leads_are_said_with_their_numbers(bundle: Bundle) -> None:
    given = given_to_model(masked=("V2", "V4"), valid_samples=520)
    text = " ".join(reason.text for reason in general_reasons(recording_of(ADULT, 80.0), (), bundle, given=given))
    for words in ("V2, V4", "80 Hz", "100 Hz", "5.2 s", "10 s"):
        assert words in text


def test_a_short_last_window_of_a_long_recording_is_no_reason(bundle: Bundle) -> None:
    assert codes(recording_of(ADULT), bundle, given_to_model(windows=2, valid_samples=600)) == []


def test_a_lead_lost_in_one_window_is_said_apart(bundle: Bundle) -> None:
    given = given_to_model(windows=2)
    given.lead_mask[1, STANDARD_12.index("V3")] = 0
    assert codes(recording_of(ADULT), bundle, given) == ["partly_missing_leads"]


def test_an_electrode_that_was_off_is_a_reason_only_where_the_lead_was_not_masked(bundle: Bundle) -> None:
    off = Finding("lead_off", ("V3",), "x")
    assert codes(recording_of(ADULT), bundle, given_to_model(), off) == ["lead_off"]
    given = given_to_model(windows=2)
    given.lead_mask[1, STANDARD_12.index("V3")] = 0
    assert codes(recording_of(ADULT), bundle, given, off) == ["partly_missing_leads"]


def test_findings_of_several_leads_become_one_reason_and_masked_leads_do_not_count_twice(bundle: Bundle) -> None:
    saturated = (Finding("saturated", ("V2",), "x"), Finding("saturated", ("V1",), "x"))
    flat = Finding("flat_lead", ("V6",), "x")
    given = given_to_model(masked=("V6",), notes=(Finding("saturated", ("V2",), "note"),))
    reasons = general_reasons(recording_of(ADULT), (*saturated, flat), bundle, given=given)
    assert [reason.code for reason in reasons] == ["missing_leads", "saturated"]
    assert "V1, V2" in reasons[1].text


def test_exchanged_chest_leads_and_a_doubtful_gain_are_reasons(bundle: Bundle) -> None:
    exchanged, gain = Finding("chest_leads_swapped", ("V1", "V3"), "x"), Finding("gain_suspected", (), "x")
    reasons = general_reasons(recording_of(ADULT), (exchanged, gain), bundle, given=given_to_model())
    assert [reason.code for reason in reasons] == ["chest_leads_swapped", "gain_suspected"]
    assert "V1, V3" in reasons[0].text
    assert codes(recording_of(ADULT), bundle, given_to_model(masked=("V1", "V3")), exchanged) == ["missing_leads"]


def test_what_the_signal_path_noted_is_passed_on(bundle: Bundle) -> None:
    note = Finding("tail_left_out", (), "The last {seconds} s were left out", (("seconds", "3.0"),))
    reasons = general_reasons(recording_of(ADULT), (), bundle, given=given_to_model(notes=(note,)))
    assert [reason.text for reason in reasons] == ["The last 3.0 s were left out"]


def test_few_records_counts_the_label_in_the_persons_age_band(bundle: Bundle) -> None:
    assert label_reasons(ADULT, "NORM", bundle) == ()
    assert label_reasons(ADULT, "RVH", bundle) == ()
    (child,) = label_reasons(CHILD, "NORM", bundle)
    assert child.code == "few_records"
    assert " 0 recordings" in child.text
    assert "1\N{EN DASH}2 years" in child.text
    assert "900" in child.text


def test_a_label_rare_at_every_age_is_said_whatever_the_age(bundle: Bundle) -> None:
    for age in (None, CHILD, ADULT):
        (reason,) = label_reasons(age, "LQTS", bundle)
        assert "12 recordings" in reason.text
    assert label_reasons(None, "NORM", bundle) == ()
