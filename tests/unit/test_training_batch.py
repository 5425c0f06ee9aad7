"""A step's batch and its losses: drawn from seed and step, mixed as said, and no loss that nobody weighs."""

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from torch.nn import functional  # noqa: E402
from training_store import MemoryStore, two_kinds  # noqa: E402
from training_worker import NETWORK  # noqa: E402

from peace_model.datasets.augment import AugmentConfig  # noqa: E402
from peace_model.networks.building import fresh_peace  # noqa: E402
from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only  # noqa: E402
from peace_model.training.batch import Batch, make_batch, one_ahead  # noqa: E402
from peace_model.training.config import TrainConfig, TrainingError  # noqa: E402
from peace_model.training.objectives import Objective  # noqa: E402

PLAIN = AugmentConfig(crop_s=3, gain=0, wander_sd=0, drop_precordial=0, drop_lead=0)
MIXED = dataclasses.replace(PLAIN, mixup=1.0)
ROWS = np.arange(0, 24)


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    whole = two_kinds(24)
    known = whole.known.copy()
    known[5, 0] = 0
    return dataclasses.replace(whole, known=known)


def made(store: MemoryStore, config: AugmentConfig, *, step: int = 3, seed: int = 1) -> Batch:
    return make_batch(store, ROWS, config, weights=torch.ones(12), seed=seed, step=step)


def losses_of(batch: Batch, weights: dict[str, float], **more: object) -> dict[str, float]:
    model = fresh_peace(NETWORK, two_kinds(4).labels, seed=1).eval()
    with torch.inference_mode():
        parts = Objective(TrainConfig(epochs=1, weights=weights), **more)(model, batch)
    return {name: float(part) for name, part in parts.items()}


def test_a_batch_follows_from_seed_and_step(store: MemoryStore) -> None:
    one, same = made(store, MIXED), made(store, MIXED)
    assert torch.equal(one.signal, same.signal)
    assert torch.equal(one.targets, same.targets)
    assert not torch.equal(one.signal, made(store, MIXED, step=4).signal)
    assert not torch.equal(one.signal, made(store, MIXED, seed=2).signal)


def test_without_mixing_truth_is_the_store_s(store: MemoryStore) -> None:
    batch = made(store, PLAIN)
    assert batch.signal.shape == (24, 12, 300)
    np.testing.assert_array_equal(batch.targets, store.targets[ROWS])
    np.testing.assert_array_equal(batch.known, store.known[ROWS])
    np.testing.assert_array_equal(batch.statements, store.statements[ROWS])
    np.testing.assert_array_equal(batch.age_days, store.age_days[ROWS])
    assert batch.share == slice(0, 24)


def test_a_mixture_holds_both_truths_in_their_shares_and_is_unknown_where_one_is(store: MemoryStore) -> None:
    batch, plain = made(store, MIXED), made(store, PLAIN)
    assert ((batch.targets >= 0) & (batch.targets <= 1)).all()
    assert ((batch.targets > 0) & (batch.targets < 1)).any()
    torch.testing.assert_close(batch.targets.sum(dim=1), torch.ones(24))  # every recording has one label
    torch.testing.assert_close(batch.statements[:, :2], batch.targets[:, [0, 3]])
    torch.testing.assert_close(batch.statements[:, 2], torch.ones(24))
    assert int((batch.known == 0).sum()) == 2  # as itself, and as the partner of another
    assert batch.known[5, 0] == 0
    # The wave is the same weighted sum: find the share of each pair back in the signal.
    for k in np.flatnonzero((batch.targets > 0).sum(dim=1) == 2):
        share = float(batch.targets[k].max())
        rest = (batch.signal[k] - share * plain.signal[k]) / (1 - share)
        assert min(float((rest - other).abs().max()) for other in plain.signal) < 1e-3


def test_batches_come_in_order_and_an_error_comes_through() -> None:
    assert list(one_ahead(lambda step: step * 10, range(3, 6))) == [30, 40, 50]
    assert list(one_ahead(lambda step: step, range(0))) == []

    def broken(step: int) -> int:
        if step == 2:
            raise OSError("the disk is gone")
        return step

    batches = one_ahead(broken, range(5))
    assert [next(batches), next(batches)] == [0, 1]
    with pytest.raises(OSError, match="the disk is gone"):
        next(batches)


def test_only_the_losses_that_are_weighed_are_computed(store: MemoryStore) -> None:
    batch = made(store, PLAIN)
    for weights in ({"label": 1.0}, {"label": 1.0, "statements": 2.0}, {"label": 1.0, "know": 1.0, "align": 1.0}):
        assert set(losses_of(batch, weights)) == set(weights)
    with pytest.raises(TrainingError, match="this network has no text"):
        Objective(TrainConfig(epochs=1, weights={"label": 1, "align": 1}))(
            fresh_ecg_only(EcgOnlyConfig("xresnet1d_tiny", 12), 1), batch)
    with pytest.raises(TrainingError, match="teachers go together"):
        Objective(TrainConfig(epochs=1, weights={"label": 1, "distill": 1}))


def test_what_is_not_known_changes_no_loss(store: MemoryStore) -> None:
    batch = made(store, PLAIN)
    other = batch.targets.clone()
    other[5, 0] = 1 - other[5, 0]
    weights = {"label": 1.0, "know": 1.0, "align": 1.0}
    assert losses_of(batch, weights) == losses_of(dataclasses.replace(batch, targets=other), weights)


def test_descriptors_of_a_mixture_are_those_of_the_labels_that_outweigh(store: MemoryStore) -> None:
    batch = made(store, PLAIN)
    mixed = 0.7 * batch.targets + 0.3 * batch.targets.roll(1, 0)
    weights = {"label": 1.0, "know": 1.0, "align": 1.0}
    plain, soft = losses_of(batch, weights), losses_of(dataclasses.replace(batch, targets=mixed), weights)
    assert (soft["know"], soft["align"]) == (plain["know"], plain["align"])
    assert soft["label"] != plain["label"]


def test_teachers_are_followed_in_the_mean_of_their_probabilities(store: MemoryStore) -> None:
    batch = made(store, PLAIN)
    teachers = [fresh_ecg_only(EcgOnlyConfig("xresnet1d_tiny", 12, statements=3), seed).eval() for seed in (5, 6)]
    student = fresh_peace(NETWORK, store.labels, seed=1).eval()
    given = batch.signal, batch.lead_mask, batch.valid_samples, batch.age_days
    with torch.inference_mode():
        mean = torch.stack([teacher(*given)[0].sigmoid() for teacher in teachers]).mean(dim=0)
        expected = float(functional.binary_cross_entropy_with_logits(student(*given)[0], mean))
    found = losses_of(batch, {"label": 1.0, "distill": 1.0, "distill_statements": 1.0}, teachers=teachers)
    assert found["distill"] == pytest.approx(expected, rel=1e-5)
    assert found["distill_statements"] > 0
