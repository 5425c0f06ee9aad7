"""peace-model export: a run -> a bundle."""

import argparse
import json
from pathlib import Path

ABOUT = "Write a run's best network as a bundle: model.onnx, bundle.json, card.md."
EVALUATION = "evaluation.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the bundle")
    parser.add_argument("--name", default="peace-ptbxl")
    parser.add_argument("--version", required=True)
    parser.add_argument("--threads", type=int, default=1)


def run(arguments: argparse.Namespace) -> None:
    import torch

    from peace_model.datasets.store import StoreError, open_store
    from peace_model.export.bundle import write_bundle
    from peace_model.training.pretrain import load_best

    torch.set_num_threads(arguments.threads)
    model, state, digest = load_best(arguments.run)
    path = arguments.run / EVALUATION
    evaluation = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if evaluation.get("weights_sha256") != digest:
        raise StoreError("the run's best weights have no evaluation of their own; run peace-model evaluate first")
    run = {key: state[key] for key in ("step", "epoch", "macro_auroc", "training")}
    written = write_bundle(model, open_store(arguments.store), evaluation, run, arguments.out,
                           name=arguments.name, version=arguments.version)
    print(f"{written['name']} {written['version']}: graph {written['graph']['sha256'][:12]}, "
          f"largest logit difference to torch {written['parity']['logits']:.1e}; written to {arguments.out}")
