"""peace-model audit: a data set as it was published, or a store -> what is in it."""

import argparse
from pathlib import Path
from typing import Any

from peace_model.commands import UsageError

ABOUT = "Count what a data set or a store holds: ages, leads, codes, quality, what is malformed, repeated or leaks."
USUAL_PAGE = "audit.html"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR",
                        help="PTB-XL or ZZU-pECG in the published layout, or a folder that peace-model prepare wrote")
    parser.add_argument("--out", type=Path, metavar="FILE",
                        help=f"of a data set: the page to write, which fetches nothing (default: {USUAL_PAGE} here)")
    parser.add_argument("--profile", help="label profile (default: peace24)")
    parser.add_argument("--jobs", type=int, default=1,
                        help="of a data set: processes that read recordings (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="of a store: judge the grouped split of this seed, not its own split")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def run(arguments: argparse.Namespace) -> None:
    from peace_model.datasets.store_files import DESCRIPTION

    if (arguments.folder / DESCRIPTION).is_file():
        if arguments.out is not None or arguments.jobs != 1:
            raise UsageError("--out and --jobs go with a data set's folder; this one holds a store")
        _store(arguments)
    elif arguments.seed is not None:
        raise UsageError("--seed goes with a store")
    else:
        _folder(arguments)


def _folder(arguments: argparse.Namespace) -> None:
    import json

    from peace_model.commands.progress import progress_bar
    from peace_model.datasets.audit_folder import audit_folder
    from peace_model.datasets.audit_page import audit_page
    from peace_model.labels import DEFAULT_PROFILE

    found = audit_folder(arguments.folder, arguments.profile or DEFAULT_PROFILE, jobs=arguments.jobs,
                         progress=progress_bar("recordings"))
    page = arguments.out or Path(USUAL_PAGE)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(audit_page(found), encoding="utf-8")
    if arguments.json:
        print(json.dumps(found, indent=1))
        return
    counts = {name: count for name, count in found["counts"].items() if isinstance(count, int)}
    told = {**counts, "malformed places": found["problems"]["total"],
            "groups of equal signals": found["duplicates"]["groups"],
            **{name: count for name, count in found["leakage"].items() if isinstance(count, int)}}
    width = max(map(len, told))
    print("\n".join(f"{name:<{width}}{count:>10}" for name, count in told.items()))
    for kind in found["problems"]["kinds"]:
        print(f"{kind['file']}, {kind['field']}: {kind['text']} ({kind['count']})")
    print(f"written to {page}")


def _store(arguments: argparse.Namespace) -> None:
    import json

    from peace_model.datasets.audit import audit
    from peace_model.datasets.splits import grouped_split, own_split
    from peace_model.datasets.store import open_store
    from peace_model.labels import DEFAULT_PROFILE

    store = open_store(arguments.folder, arguments.profile or DEFAULT_PROFILE)
    split = own_split(store) if arguments.seed is None else grouped_split(store, arguments.seed)
    found = audit(store, split)
    print(json.dumps(found, indent=1) if arguments.json else "\n".join(_lines(found)))


def _lines(found: dict[str, Any]) -> list[str]:
    parts = list(found["recordings"])
    lines = [f"{found['dataset']} at {found['fs_hz']:g} Hz, profile {found['profile']}, split: {found['split']}",
             f"{found['windows']} windows", "", _row("", parts)]
    lines += [_row(name, [str(found[name][part]) for part in parts]) for name in ("recordings", "patients")]
    lines += ["", "recordings with the label (+ those where it is open)"]
    lines += [_row(label, [_count(counts[part]) for part in parts]) for label, counts in found["labels"].items()]
    lines += ["", "recordings with a label of the group"]
    lines += [_row(group, [str(counts[part]) for part in parts]) for group, counts in found["groups"].items()]
    for name, title in (("age_bands", "age"), ("sex", "sex"), ("leads", "leads that carry an ECG"),
                        ("seconds", "length of a recording, s"), ("flags", "flags"),
                        ("patients_in_several_parts", "patients in two parts")):
        lines += ["", title, *(_row(key, [f"{value:g}"]) for key, value in found[name].items())]
    repeated = found["repeated_signals"]
    lines += ["", "recordings that repeat another's signals, digit for digit",
              _row("groups", [str(repeated["groups"])]), _row("across patients", [str(repeated["across_patients"])])]
    return [*lines, *(f"  {', '.join(ids)}" for ids in repeated["examples"])]


def _row(name: str, cells: list[str]) -> str:
    return f"{name:<26}" + "".join(f"{cell:>14}" for cell in cells)


def _count(counts: dict[str, int]) -> str:
    return f"{counts['present']}" + (f" (+{counts['open']})" if counts["open"] else "")
