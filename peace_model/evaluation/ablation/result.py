"""What one cell found, on disk: one JSON file a cell, written whole or not at all.

The scores themselves are kept, so that every comparison can be made anew from the files, on shared draws of patients.
"""

import base64
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.evaluation.ablation.grid import Cell, Grid
from peace_model.evaluation.scored import Scored

FORMAT = 1


class ResultError(Exception):
    """A result that cannot be used; str() says which file and what to do."""


@dataclass(frozen=True, eq=False)
class CellResult:
    """scored: of the cell's test set. In proxy C its columns are ways of asking for the one held-out label, whose
    truth they share; in proxy G it is the unedited recordings. facts: figures that are not scores.
    """

    cell: Cell
    scored: Scored
    facts: dict[str, Any]


def path_of(folder: Path, cell: Cell) -> Path:
    return folder / "cells" / f"{cell.name}.json"


def write_result(folder: Path, grid: Grid, result: CellResult, *, data_sha256: str) -> None:
    """Patients are written as numbers 0, 1, ..., which tell who is the same one and nothing else.

    data_sha256: of what the cell was run on (`digests.store_sha256`).
    """
    path, scored = path_of(folder, result.cell), result.scored
    path.parent.mkdir(parents=True, exist_ok=True)
    clusters = np.unique(scored.patients, return_inverse=True)[1]
    content = {
        "format": FORMAT, "grid": grid.name, "fingerprint": grid.fingerprint(result.cell.proxy),
        "data_sha256": data_sha256, "cell": asdict(result.cell),
        "columns": list(scored.labels), "recordings": len(scored), "logits_float32": packed(scored.logits, "<f4"),
        "targets_uint8": packed(scored.targets, "u1"), "known_uint8": packed(scored.known, "u1"),
        "patients_int32": packed(clusters, "<i4"), "rows_int64": packed(scored.rows, "<i8"), "facts": result.facts}
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(content, file, allow_nan=False)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read_result(folder: Path, grid: Grid, cell: Cell, *, data_sha256: str | None = None) -> CellResult | None:
    """None when the cell has not been run. data_sha256: of what further cells are run on, None to read only.

    Raises ResultError for a file of another grid or of other data, or a damaged one.
    """
    path = path_of(folder, cell)
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT or content["fingerprint"] != grid.fingerprint(cell.proxy):
            raise ResultError(f"{path.name}: run with other settings than this grid's; use a new folder")
        if data_sha256 not in (None, content.get("data_sha256")):
            raise ResultError(f"{path.name}: run on other data than this store and context, or before cells noted "
                              "theirs; name what it was run on, or use a new folder")
        count, columns = content["recordings"], tuple(content["columns"])
        shape = (count, len(columns))
        return CellResult(Cell(**content["cell"]), Scored(
            labels=columns, logits=unpacked(content["logits_float32"], "<f4", shape),
            targets=unpacked(content["targets_uint8"], "u1", shape),
            known=unpacked(content["known_uint8"], "u1", shape).astype(bool),
            patients=unpacked(content["patients_int32"], "<i4", (count,)).astype(str),
            rows=unpacked(content["rows_int64"], "<i8", (count,))), content["facts"])
    except (KeyError, TypeError, ValueError) as error:
        raise ResultError(f"{path.name}: damaged; delete it and run the grid again with --resume") from error


def packed(values: NDArray[Any], kind: str) -> str:
    """An array as text, for a file of JSON; `unpacked` reads it. kind: of its numbers, as numpy writes it."""
    return base64.b64encode(np.ascontiguousarray(values, dtype=kind).tobytes()).decode("ascii")


def unpacked(text: str, kind: str, shape: tuple[int, ...]) -> Any:
    return np.frombuffer(base64.b64decode(text, validate=True), kind).reshape(shape)
