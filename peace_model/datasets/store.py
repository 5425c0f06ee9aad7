"""Prepared recordings on disk: the signal path is run once, training maps the result into memory.

A store keeps windows in millivolts and the statements of its data set as they are; targets are computed when it is
opened, so that one store serves every profile, and so is the standardisation, so that a network trained elsewhere reads
it with its own figures. Nothing in it is pickled. Files: store_files.py; how one is made: prepare.py.
"""

import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.store_files import (
    DESCRIPTION,
    NOT_RECORDED,
    RECORDINGS,
    SIGNAL,
    StoreError,
    read_figures,
)
from peace_model.datasets.targets import StatementTable, targets_of
from peace_model.ecg.signal.pipeline import PipelineSpec
from peace_model.labels import DEFAULT_PROFILE, load_code_map, load_profile

__all__ = ["STORE_VERSION", "Store", "StoreError", "assemble", "open_store", "read_description"]

STORE_VERSION = 2
_FIGURES_OF_TRAINING = {"mean_mv", "std_mv", "amplitude_scale"}


@dataclass(frozen=True, eq=False)
class Store:
    """An opened store, one row a window of at most spec.window_s; n rows, C labels of the profile, S statements.

    lead_mask float32 (n, 12), 1 where a lead carries an ECG. targets uint8 (n, C). known uint8 (n, C): 0 where the
    data set leaves the label open; the target is 0 then and says nothing. statements uint8 (n, S): the statements of
    the data set that are frequent enough to learn from, named in statement_codes. valid_samples int64 (n,): before the
    padding. age_days float32 (n,), NaN unknown. sex (n,): "F", "M" or "". patients, ids (n,): text. folds int64 (n,):
    -1 where no published split exists. recordings int64 (n,): windows of one recording share the number.
    flags: of each row, the codes of row_flags.py and of its data set. strata uint8 (n, K): targets of the profile the
    store was prepared with; splits are balanced over them, so that they are the same whatever profile it is opened
    with. swing_mv float32 (n, 12): 99.5th minus 0.5th percentile of each lead.
    measured float32 (n, F): what a network reads beside the signal (`measured_columns`), NaN where one is missing; no
    file of the store holds it.
    """

    folder: Path
    dataset: str
    spec: PipelineSpec
    profile: str
    labels: tuple[str, ...]
    lead_mask: NDArray[np.float32]
    targets: NDArray[np.uint8]
    known: NDArray[np.uint8]
    statement_codes: tuple[str, ...]
    statements: NDArray[np.uint8]
    valid_samples: NDArray[np.int64]
    age_days: NDArray[np.float32]
    sex: NDArray[np.str_]
    patients: NDArray[np.str_]
    folds: NDArray[np.int64]
    recordings: NDArray[np.int64]
    flags: tuple[tuple[str, ...], ...]
    ids: NDArray[np.str_]
    strata: NDArray[np.uint8]
    swing_mv: NDArray[np.float32]
    _digits: NDArray[np.int16]
    _scale_mv: NDArray[np.float32]
    measured: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.recordings)

    def windows(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Standardised signals float32 (len(rows), 12, N), zeros where nothing was recorded: what the graph takes."""
        spec = self.spec
        factor = self._scale_mv[rows] * np.asarray(spec.amplitude_scale, np.float32) / np.asarray(
            spec.std_mv, np.float32)
        shift = np.asarray(spec.mean_mv, np.float32) / np.asarray(spec.std_mv, np.float32)
        digits = self._digits[rows]
        signal = digits.astype(np.float32)
        signal *= factor[:, :, None]
        signal -= shift[:, None]
        signal[digits == NOT_RECORDED] = 0.0
        return signal

    def flagged(self, code: str) -> NDArray[np.bool_]:
        """Which rows carry a flag, bool (n,)."""
        return np.fromiter((code in codes for codes in self.flags), bool, len(self))

    def only(self, labels: Sequence[str]) -> "Store":
        """The same recordings with some of their labels, in this order. Raises ValueError for one that is none."""
        kept = [self.labels.index(code) for code in labels]
        return replace(self, labels=tuple(labels), targets=self.targets[:, kept], known=self.known[:, kept])

    def with_spec(self, spec: PipelineSpec) -> "Store":
        """The same recordings standardised and calibrated with the figures of another training set.

        Raises StoreError when the two signal paths differ in anything else (rate, window, filters).
        """
        ours, theirs = asdict(self.spec), asdict(spec)
        odd = [name for name in ours if name not in _FIGURES_OF_TRAINING and ours[name] != theirs[name]]
        if odd:
            raise StoreError(f"{self.folder.name}: prepared with another signal path ({', '.join(odd)}); "
                             "prepare it again as the network needs it")
        return replace(self, spec=spec)


def open_store(folder: Path, profile: str = DEFAULT_PROFILE) -> Store:
    """Map a store into memory, with targets of the profile.

    Raises StoreError when it is missing, unfinished or of another version, LabelError for a profile that its data set
    has no map for.
    """
    description = read_description(folder)
    try:
        return assemble(folder, description, profile)
    except (KeyError, ValueError, OSError, BadZipFile) as error:
        raise StoreError(f"{folder.name}: a file is damaged, missing or of another version; "
                         "make it again with peace-model prepare") from error


def read_description(folder: Path) -> dict[str, Any]:
    """store.json. Raises StoreError when it is missing or of another version."""
    path = folder / DESCRIPTION
    if not path.is_file():
        raise StoreError(f"{folder.name}: no finished store here; make one, or finish it, with peace-model prepare")
    try:
        description: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise StoreError(f"{folder.name}: {DESCRIPTION} is damaged; make it again with peace-model prepare") from error
    if description.get("store_version") != STORE_VERSION:
        raise StoreError(f"{folder.name}: made by another version; make it again with peace-model prepare")
    return description


def assemble(folder: Path, description: Mapping[str, Any], profile: str) -> Store:
    """The store of a folder and what store.json says, or will say, of it. Raises StoreError."""
    with np.load(io.BytesIO((folder / RECORDINGS).read_bytes()), allow_pickle=False) as kept:
        facts = {name: kept[name] for name in kept.files}
    figures = read_figures(folder)
    recordings = np.repeat(np.arange(len(facts["windows"])), facts["windows"])
    spec = PipelineSpec.from_dict(description["pipeline"])
    shape = (len(recordings), 12, spec.window_samples)
    if len(figures["valid_samples"]) != shape[0] or (folder / SIGNAL).stat().st_size != 2 * math.prod(shape):
        raise StoreError(f"{folder.name}: incomplete; make it again with peace-model prepare")
    table = StatementTable(tuple(description["statements"]), facts["statement_recording"], facts["statement"],
                           len(facts["windows"]))
    wanted = load_profile(profile)
    code_map = load_code_map(description["dataset"], wanted)
    targets, known = targets_of(code_map, table)
    strata, _ = targets_of(load_code_map(description["dataset"], load_profile(description["profile"])), table)
    codes, statements = table.frequent(code_map.plain)
    flags = [tuple(code for code, there in zip(description["flags"], row, strict=True) if there)
             for row in facts["flags"]]
    return Store(
        folder=folder, dataset=description["dataset"], spec=spec, profile=wanted.name, labels=wanted.codes,
        lead_mask=figures["lead_mask"], targets=targets[recordings], known=known[recordings],
        statement_codes=codes, statements=statements[recordings],
        valid_samples=figures["valid_samples"].astype(np.int64), age_days=facts["age_days"][recordings],
        sex=facts["sex"][recordings], patients=facts["patients"][recordings], folds=facts["folds"][recordings],
        recordings=recordings, flags=tuple(flags[recording] for recording in recordings),
        ids=facts["ids"][recordings], strata=strata[recordings], swing_mv=figures["swing_mv"],
        _digits=np.memmap(folder / SIGNAL, "<i2", "r", shape=shape), _scale_mv=figures["scale_mv"])
