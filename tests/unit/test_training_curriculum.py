"""The curriculum gate: its range, its two directions, its beginning and its end."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peace_model.training.curriculum import CurriculumGate, GateConfig, gate

CONFIG = GateConfig()
ratios = st.floats(0, 5)
parts = st.floats(0, 1)


@given(ratio=ratios, progress=parts, g_max=st.floats(0.1, 3))
def test_the_gate_stays_within_its_range(ratio: float, progress: float, g_max: float) -> None:
    assert 0 <= gate(GateConfig(g_max=g_max), ratio=ratio, progress=progress) <= g_max


@given(low=ratios, high=ratios, progress=parts)
def test_it_falls_with_the_loss_ratio(low: float, high: float, progress: float) -> None:
    low, high = sorted((low, high))
    assert gate(CONFIG, ratio=low, progress=progress) >= gate(CONFIG, ratio=high, progress=progress)


@given(ratio=ratios, early=parts, late=parts)
def test_it_rises_with_progress(ratio: float, early: float, late: float) -> None:
    early, late = sorted((early, late))
    assert gate(CONFIG, ratio=ratio, progress=early) <= gate(CONFIG, ratio=ratio, progress=late)


def test_it_is_nearly_closed_at_the_first_step() -> None:
    first = CurriculumGate().update(0.9, 0.0)
    assert first == pytest.approx(0.0142, abs=1e-4)
    assert first < 0.02


def test_it_is_nearly_open_once_the_loss_has_halved_and_a_third_is_done() -> None:
    assert gate(CONFIG, ratio=0.5, progress=0.3) >= 0.93
    opening = CurriculumGate()
    values = [opening.update(1.0 if step < 100 else 0.4, step / 2000) for step in range(2000)]
    assert values[-1] >= 0.93
    assert opening.ratio == pytest.approx(0.4, abs=1e-3)


def test_the_reference_is_the_mean_of_the_first_hundred_losses() -> None:
    opening = CurriculumGate()
    for step in range(300):
        opening.update(2.0 if step < 50 else 1.0, 0.5)
    assert opening.reference_sum / CONFIG.reference_steps == pytest.approx(1.5)


def test_a_fixed_reference_opens_a_gate_that_fine_tuning_would_keep_shut() -> None:
    own, prior = CurriculumGate(), CurriculumGate(GateConfig(reference="prior"), prior=0.5)
    for _ in range(200):
        shut, opened = own.update(0.1, 0.9), prior.update(0.1, 0.9)
    assert shut < 0.2 < 0.9 < opened


def test_a_reference_that_was_not_given_is_refused() -> None:
    with pytest.raises(ValueError, match="must be given"):
        CurriculumGate(GateConfig(reference="prior"))


def test_the_control_without_a_gate_has_it_fixed() -> None:
    opening = CurriculumGate(GateConfig(fixed=1.0))
    assert {opening.update(loss, step / 50) for step, loss in enumerate([0.9] * 50)} == {1.0}


def test_its_state_survives_json_to_the_last_bit() -> None:
    one, other = (CurriculumGate(GateConfig(beta=0.9)) for _ in range(2))
    for step in range(150):
        one.update(1 / (1 + step / 30), step / 300)
    other.load_state_dict(json.loads(json.dumps(one.state_dict())))
    assert [one.update(0.3, 0.6), one.update(0.2, 0.7)] == [other.update(0.3, 0.6), other.update(0.2, 0.7)]


def test_a_loss_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="nan"):
        CurriculumGate().update(float("nan"), 0.1)
