"""What a run says of itself: log.jsonl (steps and epochs), log.csv (epochs), and a moment for the live display."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peace_model.training.checkpoint import write_durably

JSONL, CSV = "log.jsonl", "log.csv"


@dataclass(frozen=True)
class Moment:
    """Where a run stands after a step. losses: of this step, unweighted; best: the best figure so far, if any."""

    step: int
    steps: int
    epoch: int
    epochs: int
    losses: Mapping[str, float]
    gate: float
    best: float | None
    samples_per_s: float
    remaining_s: float


def append(folder: Path, entry: Mapping[str, Any]) -> None:
    with (folder / JSONL).open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")


def cut_after(folder: Path, step: int) -> None:
    """Forget what was logged behind a checkpoint: those steps are taken again. A half-written last line goes too."""
    path = folder / JSONL
    if not path.is_file():
        return
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if _step(line) <= step]
    write_durably(path, "".join(line + "\n" for line in kept))


def write_table(folder: Path, epochs: list[dict[str, Any]], labels: tuple[str, ...]) -> None:
    """log.csv from the state's epochs: one row an epoch, mean losses, the figure and every label's AUROC."""
    losses = sorted({name for entry in epochs for name in entry["losses"]})
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["epoch", "step", *losses, "gate", "macro_auroc", *labels])
    for entry in epochs:
        writer.writerow([entry["epoch"], entry["step"], *(entry["losses"].get(name, "") for name in losses),
                         entry["gate"], "" if entry["macro_auroc"] is None else entry["macro_auroc"],
                         *(entry["auroc"].get(label, "") for label in labels)])
    write_durably(folder / CSV, text.getvalue())


def _step(line: str) -> float:
    try:
        return json.loads(line)["step"]
    except (json.JSONDecodeError, KeyError):
        return float("inf")
