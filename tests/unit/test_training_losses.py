"""The losses, against numbers worked out by hand."""

import math

import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from peace_model.training.losses import (  # noqa: E402
    AlignConfig,
    lsbc,
    masked_bce,
    positive_weights,
    prior_bce,
)
from peace_model.training.schedule import WeightAverage, warm_cosine  # noqa: E402

MODES = ("shared", "per_label", "jaccard")
E = math.e


def test_positive_weights_are_the_ratio_capped() -> None:
    targets = torch.tensor([[1.0, 0, 0], [1, 1, 0], [0, 0, 0], [0, 0, 0]])
    all_known = torch.ones_like(targets)
    assert positive_weights(targets, all_known, cap=20).tolist() == [1.0, 3.0, 20.0]
    assert positive_weights(targets, all_known, cap=2).tolist() == [1.0, 2.0, 2.0]
    assert positive_weights(targets, all_known, cap=None).tolist() == [1.0, 1.0, 1.0]
    known = torch.tensor([[1.0, 1, 1], [1, 1, 1], [1, 1, 1], [0, 0, 0]])
    assert positive_weights(targets, known, cap=20).tolist() == [0.5, 2.0, 20.0]


def test_unknown_targets_do_not_count() -> None:
    logits, targets = torch.tensor([[0.0, 5.0]]), torch.tensor([[1.0, 0.0]])
    known = torch.tensor([[1.0, 0.0]])
    loss = masked_bce(logits, targets, weights=torch.tensor([3.0, 1.0]), known=known)
    assert float(loss) == pytest.approx(3 * math.log(2))
    assert float(masked_bce(logits, targets, weights=torch.ones(2), known=torch.zeros(1, 2))) == 0


def test_the_prior_is_the_least_loss_of_a_constant_answer() -> None:
    targets = torch.tensor([[1.0, 0], [0, 0], [0, 1], [0, 1]])
    known = torch.tensor([[1.0, 1], [1, 1], [1, 1], [1, 0]])
    weights = torch.tensor([2.0, 1.0])
    found = prior_bce(targets, known, weights=weights)

    def least(c: int) -> float:
        mean = min(float(masked_bce(answer.expand(4, 1), targets[:, [c]], weights=weights[[c]], known=known[:, [c]]))
                   for answer in torch.linspace(-3, 3, 601))
        return mean * float(known[:, c].sum())

    assert found == pytest.approx((least(0) + least(1)) / float(known.sum()), abs=1e-4)
    assert prior_bce(torch.zeros(5, 1), torch.ones(5, 1), weights=torch.ones(1)) == pytest.approx(0, abs=1e-4)


def test_alignment_by_hand() -> None:
    # Three recordings of which the first two share a label; similarity 1 where labels agree, else 0.
    present = torch.tensor([[1.0, 0], [1, 0], [0, 1]])
    first, third = -math.log(E / (2 * E + 1)), -math.log(E / (E + 2))
    found = lsbc(present @ present.T, present, AlignConfig("shared"))
    assert float(found) == pytest.approx((2 * first + third) / 3, rel=1e-5)
    balanced = lsbc(present @ present.T, present, AlignConfig("shared", balanced=True))
    assert float(balanced) == pytest.approx((first + third) / 2, rel=1e-5)


def test_a_label_has_its_own_contrast() -> None:
    # The second recording has both labels: it pulls once in each.
    present = torch.tensor([[1.0, 0], [1, 1], [0, 1], [1, 0]])
    similarity = torch.tensor([[2.0, 0, 1, 0], [1, 3, 0, 0], [0, 1, 1, 0], [0, 0, 0, 2]])
    to_knowledge, to_ecg = -similarity.log_softmax(1), -similarity.T.log_softmax(1)

    def by_hand(rows: list[int]) -> float:
        pairs = [(to_knowledge[i, j] + to_ecg[i, j]) / 2 for i in rows for j in rows]
        return float(sum(pairs)) / len(pairs)

    first, second = by_hand([0, 1, 3]), by_hand([1, 2])
    counted = lsbc(similarity, present, AlignConfig("per_label"))
    assert float(counted) == pytest.approx((3 * first + 2 * second) / 5, rel=1e-5)
    balanced = lsbc(similarity, present, AlignConfig("per_label", balanced=True))
    assert float(balanced) == pytest.approx((first + second) / 2, rel=1e-5)


def test_jaccard_pulls_as_strongly_as_labels_overlap() -> None:
    present = torch.tensor([[1.0, 0, 0], [1, 1, 0], [0, 0, 1]])
    similarity = torch.tensor([[2.0, 0, 1], [1, 3, 0], [0, 1, 1]])
    pull = torch.tensor([[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]])
    share = pull / pull.sum(1, keepdim=True)
    by_hand = -(share * (similarity.log_softmax(1) + similarity.T.log_softmax(1))).sum(1).mean() / 2
    assert float(lsbc(similarity, present, AlignConfig("jaccard"))) == pytest.approx(float(by_hand), rel=1e-5)


@pytest.mark.parametrize("balanced", [False, True])
def test_where_every_recording_has_one_label_jaccard_is_shared(balanced: bool) -> None:
    torch.manual_seed(1)
    similarity, present = torch.randn(8, 8), torch.eye(3)[torch.randint(3, (8,))]
    shared, jaccard = (lsbc(similarity, present, AlignConfig(mode, balanced)) for mode in ("shared", "jaccard"))
    assert float(shared) == pytest.approx(float(jaccard), rel=1e-6)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("balanced", [False, True])
def test_recordings_without_a_label_are_left_out_of_alignment(mode: str, balanced: bool) -> None:
    torch.manual_seed(0)
    similarity = torch.randn(4, 4, requires_grad=True)
    present = torch.tensor([[1.0, 0], [0, 1], [0, 0], [1, 1]])
    config, kept = AlignConfig(mode, balanced), [0, 1, 3]
    whole = lsbc(similarity, present, config)
    alone = lsbc(similarity[kept][:, kept], present[kept], config)
    assert whole.item() == pytest.approx(alone.item())
    assert lsbc(similarity, torch.zeros(4, 2), config).item() == 0
    whole.backward()
    assert not similarity.grad[2].any()
    assert not similarity.grad[:, 2].any()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("balanced", [False, True])
def test_alignment_is_least_when_vectors_follow_the_labels(mode: str, balanced: bool) -> None:
    config, present = AlignConfig(mode, balanced), torch.eye(4)
    right, wrong = lsbc(torch.eye(4) / 0.07, present, config), lsbc(torch.eye(4).roll(1, 0) / 0.07, present, config)
    assert float(right) < 0.01 < float(wrong)


def test_balanced_rows_weigh_a_rare_label_like_a_common_one() -> None:
    # Nine recordings of one label are aligned, the tenth, of the other, is not.
    present = torch.zeros(10, 2)
    present[:9, 0] = 1
    present[9, 1] = 1
    similarity = present @ present.T * 5
    similarity[9, 9] = -5
    plain, balanced = (float(lsbc(similarity, present, AlignConfig("shared", value))) for value in (False, True))
    assert balanced > 1.5 * plain


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
