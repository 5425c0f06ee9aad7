"""PEACE: two passes that never mix, padding that is never read, and gradients that are those of the network."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from peace_model.labels import load_profile  # noqa: E402
from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only  # noqa: E402
from peace_model.networks.gradcam import gradcam_plus_plus  # noqa: E402
from peace_model.networks.inference_graph import InferenceGraph  # noqa: E402
from peace_model.networks.label_query_gradient import read_with_gradient  # noqa: E402
from peace_model.networks.label_query_network import LabelQueryNetwork, LqnConfig  # noqa: E402
from peace_model.networks.peace import Peace, PeaceConfig  # noqa: E402
from peace_model.networks.release import released  # noqa: E402
from peace_model.networks.xresnet1d import XRESNET1D_256, XRESNET1D_TINY, XResNet1d  # noqa: E402
from peace_model.training.pretrain import BUNDLED_NETWORK, TINY_NETWORK, build  # noqa: E402

LABELS = load_profile().codes


@pytest.fixture
def tiny() -> Peace:
    return build(TINY_NETWORK, LABELS, seed=3).eval()


def windows(count: int = 3, n_samples: int = 1000) -> tuple["torch.Tensor", "torch.Tensor", "torch.Tensor"]:
    generator = torch.Generator().manual_seed(5)
    return (torch.randn(count, 12, n_samples, generator=generator), torch.ones(count, 12),
            torch.full((count,), n_samples))


def test_ecg_logits_are_the_same_bits_with_and_without_the_knowledge_branch(tiny: Peace) -> None:
    signal, mask, valid = windows()
    targets = torch.eye(12)[:3]
    with torch.inference_mode():
        alone, _ = tiny(signal, mask, valid)
        tiny.read_knowledge(tiny.axis_tokens(targets))
        features, padding = tiny.encode(signal, mask, valid)
        tokens = tiny.axis_tokens(targets)
        beside, _ = tiny.read_ecg(features, padding)
        tiny.align_knowledge(tokens)
        tiny.descriptors.add_(1.0)
        changed, _ = tiny(signal, mask, valid)
    assert torch.equal(alone, beside)
    assert torch.equal(alone, changed)


def test_axis_tokens_are_the_mean_of_the_present_labels_and_zero_for_none(tiny: Peace) -> None:
    targets = torch.zeros(3, 12)
    targets[0, 2] = targets[1, 2] = targets[1, 5] = 1
    with torch.inference_mode():
        tokens = tiny.axis_tokens(targets)
        bank = tiny.text(tiny.descriptors)
    torch.testing.assert_close(tokens[0], bank[2])
    torch.testing.assert_close(tokens[1], (bank[2] + bank[5]) / 2)
    assert not tokens[2].any()


@pytest.mark.parametrize("config", [XRESNET1D_256, XRESNET1D_TINY])
def test_encoders_have_the_stride_and_sight_they_claim(config: object) -> None:
    encoder = XResNet1d(config).double().eval()
    for module in encoder.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            torch.nn.init.ones_(module.weight)  # the last norm of a new block is zero and would hide its path
    signal = torch.randn(1, 12, 2000, dtype=torch.float64, requires_grad=True)
    features = encoder(signal)
    token = features.shape[-1] // 2
    assert features.shape[-1] == -(-2000 // config.stride)
    features[0, :, token].sum().backward()
    seen = signal.grad[0].abs().sum(dim=0).nonzero().flatten()
    centre = token * config.stride
    half = (config.receptive_field - 1) // 2
    assert centre - half - config.stride <= int(seen.min())
    assert int(seen.max()) <= centre + half + config.stride
    assert int(seen.max() - seen.min()) + 1 <= config.receptive_field + config.stride


def test_the_bundled_encoder_gives_at_least_100_tokens_for_10_s() -> None:
    assert -(-1000 // XRESNET1D_256.stride) == 125
    assert BUNDLED_NETWORK.lqn == LqnConfig(width=256, layers=4, heads=4, feed_forward=1024, dropout=0.1)


@pytest.mark.parametrize("n_samples", [7, 8, 999, 1000, 1001])
def test_any_length_gives_one_token_a_stride(n_samples: int) -> None:
    assert XResNet1d(XRESNET1D_256).eval()(torch.zeros(1, 12, n_samples)).shape == (1, 256, -(-n_samples // 8))


def test_padding_is_neither_attended_nor_marked(tiny: Peace) -> None:
    signal, mask, valid = windows()
    valid[1] = 300
    signal[1, :, 300:] = 0
    with torch.inference_mode():
        _, attention, maps = InferenceGraph(tiny)(signal, mask, valid, torch.full((3,), torch.nan))
    first_padded = -(-300 // tiny.encoder.config.stride)
    assert not attention[1, :, first_padded:].any()
    assert not maps[1, :, first_padded:].any()
    torch.testing.assert_close(attention.sum(dim=-1), torch.ones(3, 12))


def test_blocked_tokens_cannot_change_a_logit() -> None:
    torch.manual_seed(0)
    lqn, queries, memory = LabelQueryNetwork(TINY_NETWORK.lqn).eval(), torch.randn(12, 32), torch.randn(2, 20, 32)
    blocked = torch.arange(20).expand(2, 20) >= 11
    spoiled = memory.clone()
    spoiled[:, 11:] = 1e3
    assert torch.equal(lqn(queries, memory, blocked)[0], lqn(queries, spoiled, blocked)[0])


def test_a_masked_lead_cannot_change_a_logit(tiny: Peace) -> None:
    signal, mask, valid = windows()
    mask[:, 4] = 0
    spoiled = signal.clone()
    spoiled[:, 4] = 99
    with torch.inference_mode():
        assert torch.equal(tiny(signal, mask, valid)[0], tiny(spoiled, mask, valid)[0])


@pytest.mark.parametrize("layers", [1, 2, 4])
def test_closed_form_gradients_are_those_of_the_network(layers: int) -> None:
    torch.manual_seed(layers)
    lqn = LabelQueryNetwork(LqnConfig(width=32, layers=layers, heads=4, feed_forward=48)).double().eval()
    for parameter in lqn.parameters():
        parameter.data += 0.1 * torch.randn_like(parameter)
    queries = torch.randn(5, 32, dtype=torch.float64)
    memory = torch.randn(2, 17, 32, dtype=torch.float64, requires_grad=True)
    blocked = torch.arange(17).expand(2, 17) >= torch.tensor([[17], [9]])
    logits, attention, gradient = read_with_gradient(lqn, queries, memory, blocked)
    plain, weights = lqn(queries, memory, blocked)
    torch.testing.assert_close(logits, plain)
    torch.testing.assert_close(attention, weights)
    for label in range(5):
        expected, = torch.autograd.grad(plain[:, label].sum(), memory, retain_graph=True)
        torch.testing.assert_close(gradient[:, label], expected)


def test_gradcam_plus_plus_by_hand() -> None:
    features = torch.tensor([[[1.0, 2.0], [3.0, 0.0]]])  # B 1, T 2, k 2
    gradient = torch.tensor([[[[1.0, -1.0], [2.0, 1.0]]]])
    # channel 0: sum_t A = 4; g = 1, 2: alpha = 1 / 6, 1 / 10; w = 1 / 6 + 2 / 10
    # channel 1: sum_t A = 2; g = -1 does not count, g = 1: alpha = 1 / 4; w = 1 / 4
    w0, w1 = 1 / 6 + 2 / 10, 1 / 4
    expected = torch.tensor([[[w0 + 2 * w1, 3 * w0]]])
    torch.testing.assert_close(gradcam_plus_plus(features, gradient, torch.zeros(1, 2, dtype=torch.bool)), expected)


def test_gradcam_plus_plus_is_the_published_formula() -> None:
    torch.manual_seed(1)
    features, gradient = torch.rand(2, 30, 8).double(), torch.randn(2, 5, 30, 8).double()
    padding = torch.arange(30).expand(2, 30) >= torch.tensor([[30], [18]])
    gradient = gradient.masked_fill(padding[:, None, :, None], 0.0)
    kept = features.masked_fill(padding.unsqueeze(-1), 0.0)
    alpha = gradient**2 / (2 * gradient**2 + kept.sum(dim=1)[:, None, None] * gradient**3 + 1e-30)
    published = torch.einsum("blk,btk->blt", (alpha * gradient.relu()).sum(dim=2), kept).relu()
    torch.testing.assert_close(gradcam_plus_plus(features, gradient, padding), published)


def test_a_constant_input_has_no_map_and_age_changes_nothing(tiny: Peace) -> None:
    signal, mask, valid = windows()
    graph = InferenceGraph(tiny)
    with torch.inference_mode():
        unknown = graph(signal, mask, valid, torch.full((3,), torch.nan))
        known = graph(signal, mask, valid, torch.tensor([5.0, 5000.0, 30000.0]))
        flat = graph(torch.full_like(signal, 0.7), mask, valid, torch.full((3,), torch.nan))
    assert all(torch.equal(a, b) for a, b in zip(unknown, known, strict=True))
    assert unknown[2].any()
    assert not flat[2].any()


def test_the_released_form_says_the_same_within_rounding(tiny: Peace) -> None:
    signal, mask, valid = windows()
    for module in tiny.encoder.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            module.running_mean.normal_()
            module.running_var.uniform_(0.5, 2)
    form = released(tiny)
    with torch.inference_mode():
        torch.testing.assert_close(form(signal, mask, valid)[0], tiny(signal, mask, valid)[0], atol=0.02, rtol=0)
    assert not any(isinstance(module, torch.nn.BatchNorm1d) for module in form.encoder.modules())
    assert any(isinstance(module, torch.nn.BatchNorm1d) for module in tiny.encoder.modules())
    assert all(torch.equal(p, p.half().float()) for p in form.parameters() if p.ndim >= 2)


def test_config_survives_json_and_widths_must_agree() -> None:
    assert PeaceConfig.from_dict(BUNDLED_NETWORK.to_dict()) == BUNDLED_NETWORK
    with pytest.raises(ValueError, match="width"):
        build(PeaceConfig(encoder="xresnet1d_tiny"), LABELS, seed=0)


def test_the_control_has_the_same_encoder_and_no_text() -> None:
    control = fresh_ecg_only(EcgOnlyConfig("xresnet1d_tiny", 12), seed=1).eval()
    signal, mask, valid = windows()
    valid[0] = 500
    with torch.inference_mode():
        logits, weights = control(signal, mask, valid)
    assert logits.shape == (3, 12)
    np.testing.assert_allclose(weights.sum(dim=-1).numpy(), 1, rtol=1e-6)
    assert not weights[0, :, 63:].any()
