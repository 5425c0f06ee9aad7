"""The exported graph says what the network says, for any number of windows, in half the file, with or without maps."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")

import onnx  # noqa: E402
import onnxruntime  # noqa: E402
from export_store import Learnt, learnt  # noqa: E402

from peace_model.export import parity  # noqa: E402
from peace_model.export.int8 import logits_of  # noqa: E402
from peace_model.export.onnx import INPUTS, OUTPUTS, example_inputs, write_model  # noqa: E402
from peace_model.export.parity import ParityError, compare  # noqa: E402


@pytest.fixture(scope="module")
def made() -> Learnt:
    return learnt()


@pytest.fixture(scope="module")
def exported(made: Learnt, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "model.onnx"
    write_model(made.copy(), path)
    return path


def feed_of(count: int, seed: int = 0) -> dict[str, np.ndarray]:
    return {name: value.numpy() for name, value in zip(INPUTS, example_inputs(count, 1000, seed=seed), strict=True)}


@pytest.mark.parametrize("count", [1, 3, 17])
def test_parity_for_any_number_of_windows(made: Learnt, exported: Path, count: int) -> None:
    found = compare(made.graph, exported, example_inputs(count, 1000, seed=count))
    assert found.windows == count
    assert found.logits < 1e-4


def test_the_signature_is_the_contract(exported: Path) -> None:
    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    inputs = {item.name: (item.shape[1:], item.type) for item in session.get_inputs()}
    assert inputs == {"signal": ([12, 1000], "tensor(float)"), "lead_mask": ([12], "tensor(float)"),
                      "valid_samples": ([], "tensor(int64)"), "age_days": ([], "tensor(float)")}
    outputs = {item.name: item.shape[1:] for item in session.get_outputs()}
    assert outputs == {"logits": [24], "attention": [24, 125], "gradcam": [24, 125], "abnormalities": [2]}


def test_gradcam_in_the_graph_is_that_of_automatic_differentiation(made: Learnt, exported: Path) -> None:
    signal, lead_mask, valid, age_days = example_inputs(2, 1000, seed=4)
    model = made.model
    with torch.no_grad():
        encoded = model.encode(signal, lead_mask, valid)
    features = encoded.features.detach().requires_grad_(True)
    logits, _ = model.read_with(model.queries().detach(), encoded._replace(features=features), age_days)
    kept = features.detach() * ~encoded.padding[:, None, :]
    expected = []
    for label in range(logits.shape[1]):
        (gradient,) = torch.autograd.grad(logits[:, label].sum(), features, retain_graph=True)
        square, cube = gradient**2, gradient**3
        alpha = square / (2 * square + kept.sum(dim=-1, keepdim=True) * cube).clamp(min=1e-30)
        weights = torch.where(gradient > 0, alpha * gradient, 0.0).sum(dim=-1)
        expected.append((weights[:, :, None] * kept).sum(dim=1).relu())
    theirs = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"]).run(["gradcam"], feed_of(2, 4))
    ours = torch.stack(expected, dim=1).numpy()
    assert ours.max() > 1e-4
    scale = ours.max(axis=-1, keepdims=True)
    assert np.abs(ours - theirs[0]).max() <= 1e-3 * scale.max()
    assert (np.abs(ours - theirs[0]) <= 4e-3 * scale + 1e-7).all()


def test_the_logits_alone_are_the_same_and_need_no_gradient(exported: Path, tmp_path: Path) -> None:
    """A part of the graph that only the maps need is broken: asking for the logits alone never meets it."""
    given = feed_of(3)
    whole = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"]).run(["logits"], given)[0]
    np.testing.assert_allclose(logits_of(exported)(**given), whole, atol=1e-5)

    model = onnx.load(exported)
    last = next(node for node in model.graph.node if "gradcam" in node.output)
    last.output[0] = "gradcam.whole"
    impossible = onnx.numpy_helper.from_array(np.array([7, 7, 7], np.int64), "impossible")
    model.graph.initializer.append(impossible)
    model.graph.node.append(onnx.helper.make_node("Reshape", ["gradcam.whole", "impossible"], ["gradcam"]))
    onnx.save(model, tmp_path / "broken.onnx")
    np.testing.assert_allclose(logits_of(tmp_path / "broken.onnx")(**given), whole, atol=1e-5)
    session = onnxruntime.InferenceSession(tmp_path / "broken.onnx", providers=["CPUExecutionProvider"])
    with pytest.raises(Exception, match="Reshape"):
        session.run(list(OUTPUTS), given)


def test_age_moves_the_answer_and_unknown_is_an_age_of_its_own(exported: Path) -> None:
    given = feed_of(1)
    answers = []
    for age_days in (np.nan, 30.0, 20_000.0):
        given["age_days"] = np.array([age_days], np.float32)
        answers.append(logits_of(exported)(**given))
    assert all(np.isfinite(answer).all() for answer in answers)
    assert len({answer.tobytes() for answer in answers}) == 3


def test_large_weights_are_stored_in_16_bits_without_loss(exported: Path) -> None:
    model = onnx.load(exported)
    large = [tensor for tensor in model.graph.initializer if np.prod(tensor.dims) >= 1024]
    assert large
    assert all(tensor.data_type == onnx.TensorProto.FLOAT16 for tensor in large)


def test_nothing_of_the_machine_is_in_the_file(exported: Path) -> None:
    content = exported.read_bytes()
    assert b".py" not in content
    assert str(Path(torch.__file__).parent).encode() not in content


def test_a_graph_that_disagrees_is_refused(made: Learnt, exported: Path, tmp_path: Path) -> None:
    model = onnx.load(exported)
    bias = next(tensor for tensor in model.graph.initializer if tensor.name.endswith("lqn.head.out.bias"))
    values = onnx.numpy_helper.to_array(bias) + 0.1
    bias.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float32), bias.name))
    onnx.save(model, tmp_path / "wrong.onnx")
    with pytest.raises(ParityError, match=r"logits of the exported graph differs by 0\.1"):
        compare(made.graph, tmp_path / "wrong.onnx", example_inputs(1, 1000))
    assert parity.MAX_LOGIT_DIFFERENCE <= 1e-4
