"""Adaptation baselines and adaptation behind a frozen encoder: known answers, and what must not change."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)

from controls_store import small_store  # noqa: E402

from peace_model.datasets.augment import AugmentConfig  # noqa: E402
from peace_model.datasets.splits import age_shift  # noqa: E402
from peace_model.datasets.store import Store  # noqa: E402
from peace_model.evaluation.scoring import score  # noqa: E402
from peace_model.networks.building import fresh_peace  # noqa: E402
from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only  # noqa: E402
from peace_model.networks.label_query_network import LqnConfig  # noqa: E402
from peace_model.networks.peace import PeaceConfig  # noqa: E402
from peace_model.training.adaptation import (  # noqa: E402
    DomainEcgOnly,
    WithTarget,
    discrepancy,
    domain_loss,
    reversal_strength,
    reversed_gradient,
)
from peace_model.training.batch import make_batch  # noqa: E402
from peace_model.training.frozen_encoder import AdaptConfig, FrozenNetwork, adapted_part  # noqa: E402

TINY = PeaceConfig(encoder="xresnet1d_tiny", align_width=8,
                   lqn=LqnConfig(width=32, layers=1, heads=2, feed_forward=32, dropout=0.0))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return small_store(tmp_path_factory.mktemp("adaptation"), each=2)


def test_a_reversed_gradient_is_the_gradient_times_minus_the_strength() -> None:
    features = torch.tensor([[1.0, -2.0]], requires_grad=True)
    same = reversed_gradient(features, 0.3)
    torch.testing.assert_close(same, features)
    (same * torch.tensor([[3.0, 5.0]])).sum().backward()
    torch.testing.assert_close(features.grad, torch.tensor([[-0.9, -1.5]]))


def test_the_reversal_rises_from_nothing_to_nearly_all() -> None:
    strengths = [reversal_strength(progress) for progress in np.linspace(0, 1, 11)]
    assert strengths[0] == 0
    assert 0.999 < strengths[-1] < 1
    assert strengths == sorted(strengths)


def test_the_discrepancy_is_none_between_equals_and_grows_with_the_distance() -> None:
    generator = torch.Generator().manual_seed(1)
    source, other = torch.randn(64, 8, generator=generator), torch.randn(64, 8, generator=generator)
    assert discrepancy(source, source).item() == pytest.approx(0, abs=1e-6)
    apart = [discrepancy(source, other + shift).item() for shift in (0.0, 0.5, 2.0)]
    assert 0 <= apart[0] < apart[1] < apart[2]


@pytest.mark.parametrize("kind", ["dann", "mmd"])
def test_adapting_brings_the_features_of_two_populations_together(kind: str) -> None:
    """Features of two populations differ in one direction; a linear map learns to forget it."""
    torch.manual_seed(1)
    source = torch.randn(128, 4)
    target = torch.randn(128, 4) + torch.tensor([3.0, 0.0, 0.0, 0.0])
    features = torch.nn.Linear(4, 4)
    domain = torch.nn.Linear(4, 1)
    optimiser = torch.optim.Adam([*features.parameters(), *domain.parameters()], 0.02)
    before = discrepancy(features(source), features(target)).item()
    for _ in range(200):
        loss = (discrepancy(features(source), features(target)) if kind == "mmd"
                else domain_loss(domain, features(source), features(target), strength=0.5))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert discrepancy(features(source), features(target)).item() < 0.25 * before


@pytest.mark.parametrize("kind", ["dann", "mmd"])
def test_the_target_s_labels_are_never_looked_at(store: Store, kind: str) -> None:
    source, target = age_shift(store)
    augment = AugmentConfig(crop_s=5.0)
    losses = WithTarget(kind, store, target.train, augment, steps=10, seed=1)
    torch.manual_seed(1)
    model = DomainEcgOnly(EcgOnlyConfig("xresnet1d_tiny", len(store.labels), dropout=0.0))
    batch = make_batch(store, source.train[:6], augment, weights=torch.ones(len(store.labels)), seed=1, step=4)
    before = losses(model, batch)
    assert set(before) == {"label", "domain"}
    hidden = np.array(store.targets)
    hidden[target.train] = 1 - hidden[target.train]
    again = WithTarget(kind, replace(store, targets=hidden), target.train, augment, steps=10, seed=1)(model, batch)
    for name in before:
        torch.testing.assert_close(before[name], again[name])
    (before["label"] + before["domain"]).backward()
    assert all(parameter.grad is not None for parameter in model.encoder.parameters())
    assert (model.domain[0].weight.grad is not None) == (kind == "dann")


@pytest.mark.parametrize("kind", ["peace", "ecg_only"])
def test_only_what_stands_behind_the_encoder_is_adapted(store: Store, kind: str) -> None:
    labels = tuple(store.labels)
    model = fresh_peace(TINY, labels, 1) if kind == "peace" else fresh_ecg_only(
        EcgOnlyConfig("xresnet1d_tiny", len(labels)), 1)
    _, target = age_shift(store)
    rows = np.concatenate([target.train, target.choose, target.test])
    before = {name: value.clone() for name, value in model.state_dict().items()}
    frozen = FrozenNetwork(model, store, rows, AdaptConfig(steps=30, look_steps=10, batch=4, rate=5e-3))

    zero_shot = frozen.adapted(target.train[:0], target.choose, target.test, seed=1)
    np.testing.assert_allclose(zero_shot, score(model, store, target.test), atol=1e-5)

    few = frozen.adapted(target.train, target.choose, target.test, seed=1)
    np.testing.assert_array_equal(few, frozen.adapted(target.train, target.choose, target.test, seed=1))
    assert np.abs(few - zero_shot).max() > 0.01
    for name, value in model.state_dict().items():
        torch.testing.assert_close(value, before[name], msg=f"{name} of the source network changed")
    assert any(name.startswith(adapted_part(model)) for name in before)


def test_adaptation_learns_what_the_support_shows(store: Store) -> None:
    model = fresh_ecg_only(EcgOnlyConfig("xresnet1d_tiny", len(store.labels)), 1)
    _, target = age_shift(store)
    column = store.labels.index("NORM")
    frozen = FrozenNetwork(model, store, np.concatenate([target.train, target.choose]),
                           AdaptConfig(steps=150, look_steps=150, batch=6, rate=3e-2))
    logits = frozen.adapted(target.train, target.choose, target.train, seed=1)[:, column]
    normal = np.array(store.targets[target.train, column]) > 0
    assert logits[normal].min() > logits[~normal].max()
