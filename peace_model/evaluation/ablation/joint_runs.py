"""The joint embeddings that cells of proxy T begin with, and whether they have collapsed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from peace_model.evaluation.ablation.grid import TRANSFER, Cell, joint_run
from peace_model.evaluation.ablation.result import CellResult
from peace_model.evaluation.collapse import collapse_text, monitors_of


def joint_runs(folder: Path, results: Mapping[Cell, CellResult | None]) -> list[dict[str, Any]]:
    """Each with the arms that were run from it and its monitors, null where its log is gone. folder: of the results."""
    arms: dict[tuple[str, int], list[str]] = {}
    for cell, result in results.items():
        if cell.proxy == TRANSFER and result is not None and (name := joint_run(cell.arm, cell.seed)) is not None:
            begun = arms.setdefault((name, cell.seed), [])
            begun += [] if cell.arm in begun else [cell.arm]
    return [{"run": name, "seed": seed, "arms": begun, "monitors": monitors_of(folder / "models" / name)}
            for (name, seed), begun in arms.items()]


def joint_statements(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """A sentence of each: collapsed, sound, or not known."""
    said = []
    for run in runs:
        head = f"Proxy {TRANSFER}: {run['run']}, the beginning of {', '.join(run['arms'])} of seed {run['seed']}"
        figures = run["monitors"]
        if figures is None:
            said.append(f"{head}: its log is gone, so whether it has collapsed is not known.")
        elif text := collapse_text(figures):
            said.append(f"{head}: {text}. What is compared with these arms is compared with an encoder that a "
                        "collapsed embedding left.")
        else:
            shown = ", ".join(f"{name} {value:.3g}" for name, value in figures.items())
            said.append(f"{head}: no sign of a collapse ({shown}).")
    return said
