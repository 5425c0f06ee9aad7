"""peace-model context: the clinical context of a data set -> a folder that peace-model train reads beside a store."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peace_model.datasets.context import ContextTable

ABOUT = "Put together what was known of each recording's patient; run it again to go on where it was stopped."
DATASETS = {
    "ptbxl": "PTB-XL 1.0.3: age, sex, height and weight of its table, measurements of its recordings, and, for an arm "
             "of its own, reports and stated axis",
    "zzu_pecg": "ZZU-pECG: age and sex of its table, measurements of its recordings and rules at the limits of the age",
    "mds_ed": "MDS-ED 1.0: mds_ed.csv; laboratory abnormalities with --labs",
    "mimic_iv_ecg": "MIMIC-IV-ECG 1.0: the machine's measurements; laboratory abnormalities with --labs",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dataset", choices=tuple(DATASETS), required=True,
                        help="; ".join(f"{name}: {what}" for name, what in DATASETS.items()))
    parser.add_argument("--data", type=Path, required=True, help="folder of the data set")
    parser.add_argument("--labs", type=Path, metavar="FOLDER",
                        help="mds_ed, mimic_iv_ecg: MIMIC-IV's module hosp, with labevents and d_labitems (.csv or "
                             ".csv.gz)")
    parser.add_argument("--out", type=Path, required=True, help="folder of the context to write")
    parser.add_argument("--jobs", type=int, default=1,
                        help="ptbxl, zzu_pecg: processes that measure (default: %(default)s)")
    parser.add_argument("--most", type=int, metavar="N", help="ptbxl, zzu_pecg: measure N more at the most, then stop")


def run(arguments: argparse.Namespace) -> None:
    from peace_model.commands import UsageError

    measuring = ("ptbxl", "zzu_pecg")
    if arguments.dataset in measuring and arguments.labs is not None:
        raise UsageError("--labs goes with mds_ed and mimic_iv_ecg")
    if arguments.dataset not in measuring and (arguments.most is not None or arguments.jobs != 1):
        raise UsageError(f"--jobs and --most go with {' and '.join(measuring)}, whose recordings are measured")
    if arguments.jobs < 1 or (arguments.most is not None and arguments.most < 0):
        raise UsageError("--jobs is at least 1, --most at least 0")
    table = _table(arguments)
    table.write(arguments.out)
    print("\n".join(table.lines()))


def _table(arguments: argparse.Namespace) -> "ContextTable":
    from peace_model.commands.progress import progress_bar
    from peace_model.datasets import mds_ed, mimic_context, ptbxl_context, zzu_context

    match arguments.dataset:
        case "ptbxl":
            return ptbxl_context.context(arguments.data, arguments.out, jobs=arguments.jobs, most=arguments.most,
                                         progress=progress_bar("recordings"))
        case "zzu_pecg":
            return zzu_context.context(arguments.data, arguments.out, jobs=arguments.jobs, most=arguments.most,
                                       progress=progress_bar("recordings"))
        case "mds_ed":
            return mds_ed.context(arguments.data, labs=arguments.labs)
        case _:
            return mimic_context.context(arguments.data, labs=arguments.labs)
