"""Intervals over patients: drawn whole, redrawn for the sake of rare labels, shared where models are compared."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scored_cases import scored_of

from peace_model.evaluation.bootstrap import Areas, Draws, areas, weighted_areas
from peace_model.evaluation.metrics import auprc, auroc
from peace_model.evaluation.paired import NothingToCompare, paired_difference


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans(), st.integers(0, 3)), min_size=2, max_size=30))
def test_a_weighted_area_is_the_area_of_the_repeated_recordings(cases: list[tuple[int, bool, int]]) -> None:
    scores = np.array([case[0] for case in cases], float)
    targets = np.array([int(case[1]) for case in cases])
    counts = np.array([case[2] for case in cases])
    repeated = np.repeat(np.arange(len(cases)), counts)
    found = weighted_areas(scores, targets, np.arange(len(cases)), counts[:, None].astype(np.float32))
    for weighted, plain in zip(found, (auroc, auprc), strict=True):
        assert weighted[0] == pytest.approx(plain(scores[repeated], targets[repeated]), nan_ok=True)


def test_recordings_of_one_patient_are_drawn_together() -> None:
    patients = np.array(["a", "a", "b", "c", "c", "c"])
    draws = Draws(patients, seed=1, replicates=200)
    drawn = draws.of_label(np.array([1, 0, 1, 0, 1, 0]), np.arange(6), column=0)
    assert drawn.shape == (3, 200)
    assert (drawn.sum(axis=0) == 3).all()
    assert draws.patient_of.tolist() == [0, 0, 1, 2, 2, 2]


def test_a_rare_label_is_drawn_again_until_it_occurs_and_others_keep_their_draws() -> None:
    targets = np.zeros((60, 2), int)
    targets[:2, 0] = targets[::2, 1] = 1
    draws = Draws(np.arange(60).astype(str), seed=3, replicates=300)
    rare, common = (draws.of_label(targets[:, c], np.arange(60), c) for c in range(2))
    assert (rare[:2].sum(axis=0) > 0).all()
    lost = common[:2].sum(axis=0) == 0
    assert lost.sum() > 20
    assert (rare[:, ~lost] == common[:, ~lost]).all()


def test_an_interval_holds_its_estimate_even_with_two_positives() -> None:
    rng = np.random.default_rng(0)
    targets = np.zeros((60, 2), int)
    targets[:2, 0] = targets[::2, 1] = 1
    judged = scored_of(rng.normal(size=(60, 2)) + targets, targets)
    found = areas(judged, seed=3, replicates=300)
    for figure in ("auroc", "auprc"):
        for interval in (found.interval(figure, "A"), found.interval(figure, "B")):
            assert interval.low <= interval.value <= interval.high
    assert found.enough == ("B",)
    assert found.macro("auroc", found.enough).value == found.interval("auroc", "B").value
    again = areas(judged, seed=3, replicates=300)
    assert again.interval("auroc", "A") == found.interval("auroc", "A")
    assert areas(judged, seed=4, replicates=300).interval("auroc", "B") != found.interval("auroc", "B")


def test_the_interval_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(11)
    covered = 0
    for trial in range(60):
        targets = (rng.random((150, 1)) < 0.3).astype(int)
        found = areas(scored_of(rng.normal(size=(150, 1)) + targets, targets), seed=trial, replicates=200)
        interval = found.interval("auroc", "A")
        covered += interval.low <= 0.76025 <= interval.high  # Phi(1 / sqrt(2))
    assert 50 <= covered <= 60


def test_what_is_not_known_counts_for_nothing() -> None:
    rng = np.random.default_rng(2)
    targets = (rng.random((80, 1)) < 0.4).astype(int)
    scores = rng.normal(size=(80, 1)) + targets
    known = rng.random((80, 1)) < 0.7
    patients = np.arange(80).astype(str)
    flipped = np.where(known, targets, 1 - targets)
    draws = Draws(patients, seed=1, replicates=50)
    masked, other = (Areas(scored_of(scores, truth, known=known, patients=patients), draws)
                     for truth in (targets, flipped))
    assert masked.interval("auroc", "A") == other.interval("auroc", "A")
    kept = known[:, 0]
    assert masked.values["auroc"][0] == auroc(scores[kept, 0].astype(np.float32), targets[kept, 0])
    assert masked.positives[0] == targets[kept].sum()


def test_models_are_compared_on_the_same_draws() -> None:
    rng = np.random.default_rng(7)
    targets = np.tile([[0, 1], [1, 0]], (30, 1))
    scores = rng.normal(size=(60, 2)) + targets
    theirs, ours = scored_of(scores, targets), scored_of(scores + targets, targets)
    same = paired_difference([theirs], [theirs], seed=1, replicates=50)
    assert (same.difference.value, same.difference.low, same.difference.high) == (0, 0, 0)
    better = paired_difference([ours], [theirs], seed=1, replicates=200)
    assert better.difference.low > 0
    expected = np.mean([auroc(theirs.logits[:, c], targets[:, c]) for c in range(2)])
    assert better.theirs.value == pytest.approx(expected)
    reverse = paired_difference([theirs], [ours], seed=1, replicates=200)
    assert reverse.difference.value == pytest.approx(-better.difference.value)
    assert reverse.difference.low == pytest.approx(-better.difference.high)


def test_several_pairs_give_their_mean_and_their_spread() -> None:
    rng = np.random.default_rng(8)
    targets = np.tile([[0, 1], [1, 0]], (30, 1))
    sides = [[scored_of(rng.normal(size=(60, 2)) + gain * targets, targets) for _ in range(3)] for gain in (2, 1)]
    found = paired_difference(*sides, seed=5, replicates=100)
    singles = [paired_difference([a], [b], seed=5, replicates=100) for a, b in zip(*sides, strict=True)]
    assert found.per_pair == pytest.approx([single.difference.value for single in singles])
    assert found.difference.value == pytest.approx(np.mean(found.per_pair))
    assert found.entry()["sd_over_pairs"] == pytest.approx(np.std(found.per_pair, ddof=1), abs=1e-5)
    assert "sd_over_pairs" not in singles[0].entry()


def test_too_few_positives_or_other_recordings_cannot_be_compared() -> None:
    targets = np.zeros((30, 1), int)
    targets[:9] = 1
    few = scored_of(np.zeros((30, 1)), targets)
    with pytest.raises(NothingToCompare, match="10 positives"):
        paired_difference([few], [few], seed=1, replicates=5)
    with pytest.raises(ValueError, match="same recordings"):
        paired_difference([few], [few.take(np.arange(29))], seed=1, replicates=5)
