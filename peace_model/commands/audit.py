"""peace-model audit: a store -> what is in it."""

import argparse
from pathlib import Path
from typing import Any

ABOUT = "Count what a store holds: labels, groups, ages, sex, leads, flags, what is unknown, repeated or out of place."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", type=Path, required=True, help="folder that peace-model prepare wrote")
    parser.add_argument("--profile", help="label profile (default: peace24)")
    parser.add_argument("--seed", type=int, help="judge the grouped split of this seed, not the store's own split")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def run(arguments: argparse.Namespace) -> None:
    import json

    from peace_model.datasets.audit import audit
    from peace_model.datasets.splits import grouped_split, own_split
    from peace_model.datasets.store import open_store
    from peace_model.labels import DEFAULT_PROFILE

    store = open_store(arguments.store, arguments.profile or DEFAULT_PROFILE)
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
