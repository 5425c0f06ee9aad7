"""What a training or a grid was given, as one SHA-256: by it a run that goes on knows whether it is the same still.

Names, targets and what is known of them are told apart, signals are not: those of one store never change, and a store
made anew of other files has another folder (`prepare`).
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.store import Store


def rows_sha256(store: Store, *, train: NDArray[np.int64], choose: NDArray[np.int64]) -> str:
    """Of what a run learns: ids, targets and known of the rows to learn from, ids of those to choose by."""
    return _sha256(_names(store, train), store.targets[train], store.known[train], _names(store, choose))


def store_sha256(store: Store, *beside: str) -> str:
    """Of everything that a grid's cells may draw from: ids, targets and known of every row. beside: digests of what
    is read besides, as of a clinical context."""
    every = np.arange(len(store.recordings))
    return _sha256(_names(store, every), store.targets, store.known, *(digest.encode() for digest in beside))


def ids_sha256(store: Store, *parts: NDArray[np.int64]) -> str:
    """Of which recordings stand in each of these parts of the store."""
    return _sha256(*(_names(store, rows) for rows in parts))


def measured_sha256(store: Store, entries: Mapping[str, Mapping[str, Any]]) -> str:
    """Of what was measured of the store's recordings, as `measured_log.read_measured` gives it."""
    told = [entries.get(str(name)) for name in np.unique(store.ids)]
    return _sha256(json.dumps(told, sort_keys=True).encode())


def _names(store: Store, rows: NDArray[np.int64]) -> bytes:
    return json.dumps([str(name) for name in store.ids[rows]]).encode()


def _sha256(*parts: bytes | NDArray[np.uint8]) -> str:
    """Each part is preceded by its length, so that none runs into the next."""
    hashed = hashlib.sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else np.ascontiguousarray(part, np.uint8).tobytes()
        hashed.update(len(content).to_bytes(8, "little"))
        hashed.update(content)
    return hashed.hexdigest()
