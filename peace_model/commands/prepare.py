"""peace-model prepare: a data set in its published layout -> a store for training."""

import argparse
from pathlib import Path

ABOUT = "Run the signal path over a data set and write a store; run it again to go on where it was stopped."
DATASETS = {
    "ptbxl": "folder with ptbxl_database.csv, records100/ and records500/",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dataset", choices=tuple(DATASETS), required=True,
                        help="; ".join(f"{name}: {what}" for name, what in DATASETS.items()))
    parser.add_argument("--data", type=Path, required=True, help="folder of the data set, see --dataset")
    parser.add_argument("--out", type=Path, required=True, help="folder of the store to write")
    parser.add_argument("--fs", type=int, choices=(100, 500), default=100, dest="fs_hz",
                        help="samples per second of the store (default: %(default)s)")
    parser.add_argument("--windows", choices=("all", "first"), default="all",
                        help="all 10 s windows of a recording, or its first as in PEACE (default: %(default)s)")
    parser.add_argument("--profile", help="labels that splits are balanced over (default: peace24)")
    parser.add_argument("--jobs", type=int, default=1, help="processes that read recordings (default: %(default)s)")


def run(arguments: argparse.Namespace) -> None:
    from importlib import import_module

    from peace_model.commands.progress import progress_bar
    from peace_model.datasets.prepare import prepare
    from peace_model.datasets.splits import own_split
    from peace_model.labels import DEFAULT_PROFILE

    data_set = import_module(f"peace_model.datasets.{arguments.dataset}")
    store, summary = prepare(
        data_set.source(arguments.data, fs_hz=float(arguments.fs_hz)), arguments.out, fs_hz=float(arguments.fs_hz),
        windows=arguments.windows, profile=arguments.profile or DEFAULT_PROFILE, jobs=arguments.jobs,
        progress=progress_bar("recordings"))
    print("\n".join(summary.lines()))
    split = own_split(store)
    print(f"{split.name}: {len(split.train)} to learn from, {len(split.choose)} to choose by, {len(split.test)} test")
