"""peace-model prepare: PTB-XL -> a store for training."""

import argparse
import sys
from pathlib import Path

ABOUT = "Run the signal path over PTB-XL and write a store for training."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="folder with ptbxl_database.csv and records100/")
    parser.add_argument("--out", type=Path, required=True, help="folder of the store to write")
    parser.add_argument("--profile", default="peace12_full", help="label profile (default: %(default)s)")


def run(arguments: argparse.Namespace) -> None:
    from peace_model.datasets.store import prepare_ptbxl
    from peace_model.labels import load_profile

    def progress(done: int, total: int) -> None:
        if done % 500 == 0 or done + 1 == total:
            print(f"\r{done + 1} of {total}", end="", file=sys.stderr, flush=True)

    store = prepare_ptbxl(arguments.data, arguments.out, load_profile(arguments.profile), progress=progress)
    print(file=sys.stderr)
    for part in sorted(set(store.parts)):
        print(f"{part}: {int((store.parts == part).sum())} recordings")
