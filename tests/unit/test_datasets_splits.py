"""Splits: never a patient in two parts, every label shared out, few-shot support that is what was asked for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layouts.ptbxl import Row, beats_uv, write_ptbxl
from layouts.zzu import Child, write_zzu

from peace_model.datasets import ptbxl, zzu_pecg
from peace_model.datasets.audit import shared_patients
from peace_model.datasets.prepare import prepare
from peace_model.datasets.splits import (
    Split,
    age_shift,
    draw_support,
    grouped_split,
    own_split,
    ptbxl_split,
    without_label,
)
from peace_model.datasets.store import Store, StoreError, open_store
from peace_model.datasets.stratify import stratified_parts

CODES = ("A1", "I101", "I105", "I106", "K142", "L145+Modifier362", "L148")


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Recordings of 30 patients, one to three each, some of two windows, some with nine leads."""
    rng = np.random.default_rng(3)
    rows = []
    for patient in range(30):
        for number in range(1 + patient % 3):
            codes = tuple(rng.choice(CODES, rng.integers(1, 3), replace=False))
            rows.append(Child(f"P{patient:05d}_E{number + 1:02d}", int(rng.integers(1, 5000)), codes=codes,
                              leads=9 if patient % 5 == 0 else 12, n_samples=6300 if patient % 4 == 0 else 1500))
    folder = tmp_path_factory.mktemp("zzu")
    return prepare(zzu_pecg.source(write_zzu(folder / "d", rows)), folder / "s")[0]


@pytest.fixture(scope="module")
def adults(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two recordings a patient in neighbouring ages, every fold, some under 18."""
    rng = np.random.default_rng(4)
    rows = [Row(number // 2, 1 + (number // 2) % 10, 10 + (number // 2) % 60 + number % 2 * 2, number % 2,
                ("NORM",) if number % 3 else ("IRBBB", "LVH")) for number in range(180)]
    folder = tmp_path_factory.mktemp("ptbxl")
    signals = np.stack([beats_uv(rng, wide=False, samples=200) for _ in rows])
    return prepare(ptbxl.source(write_ptbxl(folder / "d", rows, signals), fs_hz=100), folder / "s")[0]


def _assert_no_leak(store: Store, split: Split) -> None:
    assert not any(shared_patients(store, split).values())
    rows = np.concatenate([split.train, split.choose, split.test])
    assert len(np.unique(rows)) == len(rows)


@given(st.integers(0, 10_000), st.integers(30, 200))
@settings(max_examples=40)
def test_every_label_is_shared_out_as_the_parts_ask(seed: int, groups: int) -> None:
    rng = np.random.default_rng(seed)
    counts = (rng.random((groups, 6)) < rng.uniform(0.03, 0.5, 6)).astype(np.int64) * rng.integers(1, 3, (groups, 1))
    part = stratified_parts(counts, (0.8, 0.1, 0.1), rng)
    assert set(part) <= {0, 1, 2}
    total = counts.sum(axis=0)
    for place, share in enumerate((0.8, 0.1, 0.1)):
        assert np.abs(counts[part == place].sum(axis=0) - share * total).max() <= 0.08 * total.max() + 6
        assert abs((part == place).sum() - share * groups) <= 0.12 * groups + 6


def test_groups_without_any_label_are_shared_out_too() -> None:
    part = stratified_parts(np.zeros((50, 2), np.int64), (0.8, 0.1, 0.1), np.random.default_rng(0))
    assert np.bincount(part).tolist() == [40, 5, 5]


@pytest.mark.parametrize("seed", [0, 42])
def test_grouped_splits_keep_patients_and_recordings_whole(children: Store, seed: int) -> None:
    split = grouped_split(children, seed)
    _assert_no_leak(children, split)
    assert len(split.train) + len(split.choose) + len(split.test) == len(children)
    for rows in (split.choose, split.test):
        assert 0.05 < len(np.unique(children.patients[rows])) / 30 < 0.2
    again = grouped_split(children, seed)
    np.testing.assert_array_equal(split.test, again.test)


def test_a_split_is_the_same_whatever_profile_the_store_is_opened_with(children: Store) -> None:
    ours, theirs = grouped_split(children, 7), grouped_split(open_store(children.folder, "peace12"), 7)
    np.testing.assert_array_equal(ours.train, theirs.train)
    np.testing.assert_array_equal(ours.test, theirs.test)


def test_another_seed_draws_another_split(children: Store) -> None:
    assert not np.array_equal(grouped_split(children, 1).test, grouped_split(children, 2).test)


def test_the_published_folds_leave_everyone_with_a_recording_under_18_out(adults: Store) -> None:
    split = ptbxl_split(adults)
    _assert_no_leak(adults, split)
    young = set(adults.patients[adults.age_days < 18 * 365.25 - 1])
    assert set(adults.patients[split.test]) == young
    assert set(adults.folds[split.train]) == set(range(1, 9))
    assert set(adults.folds[split.choose]) == {9}
    assert own_split(adults).name == split.name


def test_the_age_shift_keeps_target_patients_out_of_the_source(adults: Store) -> None:
    source, target = age_shift(adults)
    for split in (source, target):
        _assert_no_leak(adults, split)
    years = adults.age_days / 365.25
    ours = np.concatenate([source.train, source.choose])
    theirs = np.concatenate([target.train, target.choose, target.test])
    assert years[ours].min() > 39.9
    assert 17.9 < years[theirs].min() < years[theirs].max() < 35
    assert not set(adults.patients[ours]) & set(adults.patients[theirs])
    assert [set(adults.folds[rows]) for rows in (target.train, target.choose, target.test)] == [
        {1, 2, 3, 4, 5}, {6, 7}, {8, 9}]


def test_a_held_out_label_is_in_no_recording_that_is_learned_from_or_chosen_by(adults: Store) -> None:
    whole = ptbxl_split(adults)
    split = without_label(adults, whole, "LVH")
    column = adults.labels.index("LVH")
    assert not adults.targets[np.concatenate([split.train, split.choose])][:, column].any()
    assert adults.targets[split.test][:, column].any()
    np.testing.assert_array_equal(split.test, whole.choose)
    with pytest.raises(StoreError, match="has no label ODD"):
        without_label(adults, whole, "ODD")


@given(st.integers(1, 12), st.integers(0, 99))
@settings(max_examples=30)
def test_support_holds_as_many_of_each_label_as_asked_for_or_all(children: Store, per_label: int, seed: int) -> None:
    split = grouped_split(children, 42)
    support = draw_support(children, split.train, per_label, seed)
    assert set(support) <= set(split.train)
    assert not set(children.patients[support]) & set(children.patients[split.test])
    first = np.unique(children.recordings[support], return_index=True)[1]
    drawn = children.targets[support[first]].sum(axis=0)
    there = children.targets[split.train[np.unique(children.recordings[split.train], return_index=True)[1]]].sum(axis=0)
    assert (drawn >= np.minimum(per_label, there)).all()
    whole = np.isin(children.recordings[split.train], children.recordings[support])
    np.testing.assert_array_equal(support, split.train[whole])
    np.testing.assert_array_equal(support, draw_support(children, split.train, per_label, seed))


def test_support_of_mostly_single_labels_is_not_larger_than_asked_for(adults: Store) -> None:
    train = ptbxl_split(adults).train
    support = draw_support(adults, train, 5, 0)
    assert len(support) == 10
    assert not np.array_equal(support, draw_support(adults, train, 5, 1))
