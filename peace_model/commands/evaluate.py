"""peace-model evaluate: a run -> its figures."""

import argparse
import json
from pathlib import Path

ABOUT = "Calibrate a run's best network, choose thresholds and measure it."
EVALUATION = "evaluation.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--control", type=Path, help="run of the recipe ecg-only: adds a paired comparison")
    parser.add_argument("--ludb", type=Path, help="folder of LUDB: adds an external test (proxy E)")
    parser.add_argument("--replicates", type=int, default=1000, help="bootstraps of patients (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1)


def run(arguments: argparse.Namespace) -> None:
    import torch

    from peace_model.datasets.store import open_store
    from peace_model.evaluation.control import compare_with_control
    from peace_model.evaluation.external import ludb_report
    from peace_model.evaluation.report import evaluate as evaluate_network
    from peace_model.evaluation.report import nan_to_null
    from peace_model.training.ecg_only import load_best_ecg_only
    from peace_model.training.pretrain import load_best

    torch.set_num_threads(arguments.threads)
    model, _, digest = load_best(arguments.run)
    store = open_store(arguments.store)
    found = evaluate_network(model, store, seed=arguments.seed, replicates=arguments.replicates)
    if arguments.ludb is not None:
        found["metrics"]["proxy_e_ludb"] = nan_to_null(ludb_report(
            model, store.spec, arguments.ludb, profile=store.profile, calibration=found["calibration"],
            seed=arguments.seed))
    if arguments.control is not None:
        found["ecg_only_linear_head"] = compare_with_control(
            model, load_best_ecg_only(arguments.control), store, seed=arguments.seed, replicates=arguments.replicates)
    out = arguments.run / EVALUATION
    out.write_text(json.dumps({**found, "weights_sha256": digest}, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    area = found["metrics"]["choosing"]["macro_auroc"]
    print(f"macro AUROC {area['value']} ({area['low']} to {area['high']}); written to {out}")
