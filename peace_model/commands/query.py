"""peace-model query: recordings scored for a free text; or how well that works."""

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peace_model.commands import UsageError

if TYPE_CHECKING:
    from peace_model.networks.peace import Peace

ABOUT = "Experiment: score recordings for a free text that is no label. Not calibrated, not validated."
CLOSEST = 5
STATEMENTS = "ptbxl71"
CAUTION = ("An experiment: a score is neither calibrated nor validated, and no statement about a patient. Only the "
           "order of recordings means something, and for many texts not even that.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, metavar="BUNDLE", help="folder of a bundle with its weights, or of a run")
    parser.add_argument("text", nargs="?", help="what to look for, such as 'delta wave with short PR'")
    parser.add_argument("--recordings", type=Path, nargs="+", metavar="DIR", help="folders or files of recordings")
    parser.add_argument("--out", type=Path, metavar="FILE",
                        help="the scores as CSV; with --measure the folder of query.md and query.json")
    parser.add_argument("--encoder", type=Path,
                        help="folder of the text encoder the model was taught with (default: the installed package's)")
    measuring = parser.add_argument_group("how well it works, instead of a text")
    measuring.add_argument("--measure", type=Path, metavar="STORE",
                           help="ask for the statements of PTB-XL's fold 9 that are no label of the model")
    measuring.add_argument("--controls-table", type=Path, metavar="TABLE.JSON",
                           help="of a grid in which labels were held out: their rows are told too")
    measuring.add_argument("--seed", type=int, default=42, help="of the bootstrap (default: %(default)s)")
    measuring.add_argument("--replicates", type=int, default=1000, help="bootstraps (default: %(default)s)")
    measuring.add_argument("--threads", type=int, default=1, help="of torch (default: %(default)s)")


def run(arguments: argparse.Namespace) -> None:
    """Raises UsageError, QueryError, CheckpointError."""
    from peace_model.networks.peace import Peace
    from peace_model.networks.text_query import QueryError
    from peace_model.training.runs import load_run

    if (arguments.measure is None) == (arguments.text is None):
        raise UsageError("give a text and --recordings, or --measure")
    if arguments.text is not None and not arguments.recordings:
        raise UsageError("name the recordings to score with --recordings")
    if arguments.measure is not None and arguments.out is None:
        raise UsageError("say with --out where the figures go")
    model, state, _ = load_run(arguments.model)
    if not isinstance(model, Peace):
        raise QueryError(f"{arguments.model.name} is a network without text; only PEACE can be asked")
    if arguments.measure is not None:
        _measure(model, state, arguments)
    else:
        _ask(model, state, arguments)


def _ask(model: "Peace", state: dict[str, Any], arguments: argparse.Namespace) -> None:
    from peace_model.ecg.formats.registry import find_recordings, read_recording
    from peace_model.ecg.recording import RecordingError
    from peace_model.ecg.signal.pipeline import Pipeline, PipelineSpec
    from peace_model.networks.text_query import QueryError, ask_text, embed_text, similarity

    found = find_recordings(arguments.recordings)
    if not found:
        raise QueryError("no recordings there; name their folder or files")
    labels = tuple(state["labels"])
    embedding = embed_text(model, labels, arguments.text, arguments.encoder)
    pipeline = Pipeline(PipelineSpec.from_dict(state["pipeline"]))
    rows, failed = [], 0
    for item in found:
        try:
            answer = ask_text(model, embedding, pipeline.prepare(read_recording(item.path)))
        except (RecordingError, QueryError) as error:
            failed += 1
            print(f"{item.path.name}: {error}", file=sys.stderr)
            continue
        top = int(answer.label_scores.argmax())
        rows.append((item.path.name, answer.score, labels[top], float(answer.label_scores[top])))
    rows.sort(key=lambda row: -row[1])
    print(CAUTION)
    near = similarity(model, embedding[None])[0]
    print("Labels whose names are closest to the text (cosine): " + ", ".join(
        f"{labels[index]} {near[index]:.2f}" for index in near.argsort()[::-1][:CLOSEST]))
    for name, score, label, of_label in rows:
        print(f"{score:.3f}  {name}  (highest label: {label} {of_label:.3f})")
    if arguments.out is not None:
        with arguments.out.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(["recording", "score", "highest_label", "highest_label_score"])
            table.writerows((name, f"{score:.6f}", label, f"{of_label:.6f}") for name, score, label, of_label in rows)
    if failed:
        raise QueryError(f"{failed} of {len(found)} recordings could not be scored; the lines above say why")


def _measure(model: "Peace", state: dict[str, Any], arguments: argparse.Namespace) -> None:
    import torch

    from peace_model.commands.progress import progress_bar
    from peace_model.datasets.splits import own_split
    from peace_model.datasets.store import open_store
    from peace_model.datasets.store_files import replace_file
    from peace_model.ecg.signal.pipeline import PipelineSpec
    from peace_model.evaluation.query_page import held_out_rows, query_page
    from peace_model.evaluation.text_queries import (
        ask_statements,
        clearly_useful,
        query_figures,
        unlabelled_statements,
        verdict,
    )
    from peace_model.evaluation.told import controls_of
    from peace_model.labels import load_profile
    from peace_model.networks.text_query import QueryError, embed_text

    torch.set_num_threads(arguments.threads)
    table = None if arguments.controls_table is None else controls_of(arguments.controls_table)
    labels = tuple(state["labels"])
    names = {label.code: label.name for label in load_profile(STATEMENTS).labels}
    store = open_store(arguments.measure, STATEMENTS).with_spec(PipelineSpec.from_dict(state["pipeline"]))
    rows = own_split(store).choose
    statements = unlabelled_statements(store, rows, labels, state["profile"])
    if len(statements) < 2:
        raise QueryError(f"{arguments.measure.name}: fewer than two statements without a label have enough positives")
    texts = torch.stack([embed_text(model, labels, names[code], arguments.encoder) for code in statements])
    asked = ask_statements(model, store, rows, statements, texts, auxiliary=state["statement_codes"],
                           tell=progress_bar("windows"))
    figures = query_figures(asked, labels, seed=arguments.seed, replicates=arguments.replicates)
    command = f"peace-model query BUNDLE --measure STORE --seed {arguments.seed} --replicates {arguments.replicates}"
    told = {
        "model": arguments.model.name, "figures": figures, "useful": clearly_useful(figures),
        "names": {code: names[code] for code in statements},
        "about": "Label queries come from text, so a trained network can be asked about a text that was never a label. "
                 "Statements of PTB-XL's fold 9 of which no label is made are asked for by their names. The network's "
                 "auxiliary outputs were taught these statements, so its encoder has seen them; its queries have not.",
        "verdict": verdict(figures),
        "held_out": [] if table is None else held_out_rows(table),
        "held_out_about": "" if table is None else
            f"{table['about']} In these cells no recording of training had the label; it is asked for by its own text, "
            "by the closest other label, by the texts of the others, by random vectors, and, where the grid trained "
            "it, as a supervised label.",
        "commands": [*([] if table is None else [
            "peace-model ablate --grid resources/ablation/controls.json --store STORE --out CONTROLS --only C --resume"
            "    # TABLE is CONTROLS/table.json"]),
            command + ("" if table is None else " --controls-table TABLE") + " --out FOLDER"]}
    arguments.out.mkdir(parents=True, exist_ok=True)
    replace_file(arguments.out / "query.json", (json.dumps(told, indent=1, allow_nan=False) + "\n").encode("utf-8"))
    replace_file(arguments.out / "query.md", query_page(told).encode("utf-8"))
    print(f"{len(statements)} statements: text {figures['macro_auroc']['value']:.3f}, " + ", ".join(
        f"{way} {entry['macro_auroc']['value']:.3f}" for way, entry in figures["ways"].items()))
    print(told["verdict"])
