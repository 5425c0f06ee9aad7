"""A graph cut down to one output gives the same numbers with fewer nodes; bytes that are no graph are refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

onnx = pytest.importorskip("onnx", reason="graphs are made with the onnx package (extra train)")

import onnxruntime  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from tiny_bundle import graph_bytes  # noqa: E402

from peace_model.inference.one_output import only_output  # noqa: E402

GRAPH = graph_bytes()


def run(model: bytes, outputs: list[str]) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    names = {item.name for item in session.get_inputs()}
    rng = np.random.default_rng(3)
    given_ = {"signal": rng.normal(size=(2, 12, 1000)).astype(np.float32), "lead_mask": np.ones((2, 12), np.float32),
              "valid_samples": np.full(2, 1000), "age_days": np.zeros(2, np.float32)}
    return session.run(outputs, {name: value for name, value in given_.items() if name in names})


@pytest.mark.parametrize("name", ["logits", "attention", "gradcam"])
def test_one_output_alone_is_what_it_was_among_the_others(name: str) -> None:
    alone = only_output(GRAPH, name)
    model = onnx.load_from_string(alone)
    onnx.checker.check_model(model)
    assert [item.name for item in model.graph.output] == [name]
    assert [item.name for item in model.graph.input] == ["signal", "lead_mask", "valid_samples", "age_days"]
    np.testing.assert_array_equal(run(alone, [name])[0], run(GRAPH, [name])[0])
    assert only_output(alone, name) == alone


def test_nodes_and_weights_of_the_others_are_gone() -> None:
    kinds = [node.op_type for node in onnx.load_from_string(only_output(GRAPH, "gradcam")).graph.node]
    assert kinds == ["AveragePool", "Abs", "Conv"]
    weights = {item.name for item in onnx.load_from_string(only_output(GRAPH, "gradcam")).graph.initializer}
    assert weights == {"pick"}


def test_a_graph_inside_a_node_keeps_everything_it_may_read() -> None:
    branch = helper.make_graph([helper.make_node("Identity", ["one"], ["chosen"])], "branch", [], [
        helper.make_tensor_value_info("chosen", TensorProto.FLOAT, [])])
    model = helper.make_model(helper.make_graph(
        [helper.make_node("If", ["yes"], ["logits"], then_branch=branch, else_branch=branch),
         helper.make_node("Identity", ["one"], ["other"])], "nested", [],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, []) for name in ("logits", "other")],
        [numpy_helper.from_array(np.array(True), "yes"), numpy_helper.from_array(np.float32(1).reshape(()), "one")]),
        opset_imports=[helper.make_opsetid("", 18)], ir_version=9).SerializeToString()
    assert only_output(model, "logits") == model


def test_an_output_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="no output saliency"):
        only_output(GRAPH, "saliency")


@settings(max_examples=60)
@given(st.integers(1, len(GRAPH) - 1))
def test_a_file_that_was_cut_off_is_refused(length: int) -> None:
    cut = GRAPH[:length]
    try:
        found = only_output(cut, "logits")
    except ValueError:
        return
    assert found == cut, "what is before the graph is no model of its own and is left alone"
