"""peace-model evaluate: runs, or a bundle's graph -> figures, and pictures of them."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peace_model.commands import UsageError

if TYPE_CHECKING:
    from peace_model.datasets.splits import Split
    from peace_model.datasets.store import Store
    from peace_model.evaluation.report import Evaluation
    from peace_model.networks.ecg_network import EcgNetwork

ABOUT = "Calibrate a run's best network, choose thresholds and measure it; or measure a bundle's graph."
EVALUATION, PLOTS = "evaluation.json", "plots"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--run", type=Path, nargs="+", metavar="RUN",
                      help="run to evaluate; further ones differ in their seed and add mean and spread to the first")
    what.add_argument("--bundle", type=Path, help="measure this bundle's graph instead, as the application runs it")
    parser.add_argument("--store", type=Path, required=True, help="recordings to evaluate on")
    parser.add_argument("--split", choices=("own", "age_shift_source", "age_shift_target"),
                        help="own: published folds, or 8:1:1 by patient where there are none (default: the run's split "
                             "on its own data set, own on another)")
    parser.add_argument("--fold", type=int, help="with --bundle: measure one fold, all that was chosen being fixed")
    parser.add_argument("--control", type=Path, nargs="+", metavar="RUN",
                        help="as many runs to compare with, in the order of --run: adds paired differences")
    parser.add_argument("--controls-table", type=Path, help="table.json of peace-model ablate: for card and pictures")
    parser.add_argument("--teachers", type=Path, metavar="EVALUATION",
                        help="evaluation.json of the runs this network was distilled from, measured together with "
                             "their controls: for the card")
    parser.add_argument("--ludb", type=Path, help="folder of LUDB: adds an external test (proxy E)")
    parser.add_argument("--context", type=Path, metavar="FOLDER",
                        help="with --run: the context that a head for abnormalities learnt from, to measure it; or "
                             "that of the measurements which a hybrid reads")
    parser.add_argument("--record", action="store_true", help="with --bundle: put the figures into it and its card")
    parser.add_argument("--out", type=Path, help="with --bundle: write the figures to this file")
    parser.add_argument("--seed", type=int, default=42, help="of the bootstrap (default: %(default)s)")
    parser.add_argument("--replicates", type=int, default=1000, help="bootstraps of patients (default: %(default)s)")
    parser.add_argument("--device", default="cpu", help="where networks of runs compute (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="of torch (default: %(default)s)")


def run(arguments: argparse.Namespace) -> None:
    if arguments.bundle is None:
        if arguments.fold is not None or arguments.record or arguments.out is not None:
            raise UsageError("--fold, --record and --out go with --bundle")
        if arguments.control is not None and len(arguments.control) != len(arguments.run):
            raise UsageError("--control needs as many runs as --run")
        _runs(arguments)
    else:
        for name in ("control", "context"):
            if getattr(arguments, name) is not None:
                raise UsageError(f"--{name} goes with --run")
        if arguments.record and (arguments.fold is not None or arguments.split not in (None, "own")):
            raise UsageError("a card holds the figures of the choosing part: leave out --record")
        _bundle(arguments)


def _runs(arguments: argparse.Namespace) -> None:
    import torch

    from peace_model.commands.progress import progress_bar
    from peace_model.evaluation.external import external_report, judge_ludb
    from peace_model.evaluation.report import evaluate, nan_to_null
    from peace_model.evaluation.scoring import network_answer
    from peace_model.evaluation.seeds import seeds_summary
    from peace_model.evaluation.told import configurations_of
    from peace_model.training.judged import judged_on

    torch.set_num_threads(arguments.threads)
    told = _told(arguments)
    tried = {folder: configurations_of(folder) for folder in arguments.run}
    drawn = {"seed": arguments.seed, "replicates": arguments.replicates}
    evaluations, digests, named, heads, judged_rows = [], [], [], [], []
    for folder in arguments.run:
        model, state, digest = _network(folder, arguments.device)
        store, split = _opened(arguments, folder, state)
        judged_rows.append(judged_on(state, store, split, arguments.split))
        found = evaluate(model, store, split, **drawn, tell=progress_bar(f"windows of {folder.name}"))
        if arguments.ludb is not None:
            judged = judge_ludb(network_answer(model), store.spec, arguments.ludb, profile=store.profile,
                                labels=store.labels)
            found.metrics["proxy_e_ludb"] = nan_to_null(external_report(judged, found.calibration, **drawn))
        if tried[folder] is not None:
            found.metrics["configurations"] = tried[folder]
        heads.append(_heads(model, store, split, state, arguments))
        evaluations.append(found)
        digests.append(digest)
        named.append((folder.name, int(state["training"]["seed"])))
    first = evaluations[0].metrics
    if len(evaluations) > 1:
        first["seeds"] = seeds_summary(evaluations, named)
    if arguments.control is not None:
        first["against_control"] = _against_control(evaluations, arguments)
    first.update(told)
    for folder, found, digest, rows, head in zip(
            arguments.run, evaluations, digests, judged_rows, heads, strict=True):
        _write(folder / EVALUATION, {"calibration": found.calibration, "metrics": found.metrics,
                                     "weights_sha256": digest, "data": rows, **head})
        _draw(folder / PLOTS, found)
        _say(found.metrics["choosing"], f"{folder / EVALUATION} and {PLOTS}")


def _told(arguments: argparse.Namespace) -> dict[str, Any]:
    """What was measured before and stands in the card beside the model's own figures."""
    from peace_model.evaluation.told import controls_of, teachers_of

    read = {"controls": (arguments.controls_table, controls_of), "teachers": (arguments.teachers, teachers_of)}
    return {name: of(path) for name, (path, of) in read.items() if path is not None}


def _heads(
    model: "EcgNetwork", store: "Store", split: "Split", state: Mapping[str, Any], arguments: argparse.Namespace
) -> dict[str, Any]:
    """The figures of a head for abnormalities, said and ready to be kept; nothing where the run has none."""
    from peace_model.datasets.context import of_store, read_context
    from peace_model.evaluation.abnormalities import abnormality_report

    if not (codes := state.get("abnormality_codes")):
        if arguments.context is not None and state["kind"] != "hybrid":
            raise UsageError("--context goes with runs of transfer_explain, and with hybrids")
        return {}
    if arguments.context is None:
        print("its head for abnormalities is not measured; name its context with --context")
        return {}
    table = of_store(read_context(arguments.context), store)
    if [item.code for item in table.abnormalities] != codes:
        raise UsageError("--context: it holds other abnormalities than the run learnt; name the run's own")
    report = abnormality_report(model, store, split, table, seed=arguments.seed, replicates=arguments.replicates)
    for head in report["heads"]:
        area = report["metrics"][head["code"]]["auroc"]
        print(f"associated finding {head['code']}: AUROC {area['value']} ({area['low']} to {area['high']}), "
              f"{report['metrics'][head['code']]['positives']} positives")
    return {"abnormalities": report}


def _against_control(ours: list["Evaluation"], arguments: argparse.Namespace) -> dict[str, Any]:
    from peace_model.evaluation.scoring import judge
    from peace_model.evaluation.seeds import against_control
    from peace_model.labels import groups_of

    theirs, kinds, runs = [], [], []
    for folder in arguments.control:
        model, state, _ = _network(folder, arguments.device)
        store, split = _opened(arguments, folder, state)
        theirs.append(judge(model, store, split.choose))
        runs.append({"recipe": state["recipe"], "training": {"seed": state["training"]["seed"]}})
        kind = "ECG-only classifier, no text" if state["kind"] == "ecg_only" else "PEACE network"
        kinds.append(f"{kind} ({state['network']['encoder']} encoder, recipe {state['recipe']['name']}, seed "
                     f"{state['training']['seed']})")
    return {"text": f"{'; '.join(kinds)}.", "runs": runs, "seed": arguments.seed, "groups": against_control(
        [found.judged for found in ours], theirs, groups_of(store.profile), seed=arguments.seed,
        replicates=arguments.replicates)}


def _bundle(arguments: argparse.Namespace) -> None:
    import numpy as np

    from peace_model.commands.progress import progress_bar
    from peace_model.evaluation.shipped import Shipped
    from peace_model.training.judged import refuse_as_held_out

    told = _told(arguments)
    shipped = Shipped.load(arguments.bundle, threads=arguments.threads)
    store, tell = shipped.open_store(arguments.store), progress_bar("windows")
    drawn = {"seed": arguments.seed, "replicates": arguments.replicates}
    name, state, whole = shipped.described["name"], shipped.made_of, shipped.whole_store(arguments.store)
    if arguments.fold is not None:
        fold = np.flatnonzero(whole.folds == arguments.fold)
        refuse_as_held_out(name, state, whole, fold, f"fold {arguments.fold}")
        metrics = shipped.measure_fold(store, arguments.fold, **drawn, tell=tell)
    else:
        split = _unseen(name, state, whole, arguments.split)
        if not len(split.choose):
            if arguments.record:
                raise UsageError("a card holds the figures of the choosing part, of which nothing is left: leave out "
                                 "--record")
            refuse_as_held_out(name, state, whole, split.test, f"the test part of the split {split.name}")
        metrics = shipped.measure(store, split, **drawn, tell=tell)
    if arguments.ludb is not None:
        metrics["proxy_e_ludb"] = shipped.measure_ludb(arguments.ludb, **drawn)
    metrics.update(told)
    places = []
    if arguments.out is not None:
        _write(arguments.out, {"bundle": shipped.described["name"], "version": shipped.described["version"],
                               "metrics": metrics})
        places.append(str(arguments.out))
    if arguments.record:
        shipped.record(metrics)
        places.append(str(arguments.bundle))
    _say(metrics["held_out" if "held_out" in metrics else "choosing"], " and ".join(places))


def _network(folder: Path, device: str) -> tuple["EcgNetwork", dict[str, Any], str]:
    """The best network of a run in the form in which it is released, what the run says of it, its weights' SHA-256."""
    from peace_model.networks.peace import Peace
    from peace_model.networks.release import released
    from peace_model.training.runs import load_run

    model, state, digest = load_run(folder)
    return (released(model) if isinstance(model, Peace) else model).to(device), state, digest


def _opened(arguments: argparse.Namespace, run: Path, state: Mapping[str, Any]) -> tuple["Store", "Split"]:
    """The store as the network of a run reads it, and the rows of it that the run may be judged on."""
    from peace_model.datasets.measured_columns import with_measured
    from peace_model.datasets.store import open_store
    from peace_model.ecg.signal.pipeline import PipelineSpec
    from peace_model.training.judged import at_home, split_to_judge

    store = open_store(arguments.store, state["profile"]).with_spec(PipelineSpec.from_dict(state["pipeline"]))
    if state["kind"] == "hybrid":
        if arguments.context is None:
            raise UsageError("this run's hybrid reads measurements; name their folder with --context")
        columns = [column["name"] for column in state["network"]["columns"]]
        store = with_measured(store, arguments.context, columns)
    if at_home(state, store):
        return store, split_to_judge(run.name, state, store, arguments.split)
    return store, _unseen(run.name, state, store, arguments.split)


def _unseen(name: str, state: Mapping[str, Any], store: "Store", wanted: str | None) -> "Split":
    """The split to judge in, without those recordings of one's own that were seen, which is said with the count."""
    from peace_model.datasets.seen import unseen
    from peace_model.training.judged import split_to_judge

    split, left_out = unseen(store, split_to_judge(name, state, store, wanted), state.get("seen", ()))
    if left_out:
        print(f"left out: {left_out} recordings of patients whom {name} has seen")
    return split


def _draw(folder: Path, found: "Evaluation") -> None:
    from peace_model.evaluation.plots import PlotError, reliability_plot, roc_plot, shots_plot, write_plot

    choosing = found.metrics["choosing"]
    data = choosing["data"].partition(";")[0]
    write_plot(reliability_plot(found.judged, found.decided, data), folder / "reliability.svg")
    write_plot(roc_plot(found.judged, choosing["labels"], data), folder / "roc.svg")
    if "controls" in found.metrics:
        try:
            curve = shots_plot(found.metrics["controls"])
        except PlotError as error:
            print(f"no N-shot curve: {error}")
        else:
            write_plot(curve, folder / "n_shot.svg")


def _write(path: Path, content: Mapping[str, Any]) -> None:
    from peace_model.datasets.store_files import replace_file

    replace_file(path, (json.dumps(content, indent=1, allow_nan=False) + "\n").encode("utf-8"))


def _say(found: Mapping[str, Any], where: str) -> None:
    from peace_model.evaluation.metrics import MIN_POSITIVES
    from peace_model.labels.groups import WHOLE_PROFILE

    for name, group in found["groups"].items():
        frequent, area = len(group["macro_labels"]), group["macro_auroc"]
        told = (f"{frequent} labels, macro AUROC {area['value']} ({area['low']} to {area['high']})" if frequent
                else f"no label with {MIN_POSITIVES} positives")
        every = "" if not group["left_out"] else (
            f"; every label that occurs, {group['all']['labels']}: {group['all']['macro_auroc']['value']}")
        print(f"{name}: {group['recordings']} recordings, {told}{every}")
    if found.get("nine_leads"):
        lost = found["nine_leads"]["difference"]
        print(f"nine leads: {lost['value']} ({lost['low']} to {lost['high']})")
    for part in found.get("subgroups", ()):
        if part["kind"] in ("age", "leads"):
            group = part["groups"][WHOLE_PROFILE]
            area = group["macro_auroc"]
            told = (f"{len(group['labels'])} labels, macro AUROC {area['value']} ({area['low']} to {area['high']})"
                    if group["labels"] else "no label with enough of both kinds")
            print(f"  {part['text']}: {part['recordings']} recordings, {told}")
    if where:
        print(f"written to {where}")
