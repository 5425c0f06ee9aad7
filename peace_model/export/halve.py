"""Half the file for the same numbers: weights that 16-bit floats hold exactly are stored as such and widened on use."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LEAST_SIZE = 1024


def halve_weights(model: onnx.ModelProto) -> int:
    """Store large float32 initialisers as float16 with a Cast behind them, in place; only where nothing is lost.

    onnxruntime folds the casts when it loads the graph. Returns how many were stored so.
    """
    graph = model.graph
    kept, casts = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor) if tensor.data_type == TensorProto.FLOAT else None
        if values is None or values.size < LEAST_SIZE or not _fits(values):
            kept.append(tensor)
            continue
        stored = f"{tensor.name}.half"
        kept.append(numpy_helper.from_array(values.astype(np.float16), stored))
        casts.append(helper.make_node(
            "Cast", [stored], [tensor.name], name=f"widen.{tensor.name}", to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
    return len(casts)


def _fits(values: np.ndarray) -> bool:
    with np.errstate(over="ignore"):
        return bool(np.array_equal(values.astype(np.float16).astype(np.float32), values))
