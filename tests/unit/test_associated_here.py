"""An associated finding beside what was measured here: the limit for a child's age decides, and chance is not heard."""

from dataclasses import replace
from pathlib import Path

import pytest

from peace_desktop.report.associated_words import associated_text, here_words
from peace_model.ecg.measurement import apply_rules, measure
from peace_model.ecg.measurement.rule_result import RuleResult
from peace_model.ecg.simulation import SimulationSpec, simulate
from peace_model.inference.associated import AssociatedFinding, Evidence
from peace_model.inference.associated_here import Standing, findings_here
from peace_model.inference.prediction import PredictionResult, Reason

EVIDENCE = Evidence(0.93, 0.90, 0.96, 217, 1622, "PTB-XL 1.0.3 at 100 Hz, fold 9, adults")
ADULTS = (Reason("adult_trained", "Trained on adults."),)


def finding(code: str, *, positive: bool = True, evidence: Evidence = EVIDENCE) -> AssociatedFinding:
    return AssociatedFinding(code, f"{code} named", f"{code} over 1 in adults", "A source.", 0.62 if positive else 0.1,
                             0.4, positive, evidence)


def result_of(*findings: AssociatedFinding) -> PredictionResult:
    return PredictionResult((), (), ADULTS, "b", "1", "ab" * 32, "1", "cpu", ((0.0, 10.0),), findings)


@pytest.fixture(scope="module")
def infant_rules() -> tuple[RuleResult, ...]:
    """Of a healthy infant, whose rate every adult limit would call high."""
    recording = simulate(SimulationSpec(100, "F", 3)).recording
    return apply_rules(recording, measure(recording))


def rule(code: str, *, positive: bool | None, value: float | None = 70.0) -> RuleResult:
    from peace_model.ecg.measurement.value import Note

    return RuleResult(code, "A rule", "over {limit} ms", (("limit", "60"),), value, "ms", 60.0, "Where it is from.",
                      "statement", positive, Note("why", "the beats are paced.") if positive is None else None)


def test_a_healthy_infants_rate_is_no_finding_whatever_adults_say(infant_rules: tuple[RuleResult, ...]) -> None:
    view = associated_text(result_of(finding("rate_high")), infant_rules)
    assert view.count == 0
    (group,) = view.groups
    assert not group.strong
    assert group.heading == "Named by the model, not borne out by what is measured here:"
    assert "bpm. Rule for this age not met: Heart rate above the 98th percentile for age and sex" in group.items[0].here
    assert any("Rijnbeek" in line for line in group.items[0].detail)
    assert any("limits for adults" in line for line in view.intro)
    assert group.items[0].figure.startswith("Learnt as: rate_high over 1 in adults; AUROC 0.930")


@pytest.mark.parametrize(("said", "rules", "standing"), [
    (finding("x"), (), Standing.NOT_MEASURED),
    (finding("x"), (rule("x", positive=True),), Standing.CONFIRMED),
    (finding("x"), (rule("x", positive=False),), Standing.NOT_BORNE_OUT),
    (finding("x"), (rule("x", positive=None),), Standing.NOT_BORNE_OUT),
    (finding("x", positive=False), (rule("x", positive=True),), Standing.MEASURED_ONLY),
    (finding("x", positive=False), (rule("x", positive=False),), Standing.NOT_NAMED),
    (finding("x", positive=False), (), Standing.NOT_NAMED),
    (finding("x", evidence=replace(EVIDENCE, low=0.5)), (rule("x", positive=True),), Standing.NO_EVIDENCE),
    (finding("x", evidence=replace(EVIDENCE, auroc=None, low=None, high=None)), (), Standing.NO_EVIDENCE),
    (finding("qrs_120"), (rule("qrs_wide", positive=True),), Standing.CONFIRMED),
    (finding("qtc_bazett_480"), (rule("qtc_bazett_high", positive=False), rule("qtc_bazett_480", positive=True)),
     Standing.NOT_BORNE_OUT),
    (finding("qtc_bazett_480"), (rule("qtc_bazett_high", positive=None), rule("qtc_bazett_480", positive=True)),
     Standing.CONFIRMED)])
def test_the_rule_for_this_age_decides_and_the_head_only_where_nothing_is_measured(
        said: AssociatedFinding, rules: tuple[RuleResult, ...], standing: Standing) -> None:
    (found,) = findings_here((said,), rules)
    assert found.standing is standing
    shown = bool(associated_text(result_of(said), rules).groups)
    assert shown is (standing not in (Standing.NOT_NAMED, Standing.NO_EVIDENCE))


def test_what_is_no_better_than_chance_is_told_as_such_and_never_as_a_finding() -> None:
    chance = finding("axis_left", evidence=Evidence(0.55, 0.44, 0.66, 12, 900, "somewhere"))
    silent = finding("rate_low", evidence=Evidence(None, None, None, 0, 900, "somewhere"))
    view = associated_text(result_of(chance, silent), ())
    assert (view.count, view.groups, view.not_named) == (0, (), "")
    assert view.unheard == "2 not shown: their figures are no better than chance"
    assert view.unheard_lines == ("axis_left named: AUROC 0.550 (0.440 to 0.660); 12 of 900 recordings had it",
                                  "rate_low named: No AUROC; 0 of 900 recordings had it")


def test_a_probability_needs_fifty_recordings_behind_it() -> None:
    (well,) = associated_text(result_of(finding("x")), ()).groups
    (few,) = associated_text(result_of(finding("x", evidence=replace(EVIDENCE, positives=49))), ()).groups
    assert well.items[0].title == "x named (62 %)"
    assert few.items[0].title == "x named"
    assert "62" not in " ".join(few.items[0].detail)
    assert any("no probability is given" in line for line in few.items[0].detail)


@pytest.mark.parametrize(("found", "words"), [
    (None, "Not measured here."),
    (rule("x", positive=None), "Measured here: 70 ms; no verdict: the beats are paced."),
    (rule("x", positive=None, value=None), "Not measured here: the beats are paced."),
    (rule("x", positive=True), "Measured here: 70 ms. Rule for this age met: over 60 ms.")])
def test_what_is_measured_here_is_said_plainly(found: RuleResult | None, words: str) -> None:
    assert here_words(found) == words


def test_a_bundles_own_words_can_be_said_in_another_language(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="the bundle of this test is made with the onnx package (extra train)")
    from tiny_bundle import description, graph_with_head, with_head, write_bundle

    from peace_model.datasets.ptbxl_context import RULES, _abnormality
    from peace_model.inference.bundle import load_bundle
    from peace_model.words import Worded

    told = {code: (_abnormality(code).name, _abnormality(code).criterion) for code in RULES}
    labels = [(f"L{number}", f"Label {number}") for number in range(len(told))]
    heads = load_bundle(write_bundle(tmp_path, fields=with_head(description(labels), told),
                                     graph=graph_with_head(len(told)))).abnormalities
    for head in heads:
        assert isinstance(head.criterion, Worded)
        assert (head.name, head.criterion.replace("degrees", "deg")) == told[head.code]
        assert {"quantity", "limit", "unit"} == set(dict(head.criterion.values))
