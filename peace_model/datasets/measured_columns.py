"""Measurements and rule results of recordings as columns for a network that reads them beside the signal."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.context import ContextError
from peace_model.datasets.measured_log import read_measured
from peace_model.datasets.store import Store

RULE = "rule_"
_PARTS = {"_cos": math.cos, "_sin": math.sin}


def with_measured(store: Store, folder: Path, columns: Iterable[str], rows: NDArray[np.int64] | None = None) -> Store:
    """The store with these columns, from what `peace-model context` measured into the folder.

    A recording that could not be read has every column missing. Raises ContextError when one of the rows (of the store;
    None: all of them) has not been measured yet, or not by one of the rules: what is not measured is not missing.
    """
    names = tuple(columns)
    entries = read_measured(folder, rules=[name.removeprefix(RULE) for name in names if name.startswith(RULE)])
    asked = np.arange(len(store)) if rows is None else rows
    waiting = sum(str(name) not in entries for name in np.unique(store.ids[asked]))
    if waiting:
        raise ContextError(f"{folder.name}: {waiting} of the recordings that are read are not measured yet; run "
                           "peace-model context again, to its end")
    found = {name: row_of(entry, names) for name, entry in entries.items()}
    nothing = np.full(len(names), np.nan, np.float32)
    return replace(store, measured=np.stack([found.get(str(name), nothing) for name in store.ids]))


def row_of(entry: Mapping[str, Any], columns: Iterable[str]) -> NDArray[np.float32]:
    """One recording's columns (F,): numbers as measured, rule results as 1 and 0, NaN for what is missing."""
    values, rules = entry.get("values", {}), entry.get("rules", {})
    return np.array([_number(column, values, rules) for column in columns], np.float32)


def _number(column: str, values: Mapping[str, float], rules: Mapping[str, int | None]) -> float:
    if column.startswith(RULE):
        judged = rules.get(column.removeprefix(RULE))
        return math.nan if judged is None else float(judged)
    if (part := _PARTS.get(column[-4:])) is not None:
        degrees = values.get(column[:-4], math.nan)
        return part(math.radians(degrees))
    return values.get(column, math.nan)
