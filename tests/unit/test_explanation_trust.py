"""What is said of a map's worth follows from the bundle's tests and from the maps of this recording."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from peace_model.explanation.agreement import map_agreement
from peace_model.explanation.timeline import values_at
from peace_model.explanation.trust import trust_of
from peace_model.inference.bundle_fields import BundleError, Fields
from peace_model.inference.evidence import read_checks, support_of
from peace_model.inference.prediction import Explanation, PredictionResult, Reason, Verdict

RISING = np.linspace(0, 1, 50, dtype=np.float32)
TESTED = {"gradcam": {"text": "Tested.", "labels": {
    "RVH": {"verdict": "supported", "recordings": 24, "failed": []},
    "LQTS": {"verdict": "unsupported", "recordings": 12, "failed": ["weights", "insertion"]},
    "LAE": {"verdict": "not tested", "recordings": 4, "failed": []}}}}


def a_map(values: np.ndarray, *, method: str = "gradcam", step_s: float = 0.1, **more: Any) -> Explanation:
    return Explanation("RVH", method, values.astype(np.float32), 0.0, step_s, **more)


def result_of(*maps: Explanation) -> PredictionResult:
    return PredictionResult((), maps, (), "tiny", "0", "0" * 64, "1", "cpu", ((0.0, 5.0),))


def checks_of(content: dict[str, Any]) -> Any:
    return read_checks(Fields(Path("bundle.json"), "explanation_checks", content), ("RVH", "LQTS", "LAE", "NORM"))


@pytest.mark.parametrize(("method", "label", "verdict", "word"), [
    ("gradcam", "RVH", Verdict.SUPPORTED, "24 recordings"),
    ("gradcam", "LQTS", Verdict.UNSUPPORTED, "weights are random"),
    ("gradcam", "LAE", Verdict.NOT_TESTED, "too few recordings with this label (4)"),
    ("gradcam", "NORM", Verdict.NOT_TESTED, "too few recordings with this label (0)"),
    ("attention", "RVH", Verdict.NOT_TESTED, "no tests of such maps"),
])
def test_the_bundles_verdict_comes_with_its_ground(method: str, label: str, verdict: Verdict, word: str) -> None:
    support = support_of(checks_of(TESTED), method=method, label=label)
    assert support.verdict is verdict
    assert word in support.reason.text


def test_a_bundle_that_tested_no_label_tested_nothing_whatever_its_sentence() -> None:
    support = support_of(checks_of({"gradcam": {"text": "Follows what the network learnt."}}), method="gradcam",
                         label="RVH")
    assert support.verdict is Verdict.NOT_TESTED


@pytest.mark.parametrize(("label", "change", "field"), [
    ("RVH", {"verdict": "good"}, "verdict"),
    ("RVH", {"failed": ["taste"]}, "failed"),
    ("RVH", {"failed": ["weights"]}, "failed"),
    ("XYZ", {}, "labels.XYZ"),
])
def test_a_verdict_that_is_none_is_refused(label: str, change: dict[str, Any], field: str) -> None:
    entry = {"verdict": "supported", "recordings": 24, "failed": [], **change}
    with pytest.raises(BundleError) as refused:
        checks_of({"gradcam": {"text": "Tested.", "labels": {label: entry}}})
    assert refused.value.field.endswith(field)


@pytest.mark.parametrize(("other", "code"), [
    (RISING**2, "maps_agree"),
    (RISING[::-1], "maps_disagree"),
    (np.zeros(50), "map_other_empty"),
    (np.ones(50), "map_flat"),
])
def test_trust_is_said_in_words(other: np.ndarray, code: str) -> None:
    support = support_of(checks_of(TESTED), method="gradcam", label="RVH")
    trust = trust_of(result_of(a_map(RISING, support=support), a_map(other, method="attention")), "RVH", "gradcam")
    assert trust.supported
    assert [sentence.code for sentence in trust.sentences] == ["map_supported", code]
    assert all(sentence.text for sentence in trust.sentences)


def test_a_map_of_single_leads_is_compared_by_the_mean_of_its_leads_and_gives_its_figures() -> None:
    figures = Reason("occlusion_figures", "84 % becomes 61 %")
    leads = [a_map(RISING * part, method="occlusion", lead=lead, said=figures)
             for lead, part in (("V1", 1.0), ("V6", 0.2))]
    trust = trust_of(result_of(a_map(RISING), *leads), "RVH", "occlusion")
    assert trust.agreement == pytest.approx(1)
    assert trust.sentences[1] is figures


def test_an_empty_map_says_so_whatever_the_other_one_shows() -> None:
    trust = trust_of(result_of(a_map(np.zeros(50)), a_map(RISING, method="attention")), "RVH", "gradcam")
    assert (trust.agreement, trust.sentences[1].code) == (None, "map_empty")
    assert not trust.supported


def test_a_map_alone_has_nothing_to_agree_with_and_an_unknown_map_is_an_error() -> None:
    result = result_of(a_map(RISING, method="attention"))
    assert trust_of(result, "RVH", "attention").sentences[1].code == "map_alone"
    with pytest.raises(KeyError):
        trust_of(result, "RVH", "gradcam")


MAPS = arrays(np.float32, 40, elements=st.floats(0, 1, width=32))


@given(MAPS, MAPS)
def test_agreement_is_symmetric_bounded_and_perfect_with_itself(first: np.ndarray, second: np.ndarray) -> None:
    one, two = (a_map(first),), (a_map(second),)
    forth, back = map_agreement(one, two), map_agreement(two, one)
    assert (forth is None) == (back is None)
    if forth is not None and back is not None:
        assert -1 <= forth <= 1
        assert forth == pytest.approx(back)
    own = map_agreement(one, one)
    assert own is None or own == pytest.approx(1)


@given(MAPS, st.sampled_from([0.25, 0.5, 2.0, 4.0]))
def test_agreement_does_not_depend_on_scale(values: np.ndarray, factor: float) -> None:
    one = a_map(np.where(values > 0.01, values, 0))
    other = replace(one, values=one.values * np.float32(factor))
    agreement = map_agreement((one,), (other,))
    assert agreement is None or agreement == pytest.approx(1)


def test_a_map_is_read_between_the_middles_of_its_steps_and_zero_outside() -> None:
    values = values_at(a_map(np.array([0, 1, 0])), np.array([-0.01, 0.05, 0.1, 0.15, 0.2, 0.3]))
    assert values == pytest.approx([0, 0, 0.5, 1, 0.5, 0])
