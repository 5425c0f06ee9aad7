"""The figures of a bundle's graph, run as the application runs it: what a card says is of the file that is shipped."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.splits import Split
from peace_model.datasets.store import Store, open_store
from peace_model.datasets.store_files import replace_file
from peace_model.evaluation.external import external_report, judge_ludb
from peace_model.evaluation.model_card import card_text
from peace_model.evaluation.report import evaluate, fixed_figures, nan_to_null
from peace_model.evaluation.scoring import Tell, counted, judge
from peace_model.inference.bundle import load_bundle
from peace_model.inference.predictor import Predictor

KEPT = ("configurations", "seeds", "against_control", "teachers", "controls")
"""Figures that the graph alone cannot give; a bundle keeps those it was exported with."""
LUDB_PROXY = "proxy_e_ludb"
"""Of the graph, but of other recordings: kept while the graph is the same."""


class ShippedError(Exception):
    """A bundle that cannot be measured on these recordings; str() says why."""


@dataclass(frozen=True, eq=False)
class Shipped:
    """A bundle ready to be measured. described: its bundle.json."""

    folder: Path
    predictor: Predictor
    described: dict[str, Any]

    @classmethod
    def load(cls, folder: Path, *, threads: int) -> "Shipped":
        """Raises BundleError."""
        predictor = Predictor(load_bundle(folder), "cpu", threads=threads)
        return cls(folder, predictor, json.loads((folder / "bundle.json").read_text(encoding="utf-8")))

    @property
    def calibration(self) -> Mapping[str, Mapping[str, Any]]:
        fields: Mapping[str, Mapping[str, Any]] = self.described["calibration"]
        return fields

    @property
    def made_of(self) -> Mapping[str, Any]:
        """What the bundle says of the run it was made of, and of the recordings of one's own that it has seen."""
        return {**self.described["run"], "seen": self.described["training"].get("seen", ())}

    def whole_store(self, folder: Path) -> Store:
        """A store with all labels of the bundle's profile, by which rows are drawn. Raises StoreError."""
        return open_store(folder, self.described["training"]["profile"])

    def open_store(self, folder: Path) -> Store:
        """A store with the bundle's labels and signal path. Raises StoreError, ShippedError."""
        bundle = self.predictor.bundle
        store = self.whole_store(folder).with_spec(bundle.pipeline)
        labels = tuple(label.code for label in bundle.labels)
        if labels != tuple(code for code in store.labels if code in labels):
            raise ShippedError(f"{bundle.name}: its labels are not those of the profile {store.profile} today")
        return store.only(labels)

    def measure(
        self, store: Store, split: Split, *, seed: int, replicates: int, tell: Tell = lambda _done, _total: None
    ) -> dict[str, Any]:
        """The choosing part under a calibration cross-fitted on it, the test part under the bundle's own.

        Where there is none to choose by, the test part alone: "held_out".
        """
        if not len(split.choose) and len(split.test):
            return self._held_out(store, split.test, f"test part of the split {split.name}", seed=seed,
                                  replicates=replicates, tell=tell)
        found = evaluate(self.predictor.logits, store, split, seed=seed, replicates=replicates,
                         calibration=self.calibration, tell=tell)
        kept = {name: self.described["metrics"][name] for name in KEPT if name in self.described["metrics"]}
        if self.described["metrics"].get("graph_sha256") == self.predictor.bundle.sha256:
            kept |= {name: value for name, value in self.described["metrics"].items() if name == LUDB_PROXY}
        return {**kept, **found.metrics, "graph_sha256": self.predictor.bundle.sha256}

    def measure_fold(
        self, store: Store, fold: int, *, seed: int, replicates: int, tell: Tell = lambda _done, _total: None
    ) -> dict[str, Any]:
        """"held_out": every recording of a fold, with everything that was chosen being fixed. Raises ShippedError."""
        rows = np.flatnonzero(store.folds == fold)
        if len(rows) == 0:
            raise ShippedError(f"{store.folder.name}: no recording of fold {fold}")
        return self._held_out(store, rows, f"every recording of fold {fold}", seed=seed, replicates=replicates,
                              tell=tell)

    def _held_out(
        self, store: Store, rows: NDArray[np.int64], what: str, *, seed: int, replicates: int, tell: Tell
    ) -> dict[str, Any]:
        judged = judge(counted(self.predictor.logits, len(rows), tell), store, rows)
        return {"seed": seed, "replicates": replicates, "graph_sha256": self.predictor.bundle.sha256,
                "held_out": nan_to_null(fixed_figures(
                    store, judged, self.calibration, what=what, seed=seed, replicates=replicates))}

    def measure_ludb(self, folder: Path, *, seed: int, replicates: int) -> dict[str, Any]:
        """Proxy E."""
        bundle = self.predictor.bundle
        judged = judge_ludb(
            self.predictor.logits, bundle.pipeline, folder, profile=self.described["training"]["profile"],
            labels=[label.code for label in bundle.labels])
        found: dict[str, Any] = nan_to_null(external_report(
            judged, self.calibration, seed=seed, replicates=replicates))
        return found

    def record(self, metrics: Mapping[str, Any]) -> None:
        """Put figures into bundle.json and card.md."""
        described = {**self.described, "metrics": dict(metrics)}
        card = card_text(described)
        text = json.dumps(described, indent=1, allow_nan=False) + "\n"
        replace_file(self.folder / "bundle.json", text.encode("utf-8"))
        replace_file(self.folder / "card.md", card.encode("utf-8"))
