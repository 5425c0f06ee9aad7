"""PEACE: two passes that never mix, padding that is never read, and gradients that are those of the network."""

import dataclasses
import json

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from peace_model.labels import load_profile  # noqa: E402
from peace_model.networks.age_film import AgeFilm  # noqa: E402
from peace_model.networks.building import fresh_peace  # noqa: E402
from peace_model.networks.descriptor_bank import load_bank  # noqa: E402
from peace_model.networks.ecg_network import EcgNetwork  # noqa: E402
from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only  # noqa: E402
from peace_model.networks.gradcam import gradcam_plus_plus  # noqa: E402
from peace_model.networks.inference_graph import InferenceGraph  # noqa: E402
from peace_model.networks.label_query_gradient import read_with_gradient  # noqa: E402
from peace_model.networks.label_query_network import LabelQueryNetwork, LqnConfig  # noqa: E402
from peace_model.networks.masks import mean_max_token  # noqa: E402
from peace_model.networks.peace import Peace, PeaceConfig  # noqa: E402
from peace_model.networks.release import released  # noqa: E402

LABELS = load_profile("peace24").codes
TINY = PeaceConfig(
    encoder="xresnet1d_tiny", lqn=LqnConfig(width=32, layers=2, heads=2, feed_forward=64), align_width=16)
OLD = PeaceConfig(encoder="xresnet1d_256", lqn=LqnConfig(width=256, layers=4, heads=4, feed_forward=1024))
"""Of the first bundle."""


def variant(**changes: object) -> PeaceConfig:
    return dataclasses.replace(TINY, **changes)


def awake(model: EcgNetwork) -> EcgNetwork:
    """In evaluation mode with norms, and an influence of age, as training might have left them."""
    generator = torch.Generator().manual_seed(9)
    for module in model.modules():
        if isinstance(module, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
            module.running_mean.normal_(0, 0.3, generator=generator)
            module.running_var.uniform_(0.5, 2, generator=generator)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5, generator=generator)
        if isinstance(module, AgeFilm):
            torch.nn.init.normal_(module.out.weight, 0, 0.3, generator=generator)
    return model.eval()


@pytest.fixture
def tiny() -> Peace:
    return fresh_peace(TINY, LABELS, seed=3).eval()


def windows(count: int = 3, n_samples: int = 1000) -> tuple["torch.Tensor", ...]:
    """Signal, lead mask, valid samples and unknown ages."""
    generator = torch.Generator().manual_seed(5)
    return (torch.randn(count, 12, n_samples, generator=generator), torch.ones(count, 12),
            torch.full((count,), n_samples), torch.full((count,), torch.nan))


def test_ecg_logits_are_the_same_bits_with_and_without_the_knowledge_branch(tiny: Peace) -> None:
    signal, mask, valid, ages = windows()
    targets = torch.eye(len(LABELS))[:3]
    with torch.inference_mode():
        alone, _ = tiny(signal, mask, valid, ages)
        encoded = tiny.encode(signal, mask, valid)
        tokens = tiny.axis_tokens(targets)
        tiny.read_knowledge(tokens)
        beside, _ = tiny.read_ecg(encoded, ages)
        tiny.align_knowledge(tokens)
        tiny.descriptors.add_(1.0)
        changed, _ = tiny(signal, mask, valid, ages)
    assert torch.equal(alone, beside)
    assert torch.equal(alone, changed)


def test_the_memory_of_the_ecg_pass_holds_ecg_tokens_only(tiny: Peace) -> None:
    seen = []
    tiny.lqn.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[1]))
    signal, mask, valid, ages = windows()
    with torch.inference_mode():
        encoded = tiny.encode(signal, mask, valid)
        tiny.read_knowledge(tiny.axis_tokens(torch.eye(len(LABELS))[:3]))
        tiny.read_ecg(encoded, ages)
    knowledge, ecg = seen
    assert torch.equal(ecg, encoded.features.transpose(1, 2))
    assert knowledge.shape == (3, 3, 32)


def test_axis_tokens_are_the_mean_of_the_present_labels_and_zero_for_none(tiny: Peace) -> None:
    targets = torch.zeros(3, len(LABELS))
    targets[0, 2] = targets[1, 2] = targets[1, 5] = 1
    with torch.inference_mode():
        tokens = tiny.axis_tokens(targets)
        bank = tiny.text(tiny.descriptors)
    torch.testing.assert_close(tokens[0], bank[2])
    torch.testing.assert_close(tokens[1], (bank[2] + bank[5]) / 2)
    assert not tokens[2].any()


def test_random_queries_replace_the_names_and_nothing_else() -> None:
    text, random, other = (fresh_peace(config, LABELS, seed) for config, seed in (
        (TINY, 1), (variant(queries="random"), 1), (variant(queries="random"), 2)))
    torch.testing.assert_close(random.names.norm(dim=1), torch.ones(len(LABELS)))
    assert float((random.names @ text.names.T).abs().max()) < 0.4
    assert not torch.equal(random.names, other.names)
    assert torch.equal(random.descriptors, text.descriptors)
    assert "names" not in dict(random.named_parameters())


def test_shuffling_gives_every_label_all_texts_of_another() -> None:
    bank = load_bank(LABELS)
    shuffled = fresh_peace(variant(shuffle_seed=4), LABELS, seed=1)
    order = [int(np.flatnonzero((bank.names == row).all(axis=1))[0]) for row in shuffled.names.numpy()]
    assert sorted(order) == list(range(len(LABELS)))
    assert all(place != index for index, place in enumerate(order))
    np.testing.assert_array_equal(shuffled.descriptors.numpy(), bank.descriptors[order])
    again, other = (fresh_peace(variant(shuffle_seed=seed), LABELS, seed=2) for seed in (4, 5))
    assert torch.equal(again.names, shuffled.names)
    assert not torch.equal(other.names, shuffled.names)


def test_a_fused_descriptor_is_one_token_and_alignment_still_works() -> None:
    model = fresh_peace(variant(descriptors="fused"), LABELS, seed=1).eval()
    targets = torch.eye(len(LABELS))[:3]
    with torch.inference_mode():
        tokens = model.axis_tokens(targets)
        assert tokens.shape == (3, 1, 32)
        assert model.read_knowledge(tokens).shape == (3, len(LABELS))
        for vectors in (model.align_knowledge(tokens), model.align_ecg(model.encode(*windows()[:3]))):
            torch.testing.assert_close(vectors.norm(dim=1), torch.ones(3))


def test_age_changes_the_logits_of_a_conditioned_network_only(tiny: Peace) -> None:
    aware = awake(fresh_peace(variant(age=True), LABELS, seed=3))
    signal, mask, valid, unknown = windows()
    known = torch.tensor([5.0, 400.0, 5000.0])
    with torch.inference_mode():
        assert torch.equal(tiny(signal, mask, valid, unknown)[0], tiny(signal, mask, valid, known)[0])
        at_unknown, at_known = (aware(signal, mask, valid, ages)[0] for ages in (unknown, known))
        mixed = aware(signal, mask, valid, torch.tensor([torch.nan, 400.0, torch.nan]))[0]
    assert torch.isfinite(at_unknown).all()
    assert float((at_unknown - at_known).abs().amax(dim=1).min()) > 1e-3
    torch.testing.assert_close(mixed, torch.stack([at_unknown[0], at_known[1], at_unknown[2]]))


def test_a_new_network_is_the_same_at_every_age() -> None:
    film, queries = AgeFilm(32).eval(), torch.randn(5, 32)
    found = film(queries, torch.tensor([torch.nan, 0.0, 3.0, 40000.0]))
    assert all(torch.equal(row, queries) for row in found)


def test_in_training_every_fifth_age_is_dropped() -> None:
    torch.manual_seed(0)
    film = AgeFilm(8)
    torch.nn.init.ones_(film.out.weight)
    queries = torch.ones(1, 8)
    unknown = film.eval()(queries, torch.tensor([torch.nan]))
    found = film.train()(queries, torch.full((2000,), 900.0))
    dropped = float((found == unknown).all(dim=-1).float().mean())
    assert 0.16 < dropped < 0.24


def test_statements_teach_through_the_deep_stage_and_leave_with_the_release() -> None:
    model = fresh_peace(variant(encoder="resnet1d_small_pyramid", statements=7), LABELS, seed=1)
    signal, mask, valid, ages = windows()
    valid[0] = 400
    encoded = model.encode(signal, mask, valid)
    model.read_statements(encoded).sum().backward()
    assert model.encoder.stages[3][0].shortcut[1][0].weight.grad.any()
    assert model.encoder.join.fine.weight.grad is None
    with torch.inference_mode():
        model.eval()
        spoiled = encoded._replace(deep=encoded.deep.clone())
        spoiled.deep[0, :, 25:] = 50.0
        assert torch.equal(model.read_statements(encoded), model.read_statements(spoiled))
    form = released(model)
    assert not any(name.startswith("statements") for name in form.state_dict())
    with pytest.raises(ValueError, match="without statements"):
        form.read_statements(encoded)


@pytest.mark.parametrize("encoder", ["xresnet1d_tiny", "resnet1d_small_pyramid", "s4d_tiny"])
def test_padding_is_neither_attended_nor_marked_nor_read(encoder: str) -> None:
    graph = InferenceGraph(awake(fresh_peace(variant(encoder=encoder), LABELS, seed=3)))
    signal, mask, valid, ages = windows()
    valid[1] = 300
    spoiled = signal.clone()
    spoiled[1, :, 300:] = torch.nan
    with torch.inference_mode():
        first, second = graph(signal, mask, valid, ages), graph(spoiled, mask, valid, ages)
    _, attention, maps = first
    first_padded = -(-300 // graph.model.encoder.stride)
    assert not attention[1, :, first_padded:].any()
    assert not maps[1, :, first_padded:].any()
    torch.testing.assert_close(attention.sum(dim=-1), torch.ones(3, len(LABELS)))
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


def test_blocked_tokens_cannot_change_a_logit() -> None:
    torch.manual_seed(0)
    lqn, queries, memory = LabelQueryNetwork(TINY.lqn).eval(), torch.randn(12, 32), torch.randn(2, 20, 32)
    blocked = torch.arange(20).expand(2, 20) >= 11
    spoiled = memory.clone()
    spoiled[:, 11:] = 1e3
    assert torch.equal(lqn(queries, memory, blocked)[0], lqn(queries, spoiled, blocked)[0])


def test_a_masked_lead_cannot_change_a_logit(tiny: Peace) -> None:
    signal, mask, valid, ages = windows()
    mask[:, 4] = 0
    spoiled = signal.clone()
    spoiled[:, 4] = 99
    with torch.inference_mode():
        assert torch.equal(tiny(signal, mask, valid, ages)[0], tiny(spoiled, mask, valid, ages)[0])


@pytest.mark.parametrize("own_queries", [False, True])
@pytest.mark.parametrize("layers", [1, 2, 4])
def test_closed_form_gradients_are_those_of_the_network(layers: int, own_queries: bool) -> None:
    torch.manual_seed(layers)
    lqn = LabelQueryNetwork(LqnConfig(width=32, layers=layers, heads=4, feed_forward=48)).double().eval()
    for parameter in lqn.parameters():
        parameter.data += 0.1 * torch.randn_like(parameter)
    queries = torch.randn(*(2, 5, 32) if own_queries else (5, 32), dtype=torch.float64)
    memory = torch.randn(2, 17, 32, dtype=torch.float64, requires_grad=True)
    blocked = torch.arange(17).expand(2, 17) >= torch.tensor([[17], [9]])
    logits, attention, gradient = read_with_gradient(lqn, queries, memory, blocked)
    plain, weights = lqn(queries, memory, blocked)
    torch.testing.assert_close(logits, plain)
    torch.testing.assert_close(attention, weights)
    for label in range(5):
        expected, = torch.autograd.grad(plain[:, label].sum(), memory, retain_graph=True)
        torch.testing.assert_close(gradient[:, label], expected)


@pytest.mark.parametrize("config", [
    variant(encoder="resnet1d_small_pyramid", statements=5), variant(encoder="resnet1d_small_pyramid", age=True),
    variant(encoder="s4d_tiny"), TINY], ids=["projected", "age", "states", "plain"])
def test_both_maps_of_the_graph_are_those_of_automatic_differentiation(config: PeaceConfig) -> None:
    model = awake(fresh_peace(config, LABELS, seed=6)).double()
    signal, mask, valid, ages = windows(2, 640)
    signal, ages[1], valid[1] = signal.double(), 700.0, 350
    logits, attention, maps = InferenceGraph(model)(signal, mask, valid, ages.double())
    encoded = model.encode(signal, mask, valid)
    features = encoded.features.detach().requires_grad_()
    plain, weights = model.read_ecg(encoded._replace(features=features), ages.double())
    torch.testing.assert_close(logits, plain)
    torch.testing.assert_close(attention, weights)
    gradient = torch.stack([
        torch.autograd.grad(plain[:, label].sum(), features, retain_graph=True)[0] for label in range(len(LABELS))], 1)
    expected = gradcam_plus_plus(features.transpose(1, 2), gradient.transpose(2, 3), encoded.padding)
    torch.testing.assert_close(maps, expected)
    assert (maps > 0).any()


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


def test_a_constant_input_has_no_map(tiny: Peace) -> None:
    signal, mask, valid, ages = windows()
    graph = InferenceGraph(tiny)
    with torch.inference_mode():
        assert graph(signal, mask, valid, ages)[2].any()
        assert not graph(torch.full_like(signal, 0.7), mask, valid, ages)[2].any()


@pytest.mark.parametrize("encoder", ["xresnet1d_tiny", "resnet1d_small_pyramid", "s4d_tiny"])
def test_the_released_form_says_the_same_within_rounding(encoder: str) -> None:
    model = awake(fresh_peace(variant(encoder=encoder), LABELS, seed=3))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    form = released(model)
    inputs = windows()
    with torch.inference_mode():
        torch.testing.assert_close(form(*inputs)[0], model(*inputs)[0], atol=0.02, rtol=0)
    assert not any("BatchNorm" in type(module).__name__ for module in form.encoder.modules())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(torch.equal(p, p.half().float()) for p in form.parameters() if p.ndim >= 2)


def test_a_frozen_graph_says_the_same_and_leaves_the_other_as_it_was() -> None:
    graph = InferenceGraph(awake(fresh_peace(variant(encoder="s4d_tiny"), LABELS, seed=3)))
    inputs = windows()
    with torch.inference_mode():
        for free, frozen in zip(graph(*inputs), graph.frozen(1000)(*inputs), strict=True):
            torch.testing.assert_close(frozen, free, atol=2e-4, rtol=1e-3)
        graph(*windows(n_samples=800))


def test_configurations_survive_json() -> None:
    for config in (PeaceConfig(), OLD, variant(queries="random", shuffle_seed=3, age=True, statements=71)):
        assert PeaceConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    control = EcgOnlyConfig("resnet1d_plain", 24, pooling="mean_max", statements=71)
    assert EcgOnlyConfig.from_dict(json.loads(json.dumps(control.to_dict()))) == control
    # The first run's settings were written before there were switches.
    written = {key: OLD.to_dict()[key] for key in ("encoder", "text_width", "lqn", "align_width")}
    assert PeaceConfig.from_dict(written) == OLD


def test_the_first_bundles_network_can_still_be_made() -> None:
    model = fresh_peace(OLD, LABELS[:12], seed=0)
    assert len(model.lqn.layers) == 4
    assert model.encoder.stride == 8
    assert isinstance(model.adapt, torch.nn.Identity)


def test_texts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"descriptors \(24, 3, 384\) do not fit 24 labels, 1 axes"):
        Peace(variant(descriptors="fused"), torch.zeros(24, 384), torch.zeros(24, 3, 384))
    with pytest.raises(ValueError, match="two labels or more"):
        fresh_peace(variant(shuffle_seed=1), LABELS[:1], seed=0)


@pytest.mark.parametrize("pooling", ["mean", "mean_max"])
def test_the_control_pools_what_is_not_padding(pooling: str) -> None:
    control = awake(fresh_ecg_only(EcgOnlyConfig("xresnet1d_tiny", 12, pooling=pooling), seed=1))
    signal, mask, valid, ages = windows()
    valid[0] = 500
    with torch.inference_mode():
        logits, weights = control(signal, mask, valid, ages)
        encoded = control.encode(signal, mask, valid)
        spoiled = encoded._replace(features=encoded.features.clone())
        spoiled.features[0, :, 63:] = 50.0
        assert torch.equal(control.read_ecg(spoiled, ages)[0], logits)
    assert logits.shape == (3, 12)
    np.testing.assert_allclose(weights.sum(dim=-1).numpy(), 1, rtol=1e-6)
    assert not weights[0, :, 63:].any()


def test_mean_and_greatest_token_by_hand() -> None:
    features = torch.tensor([[[1.0, 3.0, 9.0], [4.0, 0.0, 9.0]]])
    padding = torch.tensor([[False, False, True]])
    assert mean_max_token(features, padding).tolist() == [[2.0, 2.0, 3.0, 4.0]]
