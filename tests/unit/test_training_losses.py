"""The losses, against numbers worked out by hand."""

import math

import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from peace_model.training.losses import lsbc, masked_bce, positive_weights  # noqa: E402
from peace_model.training.schedule import WeightAverage, warm_cosine  # noqa: E402


def test_positive_weights_are_the_ratio_capped_at_20() -> None:
    targets = torch.tensor([[1.0, 0, 0], [1, 1, 0], [0, 0, 0], [0, 0, 0]])
    assert positive_weights(targets).tolist() == [1.0, 3.0, 4.0]
    rare = torch.zeros(100, 2)
    rare[0, 0] = 1
    assert positive_weights(rare).tolist() == [20.0, 20.0]


def test_unknown_targets_do_not_count() -> None:
    logits, targets = torch.tensor([[0.0, 5.0]]), torch.tensor([[1.0, 0.0]])
    known = torch.tensor([[1.0, 0.0]])
    loss = masked_bce(logits, targets, weights=torch.tensor([3.0, 1.0]), known=known)
    assert float(loss) == pytest.approx(3 * math.log(2))
    assert positive_weights(torch.tensor([[1.0], [0.0], [0.0]]), torch.tensor([[1.0], [1.0], [0.0]])).item() == 1


def test_alignment_by_hand() -> None:
    # Three recordings; the first two share a label. Unit vectors on two axes, temperature 1.
    ecg = torch.tensor([[1.0, 0], [1, 0], [0, 1]])
    knowledge = torch.tensor([[1.0, 0], [1, 0], [0, 1]])
    targets = torch.tensor([[1.0, 0], [1, 0], [0, 1]])
    e = math.e
    first = -math.log(e / (2 * e + 1))  # rows 1, 2: both shares fall on similarity 1
    third = -math.log(e / (e + 2))
    assert float(lsbc(ecg, knowledge, targets, torch.tensor(1.0))) == pytest.approx((2 * first + third) / 3, rel=1e-5)


def test_recordings_without_a_label_are_left_out_of_alignment() -> None:
    torch.manual_seed(0)
    ecg, knowledge = torch.randn(4, 8), torch.randn(4, 8)
    targets = torch.tensor([[1.0, 0], [0, 1], [0, 0], [1, 1]])
    kept = [0, 1, 3]
    whole = lsbc(ecg, knowledge, targets, torch.tensor(0.1))
    assert float(whole) == pytest.approx(float(lsbc(ecg[kept], knowledge[kept], targets[kept], torch.tensor(0.1))))
    assert float(lsbc(ecg, knowledge, torch.zeros(4, 2), torch.tensor(0.1))) == 0


def test_alignment_is_least_when_vectors_follow_the_labels() -> None:
    targets = torch.eye(4)
    right = lsbc(torch.eye(4), torch.eye(4), targets, torch.tensor(0.07))
    wrong = lsbc(torch.eye(4), torch.eye(4).roll(1, 0), targets, torch.tensor(0.07))
    assert float(right) < 0.01 < float(wrong)


def test_the_rate_rises_then_falls() -> None:
    rates = [warm_cosine(step, total=100, warm_up=0.1, final=0.01) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[9] == 1
    assert rates[-1] == pytest.approx(0.01)
    assert all(a >= b for a, b in zip(rates[9:], rates[10:], strict=False))


def test_the_average_follows_and_keeps_counters() -> None:
    average = WeightAverage({"w": torch.zeros(1), "n": torch.tensor(0)}, decay=0.5)
    for step in range(1, 40):
        average.update([("w", torch.ones(1)), ("n", torch.tensor(step))])
    assert float(average.state["w"]) == pytest.approx(1, abs=1e-6)
    assert int(average.state["n"]) == 39
