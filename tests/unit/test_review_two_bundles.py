"""Two bundles beside each other: areas as scikit-learn has them, differences on the same draws, nothing seen counts."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from peace_desktop.review.statistics.answers import Answer
from peace_desktop.review.statistics.areas import auroc, average_precision, unit_features
from peace_desktop.review.statistics.formulas import Reason
from peace_desktop.review.statistics.subgroups import Grouping
from peace_desktop.review.statistics.two_bundles import BundleAnswers, TwoAnswers, two_bundles
from peace_desktop.review.statistics.two_bundles_document import NamedBundle, to_csv_rows, to_document

N, DRAWS = 80, 200
NAMED = [NamedBundle(name, "1", letter * 64, "nothing", False) for name, letter in (("one", "a"), ("two", "b"))]


def answers(rng: np.random.Generator, truth: np.ndarray, noise: float) -> BundleAnswers:
    probabilities = np.clip(0.5 + (truth - 0.5) * 0.5 + rng.normal(0, noise, len(truth)), 0, 1).round(2)
    return BundleAnswers(probabilities, (probabilities >= 0.5).astype(np.int8))


@pytest.fixture(scope="module")
def label() -> TwoAnswers:
    rng = np.random.default_rng(4)
    truth = (rng.random(N) < 0.4).astype(np.int8)
    reference = truth.copy()
    reference[:5] = Answer.UNCERTAIN
    return TwoAnswers("RVH", np.arange(N) // 2, reference, answers(rng, truth, 0.9), answers(rng, truth, 0.2))


@pytest.mark.parametrize("seed", range(4))
def test_areas_are_those_of_scikit_learn_with_ties_and_weights(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, present = rng.random(40).round(1), rng.random(40) < 0.3
    weights = rng.integers(0, 4, (40, 1)).astype(float)
    weights[np.flatnonzero(present)[0]] = weights[np.flatnonzero(~present)[0]] = 1
    drawn = {"sample_weight": weights[:, 0]}
    assert auroc(weights, scores, present)[0] == pytest.approx(roc_auc_score(present, scores, **drawn))
    assert average_precision(weights, scores, present)[0] == pytest.approx(
        average_precision_score(present, scores, **drawn))


def test_without_both_answers_there_is_no_area() -> None:
    ones = np.ones((3, 1))
    assert np.isnan(auroc(ones, np.arange(3.0), np.ones(3, bool))[0])
    assert np.isnan(average_precision(ones, np.arange(3.0), np.zeros(3, bool))[0])
    assert unit_features(np.array([True, False, True])).tolist() == [[1, 0], [0, 0], [0, 1]]


def test_each_is_judged_at_its_own_thresholds_and_the_difference_is_paired(label: TwoAnswers) -> None:
    row, = two_bundles([label], np.zeros(N, bool), seed=3, draws=DRAWS).rows
    known = label.reference <= Answer.PRESENT
    truth = label.reference[known] == Answer.PRESENT
    assert (row.recordings, row.patients, row.present) == (75, 38, int(truth.sum()))
    for figures, bundle in ((row.first, label.first), (row.second, label.second)):
        decided, scores = bundle.decisions[known] == 1, bundle.probabilities[known]
        assert [figure.name for figure in figures] == ["auroc", "auprc", "sensitivity", "specificity"]
        assert [figure.value for figure in figures] == pytest.approx([
            roc_auc_score(truth, scores), average_precision_score(truth, scores), decided[truth].mean(),
            (~decided)[~truth].mean()])
    assert [figure.value for figure in row.difference] == pytest.approx(
        [second.value - first.value for first, second in zip(row.first, row.second, strict=True)])
    assert all(figure.low < figure.value < figure.high for figure in row.difference)
    assert row.difference[0].low > 0, "the second is far better"
    first, second = (bundle.decisions[known] == truth for bundle in (label.first, label.second))
    assert (row.test.gained, row.test.lost) == (int((second & ~first).sum()), int((first & ~second).sum()))
    assert 0 < row.test.p_exact < 1


def test_a_bundle_beside_itself_differs_by_nothing(label: TwoAnswers) -> None:
    twice = TwoAnswers("RVH", label.patients, label.reference, label.first, label.first)
    row, = two_bundles([twice], np.zeros(N, bool), seed=3, draws=DRAWS).rows
    assert {figure.value for figure in row.difference} == {0.0}
    assert {figure.interval_reason for figure in row.difference} == {Reason.NO_VARIATION}
    assert (row.test.gained, row.test.lost, row.test.reason) == (0, 0, Reason.NO_CHANGE)


def test_what_was_seen_in_training_counts_nowhere(label: TwoAnswers) -> None:
    seen = np.arange(N) >= 40
    found = two_bundles([label], seen, seed=3, draws=DRAWS)
    alone = two_bundles([label.of(~seen)], np.zeros(40, bool), seed=3, draws=DRAWS)
    assert found.rows == alone.rows
    assert (found.recordings, found.seen) == (40, 40)


def test_each_group_is_judged_as_if_it_were_alone(label: TwoAnswers) -> None:
    """Of those that are seen by neither; a group of others has no row, and what is too small says its n."""
    old = np.arange(N) // 2 % 2 == 1
    codes = np.where(np.arange(N) >= 76, 2, np.where(old, 1, 0))
    groups = [Grouping("age_band", ("1-2y", "3-4y", "18y+"), codes), Grouping("sex", ("F", "M"), (codes == 1) * 1)]
    found = two_bundles([label], np.arange(N) >= 76, groups, seed=3, draws=DRAWS)
    assert [(row.grouping, row.group) for row in found.rows] == [
        ("all", "all"), ("age_band", "1-2y"), ("age_band", "3-4y"), ("sex", "F"), ("sex", "M")]
    alone = two_bundles([label.of(codes == 1)], np.zeros(int((codes == 1).sum()), bool), seed=3, draws=DRAWS).rows[0]
    assert found.rows[2] == replace(alone, grouping="age_band", group="3-4y")
    assert sum(row.recordings for row in found.rows[1:3]) == found.rows[0].recordings
    small = two_bundles([label], np.zeros(N, bool), groups, seed=3, draws=DRAWS).rows[3]
    assert (small.group, small.recordings, small.first) == ("18y+", 4, ())
    rows = to_csv_rows(found)[1:]
    assert {tuple(row[1:3]) for row in rows} == {(row.grouping, row.group) for row in found.rows}


def test_below_the_floor_there_is_n_alone(label: TwoAnswers) -> None:
    found = two_bundles([label], np.arange(N) >= 20, seed=3, draws=DRAWS)
    row, = found.rows
    assert (row.recordings, row.first, row.difference, row.change) == (15, (), (), None)
    assert row.test.reason is Reason.TOO_SMALL
    few = TwoAnswers("RVH", label.patients, np.where(np.arange(N) < 4, 1, 0).astype(np.int8), label.first, label.second)
    row, = two_bundles([few], np.zeros(N, bool), seed=3, draws=DRAWS).rows
    assert [figure.reason for figure in row.first] == [Reason.TOO_SMALL, Reason.TOO_SMALL, Reason.TOO_SMALL, None]
    assert [figure.reason for figure in row.difference] == [Reason.TOO_SMALL, Reason.TOO_SMALL, Reason.TOO_SMALL, None]


def test_files_hold_every_figure_with_its_bundle(label: TwoAnswers) -> None:
    found = two_bundles([label], np.zeros(N, bool), seed=3, draws=DRAWS)
    heads, *rows = to_csv_rows(found)
    assert {len(row) for row in rows} == {len(heads)}
    assert [row[3] for row in rows] == ["first"] * 4 + ["second"] * 4 + ["difference"] * 6
    assert {tuple(row[1:3]) for row in rows} == {("all", "all")}
    document = to_document(found, "s" * 32, *NAMED)
    assert document["second"]["sha256"] == "b" * 64
    assert document["rows"][0]["difference"][0]["name"] == "auroc"
