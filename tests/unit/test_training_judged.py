"""What a run may be judged on: no patient that it learnt from, so that no threshold is chosen on one."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from evaluation_store import evaluation_store

pytest.importorskip("torch", reason="needs the extra 'train'")

from peace_model.datasets.splits import age_shift, own_split
from peace_model.training.judged import JudgedError, judged_on, refuse_as_held_out, split_to_judge

STORE = evaluation_store(300, children=30)


def learnt(split: str = "own", dataset: str = "ptbxl") -> dict[str, Any]:
    return {"data": {"dataset": dataset, "profile": "peace12", "split": split, "kept": "all", "per_label": None}}


def test_a_split_that_chooses_by_or_tests_on_patients_learnt_from_is_refused() -> None:
    with pytest.raises(JudgedError, match="ward learnt from patients of the split PTB-XL 18 to 34 years"):
        split_to_judge("ward", learnt(), STORE, "age_shift_target")
    np.testing.assert_array_equal(split_to_judge("ward", learnt(), STORE, None).test, own_split(STORE).test)
    source, target = age_shift(STORE)
    for split, wanted, expected in (
            ("age_shift_source", None, source), ("age_shift_source", "age_shift_target", target),
            ("own", "age_shift_source", source)):
        found = split_to_judge("ward", learnt(split), STORE, wanted)
        np.testing.assert_array_equal(found.choose, expected.choose)
        np.testing.assert_array_equal(found.test, expected.test)
    elsewhere = learnt("age_shift_source", "zzu_pecg")
    np.testing.assert_array_equal(split_to_judge("ward", elsewhere, STORE, None).choose, own_split(STORE).choose)


def test_only_a_fold_of_which_nobody_was_learnt_from_or_chosen_by_is_held_out() -> None:
    store = replace(STORE, folds=STORE.folds + (np.arange(300) < 20) * 10)
    for fold in (1, 8, 9, 19):
        rows = np.flatnonzero(store.folds == fold)
        assert len(rows)
        if fold != 19:
            with pytest.raises(JudgedError, match=f"patients of fold {fold} or was chosen by them"):
                refuse_as_held_out("ward", learnt(), store, rows, f"fold {fold}")
            refuse_as_held_out("ward", learnt(dataset="zzu_pecg"), store, rows, "it")
        else:
            refuse_as_held_out("ward", learnt(), store, rows, "it")
            with pytest.raises(JudgedError, match="does not tell what it learnt from"):
                refuse_as_held_out("ward", {}, store, rows, "it")


def test_an_evaluation_tells_which_recordings_it_was_made_on() -> None:
    own, (source, _) = own_split(STORE), age_shift(STORE)
    told = judged_on(learnt(), STORE, own)
    assert {name: told[name] for name in ("dataset", "split", "kept")} == {
        "dataset": "ptbxl", "split": "own", "kept": "all"}
    assert told == judged_on(learnt(), STORE, own, "own")
    others = [judged_on(learnt(), STORE, source, "age_shift_source"),
              judged_on(learnt(), evaluation_store(301, children=30), own_split(evaluation_store(301, children=30)))]
    assert all(other["ids_sha256"] != told["ids_sha256"] for other in others)
