"""What a card tells beside the model's own figures, read from the files where it was written down."""

import json
from pathlib import Path
from typing import Any

CONFIGURATIONS = "configurations.json"
CONFIGURATION_FIELDS = {"name", "command", "figure", "seed", "remark"}
TABLE_FIELDS = ("grid", "about", "figure", "bootstrap", "rows", "statements", "comparisons", "not_run")

TEACHERS_FIELDS = ("seeds", "against_control")


class ToldError(Exception):
    """A file that does not hold what it should; str() names it and what is expected."""


def configurations_of(run: Path) -> list[dict[str, Any]] | None:
    """Every configuration that was tried on the way to a run, as configurations.json in its folder lists them.

    figure: macro AUROC over the nine on the choosing part, null for one that failed. None without such a file.
    Raises ToldError.
    """
    path = run / CONFIGURATIONS
    if not path.is_file():
        return None
    listed = _json(path)
    if not isinstance(listed, list) or any(
            not isinstance(entry, dict) or set(entry) != CONFIGURATION_FIELDS
            or not isinstance(entry["figure"], float | int | None) for entry in listed):
        raise ToldError(f"{path.name}: expected a list of objects with {', '.join(sorted(CONFIGURATION_FIELDS))}; "
                        "figure is a number or null")
    return listed


def controls_of(path: Path) -> dict[str, Any]:
    """What a card tells of a grid of controls, from the table.json of peace-model ablate. Raises ToldError."""
    table = _json(path)
    if not isinstance(table, dict) or any(key not in table for key in TABLE_FIELDS):
        raise ToldError(f"{path.name}: not a table of peace-model ablate")
    return {key: table[key] for key in TABLE_FIELDS}


def teachers_of(path: Path) -> dict[str, Any]:
    """Seeds and controls of the runs that a network was distilled from, from the evaluation.json that measured them
    together. Raises ToldError."""
    found = _json(path)
    metrics = found.get("metrics") if isinstance(found, dict) else None
    if not isinstance(metrics, dict) or any(metrics.get(name) is None for name in TEACHERS_FIELDS):
        raise ToldError(f"{path.name}: not of several runs with their controls; measure the teachers together with "
                        "peace-model evaluate --run TEACHER ... --control CONTROL ...")
    return {name: metrics[name] for name in TEACHERS_FIELDS}


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ToldError(f"{path.name}: not JSON") from error
