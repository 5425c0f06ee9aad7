"""What is said of a map's trust follows from the two maps alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from peace_model.explanation.timeline import values_at
from peace_model.explanation.trust import map_agreement, trust_of
from peace_model.inference.prediction import Explanation, PredictionResult

RISING = np.linspace(0, 1, 50, dtype=np.float32)
CHECKS = {"gradcam": "Passed the randomisation check."}


def a_map(values: np.ndarray, *, method: str = "gradcam", step_s: float = 0.1) -> Explanation:
    return Explanation("RVH", method, values.astype(np.float32), 0.0, step_s)


def result_of(*maps: Explanation) -> PredictionResult:
    return PredictionResult((), maps, (), "tiny", "0", "0" * 64, "1", "cpu", ((0.0, 5.0),))


@pytest.mark.parametrize(("other", "code"), [
    (RISING**2, "maps_agree"),
    (RISING[::-1], "maps_disagree"),
    (np.zeros(50), "map_other_empty"),
    (np.ones(50), "map_flat"),
])
def test_trust_is_said_in_words(other: np.ndarray, code: str) -> None:
    trust = trust_of(result_of(a_map(RISING), a_map(other, method="attention")), "RVH", "gradcam", CHECKS)
    assert trust.sentence.code == code
    assert trust.sentence.text
    assert trust.check == "Passed the randomisation check."


def test_an_empty_map_says_so_whatever_the_other_one_shows() -> None:
    result = result_of(a_map(np.zeros(50)), a_map(RISING, method="attention"))
    trust = trust_of(result, "RVH", "gradcam", CHECKS)
    assert (trust.agreement, trust.sentence.code) == (None, "map_empty")


def test_a_method_without_a_check_has_none_and_an_unknown_map_is_an_error() -> None:
    result = result_of(a_map(RISING, method="attention"))
    trust = trust_of(result, "RVH", "attention", CHECKS)
    assert (trust.check, trust.sentence.code) == ("", "map_alone")
    with pytest.raises(KeyError):
        trust_of(result, "RVH", "gradcam", CHECKS)


@given(arrays(np.float32, 40, elements=st.floats(0, 1, width=32)), arrays(np.float32, 40,
                                                                         elements=st.floats(0, 1, width=32)))
def test_agreement_is_symmetric_bounded_and_perfect_with_itself(first: np.ndarray, second: np.ndarray) -> None:
    one, two = a_map(first), a_map(second)
    forth, back = map_agreement(one, two), map_agreement(two, one)
    assert (forth is None) == (back is None)
    if forth is not None and back is not None:
        assert -1 <= forth <= 1
        assert forth == pytest.approx(back)
    own = map_agreement(one, one)
    assert own is None or own == pytest.approx(1)


def test_a_map_is_read_between_the_middles_of_its_steps_and_zero_outside() -> None:
    values = values_at(a_map(np.array([0, 1, 0])), np.array([-0.01, 0.05, 0.1, 0.15, 0.2, 0.3]))
    assert values == pytest.approx([0, 0, 0.5, 1, 0.5, 0])
