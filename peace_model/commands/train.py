"""peace-model train: a recipe and a store -> a run; or the paper's whole run from two data sets."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from peace_model.resources import resource

STORE = "store"
USUAL_HZ = 100.0

if TYPE_CHECKING:
    from peace_model.commands.live import LiveDisplay
    from peace_model.datasets.context import ContextTable
    from peace_model.datasets.store import Store
    from peace_model.training.recipe import PaperRecipe, Recipe

ABOUT = "Train as a recipe says, or go on where the last checkpoint stands; torchrun starts it in several processes."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    ours = ", ".join(sorted(path.stem for path in resource("recipes").glob("*.json")))
    parser.add_argument("--recipe", default="pretrain",
                        help=f"one of {ours}; or a .json file of your own (default: %(default)s)")
    parser.add_argument("--set", action="append", default=[], dest="changes", metavar="FIELD=VALUE",
                        help="change a field of the recipe, as training.epochs=3; can be given several times")
    parser.add_argument("--out", type=Path, required=True,
                        help="folder of the run: checkpoint/, best/, log.jsonl, log.csv")
    parser.add_argument("--store", type=Path, help="prepared recordings to learn from")
    parser.add_argument("--data", type=Path, metavar="FOLDER",
                        help="instead of --store: WFDB recordings with labels.csv, as peace-desktop library export "
                             "--training writes them; prepared into the folder store of --out first")
    parser.add_argument("--init", type=Path, metavar="RUN",
                        help="run, or bundle with its weights, to begin with (few_shot, finetune, transfer_diagnose, "
                             "transfer_explain)")
    parser.add_argument("--context", type=Path, metavar="FOLDER",
                        help="clinical context of the recordings, as peace-model context writes it "
                             "(transfer_pretrain, transfer_explain, journal_hybrid)")
    parser.add_argument("--teachers", type=lambda text: [Path(part) for part in text.split(",")], default=[],
                        metavar="RUN,RUN", help="runs whose mean is learnt (distill)")
    parser.add_argument("--text-encoder", type=Path, metavar="FOLDER",
                        help="BERT-like text encoder that learns too, its first ten layers frozen (BioClinicalBERT)")
    parser.add_argument("--mimic", type=Path, metavar="FOLDER", help="MIMIC-IV-ECG, for the recipe paper")
    parser.add_argument("--zzu", type=Path, metavar="FOLDER", help="ZZU-pECG, for the recipe paper")
    parser.add_argument("--jobs", type=int, default=1,
                        help="processes that read recordings, for the recipe paper and --data (default: %(default)s)")
    parser.add_argument("--device", default="cpu", help="where torch computes, as cpu or cuda (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="of torch in each process (default: %(default)s)")
    parser.add_argument("--stop-after", type=int, metavar="STEPS",
                        help="end after so many steps of the run; resume with the same command")


def run(arguments: argparse.Namespace) -> None:
    from peace_model.commands import UsageError
    from peace_model.training.recipe import PaperRecipe, read_recipe

    recipe = read_recipe(arguments.recipe, arguments.changes)
    if isinstance(recipe, PaperRecipe):
        for name in ("mimic", "zzu"):
            if getattr(arguments, name) is None:
                raise UsageError(f"the recipe {recipe.name} needs --{name}")
        for name in ("store", "data", "init", "context", "teachers", "stop_after"):
            if getattr(arguments, name):
                raise UsageError(f"--{name.replace('_', '-')} does not go with the recipe {recipe.name}")
        _paper(recipe, arguments)
    elif (arguments.store is None) == (arguments.data is None):
        raise UsageError(f"the recipe {recipe.name} needs --store, or --data in its place")
    elif arguments.mimic is not None or arguments.zzu is not None:
        raise UsageError("--mimic and --zzu go with the recipe paper")
    else:
        _one(recipe, arguments)


def _one(recipe: "Recipe", arguments: argparse.Namespace) -> None:
    import torch

    from peace_model.commands.live import LiveDisplay
    from peace_model.datasets.store import open_store
    from peace_model.training.parallel import joined
    from peace_model.training.run_recipe import run_recipe
    from peace_model.training.runs import as_read_by

    torch.set_num_threads(arguments.threads)
    display = LiveDisplay()
    with joined():
        store = open_store(_prepared(recipe, arguments, display) if arguments.store is None else arguments.store,
                           recipe.data.profile)
        if arguments.init is not None:
            store = as_read_by(arguments.init, store)
        store, context = _beside(recipe, store, arguments)
        run_recipe(recipe, store, arguments.out, init=arguments.init, teachers=arguments.teachers,
                   context=context,
                   text_encoder=arguments.text_encoder, changes=arguments.changes, device=arguments.device,
                   stop_after=arguments.stop_after, say=display.say, watch=display.watch)


def _beside(
    recipe: "Recipe", store: "Store", arguments: argparse.Namespace
) -> tuple["Store", "ContextTable | None"]:
    """What stands in the folder of a context: columns of the store for a hybrid, a table for other recipes."""
    import numpy as np

    from peace_model.datasets.context import read_context
    from peace_model.datasets.measured_columns import with_measured
    from peace_model.training.run_recipe import columns_of, seen_before, split_of

    folder: Path | None = arguments.context
    if folder is None:
        return store, None
    if not recipe.reads_measurements:
        return store, read_context(folder)
    split = split_of(recipe.data, store, seen=seen_before(arguments.teachers))
    rows = np.union1d(split.train, split.choose)
    return with_measured(store, folder, columns_of(recipe, store), rows), None


def _prepared(recipe: "Recipe", arguments: argparse.Namespace, display: "LiveDisplay") -> Path:
    """The store of a folder of recordings, at the rate of the run that is begun with; made by the first process."""
    from peace_model.commands.progress import progress_bar
    from peace_model.datasets.prepare import prepare
    from peace_model.datasets.wfdb_folder import source
    from peace_model.training.parallel import from_first, rank
    from peace_model.training.runs import pipeline_of

    folder: Path = arguments.out / STORE
    told: list[str] = []
    if rank() == 0:
        fs_hz = USUAL_HZ if arguments.init is None else pipeline_of(arguments.init).fs_hz
        _, summary = prepare(source(arguments.data), folder, fs_hz=fs_hz, profile=recipe.data.profile,
                             jobs=arguments.jobs, progress=progress_bar("recordings"))
        told = summary.lines()
    for line in from_first(told):
        display.say(line)
    return folder


def _paper(recipe: "PaperRecipe", arguments: argparse.Namespace) -> None:
    import torch

    from peace_model.commands.live import LiveDisplay
    from peace_model.commands.progress import progress_bar
    from peace_model.training.paper_run import Told, paper_run
    from peace_model.training.parallel import joined

    torch.set_num_threads(arguments.threads)
    display = LiveDisplay()
    told = Told(display.say, display.watch, progress_bar("recordings"))
    with joined():
        report = paper_run(recipe, arguments.out, mimic=arguments.mimic, zzu=arguments.zzu, told=told,
                           text_encoder=arguments.text_encoder, device=arguments.device, jobs=arguments.jobs)
        for name in ("zero_shot", "few_shot", "full"):
            for entry in report[name] if isinstance(report[name], list) else [report[name]]:
                area = entry["macro_auroc"]
                display.say(f"{name}: macro AUROC {area['value']} ({area['low']} to {area['high']}) over "
                            f"{entry['labels']} labels, {entry['recordings']} recordings")
