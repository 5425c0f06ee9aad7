"""A second round on one's own recordings is judged on no patient whom the first has seen; nothing here is an ECG."""

from pathlib import Path

import numpy as np
import pytest
from evaluation_store import evaluation_store

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from peace_model.datasets.seen import unseen  # noqa: E402
from peace_model.datasets.store import Store  # noqa: E402
from peace_model.inference.bundle import seen_key  # noqa: E402
from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only  # noqa: E402
from peace_model.training.checkpoint import load_checkpoint, save_checkpoint  # noqa: E402
from peace_model.training.recipe import DataConfig, Recipe, read_recipe  # noqa: E402
from peace_model.training.run_recipe import run_recipe, split_of, split_of_run  # noqa: E402

DATA = DataConfig("peace12")


def own_recordings() -> Store:
    """Two recordings of each of 60 patients."""
    patients = np.array([f"p{place // 2}" for place in range(120)])
    return evaluation_store(120, children=0, dataset="wfdb_folder", folds=np.full(120, -1), patients=patients)


def seen_run(folder: Path, store: Store, names: list[str]) -> Path:
    """A run, or a bundle, as the first round leaves it."""
    config = EcgOnlyConfig("xresnet1d_tiny", len(store.labels))
    save_checkpoint(folder / "best", fresh_ecg_only(config, 1).state_dict(), {
        "kind": "ecg_only", "network": config.to_dict(), "labels": list(store.labels), "profile": store.profile,
        "statement_codes": [], "pipeline": store.spec.to_dict(), "seen": sorted(map(seen_key, names))})
    return folder


def test_no_patient_with_a_seen_recording_is_chosen_by_or_tested_on() -> None:
    store = own_recordings()
    before = split_of(DATA, store)
    names = [str(store.ids[rows[0]]) for rows in (before.train, before.choose, before.test)]
    after = split_of(DATA, store, seen=list(map(seen_key, names)))
    moved = np.concatenate([np.flatnonzero(store.patients == store.patients[part[0]])
                            for part in (before.choose, before.test)])
    assert len(moved) == 4, "the patient's other recording was not seen itself"
    np.testing.assert_array_equal(after.train, np.union1d(before.train, moved))
    np.testing.assert_array_equal(after.choose, np.setdiff1d(before.choose, moved))
    np.testing.assert_array_equal(after.test, np.setdiff1d(before.test, moved))
    assert split_of(DATA, store, seen=[seen_key("of another library")]).name == before.name
    published = evaluation_store(60, children=6)
    everything = [seen_key(str(name)) for name in published.ids]
    np.testing.assert_array_equal(split_of(DATA, published, seen=everything).choose, split_of(DATA, published).choose)


def test_what_is_judged_without_learning_is_left_out_and_counted() -> None:
    store = own_recordings()
    split = split_of(DATA, store)
    kept, left = unseen(store, split, [seen_key(str(store.ids[split.test[0]]))])
    assert (left, len(kept.test), len(kept.choose)) == (2, len(split.test) - 2, len(split.choose))
    np.testing.assert_array_equal(kept.train, split.train)


def test_a_run_that_begins_with_another_moves_what_that_has_seen_says_so_and_tells_it_on(tmp_path: Path) -> None:
    store = own_recordings()
    split = split_of(DATA, store)
    names = [str(store.ids[split.choose[0]]), str(store.ids[split.test[0]]), "elsewhere"]
    init, lines = seen_run(tmp_path / "first", store, names), list[str]()
    recipe = read_recipe("finetune", [
        "data.profile=peace12", "training.epochs=1", "training.batch=32", "training.choose_least=1",
        "training.augment.crop_s=1", 'training.weights={"label": 1}'])
    assert isinstance(recipe, Recipe)
    run_recipe(recipe, store, tmp_path / "second", init=init, say=lines.append)
    assert "4 recordings of patients whom the runs it follows have seen: learnt from" in lines[0]
    state = load_checkpoint(tmp_path / "second" / "best")[1]
    again = split_of_run(state, store)
    assert not set(store.ids[np.union1d(again.choose, again.test)]) & set(names)
    assert set(state["seen"]) == {seen_key("elsewhere")} | {
        seen_key(str(name)) for name in store.ids[np.union1d(again.train, again.choose)]}
