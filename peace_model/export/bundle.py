"""A bundle folder from a network and its evaluation: model.onnx, bundle.json, card.md."""

import copy
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch

from peace_model.datasets.lineage import learnt_elsewhere
from peace_model.datasets.splits import ADULT_DAYS, Split
from peace_model.datasets.store import Store
from peace_model.evaluation.explanation_checks import Told, check_maps, untested_maps
from peace_model.evaluation.faithfulness_examples import choose_examples
from peace_model.evaluation.model_card import card_text
from peace_model.evaluation.report import nan_to_null, training_counts
from peace_model.export.int8 import QuantisationRefused, put_int8
from peace_model.export.onnx import onnx_model, write_model
from peace_model.export.parity import compare
from peace_model.export.start import put_start
from peace_model.labels import load_profile
from peace_model.networks.descriptor_bank import load_bank
from peace_model.networks.inference_graph import InferenceGraph
from peace_model.networks.peace import Peace
from peace_model.training.checkpoint import beside_of, whole_folder
from peace_model.training.run_state import BEST
from peace_model.training.runs import BUNDLE

SCHEMA_VERSION = 1
PARITY_WINDOWS = 64

_LICENCES = {
    "ptbxl": "Trained on PTB-XL 1.0.3 (CC BY 4.0, Wagner et al. 2020, doi 10.1038/s41597-020-0495-6).",
    "zzu_pecg": "Trained on ZZU-pECG (CC BY 4.0, Tan et al. 2025, doi 10.1038/s41597-025-05225-z).",
    "mimic_iv_ecg": "Trained on MIMIC-IV-ECG (ODbL, Gow et al. 2023, doi 10.13026/4nqg-sb35).",
}

Say = Callable[[str], None]


class ExportError(Exception):
    """A bundle that cannot be made; str() says why."""


@dataclass(frozen=True)
class MapTests:
    """How the maps are tested: recordings of each label for the graph's maps and for occlusion, and the seed."""

    per_label: int = 24
    occlusion_per_label: int = 10
    seed: int = 42


def write_bundle(
    model: Peace, store: Store, split: Split, evaluation: dict[str, Any], run: dict[str, Any], folder: Path, *,
    name: str, version: str, tests: MapTests, start: Path | None = None, int8: bool = False, device: str = "cpu",
    say: Say = lambda _line: None, told: Told = lambda _done, _total: None,
) -> dict[str, Any]:
    """Export, compare with torch, test the maps, and put the finished folder in its place in one step.

    A bundle that stood there is replaced, with what others laid into its folder kept. model: in its released form.
    start: the run whose best network goes along, to begin another training with. int8: ship convolutions in 8 bits,
    if they pass the gate on the choosing part. device: where the maps are tested; told: how far. A label on which
    the recordings are silent (open in every one that was learnt from or chosen by) is left out and told: nothing
    would stand behind its number; an abnormality that was not measured is left out too. Where no label has enough
    recordings, maps stand as not tested. Raises ParityError when the exported graph disagrees, QuantisationRefused
    when its 8-bit form does not pass, ExportError without a label or a recording to choose by, or figures of a head
    for abnormalities, and for a folder that holds something else than a bundle; then nothing is written.
    """
    folder = _place_for(folder)
    model, store, silent = _without_silent_labels(model, store, split)
    model = _with_measured_abnormalities(model, evaluation.get("abnormalities"))
    if not store.labels or not len(split.choose):
        raise ExportError("no label is known of any recording, or there is none to choose by")
    if silent:
        say(f"left out, because the recordings say nothing of them: {', '.join(silent)}")
    spec, labels = store.spec, store.labels
    examples = choose_examples(store, split.choose, per_label=tests.per_label, seed=tests.seed)
    if not len(examples):
        say("maps are not tested: no label has enough recordings in the choosing part")
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "model.onnx"
        graph = InferenceGraph(model).eval()
        exported = onnx_model(graph, spec.window_samples)
        write_model(onnx.ModelProto.FromString(exported.SerializeToString()), path)
        parity = compare(graph, path, _real_windows(store, split.choose))
        gate = None
        if int8:
            gate = put_int8(exported, path, store, split, evaluation["calibration"], seed=tests.seed)
            say(f"8 bits: {gate.text}")
            if not gate.passed:
                raise QuantisationRefused(f"the 8-bit graph is not shipped: {gate.text}")
        checks, evidence = check_maps(
            copy.deepcopy(model).to(device), examples, labels, fs_hz=spec.fs_hz, seed=tests.seed,
            occlusion_per_label=tests.occlusion_per_label, told=told) if len(examples) else untested_maps(
                examples, labels, seed=tests.seed)
        content = path.read_bytes()
        encoder = model.encoder
        text = _text(model, labels)
        names = {label.code: label.name for label in load_profile(store.profile).labels}
        training = training_counts(store, split)
        if "init" in run and learnt_elsewhere(run):
            training["data"] += f"; begun with the weights of the run {run['init']['run']}"
        if "seen" in run:
            training["seen"] = run["seen"]
        description = {
            "schema_version": SCHEMA_VERSION,
            "name": name,
            "version": version,
            "graph": {"file": "model.onnx", "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)},
            "labels": [{"code": code, "name": names[code]} for code in labels],
            "pipeline": spec.to_dict(),
            "calibration": {code: evaluation["calibration"][code] for code in labels},
            "training": training,
            "tokens": {"samples_per_token": encoder.stride, "offset": -(encoder.stride // 2),
                       "receptive_field": encoder.receptive_field or spec.window_samples,
                       "count": -(-spec.window_samples // encoder.stride)},
            "metrics": evaluation["metrics"],
            **({} if model.abnormalities is None else {"abnormalities": evaluation["abnormalities"]}),
            "explanation_checks": nan_to_null(checks),
            "explanation_evidence": {**nan_to_null(evidence), "per_label": tests.per_label,
                                     "occlusion_per_label": tests.occlusion_per_label},
            "network": {
                "kind": "PEACE", "age_conditioned": model.config.age,
                "parameters": sum(p.numel() for p in model.parameters()), **model.config.to_dict()},
            "text": text,
            "run": {**{name: value for name, value in run.items() if name != "seen"},
                    "weights_sha256": evaluation["weights_sha256"], "torch": str(torch.__version__)},
            "parity": asdict(parity),
            "quantisation": None if gate is None else asdict(gate),
            "intended_use": _intended_use(len(labels), training["min_age_days"], spec.window_s),
            "licence": " ".join((
                "Weights: Apache-2.0.", _LICENCES.get(store.dataset, "Trained on the user's own data."),
                f"Text: {text['encoder']}.")),
        }
        with whole_folder(folder) as fresh:
            if folder.exists():
                shutil.copytree(folder, fresh, ignore=shutil.ignore_patterns(BEST, f"{BEST}.*"), dirs_exist_ok=True)
            shutil.copyfile(path, fresh / "model.onnx")
            (fresh / BUNDLE).write_text(json.dumps(description, indent=1, allow_nan=False) + "\n", encoding="utf-8")
            (fresh / "card.md").write_text(card_text(description), encoding="utf-8")
            if start is not None:
                put_start(start, fresh)
    return description


def _place_for(folder: Path) -> Path:
    """Where a bundle may be put, whole. Raises ExportError where something of another kind would be lost."""
    folder = folder.resolve()
    if folder.exists() and not (folder / BUNDLE).is_file() and any(folder.iterdir()):
        raise ExportError(f"{folder.name} holds files and no bundle; name a new folder")
    for beside in beside_of(folder):
        if beside.exists():
            raise ExportError(f"{beside.name} stands beside it, perhaps of an export that was cut off; look into it "
                              "and move it away")
    return folder


def _without_silent_labels(model: Peace, store: Store, split: Split) -> tuple[Peace, Store, tuple[str, ...]]:
    """Network and store for the labels of which something is known, and the others."""
    told = (np.asarray(store.known)[np.union1d(split.train, split.choose)] > 0).any(axis=0)
    if told.all():
        return model, store, ()
    kept = np.flatnonzero(told)
    spoken = copy.deepcopy(model)
    spoken.names, spoken.descriptors = model.names[kept], model.descriptors[kept]
    return spoken, store.only([store.labels[column] for column in kept]), tuple(np.array(store.labels)[~told])


def _with_measured_abnormalities(model: Peace, report: dict[str, Any] | None) -> Peace:
    """The network with those outputs of its head for abnormalities that were measured, in the order of the report.

    Raises ExportError for a head that was not measured.
    """
    if model.abnormalities is None:
        return model
    if report is None:
        raise ExportError("the run's head for abnormalities has no figures; run peace-model evaluate with --context")
    kept = [report["outputs"].index(head["code"]) for head in report["heads"]]
    spoken = copy.deepcopy(model)
    assert spoken.abnormalities is not None
    if not kept:
        spoken.abnormalities = None
        return spoken
    out = spoken.abnormalities.out
    out.weight, out.bias = (torch.nn.Parameter(value[kept], requires_grad=False) for value in (out.weight, out.bias))
    return spoken


def _text(model: Peace, labels: tuple[str, ...]) -> dict[str, str]:
    """Which encoder read the descriptors: the one that learnt with the network, or that of the shipped embeddings."""
    bank, live = load_bank(labels), model.config.live_text
    encoder, digest = (bank.encoder, bank.encoder_sha256) if live is None else (live.told(), live.encoder_sha256)
    return {"encoder": encoder, "encoder_sha256": digest, "text_sha256": bank.text_sha256}


def _intended_use(labels: int, min_age_days: int | None, window_s: float) -> str:
    use = (f"Research only, not a medical device. {labels} labels of a {window_s:g} s 12-lead ECG for review by a "
           "cardiologist. ")
    if min_age_days is not None and min_age_days >= ADULT_DAYS:
        return use + ("Trained on adults only: how it does on children is unknown, and every prediction on a child "
                      "must be shown with that warning.")
    return use + "How it does at ages with few training records is unknown."


def _real_windows(
    store: Store, rows: np.ndarray
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Prepared recordings as the graph takes them, one shortened, one with a lead missing, one of unknown age."""
    chosen = rows[:PARITY_WINDOWS]
    signal = torch.from_numpy(store.windows(chosen))
    mask = torch.from_numpy(np.array(store.lead_mask[chosen]))
    valid = torch.from_numpy(np.array(store.valid_samples[chosen]))
    age_days = torch.from_numpy(np.array(store.age_days[chosen], np.float32))
    age_days[0] = float("nan")
    if len(chosen) > 1:
        valid[1] = signal.shape[-1] // 2
        signal[1, :, valid[1]:] = 0.0
        mask[-1, 7] = 0.0
    return signal, mask, valid, age_days
