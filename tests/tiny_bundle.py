"""A bundle small enough to be made by a test: a real ONNX graph whose answer can be computed by hand.

Label k of the graph looks at lead k alone: its logit is the mean over time of |x_k| of 8-sample means, minus 1; its
Grad-CAM is that signal before the mean, its attention the softmax of it over time.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.signal.pipeline import PIPELINE_VERSION, PipelineSpec

LABELS = (("NORM", "Normal ECG"), ("RVH", "Right ventricular hypertrophy"), ("LQTS", "Long QT"))
ABNORMALITIES = {
    "rate_high": ("High heart rate", "heart rate over 100 bpm in adults"),
    "qrs_120": ("Wide QRS", "QRS duration over 120 ms in adults"),
    "Potassium_high": ("Potassium, high", "Potassium over 5.1"),
}
"""Outputs of a head: code -> name and criterion."""
FS_HZ = 100.0
STEPS = 125


def description(labels: Sequence[tuple[str, str]] = LABELS) -> dict[str, Any]:
    """bundle.json without the graph's hash; a test may change it before writing."""
    codes = [code for code, _ in labels]
    positives = {"NORM": {"18y+": 900}, "RVH": {"18y+": 70}, "LQTS": {"18y+": 12}}
    spec = PipelineSpec(
        version=PIPELINE_VERSION, fs_hz=FS_HZ, window_s=10.0, min_window_s=5.0, leads=STANDARD_12, highpass_hz=0.5,
        lowpass_hz=40.0, notch_hz=None, saturation_mv=20.0, mean_mv=(0.0,) * 12, std_mv=(0.2,) * 12,
        amplitude_scale=(1.0,) * 12)
    return {
        "schema_version": 1,
        "name": "tiny",
        "version": "0.0.1",
        "graph": {"file": "model.onnx", "sha256": ""},
        "labels": [{"code": code, "name": name} for code, name in labels],
        "pipeline": spec.to_dict(),
        "calibration": {code: {"scale": 1.0, "offset": 0.0, "threshold": 0.5, "method": "by hand"} for code in codes},
        "training": {"data": "none", "records": 1000, "min_age_days": 6574,
                     "positives": {code: positives.get(code, {"18y+": 60}) for code in codes}},
        "tokens": {"samples_per_token": 8, "offset": 0, "receptive_field": 8, "count": STEPS},
        "metrics": {},
        "explanation_checks": {"gradcam": {"text": "Changes when the weights are randomised."},
                               "attention": {"text": "Not checked."}},
        "intended_use": "tests",
        "licence": "none",
    }


def with_head(fields: dict[str, Any], heads: Mapping[str, tuple[str, str]] = ABNORMALITIES, *,
              low: float = 0.7, positives: int = 80) -> dict[str, Any]:
    """bundle.json with a head of these outputs, which says minus what the labels say. low: of the AUROCs' intervals."""
    area = {"value": round(low + 0.1, 2), "low": low, "high": round(low + 0.15, 2)}
    return fields | {"abnormalities": {
        "heads": [{"code": code, "name": name, "criterion": criterion, "citation": f"Source of {code}."}
                  for code, (name, criterion) in heads.items()],
        "data": "PTB-XL 1.0.3 at 100 Hz, fold 9, adults",
        "calibration": {code: {"scale": 2.0, "offset": 0.5, "threshold": 0.4, "method": "by hand"} for code in heads},
        "metrics": {code: {"positives": positives, "known": 900, "auroc": area} for code in heads}}}


def graph_with_head(n_labels: int = len(LABELS)) -> bytes:
    """The graph whose head has as many outputs as there are labels, each minus the label's logit."""
    import onnx

    model = onnx.load_from_string(graph_bytes(n_labels))
    model.graph.node.append(onnx.helper.make_node("Neg", ["logits"], ["abnormalities"]))
    model.graph.output.append(
        onnx.helper.make_tensor_value_info("abnormalities", onnx.TensorProto.FLOAT, ["B", n_labels]))
    return bytes(model.SerializeToString())


def graph_bytes(n_labels: int = len(LABELS), *, steps: int = STEPS) -> bytes:
    """The ONNX graph; needs the onnx package."""
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    def info(name: str, dtype: int, *shape: Any) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, dtype, ["B", *shape])

    pick = np.zeros((n_labels, 12, 1), np.float32)
    pick[range(n_labels), np.arange(n_labels) % 12, 0] = 1
    samples_per_step = round(1000 / steps)
    nodes = [
        helper.make_node("AveragePool", ["signal"], ["pooled"], kernel_shape=[samples_per_step],
                         strides=[samples_per_step]),
        helper.make_node("Abs", ["pooled"], ["size"]),
        helper.make_node("Conv", ["size", "pick"], ["gradcam"]),
        helper.make_node("Softmax", ["gradcam"], ["attention"], axis=2),
        helper.make_node("ReduceMean", ["gradcam", "time_axis"], ["mean"], keepdims=0),
        helper.make_node("Sub", ["mean", "one"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes, "tiny",
        [info("signal", TensorProto.FLOAT, 12, 1000), info("lead_mask", TensorProto.FLOAT, 12),
         info("valid_samples", TensorProto.INT64), info("age_days", TensorProto.FLOAT)],
        [info("logits", TensorProto.FLOAT, n_labels), info("attention", TensorProto.FLOAT, n_labels, steps),
         info("gradcam", TensorProto.FLOAT, n_labels, steps)],
        [numpy_helper.from_array(pick, "pick"), numpy_helper.from_array(np.array([2], np.int64), "time_axis"),
         numpy_helper.from_array(np.array(1, np.float32), "one")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def write_bundle(folder: Path, *, fields: dict[str, Any] | None = None, graph: bytes | None = None) -> Path:
    """Write the bundle (or a changed one) with the right hash; returns its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    graph = graph if graph is not None else graph_bytes()
    fields = fields if fields is not None else description()
    fields["graph"]["sha256"] = hashlib.sha256(graph).hexdigest()
    (folder / "model.onnx").write_bytes(graph)
    (folder / "bundle.json").write_text(json.dumps(fields), encoding="utf-8")
    return folder
