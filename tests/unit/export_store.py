"""A store of 10 s windows with two kinds of beats, and a network that has learnt to tell them; nothing is an ECG.

NORM has narrow spikes; CRBBB, every second recording, wide ones. No other label occurs.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import onnx
import torch
from evaluation_store import evaluation_store, spec_of
from numpy.typing import NDArray
from torch.nn import functional

from peace_model.datasets.context import Abnormality, ContextTable, Feature
from peace_model.datasets.splits import Split, ptbxl_split
from peace_model.datasets.store import Store
from peace_model.export.onnx import onnx_model
from peace_model.labels import load_profile
from peace_model.networks.building import fresh_peace
from peace_model.networks.inference_graph import InferenceGraph
from peace_model.networks.label_query_network import LqnConfig
from peace_model.networks.peace import Peace, PeaceConfig
from peace_model.networks.release import released

SAMPLES = 1000
PROFILE = load_profile("peace24")
SMALL = PeaceConfig(encoder="resnet1d_small_pyramid", align_width=16, age=True,
                    lqn=LqnConfig(width=32, layers=2, heads=2, feed_forward=64))
"""What the shipped network has: Conv2d stages, 24 labels, two layers of label queries that depend on the age."""
_STEPS, _BATCH = 60, 8


@dataclass(frozen=True, eq=False)
class Learnt:
    """A trained network in its released form, what it learnt from, and its graph before it is written."""

    store: Store
    split: Split
    model: Peace
    graph: InferenceGraph
    exported: onnx.ModelProto

    def copy(self) -> onnx.ModelProto:
        return onnx.ModelProto.FromString(self.exported.SerializeToString())


@cache
def learnt() -> Learnt:
    """Made once: exporting takes many seconds whatever the size of the network."""
    torch.set_num_threads(1)  # a second thread only waits for the first
    store = two_kinds()
    split = ptbxl_split(store)
    model = _trained(store, split)
    graph = InferenceGraph(model).eval()
    return Learnt(store, split, model, graph, onnx_model(graph, SAMPLES))


def widths(store: Store, *more: NDArray[np.uint8]) -> ContextTable:
    """A context with the abnormalities "wide" and "narrow", and as many others as columns are given."""
    wide = store.targets[:, store.labels.index("CRBBB")]
    abnormal = np.stack([wide, 1 - wide, *more], axis=1).astype(np.uint8)
    codes = ("wide", "narrow", *(f"other{place}" for place, _ in enumerate(more)))
    return ContextTable(
        "ptbxl", store.ids, (Feature("nothing"),), np.zeros((len(store), 1), np.float32),
        tuple(Abnormality(code, f"{code} named", f"{code} over 1", "a source") for code in codes), abnormal,
        np.ones_like(abnormal))


def two_kinds(count: int = 288) -> Store:
    """Folds 1-9 in turn, adults only."""
    rng = np.random.default_rng(5)
    time_s = np.arange(SAMPLES) / 100
    wide = np.arange(count) // 9 % 2 == 0
    phase = (time_s * rng.uniform(0.9, 1.3, (count, 1)) + rng.uniform(size=(count, 1))) % 1 - 0.5
    spike = np.exp(-0.5 * (phase / np.where(wide, 0.06, 0.02)[:, None]) ** 2)
    signal = 2 * spike[:, None, :] * np.linspace(-1, 1.5, 12)[:, None] + rng.normal(0, 0.2, (count, 12, SAMPLES))
    targets = np.zeros((count, len(PROFILE.codes)), np.uint8)
    targets[~wide, PROFILE.codes.index("NORM")] = 1
    targets[wide, PROFILE.codes.index("CRBBB")] = 1
    return evaluation_store(
        count, children=0, spec=spec_of(SAMPLES), profile=PROFILE.name, labels=PROFILE.codes, targets=targets,
        known=np.ones_like(targets), strata=targets, valid_samples=np.full(count, SAMPLES),
        _digits=np.rint(signal * 1000).astype(np.int16))


def _trained(store: Store, split: Split) -> Peace:
    model = fresh_peace(SMALL, store.labels, seed=3)
    optimiser = torch.optim.Adam(model.parameters(), 3e-3)
    rng = np.random.default_rng(0)
    for _step in range(_STEPS):
        rows = rng.choice(split.train, _BATCH, replace=False)
        logits, _ = model(
            torch.from_numpy(store.windows(rows)), torch.from_numpy(store.lead_mask[rows]),
            torch.from_numpy(store.valid_samples[rows]), torch.from_numpy(store.age_days[rows]))
        loss = functional.binary_cross_entropy_with_logits(logits, torch.from_numpy(store.targets[rows]).float())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.with_abnormalities(2, seed=4)
    return released(model)
