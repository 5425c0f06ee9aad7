"""Whether an 8-bit graph may be shipped: it stands beside the float graph on the choosing part.

Activations are calibrated on recordings of the training part, never on those the gate looks at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from peace_model.datasets.splits import Split
from peace_model.datasets.store import Store
from peace_model.evaluation.metrics import auroc, macro
from peace_model.evaluation.scoring import Answer, judge
from peace_model.export.onnx import INPUTS, OUTPUTS, write_model
from peace_model.export.quantise import feeds_of, quantise
from peace_model.inference.one_output import only_output

MOST_AUROC_LOST = 0.002
MOST_FLIPPED = 0.02
CALIBRATION_WINDOWS = 256


class QuantisationRefused(Exception):
    """The 8-bit graph changes too much to be shipped; str() gives both figures."""


@dataclass(frozen=True)
class Gate:
    """auroc_lost: of the macro AUROC, below 0 where the 8-bit graph is better. flipped: decisions that differ, either
    way, as a share of the positive decisions of the float graph.
    """

    recordings: int
    auroc_float: float
    auroc_int8: float
    auroc_lost: float
    flipped: float

    @property
    def passed(self) -> bool:
        return self.auroc_lost <= MOST_AUROC_LOST and self.flipped <= MOST_FLIPPED

    @property
    def text(self) -> str:
        return (f"macro AUROC {self.auroc_float:.4f} in float, {self.auroc_int8:.4f} in 8 bits: {self.auroc_lost:+.4f} "
                f"lost (at most {MOST_AUROC_LOST:g}); {100 * self.flipped:.1f} % of positive decisions flip (at most "
                f"{100 * MOST_FLIPPED:g} %); {self.recordings} recordings")


def put_int8(
    exported: onnx.ModelProto, path: Path, store: Store, split: Split,
    calibration: Mapping[str, Mapping[str, Any]], *, seed: int,
) -> Gate:
    """Write the 8-bit form of a graph in the place of its float file, and compare both on the choosing part."""
    drawn = np.sort(np.random.default_rng(seed).permutation(split.train)[:CALIBRATION_WINDOWS])
    small = quantise(exported, feeds_of(dict(zip(INPUTS, (
        store.windows(drawn), np.array(store.lead_mask[drawn]), np.array(store.valid_samples[drawn]),
        np.array(store.age_days[drawn], np.float32)), strict=True))))
    before = judge(logits_of(path), store, split.choose)
    write_model(small, path)
    after = judge(logits_of(path), store, split.choose)
    return judge_quantised(before.logits, after.logits, before.targets, before.known,
                           [calibration[code] for code in store.labels])


def logits_of(path: Path) -> Answer:
    """A graph's answer, without the work for its maps."""
    session = onnxruntime.InferenceSession(
        only_output(path.read_bytes(), OUTPUTS[0]), providers=["CPUExecutionProvider"])

    def answer(**given: NDArray[Any]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = session.run([OUTPUTS[0]], {name: given[name] for name in INPUTS})[0]
        return found

    return answer


def judge_quantised(
    float_logits: NDArray[np.float32], int8_logits: NDArray[np.float32], targets: NDArray[np.integer],
    known: NDArray[np.bool_], calibration: Sequence[Mapping[str, float]],
) -> Gate:
    """Both graphs on the same recordings: logits (n, C), targets and known (n, C), scale, offset and threshold a label.

    The macro AUROC is over labels with as many positives as every macro figure asks for, or over all that have both
    classes where none has.
    """
    labels = range(targets.shape[1])
    positives = np.array([int((targets[known[:, c], c] > 0).sum()) for c in labels])
    values = [np.array([auroc(logits[known[:, c], c], targets[known[:, c], c]) for c in labels])
              for logits in (float_logits, int8_logits)]
    whole, small = (macro(value, positives) for value in values)
    if np.isnan(whole):
        whole, small = (float(np.nanmean(value)) for value in values)
    decided = [_positive(logits, calibration) for logits in (float_logits, int8_logits)]
    flipped = int((decided[0] != decided[1]).sum()) / max(1, int(decided[0].sum()))
    return Gate(len(targets), whole, small, whole - small, flipped)


def _positive(logits: NDArray[np.float32], calibration: Sequence[Mapping[str, float]]) -> NDArray[np.bool_]:
    scale, offset, threshold = (np.array([item[name] for item in calibration]) for name in (
        "scale", "offset", "threshold"))
    # A probability reaches its threshold where the calibrated logit reaches the threshold's logit.
    with np.errstate(divide="ignore"):
        return np.asarray(logits * scale + offset >= np.log(threshold / (1 - threshold)))
