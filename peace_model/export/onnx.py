"""The inference graph as ONNX with torch's dynamo exporter; the number of windows stays free."""

import logging
import warnings
from pathlib import Path

import onnx
import torch

from peace_model.ecg.leads import STANDARD_12
from peace_model.export.halve import halve_weights
from peace_model.networks.inference_graph import InferenceGraph

INPUTS = ("signal", "lead_mask", "valid_samples", "age_days")
OUTPUTS = ("logits", "attention", "gradcam")
ABNORMALITIES = "abnormalities"
"""The further output of a network with such a head."""
OPSET = 20


def outputs_of(graph: InferenceGraph) -> tuple[str, ...]:
    return OUTPUTS if graph.model.abnormalities is None else (*OUTPUTS, ABNORMALITIES)


def example_inputs(
    count: int, n_samples: int, seed: int = 0
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Generated windows in the graph's shapes: some leads masked, some samples padded, some ages unknown."""
    generator = torch.Generator().manual_seed(seed)
    signal = torch.randn(count, len(STANDARD_12), n_samples, generator=generator)
    lead_mask = (torch.rand(count, len(STANDARD_12), generator=generator) > 0.1).float()
    valid = torch.randint(n_samples // 4, n_samples + 1, (count,), generator=generator)
    valid[0] = n_samples
    age_days = torch.rand(count, generator=generator) * 30000
    age_days[::2] = float("nan")
    padding = torch.arange(n_samples)[None, :] >= valid[:, None]
    return signal.masked_fill(padding[:, None, :], 0.0), lead_mask, valid, age_days


def onnx_model(graph: InferenceGraph, n_samples: int) -> onnx.ModelProto:
    """The graph with float32 weights. It is put into evaluation mode and left as it is otherwise."""
    frozen = graph.eval().frozen(n_samples)
    free = torch.export.Dim("windows", min=1, max=1024)
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            # The exporter warns of its own internals (deprecated tracing helpers); nothing a caller could act on.
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                frozen, example_inputs(2, n_samples), dynamo=True, opset_version=OPSET, verbose=False,
                input_names=list(INPUTS), output_names=list(outputs_of(graph)),
                dynamic_shapes={name: {0: free} for name in INPUTS})
    finally:
        logger.setLevel(level)
    if program is None:
        raise RuntimeError("torch gave no ONNX program")
    model: onnx.ModelProto = program.model_proto
    _forget_the_machine(model)
    return model


def write_model(model: onnx.ModelProto, path: Path) -> None:
    """Write a model in half the size where nothing is lost by it; the model given is changed."""
    halve_weights(model)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def _forget_the_machine(model: onnx.ModelProto) -> None:
    """Drop the exporter's notes: they hold the stack, and with it the folders, of the machine it ran on."""
    graph = model.graph
    for item in (model, graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        item.doc_string = ""
        del item.metadata_props[:]
