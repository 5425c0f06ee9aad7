"""Figures of merit against cases worked out by hand and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from peace_model.evaluation.calibration import (
    brier_skill,
    cross_fitted,
    expected_calibration_error,
    fit_platt,
    patient_halves,
    reliability,
)
from peace_model.evaluation.metrics import (
    auprc,
    auroc,
    balanced_accuracy_of,
    best_f1_threshold,
    f1_of,
    macro,
    wilson_interval,
)


def test_auroc_by_hand_with_a_tie() -> None:
    # positives .8 .5, negatives .5 .3 .1: wins 3 + 2.5 of 6
    assert auroc(np.array([0.8, 0.5, 0.5, 0.3, 0.1]), np.array([1, 1, 0, 0, 0])) == pytest.approx(5.5 / 6)
    assert np.isnan(auroc(np.array([0.1, 0.2]), np.array([1, 1])))


def test_auprc_by_hand() -> None:
    # ranks: + - + -: precision at the two recalls 1/1 and 2/3
    assert auprc(np.array([0.9, 0.8, 0.7, 0.1]), np.array([1, 0, 1, 0])) == pytest.approx((1 + 2 / 3) / 2)
    assert auprc(np.array([0.5, 0.5]), np.array([1, 0])) == pytest.approx(0.5)
    assert np.isnan(auprc(np.array([0.5]), np.array([0])))


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40))
def test_both_areas_agree_with_scikit_learn(cases: list[tuple[int, bool]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="needs the extra 'dev'")
    scores = np.array([score for score, _ in cases], float)
    targets = np.array([int(hit) for _, hit in cases])
    if targets.any():
        assert auprc(scores, targets) == pytest.approx(metrics.average_precision_score(targets, scores))
    if 0 < targets.sum() < len(targets):
        assert auroc(scores, targets) == pytest.approx(metrics.roc_auc_score(targets, scores))


def test_macro_leaves_out_labels_with_fewer_than_ten_positives() -> None:
    assert macro(np.array([0.9, 0.5, 0.7]), np.array([10, 9, 30])) == pytest.approx(0.8)
    assert np.isnan(macro(np.array([0.9]), np.array([9])))


def table(said: NDArray[np.bool_], truth: NDArray[np.integer]) -> tuple[int, int, int, int]:
    """Hits, false positives, missed, rest."""
    there = truth > 0
    return (int((said & there).sum()), int((said & ~there).sum()), int((~said & there).sum()),
            int((~said & ~there).sum()))


def test_f1_and_balanced_accuracy_by_hand() -> None:
    p, y = np.array([0.9, 0.6, 0.4, 0.2]), np.array([1, 0, 1, 0])
    assert f1_of(*table(p >= 0.5, y)) == pytest.approx(0.5)
    assert balanced_accuracy_of(*table(p >= 0.5, y)) == pytest.approx(0.5)
    assert f1_of(*table(p >= 0.4, y)) == pytest.approx(0.8)
    assert f1_of(*table(p >= 0.95, np.zeros(4, int))) == 0
    assert np.isnan(balanced_accuracy_of(*table(p >= 0.5, np.ones(4, int))))


@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.booleans()), min_size=1, max_size=30))
def test_no_other_threshold_has_a_higher_f1(cases: list[tuple[float, bool]]) -> None:
    p, y = np.array([c[0] for c in cases]), np.array([int(c[1]) for c in cases])
    best = best_f1_threshold(p, y)
    if y.any():
        assert f1_of(*table(p >= best, y)) == pytest.approx(max(f1_of(*table(p >= threshold, y)) for threshold in p))
        assert 0 < best < 1
    else:
        assert best == 1


def test_wilson_interval_by_hand() -> None:
    low, high = wilson_interval(0, 102)
    assert low == pytest.approx(0, abs=1e-12)
    assert high == pytest.approx(3.841459 / (102 + 3.841459), rel=1e-5)
    assert wilson_interval(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert all(np.isnan(wilson_interval(0, 0)))


@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.booleans()), min_size=2, max_size=40), st.floats(0, 1))
def test_decisions_agree_with_scikit_learn(cases: list[tuple[float, bool]], threshold: float) -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="needs the extra 'dev'")
    p, y = np.array([c[0] for c in cases]), np.array([int(c[1]) for c in cases])
    said = p >= threshold
    assert f1_of(*table(said, y)) == pytest.approx(metrics.f1_score(y, said, zero_division=0))
    if 0 < y.sum() < len(y):
        assert balanced_accuracy_of(*table(said, y)) == pytest.approx(metrics.balanced_accuracy_score(y, said))
        skill = 1 - metrics.brier_score_loss(y, p) / metrics.brier_score_loss(y, np.full(len(y), y.mean()))
        assert brier_skill(p, y) == pytest.approx(skill)


@pytest.mark.parametrize("count", [150, 157, 9])
def test_bins_hold_equally_many_and_agree_with_scikit_learn(count: int) -> None:
    curve = pytest.importorskip("sklearn.calibration", reason="needs the extra 'dev'").calibration_curve
    rng = np.random.default_rng(count)
    p = rng.permutation(np.linspace(0.01, 0.99, count))
    y = (rng.random(count) < p**2).astype(int)
    said, found, sizes = reliability(p, y)
    assert sizes.sum() == count
    assert sizes.max() - sizes.min() <= 1
    if count % 15 == 0:
        their_found, their_said = curve(y, p, n_bins=15, strategy="quantile")
        np.testing.assert_allclose(found, their_found)
        np.testing.assert_allclose(said, their_said)
        assert expected_calibration_error(p, y) == pytest.approx(np.abs(their_found - their_said).mean())


def test_platt_finds_the_scale_and_offset_that_made_the_labels() -> None:
    rng = np.random.default_rng(4)
    logits = rng.normal(0, 2, 40_000)
    targets = (rng.random(40_000) < 1 / (1 + np.exp(-(0.6 * logits - 1.5)))).astype(int)
    fitted = fit_platt(logits, targets)
    assert fitted.scale == pytest.approx(0.6, abs=0.03)
    assert fitted.offset == pytest.approx(-1.5, abs=0.05)
    assert fitted.probabilities(logits).mean() == pytest.approx(targets.mean(), abs=1e-3)


@pytest.mark.parametrize("targets", [np.zeros(20, int), np.ones(20, int)])
def test_platt_of_a_single_class_stays_finite(targets: np.ndarray) -> None:
    fitted = fit_platt(np.linspace(-3, 3, 20), targets)
    assert fitted.scale > 0
    assert abs(fitted.probabilities(np.zeros(1))[0] - targets[0]) < 0.1


def test_platt_keeps_a_positive_scale_for_a_score_that_points_the_wrong_way() -> None:
    logits = np.linspace(-3, 3, 100)
    assert fit_platt(logits, (logits < 0).astype(int)).scale > 0


def test_each_half_is_calibrated_by_the_other() -> None:
    rng = np.random.default_rng(5)
    patients = np.repeat(np.arange(50).astype(str), 4)
    first = patient_halves(patients, seed=2)
    assert all(len(set(first[patients == name])) == 1 for name in np.unique(patients))
    assert first.sum() == 100
    logits = rng.normal(size=200)
    targets = (rng.random(200) < 0.4).astype(int)
    crossed = cross_fitted(logits, targets, first)
    expected = fit_platt(logits[~first], targets[~first]).probabilities(logits[first])
    np.testing.assert_array_equal(crossed[first], expected)


def test_calibration_figures_by_hand() -> None:
    targets = np.tile([0, 1], 75)
    assert expected_calibration_error(np.full(150, 0.5), targets) == pytest.approx(0, abs=0.05)
    assert expected_calibration_error(np.full(150, 0.9), targets) == pytest.approx(0.4, abs=0.05)
    assert brier_skill(targets.astype(float), targets) == 1
    assert brier_skill(np.full(150, 0.5), targets) == 0
    assert np.isnan(brier_skill(np.zeros(3), np.zeros(3, int)))
