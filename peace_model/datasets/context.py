"""Clinical context of recordings: what was known of a patient beside the ECG, and which abnormalities were measured.

A context is a folder: context.json (columns, abnormalities, where they come from) and context.npz (values; nothing
pickled). Its rows are recordings by their id; `of_store` puts them in the order of a store's rows. The features of kind
"text" contain what a person concluded, the diagnoses among it: only an arm that calls itself text-supervised reads
them.
"""

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.store import Store
from peace_model.datasets.store_files import replace_file

DESCRIPTION, VALUES = "context.json", "context.npz"
FORMAT = 1
FURTHEST_SD = 8.0
"""A standardised value is cut off here: one misread weight must not outweigh a batch."""
Kind = Literal["clinical", "text"]
Arm = Literal["clinical", "text_supervised"]


class ContextError(Exception):
    """A context that cannot be used; str() says which and what to do."""


@dataclass(frozen=True)
class Feature:
    """One column. name: with its unit where it has one."""

    name: str
    kind: Kind = "clinical"


@dataclass(frozen=True)
class Abnormality:
    """A criterion that a recording meets or not. criterion: in words with its limit; citation: of the limit."""

    code: str
    name: str
    criterion: str
    citation: str


@dataclass(frozen=True, eq=False)
class ContextTable:
    """n recordings. values float32 (n, F), NaN where one is missing. abnormal and known uint8 (n, A): abnormal is 0
    where it is not known, and says nothing there. notes: what a person should know of it, a sentence each."""

    dataset: str
    ids: NDArray[np.str_]
    features: tuple[Feature, ...]
    values: NDArray[np.float32]
    abnormalities: tuple[Abnormality, ...]
    abnormal: NDArray[np.uint8]
    known: NDArray[np.uint8]
    notes: tuple[str, ...] = ()

    def take(self, rows: NDArray[np.int64]) -> "ContextTable":
        """Some recordings; a row of -1 is one of which nothing is known."""
        there = rows >= 0
        values = np.where(there[:, None], self.values[rows], np.nan).astype(np.float32)
        abnormal, known = (np.where(there[:, None], part[rows], 0).astype(np.uint8)
                           for part in (self.abnormal, self.known))
        return replace(self, ids=np.where(there, self.ids[rows], ""), values=values, abnormal=abnormal, known=known)

    def lines(self) -> list[str]:
        """How much of it is filled, for a person to read."""
        filled = (~np.isnan(self.values)).sum(axis=0)
        count = len(self.ids)
        return [
            f"{count} recordings", *(f"{feature.name} ({feature.kind}): filled in {int(number)}"
                                     for feature, number in zip(self.features, filled, strict=True)),
            *(f"{item.code}, {item.criterion}: {int(yes)} of {int(known)} that could be judged"
              for item, yes, known in zip(self.abnormalities, self.abnormal.sum(axis=0), self.known.sum(axis=0),
                                          strict=True)),
            *self.notes]

    def digest(self) -> str:
        """SHA-256 over everything that a training can depend on."""
        hashed = hashlib.sha256(json.dumps(self._description(), sort_keys=True).encode())
        for part in ("\n".join(self.ids).encode(), self.values.tobytes(), self.abnormal.tobytes(),
                     self.known.tobytes()):
            hashed.update(part)
        return hashed.hexdigest()

    def _description(self) -> dict[str, Any]:
        return {"format": FORMAT, "dataset": self.dataset, "features": [asdict(feature) for feature in self.features],
                "abnormalities": [asdict(item) for item in self.abnormalities], "notes": list(self.notes)}

    def write(self, folder: Path) -> None:
        content = io.BytesIO()
        np.savez(content, allow_pickle=False, ids=self.ids, values=self.values, abnormal=self.abnormal,
                 known=self.known)
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / VALUES, content.getvalue())
        replace_file(folder / DESCRIPTION, (json.dumps(self._description(), indent=1) + "\n").encode())


def read_context(folder: Path) -> ContextTable:
    """Raises ContextError for a folder that holds no finished context, another version of it or a damaged one."""
    if not (folder / DESCRIPTION).is_file():
        raise ContextError(f"{folder.name}: no finished context here; make one, or finish it, with peace-model context")
    try:
        told = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        if told["format"] != FORMAT:
            raise ContextError(f"{folder.name}: made by another version; make it again with peace-model context")
        with np.load(folder / VALUES, allow_pickle=False) as kept:
            parts = {name: kept[name] for name in ("ids", "values", "abnormal", "known")}
        table = ContextTable(
            told["dataset"], features=tuple(Feature(**item) for item in told["features"]),
            abnormalities=tuple(Abnormality(**item) for item in told["abnormalities"]), notes=tuple(told["notes"]),
            **parts)
    except (KeyError, TypeError, ValueError, OSError, BadZipFile) as error:
        raise ContextError(f"{folder.name}: damaged; make it again with peace-model context") from error
    shapes = [(len(table.ids), len(table.features))] + 2 * [(len(table.ids), len(table.abnormalities))]
    if [table.values.shape, table.abnormal.shape, table.known.shape] != shapes:
        raise ContextError(f"{folder.name}: its two files do not belong together; make it again with peace-model "
                           "context")
    return table


def of_store(table: ContextTable, store: Store) -> ContextTable:
    """One row a row of the store. Raises ContextError for another data set, or when no recording is in both."""
    if table.dataset != store.dataset:
        raise ContextError(f"the context is of {table.dataset}, the store of {store.dataset}; make the context from "
                           "the data set of the store")
    place = {str(name): row for row, name in enumerate(table.ids)}
    rows = np.array([place.get(str(name), -1) for name in store.ids], np.int64)
    if (rows < 0).all():
        raise ContextError("the context holds no recording of the store; make it from the same data set")
    return table.take(rows)


@dataclass(frozen=True, eq=False)
class StandardContext:
    """Columns as a network takes them: values float32 (n, F), 0 where one is missing, and present float32 (n, F)."""

    names: tuple[str, ...]
    values: NDArray[np.float32]
    present: NDArray[np.float32]


def standard_context(table: ContextTable, rows: Sequence[int] | NDArray[np.int64], arm: Arm) -> StandardContext:
    """Standardised by the rows that are learnt from. Columns that never vary among them are left out.

    Raises ContextError where no column is left.
    """
    wanted = np.array([feature.kind == "clinical" or arm == "text_supervised" for feature in table.features], bool)
    learnt = table.values[np.asarray(rows)].astype(np.float64)
    filled = ~np.isnan(learnt)
    count = filled.sum(axis=0)
    mean = np.where(filled, learnt, 0).sum(axis=0) / np.maximum(count, 1)
    spread = np.sqrt(np.where(filled, (learnt - mean) ** 2, 0).sum(axis=0) / np.maximum(count, 1))
    columns = np.flatnonzero(wanted & (count > 1) & (spread > 0))
    if not len(columns):
        raise ContextError("no column of the context varies among the recordings to learn from")
    values = (table.values[:, columns] - mean[columns]) / spread[columns]
    present = ~np.isnan(values)
    values = np.clip(np.where(present, values, 0), -FURTHEST_SD, FURTHEST_SD)
    return StandardContext(tuple(table.features[column].name for column in columns), values.astype(np.float32),
                           present.astype(np.float32))
