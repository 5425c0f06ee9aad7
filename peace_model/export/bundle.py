"""A bundle folder from a network and its evaluation: model.onnx, bundle.json, card.md."""

import hashlib
import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from peace_model.datasets.ptbxl import Part
from peace_model.datasets.store import Store
from peace_model.evaluation.explanation_checks import check_maps
from peace_model.evaluation.model_card import card_text
from peace_model.evaluation.report import nan_to_null, training_counts
from peace_model.export.onnx import export_onnx
from peace_model.export.parity import compare
from peace_model.labels import load_profile
from peace_model.networks.descriptor_bank import load_bank
from peace_model.networks.inference_graph import InferenceGraph
from peace_model.networks.peace import Peace

SCHEMA_VERSION = 1
PARITY_WINDOWS = 8

INTENDED_USE = (
    "Research only, not a medical device. Twelve labels of a 10 s 12-lead ECG for review by a cardiologist. Trained on "
    "adults only: how it does on children is unknown, and every prediction on a child must be shown with that warning.")
LICENCE = (
    "Weights: Apache-2.0. Trained on PTB-XL 1.0.3 (CC BY 4.0, Wagner et al. 2020, doi 10.1038/s41597-020-0495-6). "
    "Sentence embeddings by all-MiniLM-L6-v2 (Apache-2.0).")


def write_bundle(
    model: Peace, store: Store, evaluation: dict[str, Any], run: dict[str, Any], folder: Path, *,
    name: str, version: str,
) -> dict[str, Any]:
    """Export, compare with torch, check the maps, and put the finished folder in its place.

    model: in its released form. Raises ParityError when the exported graph disagrees; then nothing is written.
    """
    graph = InferenceGraph(model).eval()
    spec = store.spec
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "model.onnx"
        export_onnx(graph, path, spec.window_samples)
        rows = store.rows(Part.CHOOSE)
        parity = compare(graph, path, _real_windows(store, rows))
        content = path.read_bytes()
        encoder = model.encoder.config
        bank = load_bank(store.labels)
        names = {label.code: label.name for label in load_profile(store.profile).labels}
        description = {
            "schema_version": SCHEMA_VERSION,
            "name": name,
            "version": version,
            "graph": {"file": "model.onnx", "sha256": hashlib.sha256(content).hexdigest()},
            "labels": [{"code": code, "name": names[code]} for code in store.labels],
            "pipeline": spec.to_dict(),
            "calibration": evaluation["calibration"],
            "training": training_counts(store),
            "tokens": {"samples_per_token": encoder.stride, "offset": -(encoder.stride // 2),
                       "receptive_field": encoder.receptive_field, "count": -(-spec.window_samples // encoder.stride)},
            "metrics": evaluation["metrics"],
            "explanation_checks": nan_to_null(
                check_maps(model, store, rows, seed=evaluation["metrics"]["seed"])),
            "network": {
                "kind": "PEACE", "age_conditioned": False, "parameters": sum(p.numel() for p in model.parameters()),
                **model.config.to_dict()},
            "text": {"encoder": bank.encoder, "encoder_sha256": bank.encoder_sha256, "text_sha256": bank.text_sha256},
            "run": {**run, "weights_sha256": evaluation["weights_sha256"], "torch": str(torch.__version__)},
            "parity": asdict(parity),
            "controls": {"ecg_only_linear_head": evaluation.get("ecg_only_linear_head")},
            "intended_use": INTENDED_USE,
            "licence": LICENCE,
        }
        text = json.dumps(description, indent=1, allow_nan=False) + "\n"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / "model.onnx")
    (folder / "bundle.json").write_text(text, encoding="utf-8")
    (folder / "card.md").write_text(card_text(description), encoding="utf-8")
    return description


def _real_windows(store: Store, rows: Any) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """A few prepared recordings as the graph takes them, one shortened, one with a lead missing, one of unknown age."""
    chosen = rows[:PARITY_WINDOWS]
    signal = torch.tensor(store.signal[chosen])
    mask = torch.tensor(store.lead_mask[chosen])
    valid = torch.tensor(store.valid_samples[chosen])
    age_days = torch.tensor(store.age_days[chosen], dtype=torch.float32)
    age_days[0] = float("nan")
    if len(chosen) > 1:
        valid[1] = signal.shape[-1] // 2
        signal[1, :, valid[1]:] = 0.0
        mask[-1, 7] = 0.0
    return signal, mask, valid, age_days

