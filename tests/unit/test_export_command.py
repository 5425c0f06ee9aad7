"""peace-model export refuses what would be no bundle. Its whole way to one is tests/journeys/test_journey_circle.py."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the extra 'train'")
pytest.importorskip("onnx", reason="needs the extra 'train'")

from export_store import SMALL, two_kinds

from peace_model.__main__ import main
from peace_model.datasets.splits import age_shift
from peace_model.datasets.standard import pipeline_spec
from peace_model.labels import DEFAULT_PROFILE, load_profile
from peace_model.networks.building import fresh_peace
from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only
from peace_model.training.checkpoint import load_checkpoint, save_checkpoint
from peace_model.training.judged import judged_on
from peace_model.training.runs import digest_of

LABELS = load_profile(DEFAULT_PROFILE).codes


def write_run(folder: Path, *, peace: bool) -> Path:
    """A run as training leaves it, of a network that has learnt nothing."""
    config = SMALL if peace else EcgOnlyConfig("resnet1d_small_pyramid", len(LABELS))
    model = fresh_peace(SMALL, LABELS, seed=1) if peace else fresh_ecg_only(config, 1)
    save_checkpoint(folder / "best", model.state_dict(), {
        "kind": "peace" if peace else "ecg_only", "network": config.to_dict(), "labels": list(LABELS),
        "profile": DEFAULT_PROFILE, "pipeline": pipeline_spec(100.0).to_dict(),
        "data": {"dataset": "ptbxl", "profile": DEFAULT_PROFILE, "split": "own", "kept": "all"}})
    return folder


def test_thresholds_that_were_chosen_elsewhere_are_not_shipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, run = replace(two_kinds(), spec=pipeline_spec(100.0)), write_run(tmp_path / "run", peace=True)
    monkeypatch.setattr("peace_model.datasets.store.open_store", lambda folder, profile: store)
    state = load_checkpoint(run / "best")[1]
    source = age_shift(store)[0]
    for data in ({}, {"data": judged_on(state, store, source, "age_shift_source")}):
        (run / "evaluation.json").write_text(json.dumps({"weights_sha256": digest_of(run), **data}), encoding="utf-8")
        assert main(["export", "--store", "store", "--run", str(run), "--out", str(tmp_path / "bundle"),
                     "--version", "1"]) == 1
        assert "were not chosen in its own split of this store" in capsys.readouterr().err
    assert not (tmp_path / "bundle").exists()


@pytest.mark.parametrize(("peace", "said"), [(True, "run peace-model evaluate first"), (False, "only a PEACE network")])
def test_a_run_without_figures_and_a_control_without_text_are_refused(
    peace: bool, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_run(tmp_path / "run", peace=peace)
    assert main(["export", "--store", str(tmp_path), "--run", str(run), "--out", str(tmp_path / "bundle"),
                 "--version", "1"]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "bundle").exists()
