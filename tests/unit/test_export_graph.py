"""The exported graph says what the network says, for any number of windows, in half the file."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

import onnx  # noqa: E402
import onnxruntime  # noqa: E402

from peace_model.export import parity  # noqa: E402
from peace_model.export.onnx import INPUTS, OUTPUTS, example_inputs, export_onnx  # noqa: E402
from peace_model.export.parity import ParityError, compare  # noqa: E402
from peace_model.labels import load_profile  # noqa: E402
from peace_model.networks.inference_graph import InferenceGraph  # noqa: E402
from peace_model.networks.release import released  # noqa: E402
from peace_model.training.pretrain import TINY_NETWORK, build  # noqa: E402


@pytest.fixture(scope="module")
def graph() -> InferenceGraph:
    return InferenceGraph(released(build(TINY_NETWORK, load_profile().codes, seed=8)))


@pytest.fixture(scope="module")
def exported(graph: InferenceGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "model.onnx"
    export_onnx(graph, path, 1000)
    return path


@pytest.mark.parametrize("count", [1, 3])
def test_parity_for_any_number_of_windows(graph: InferenceGraph, exported: Path, count: int) -> None:
    found = compare(graph, exported, example_inputs(count, 1000, seed=count))
    assert found.windows == count
    assert found.logits < 1e-4


def test_the_signature_is_the_contract(exported: Path) -> None:
    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    inputs = {item.name: (item.shape[1:], item.type) for item in session.get_inputs()}
    assert inputs == {"signal": ([12, 1000], "tensor(float)"), "lead_mask": ([12], "tensor(float)"),
                      "valid_samples": ([], "tensor(int64)"), "age_days": ([], "tensor(float)")}
    outputs = {item.name: item.shape[1:] for item in session.get_outputs()}
    assert outputs == {"logits": [12], "attention": [12, 125], "gradcam": [12, 125]}


def test_unknown_and_absurd_ages_change_no_bit(exported: Path) -> None:
    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    feed = {name: value.numpy() for name, value in zip(INPUTS, example_inputs(2, 1000), strict=True)}
    results = []
    for ages in ([np.nan, np.nan], [1.0, 40000.0]):
        feed["age_days"] = np.array(ages, np.float32)
        results.append(session.run(list(OUTPUTS), feed))
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)


def test_large_weights_are_stored_in_16_bits_without_loss(exported: Path) -> None:
    model = onnx.load(exported)
    large = [tensor for tensor in model.graph.initializer if np.prod(tensor.dims) >= 1024]
    assert large
    assert all(tensor.data_type == onnx.TensorProto.FLOAT16 for tensor in large)


def test_nothing_of_the_machine_is_in_the_file(exported: Path) -> None:
    content = exported.read_bytes()
    assert b".py" not in content
    assert str(Path(torch.__file__).parent).encode() not in content


def test_a_graph_that_disagrees_is_refused(graph: InferenceGraph, exported: Path, tmp_path: Path) -> None:
    model = onnx.load(exported)
    bias = next(tensor for tensor in model.graph.initializer if tensor.name.endswith("lqn.head.out.bias"))
    values = onnx.numpy_helper.to_array(bias) + 0.1
    bias.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float32), bias.name))
    onnx.save(model, tmp_path / "wrong.onnx")
    with pytest.raises(ParityError, match=r"logits of the exported graph differs by 0\.1"):
        compare(graph, tmp_path / "wrong.onnx", example_inputs(1, 1000))
    assert parity.MAX_LOGIT_DIFFERENCE <= 1e-3
