"""peace-model evaluate: runs, or a bundle's graph -> figures, and pictures of them."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from peace_model.datasets.splits import Split
    from peace_model.datasets.store import Store
    from peace_model.evaluation.report import Evaluation

ABOUT = "Calibrate a run's best network, choose thresholds and measure it; or measure a bundle's graph."
EVALUATION, CONFIGURATIONS, PLOTS = "evaluation.json", "configurations.json", "plots"
KEPT = ("configurations", "seeds", "against_control", "controls")
"""Figures that the graph alone cannot give again; a bundle keeps those it was exported with."""


class EvaluationError(Exception):
    """An evaluation that cannot be made; str() says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--run", type=Path, nargs="+", metavar="RUN",
                      help="run to evaluate; further ones differ in their seed and add mean and spread to the first")
    what.add_argument("--bundle", type=Path, help="evaluate this bundle's graph instead, as the application runs it")
    parser.add_argument("--store", type=Path, required=True, help="recordings to evaluate on")
    parser.add_argument("--split", choices=("own", "age_shift_source", "age_shift_target"), default="own",
                        help="own: published folds, or 8:1:1 by patient where there are none (default: %(default)s)")
    parser.add_argument("--fold", type=int, help="with --bundle: measure one fold, all that was chosen being fixed")
    parser.add_argument("--control", type=Path, nargs="+", metavar="RUN",
                        help="as many runs to compare with, in the order of --run: adds paired differences")
    parser.add_argument("--controls-table", type=Path, help="table.json of peace-model ablate: for card and pictures")
    parser.add_argument("--ludb", type=Path, help="folder of LUDB: adds an external test (proxy E)")
    parser.add_argument("--record", action="store_true", help="with --bundle: put the figures into its card")
    parser.add_argument("--out", type=Path, help="with --bundle: write the figures to this file")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--replicates", type=int, default=1000, help="bootstraps of patients (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1)


def run(arguments: argparse.Namespace) -> None:
    from peace_model.commands import UsageError

    if arguments.bundle is None:
        if arguments.fold is not None or arguments.record or arguments.out is not None:
            raise UsageError("--fold, --record and --out go with --bundle")
        if arguments.control is not None and len(arguments.control) != len(arguments.run):
            raise UsageError("--control needs as many runs as --run")
        _runs(arguments)
    else:
        if arguments.control is not None:
            raise UsageError("--control goes with --run")
        if arguments.record and arguments.fold is not None:
            raise UsageError("a card holds the figures of the choosing part: leave out --fold or --record")
        _bundle(arguments)


def _runs(arguments: argparse.Namespace) -> None:
    import torch

    from peace_model.evaluation.external import external_report, judge_ludb
    from peace_model.evaluation.report import nan_to_null
    from peace_model.evaluation.scoring import judge, network_answer
    from peace_model.evaluation.seeds import against_control, seeds_summary
    from peace_model.labels import groups_of

    torch.set_num_threads(arguments.threads)
    evaluations, digests, training_seeds = {}, {}, {}
    for folder in arguments.run:
        model, state, digest = _network(folder)
        store = _opened(arguments.store, state["profile"], state["pipeline"])
        split = _split(arguments.split, store)
        found = _evaluated(model, store, split, arguments)
        if arguments.ludb is not None:
            found.metrics["proxy_e_ludb"] = nan_to_null(external_report(
                judge_ludb(network_answer(model), store.spec, arguments.ludb, store.profile), found.calibration,
                seed=arguments.seed, replicates=arguments.replicates))
        tried = folder / CONFIGURATIONS
        if tried.is_file():
            found.metrics["configurations"] = _configurations(tried)
        evaluations[folder], digests[folder] = found, digest
        training_seeds[folder] = state["training"]["seed"]
    first = evaluations[arguments.run[0]]
    if len(arguments.run) > 1:
        first.metrics["seeds"] = seeds_summary(
            {folder.name: entry for folder, entry in evaluations.items()},
            {folder.name: seed for folder, seed in training_seeds.items()})
    if arguments.control is not None:
        theirs = []
        for folder in arguments.control:
            model, state, _ = _network(folder)
            other = _opened(arguments.store, state["profile"], state["pipeline"])
            theirs.append(judge(model, other, _split(arguments.split, other).choose))
        first.metrics["against_control"] = {
            "text": f"{_kind(state)}, {len(theirs)} run(s) of recipe {state['recipe']['name']}.",
            "seed": arguments.seed,
            "groups": against_control([entry.judged for entry in evaluations.values()], theirs,
                                      groups_of(store.profile), seed=arguments.seed,
                                      replicates=arguments.replicates)}
    if arguments.controls_table is not None:
        first.metrics["controls"] = _controls(arguments.controls_table)
    for folder, found in evaluations.items():
        _write(folder / EVALUATION, {"calibration": found.calibration, "metrics": found.metrics,
                                     "weights_sha256": digests[folder]})
        _draw(folder / PLOTS, found, arguments.controls_table)
        _say(found.metrics["choosing"], f"{folder / EVALUATION} and {PLOTS}")


def _bundle(arguments: argparse.Namespace) -> None:
    from peace_model.evaluation.external import external_report, judge_ludb
    from peace_model.evaluation.model_card import card_text
    from peace_model.evaluation.report import nan_to_null
    from peace_model.inference.bundle import load_bundle
    from peace_model.inference.predictor import Predictor

    bundle = load_bundle(arguments.bundle)
    predictor = Predictor(bundle, "cpu", threads=arguments.threads)
    described = json.loads((arguments.bundle / "bundle.json").read_text(encoding="utf-8"))
    store = _opened(arguments.store, described["training"]["profile"], bundle.pipeline.to_dict())
    if store.labels != tuple(label.code for label in bundle.labels):
        raise EvaluationError(f"{bundle.name}: its labels are not those of its profile {store.profile}")
    if arguments.fold is not None:
        metrics = _one_fold(predictor.logits, store, described["calibration"], arguments)
        said = metrics["held_out"]
    else:
        found = _evaluated(predictor.logits, store, _split(arguments.split, store), arguments,
                           calibration=described["calibration"])
        metrics = {**{key: described["metrics"][key] for key in KEPT if key in described["metrics"]},
                   **found.metrics}
        said = metrics["choosing"]
    if arguments.ludb is not None:
        metrics["proxy_e_ludb"] = nan_to_null(external_report(
            judge_ludb(predictor.logits, bundle.pipeline, arguments.ludb, store.profile), described["calibration"],
            seed=arguments.seed, replicates=arguments.replicates))
    if arguments.controls_table is not None:
        metrics["controls"] = _controls(arguments.controls_table)
    metrics["graph_sha256"] = bundle.sha256
    if arguments.out is not None:
        _write(arguments.out, {"bundle": bundle.name, "version": bundle.version, "metrics": metrics})
    if arguments.record:
        described["metrics"] = metrics
        text = card_text(described)
        _write(arguments.bundle / "bundle.json", described)
        _replace(arguments.bundle / "card.md", text)
    _say(said, " and ".join(str(path) for path in (
        arguments.out, arguments.bundle if arguments.record else None) if path is not None))


def _one_fold(answer: Any, store: "Store", calibration: Mapping[str, Any], arguments: argparse.Namespace
              ) -> dict[str, Any]:
    import numpy as np

    from peace_model.evaluation.report import fixed_figures, nan_to_null
    from peace_model.evaluation.scoring import judge

    rows = np.flatnonzero(store.folds == arguments.fold)
    if len(rows) == 0:
        raise EvaluationError(f"{arguments.store.name}: no recording of fold {arguments.fold}")
    return {"seed": arguments.seed, "replicates": arguments.replicates, "held_out": nan_to_null(fixed_figures(
        store, judge(answer, store, rows), calibration, what=f"every recording of fold {arguments.fold}",
        seed=arguments.seed, replicates=arguments.replicates))}


def _evaluated(model: Any, store: "Store", split: "Split", arguments: argparse.Namespace,
               calibration: Mapping[str, Any] | None = None) -> "Evaluation":
    from peace_model.evaluation.report import evaluate

    return evaluate(model, store, split, seed=arguments.seed, replicates=arguments.replicates,
                    calibration=calibration)


def _network(folder: Path) -> tuple[Any, dict[str, Any], str]:
    """The best network of a run in the form in which it is released."""
    from peace_model.networks.peace import Peace
    from peace_model.networks.release import released
    from peace_model.training.runs import load_run

    model, state, digest = load_run(folder)
    return (released(model) if isinstance(model, Peace) else model), state, digest


def _opened(folder: Path, profile: str, pipeline: Mapping[str, Any]) -> "Store":
    """The store as a network reads it that was trained with this signal path."""
    from peace_model.datasets.store import open_store
    from peace_model.ecg.signal.pipeline import PipelineSpec

    return open_store(folder, profile).with_spec(PipelineSpec.from_dict(pipeline))


def _split(name: str, store: "Store") -> "Split":
    from peace_model.datasets.splits import age_shift, own_split

    if name == "own":
        return own_split(store)
    return age_shift(store)[0 if name == "age_shift_source" else 1]


def _kind(state: Mapping[str, Any]) -> str:
    if state["kind"] == "ecg_only":
        return f"ECG-only classifier ({state['network']['encoder']} encoder, no text)"
    return f"PEACE network ({state['network']['encoder']} encoder)"


def _configurations(path: Path) -> list[dict[str, Any]]:
    """Every configuration that was tried, as the run's folder lists them."""
    listed = json.loads(path.read_text(encoding="utf-8"))
    wanted = {"name", "command", "figure", "seed", "remark"}
    if not isinstance(listed, list) or any(not isinstance(entry, dict) or set(entry) != wanted for entry in listed):
        raise EvaluationError(f"{path.name}: expected a list of objects with {', '.join(sorted(wanted))}")
    return listed


def _controls(path: Path) -> dict[str, Any]:
    """What a card tells of a grid of controls."""
    table = json.loads(path.read_text(encoding="utf-8"))
    wanted = ("grid", "about", "figure", "bootstrap", "rows", "statements", "not_run")
    if not isinstance(table, dict) or any(key not in table for key in wanted):
        raise EvaluationError(f"{path.name}: not a table of peace-model ablate")
    return {key: table[key] for key in wanted}


def _draw(folder: Path, found: "Evaluation", controls_table: Path | None) -> None:
    from peace_model.evaluation.plots import reliability_plot, roc_plot, shots_plot, write_plot

    choosing = found.metrics["choosing"]
    data = choosing["data"].partition(";")[0]
    write_plot(reliability_plot(found.judged, found.decided, data), folder / "reliability.svg")
    write_plot(roc_plot(found.judged, choosing["labels"], data), folder / "roc.svg")
    if controls_table is not None:
        write_plot(shots_plot(json.loads(controls_table.read_text(encoding="utf-8"))), folder / "n_shot.svg")


def _write(path: Path, content: Mapping[str, Any]) -> None:
    _replace(path, json.dumps(content, indent=1, allow_nan=False) + "\n")


def _replace(path: Path, text: str) -> None:
    from peace_model.datasets.store_files import replace_file

    replace_file(path, text.encode("utf-8"))


def _say(found: Mapping[str, Any], where: str) -> None:
    for name, group in found["groups"].items():
        area = group["macro_auroc"]
        print(f"{name}: macro AUROC {area['value']} ({area['low']} to {area['high']}), "
              f"{len(group['macro_labels'])} labels, {group['recordings']} recordings")
    if found.get("nine_leads"):
        lost = found["nine_leads"]["difference"]
        print(f"nine leads: {lost['value']} ({lost['low']} to {lost['high']})")
    if where:
        print(f"written to {where}")
