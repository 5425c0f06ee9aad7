"""What is not in the tiny network of the export tests can be exported as well: other encoders, age."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

import onnxruntime  # noqa: E402
from torch import Tensor, nn  # noqa: E402

from peace_model.networks.age_film import AgeFilm  # noqa: E402
from peace_model.networks.encoder import Encoder  # noqa: E402
from peace_model.networks.pyramid import PyramidConfig, PyramidResNet1d  # noqa: E402
from peace_model.networks.s4d import S4dConfig, S4dEncoder  # noqa: E402

N_SAMPLES = 400


class Parts(nn.Module):
    """One graph of all, because every export costs seconds."""

    def __init__(self, pyramid: Encoder, states: Encoder, film: AgeFilm) -> None:
        super().__init__()
        self.pyramid, self.states, self.film = pyramid, states, film
        self.register_buffer("queries", torch.randn(3, 8))

    def forward(self, signal: Tensor, valid_samples: Tensor, age_days: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return (self.pyramid(signal, valid_samples).tokens, self.states(signal, valid_samples).tokens,
                self.film(self.queries, age_days))


@pytest.mark.filterwarnings("ignore")  # the exporter warns of its own internals
def test_onnxruntime_says_what_torch_says_of_every_part(tmp_path: Path) -> None:
    torch.manual_seed(3)
    parts = Parts(
        PyramidResNet1d(PyramidConfig("small", (4, 4, 8, 8), token_width=8)),
        S4dEncoder(S4dConfig("small", 8, layers=1, stride=8)), AgeFilm(8)).eval()
    nn.init.normal_(parts.film.out.weight, 0, 0.3)
    inputs = (torch.randn(3, 12, N_SAMPLES), torch.tensor([400, 250, 8]), torch.tensor([torch.nan, 3.0, 6000.0]))
    with torch.inference_mode():
        expected = parts(*inputs)  # by the Fourier transform, before the kernel becomes a constant
    parts.states.freeze(N_SAMPLES)
    free = {0: torch.export.Dim("windows", min=1, max=64)}
    program = torch.onnx.export(parts, tuple(value[:2] for value in inputs), dynamo=True, opset_version=20,
                                verbose=False, dynamic_shapes=(free, free, free))
    program.save(tmp_path / "parts.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "parts.onnx", providers=["CPUExecutionProvider"])
    found = session.run(None, {item.name: value.numpy()
                               for item, value in zip(session.get_inputs(), inputs, strict=True)})
    for ours, theirs in zip(expected, found, strict=True):
        np.testing.assert_allclose(theirs, ours.numpy(), atol=2e-5, rtol=1e-4)
