"""Encoders: sizes as published, tokens where they claim to be, padding and everything behind it kept out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only  # noqa: E402
from peace_model.networks.encoder import Encoder  # noqa: E402
from peace_model.networks.encoders import build_encoder  # noqa: E402
from peace_model.networks.s4d import DiagonalStates, Fourier  # noqa: E402

CHEAP = ("resnet1d_small_pyramid", "xresnet1d_tiny", "resnet1d_small", "s4d_tiny")
LOCAL = ("resnet1d_pyramid", "resnet1d_plain", "resnet1d_small_pyramid", "xresnet1d_256", "xresnet1d18_256",
         "xresnet1d50_768", "xresnet1d_tiny", "resnet1d_small", "resnet1d_medium")


def awake(name: str, seed: int = 1) -> Encoder:
    """An encoder in evaluation mode whose last norms are not zero, which would hide the paths behind them."""
    torch.manual_seed(seed)
    encoder = build_encoder(name).eval()
    for module in encoder.modules():
        if isinstance(module, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
            torch.nn.init.ones_(module.weight)
    return encoder


def tokens(encoder: Encoder, signal: "torch.Tensor", valid: int | None = None) -> "torch.Tensor":
    count = torch.full((len(signal),), signal.shape[-1] if valid is None else valid)
    with torch.inference_mode():
        return encoder(signal, count).tokens


def parameters(module: "torch.nn.Module") -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def test_the_trunk_of_ked_has_7_9_million_parameters_and_768_channels() -> None:
    with torch.device("meta"):
        trunk = build_encoder("xresnet1d101_768").eval()
        long = trunk(torch.zeros(1, 12, 5000), torch.zeros(1))
    assert parameters(trunk) == pytest.approx(7.9e6, rel=0.01)
    assert long.tokens.shape == (1, 768, 157)


def test_the_journals_small_network_has_969409_parameters_with_its_head() -> None:
    with torch.device("meta"):
        assert parameters(fresh_ecg_only(EcgOnlyConfig("resnet1d_small", 1), seed=0)) == 969_409
        assert parameters(build_encoder("resnet1d_medium")) == pytest.approx(8.7e6, rel=0.01)


@pytest.mark.parametrize(("name", "count", "width"), [
    ("resnet1d_pyramid", 125, 256), ("resnet1d_plain", 63, 320), ("resnet1d_small_pyramid", 125, 128),
    ("xresnet1d_256", 125, 256), ("xresnet1d18_256", 125, 256), ("xresnet1d50_768", 32, 768),
    ("xresnet1d101_768", 32, 768), ("resnet1d_small", 32, 256), ("resnet1d_medium", 32, 512),
    ("s4d_128", 250, 128), ("s4d_512", 250, 512)])
def test_tokens_of_10_s_at_100_hz(name: str, count: int, width: int) -> None:
    with torch.device("meta"):
        encoder = build_encoder(name).eval()
        found = encoder(torch.zeros(2, 12, 1000), torch.zeros(2))
    assert found.tokens.shape == (2, width, count)
    assert (encoder.width, -(-1000 // encoder.stride)) == (width, count)
    assert found.deep.shape == (2, encoder.deep_width, -(-1000 // encoder.deep_stride))


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no encoder named resnet; there are resnet1d_pyramid, "):
        build_encoder("resnet")


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(CHEAP), st.integers(1, 400))
def test_any_length_gives_one_token_a_stride_and_none_below_zero(name: str, n_samples: int) -> None:
    encoder = awake(name)
    found = tokens(encoder, torch.randn(1, 12, n_samples))
    assert found.shape == (1, encoder.width, -(-n_samples // encoder.stride))
    assert float(found.min()) >= 0


@pytest.mark.parametrize("name", LOCAL)
def test_a_token_sees_no_more_than_its_receptive_field_around_its_centre(name: str) -> None:
    encoder = awake(name).double()
    signal = torch.randn(1, 12, 3000, dtype=torch.float64, requires_grad=True)
    features = encoder(signal, torch.tensor([3000])).tokens
    field = encoder.receptive_field
    for token in (features.shape[-1] // 2, features.shape[-1] // 2 + 1):
        gradient, = torch.autograd.grad(features[0, :, token].sum(), signal, retain_graph=True)
        seen = gradient[0].abs().sum(dim=0).nonzero().flatten()
        centre, slack = token * encoder.stride, encoder.deep_stride
        assert centre - field // 2 - slack <= int(seen.min())
        assert int(seen.max()) <= centre + field // 2 + slack
        assert int(seen.max() - seen.min()) + 1 <= field + slack


@pytest.mark.parametrize("name", CHEAP[:3])
def test_what_follows_beyond_the_receptive_field_changes_no_token(name: str) -> None:
    encoder = awake(name)
    signal = torch.randn(1, 12, 1200)
    other = signal.clone()
    other[..., 800:] = 7.0
    unseen = (800 - encoder.receptive_field // 2 - encoder.deep_stride) // encoder.stride
    assert unseen > 0
    torch.testing.assert_close(tokens(encoder, signal)[..., :unseen], tokens(encoder, other)[..., :unseen])


@pytest.mark.parametrize("name", CHEAP[:3])
def test_a_shift_by_whole_deep_tokens_shifts_the_tokens(name: str) -> None:
    encoder = awake(name)
    signal = torch.randn(1, 12, 2048)
    by = 2 * encoder.deep_stride
    edge = (encoder.receptive_field // 2 + 2 * encoder.deep_stride) // encoder.stride + 1
    first, second = tokens(encoder, signal), tokens(encoder, signal.roll(by, dims=-1))
    step = by // encoder.stride
    count = first.shape[-1]
    torch.testing.assert_close(
        first[..., edge: count - edge - step], second[..., edge + step: count - edge], atol=1e-4, rtol=1e-4)


def test_a_state_space_reads_a_padded_recording_as_if_it_ended_there() -> None:
    encoder = awake("s4d_tiny")
    signal = torch.randn(1, 12, 1000)
    signal[..., 600:] = 0
    alone, padded = tokens(encoder, signal[..., :600]), tokens(encoder, signal, valid=600)
    torch.testing.assert_close(padded[..., :75], alone, atol=1e-5, rtol=1e-5)
    # Without the mask its tokens would carry what the layers make of the padding.
    assert float((tokens(encoder, signal)[..., :75] - alone).abs().max()) > 1e-3


@pytest.mark.parametrize("length", [1, 2, 125, 250])
def test_the_frozen_kernel_gives_what_the_fourier_transform_gave(length: int) -> None:
    torch.manual_seed(2)
    states, u = DiagonalStates(24, state=8), torch.randn(2, 24, length)
    with torch.inference_mode():
        free = states(u)
        states.freeze(Fourier(length))
        frozen = states(u)
    torch.testing.assert_close(frozen, free, atol=2e-5, rtol=1e-5)


def test_a_state_space_is_the_recurrence_it_stands_for() -> None:
    torch.manual_seed(4)
    states, u = DiagonalStates(3, state=4), torch.randn(3, 20)
    with torch.inference_mode():
        poles = torch.complex(-states.log_decay.exp(), states.frequency)
        turn = (poles * states.log_step.exp()[:, None]).exp()
        drive, read_out = (turn - 1) / poles, torch.view_as_complex(states.read_out)
        expected = u * states.skip[:, None]
        held = torch.zeros_like(poles)
        for step in range(20):
            held = turn * held + drive * u[:, step, None]
            expected[:, step] += 2 * (read_out[0] * held).sum(dim=1).real
        held = torch.zeros_like(poles)
        for step in reversed(range(20)):  # the present sample belongs to the forward system
            expected[:, step] += 2 * (read_out[1] * held).sum(dim=1).real
            held = turn * held + drive * u[:, step, None]
        torch.testing.assert_close(states(u[None])[0], expected, atol=1e-5, rtol=1e-4)


def test_too_many_tokens_for_the_frozen_form_are_refused() -> None:
    with pytest.raises(ValueError, match="1251 tokens of 5001 samples"):
        build_encoder("s4d_128").freeze(5001)
