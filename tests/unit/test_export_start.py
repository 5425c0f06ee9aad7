"""A bundle is also the beginning of another training: the network in its folder says what its graph says."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the extra 'train'")

import torch
from export_store import SMALL, two_kinds

from peace_model.ecg.simulation import SimulationSpec, simulate
from peace_model.export.start import put_start
from peace_model.inference.bundle import default_bundle_folder, load_bundle
from peace_model.inference.predictor import Predictor
from peace_model.networks.building import fresh_peace
from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only
from peace_model.training.checkpoint import CheckpointError, save_checkpoint
from peace_model.training.runs import as_read_by, begun_with, digest_of, load_run

LOGITS = 0.03
"""Rounding before or after the norms are folded is all that may differ."""


def test_the_shipped_bundle_holds_the_network_of_its_graph() -> None:
    folder = default_bundle_folder()
    bundle = load_bundle(folder)
    model, state, _digest = load_run(folder)
    assert state["labels"] == [label.code for label in bundle.labels]
    predictor = Predictor(bundle, threads=1)
    given = predictor.prepare(simulate(SimulationSpec(age_days=16000, sex="F", seed=3)).recording)
    fields = {"signal": given.signal, "lead_mask": given.lead_mask, "valid_samples": given.valid_samples,
              "age_days": given.age_days}
    with torch.inference_mode():
        ours = model(**{name: torch.from_numpy(value) for name, value in fields.items()})[0].numpy()
    np.testing.assert_allclose(ours, predictor.logits(**fields), atol=LOGITS)


def test_a_training_begins_with_the_weights_of_a_bundle(tmp_path: Path) -> None:
    store = two_kinds()
    network = fresh_peace(SMALL, tuple(store.labels), seed=5)
    save_checkpoint(tmp_path / "run" / "best", network.state_dict(), {
        "kind": "peace", "network": SMALL.to_dict(), "labels": list(store.labels), "profile": store.profile,
        "statement_codes": [], "pipeline": store.spec.to_dict(), "seen": ["a key"]})
    put_start(tmp_path / "run", tmp_path / "bundle")
    lines: list[str] = []
    model, which = begun_with(tmp_path / "bundle", store, seed=1, say=lines.append)
    assert (which["run"], lines) == ("bundle", [])
    for name, value in model.state_dict().items():
        torch.testing.assert_close(value, network.state_dict()[name], rtol=1e-3, atol=1e-4)
    written = json.loads((tmp_path / "bundle" / "best" / "state.json").read_text(encoding="utf-8"))
    assert written["seen"] == ["a key"], "what it learnt from is told on, so that nothing is tested on it"


def test_a_bundle_with_the_weights_of_another_run_is_no_beginning(tmp_path: Path) -> None:
    store, bundle = two_kinds(), tmp_path / "bundle"
    model = EcgOnlyConfig("xresnet1d_tiny", len(store.labels))
    save_checkpoint(tmp_path / "run" / "best", fresh_ecg_only(model, 1).state_dict(), {
        "kind": "ecg_only", "network": model.to_dict(), "labels": list(store.labels), "profile": store.profile,
        "statement_codes": [], "pipeline": store.spec.to_dict()})
    put_start(tmp_path / "run", bundle)
    for weights, fits in ((digest_of(tmp_path / "run"), True), ("0" * 64, False)):
        (bundle / "bundle.json").write_text(json.dumps({"run": {"weights_sha256": weights}}), encoding="utf-8")
        for begin in (lambda: begun_with(bundle, store, seed=1, say=print), lambda: load_run(bundle),
                      lambda: as_read_by(bundle, store)):
            if fits:
                assert begin()
            else:
                with pytest.raises(CheckpointError, match=r"best holds another network than bundle\.json tells"):
                    begin()


def test_a_run_without_a_finished_epoch_makes_no_beginning(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no checkpoint here"):
        put_start(tmp_path, tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()
