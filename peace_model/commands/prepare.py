"""peace-model prepare: a data set in its published layout -> a store for training."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from peace_model.commands import UsageError

if TYPE_CHECKING:
    from peace_model.datasets.source import Source

ABOUT = "Run the signal path over a data set and write a store; run it again to go on where it was stopped."
DATASETS = {
    "ptbxl": "PTB-XL 1.0.3: ptbxl_database.csv, records100/, records500/",
    "zzu_pecg": "ZZU-pECG: AttributesDictionary.csv, Child_ecg/",
    "mimic_iv_ecg": "MIMIC-IV-ECG 1.0: record_list.csv, machine_measurements.csv, files/",
    "mds_ed": "MDS-ED 1.0: mds_ed.csv, memmap.npy, memmap_meta.npz",
    "ludb": "LUDB 1.0.1: ludb.csv, data/",
    "wfdb_folder": "any folder of WFDB recordings with a table of labels",
}
TABLES = {
    "mimic_iv_ecg": "patients.csv or patients.csv.gz of MIMIC-IV's module hosp, for age and sex",
    "wfdb_folder": "table of labels (default: labels.csv in the folder)",
}
COLUMNS = """The table of wfdb_folder has the columns record (path of the header below the folder), patient (the same
text for all recordings of one person) and labels (codes of the profile peace24, separated by ";", or nothing); it may
have uncertain (codes of which nothing is known; * for all not in labels), age_days or age_years, and sex (F, M or
nothing)."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = COLUMNS
    parser.add_argument("--dataset", choices=tuple(DATASETS), required=True,
                        help="; ".join(f"{name}: {what}" for name, what in DATASETS.items()))
    parser.add_argument("--data", type=Path, required=True, help="folder of the data set")
    parser.add_argument("--table", type=Path, help="; ".join(f"{name}: {what}" for name, what in TABLES.items()))
    parser.add_argument("--out", type=Path, required=True, help="folder of the store to write")
    parser.add_argument("--fs", type=int, choices=(100, 500), default=100, dest="fs_hz",
                        help="samples per second of the store (default: %(default)s)")
    parser.add_argument("--windows", choices=("all", "first"), default="all",
                        help="all 10 s windows of a recording, or its first as in PEACE (default: %(default)s)")
    parser.add_argument("--profile", help="labels that splits are balanced over (default: peace24)")
    parser.add_argument("--jobs", type=int, default=1, help="processes that read recordings (default: %(default)s)")


def run(arguments: argparse.Namespace) -> None:
    if arguments.table is not None and arguments.dataset not in TABLES:
        raise UsageError(f"--table goes with {' and '.join(TABLES)} only")
    from peace_model.commands.progress import progress_bar
    from peace_model.datasets.prepare import prepare
    from peace_model.datasets.splits import own_split
    from peace_model.labels import DEFAULT_PROFILE

    store, summary = prepare(
        _source(arguments), arguments.out, fs_hz=float(arguments.fs_hz), windows=arguments.windows,
        profile=arguments.profile or DEFAULT_PROFILE, jobs=arguments.jobs, progress=progress_bar("recordings"))
    print("\n".join(summary.lines()))
    split = own_split(store)
    print(f"{split.name}: {len(split.train)} to learn from, {len(split.choose)} to choose by, {len(split.test)} test")


def _source(arguments: argparse.Namespace) -> "Source":
    from peace_model.datasets import ludb, mds_ed, mimic_iv_ecg, ptbxl, wfdb_folder, zzu_pecg

    match arguments.dataset:
        case "ptbxl":
            return ptbxl.source(arguments.data, fs_hz=arguments.fs_hz)
        case "zzu_pecg":
            return zzu_pecg.source(arguments.data)
        case "mimic_iv_ecg":
            return mimic_iv_ecg.source(arguments.data, patients=arguments.table)
        case "mds_ed":
            return mds_ed.source(arguments.data)
        case "ludb":
            return ludb.source(arguments.data)
        case _:
            return wfdb_folder.source(arguments.data, table=arguments.table)
