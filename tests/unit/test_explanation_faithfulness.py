"""Deletion, insertion and randomisation tell a map that marks what the model reads from one that does not."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="needs the extra 'train'")

from peace_model.evaluation.faithfulness import Grid, deletion, insertion, lead_drops  # noqa: E402
from peace_model.evaluation.faithfulness_examples import Examples, choose_examples, mean_interval  # noqa: E402
from peace_model.evaluation.faithfulness_maps import over_time  # noqa: E402
from peace_model.evaluation.faithfulness_weights import cascade, randomised  # noqa: E402
from peace_model.networks.building import fresh_peace  # noqa: E402
from peace_model.networks.label_query_network import LqnConfig  # noqa: E402
from peace_model.networks.peace import Peace, PeaceConfig  # noqa: E402

STEPS, STRIDE, SAMPLES = 25, 8, 200
TIME, CELLS = Grid(samples=STRIDE, offset=0, leads=False), Grid(samples=20, offset=0, leads=True)


def examples(count: int = 6, *, valid: int = SAMPLES) -> Examples:
    rng = np.random.default_rng(1)
    signal = np.abs(rng.normal(1, 0.2, (count, 12, SAMPLES))).astype(np.float32)
    signal[:, :, valid:] = 0
    mask = np.ones((count, 12), np.float32)
    mask[0, 11] = 0
    return Examples(signal, mask, np.full(count, valid), np.full(count, np.nan, np.float32), np.zeros(count, np.int64),
                    np.arange(count).astype(str), np.arange(count), np.array([count]))


def reads(*, lead: int | None, samples: slice):
    """A model whose logit is the sum of the signal at a place, of one lead or of all."""
    def answer(*, signal: np.ndarray, **_rest: np.ndarray) -> np.ndarray:
        seen = signal[:, :, samples] if lead is None else signal[:, lead: lead + 1, samples]
        return seen.sum(axis=(1, 2))[:, None]

    return answer


def ignore(_count: int) -> None:
    pass


def test_a_map_of_what_is_read_beats_random_order_and_its_opposite_loses() -> None:
    answer = reads(lead=None, samples=slice(80, 120))
    right = np.zeros((6, STEPS))
    right[:, 10:15] = 1
    for measure in (deletion, insertion):
        good = measure(answer, examples(), right, TIME, seed=0, told=ignore).gains
        bad = measure(answer, examples(), -right, TIME, seed=0, told=ignore).gains
        assert (good > 0).all()
        assert (bad < 0).all()


def test_a_map_of_single_leads_is_tested_cell_by_cell() -> None:
    answer = reads(lead=3, samples=slice(40, 60))
    right = np.zeros((6, 12, 10))
    right[:, 3, 2] = 1
    curves = deletion(answer, examples(), right, CELLS, seed=0, told=ignore)
    assert (curves.gains > 0).all()
    assert curves.own[:, 0] == pytest.approx(0, abs=1e-5), "the one cell is the first to go"
    drops = lead_drops(answer, examples(), told=ignore)
    assert (drops.argmax(axis=1) == 3).all()
    assert not drops[0, 11], "a lead that is not there is not tried"


def test_windows_run_are_told() -> None:
    told: list[int] = []
    deletion(reads(lead=None, samples=slice(0, 9)), examples(), np.ones((6, STEPS)), TIME, seed=0, told=told.append)
    assert sum(told) == 2 * 5 * 6


@settings(max_examples=40)
@given(offset=st.integers(-16, 16), samples=st.integers(1, 20), data=st.data())
def test_a_unit_covers_its_own_samples_and_no_others(offset: int, samples: int, data: st.DataObject) -> None:
    grid = Grid(samples=samples, offset=offset, leads=False)
    steps = data.draw(st.integers(1, 30))
    unit = data.draw(st.integers(0, steps - 1))
    chosen = np.zeros(steps, bool)
    chosen[unit] = True
    covered = grid.cover(chosen, SAMPLES)
    at = np.arange(SAMPLES)
    begin = offset + unit * samples
    assert covered.shape == (12, SAMPLES)
    assert np.array_equal(covered[0], (at >= begin) & (at < begin + samples))


def test_padding_is_never_taken_for_signal() -> None:
    grid = Grid(samples=STRIDE, offset=-4, leads=False)
    usable = grid.usable(STEPS, lead_mask=np.ones(12), valid_samples=80)
    assert usable.sum() == 10


@pytest.fixture(scope="module")
def model() -> Peace:
    config = PeaceConfig(encoder="xresnet1d_tiny", lqn=LqnConfig(width=32, layers=2, heads=2, feed_forward=64),
                         align_width=16)
    return fresh_peace(config, ("NORM", "LVH"), seed=1).eval()


def matrices(model: Peace) -> Iterator[tuple[str, np.ndarray]]:
    for name, parameter in model.named_parameters():
        if parameter.ndim >= 2:
            yield name, parameter.detach().numpy().copy()


def test_the_cascade_goes_from_the_head_to_the_stem_and_leaves_no_matrix_in_place(model: Peace) -> None:
    before = dict(matrices(model))
    parts = []
    for place, (part, changed) in enumerate(cascade(model, seed=2)):
        parts.append(part)
        touched = {name for name, values in matrices(changed) if not np.array_equal(values, before[name])}
        if place == 0:
            assert touched == {name for name in before if name.startswith("lqn.head.")}
    used = {name for name in before if name.startswith(("lqn.", "encoder.", "text."))}
    assert touched == used
    assert parts[:3] == ["lqn.head", "lqn.layers.1", "lqn.layers.0"]
    assert parts[-1].startswith("encoder.")
    assert all(np.array_equal(values, before[name]) for name, values in matrices(model)), "the model given stays"


def test_random_weights_are_the_same_numbers_in_other_places(model: Peace) -> None:
    before, after = dict(matrices(model)), dict(matrices(randomised(model, seed=2)))
    again = dict(matrices(randomised(model, seed=2)))
    for name, values in after.items():
        assert np.array_equal(np.sort(values.ravel()), np.sort(before[name].ravel()))
        assert np.array_equal(values, again[name])


def test_examples_are_positives_of_labels_with_enough_of_them_one_window_a_recording() -> None:
    from evaluation_store import evaluation_store

    store = evaluation_store(200, seed=4)
    targets = np.array(store.targets)
    targets[:, 3] = 0
    targets[:9, 3] = 1
    store = evaluation_store(200, seed=4, targets=targets, recordings=np.arange(200) // 2)
    chosen = choose_examples(store, np.arange(200), per_label=15, seed=0)
    assert 3 not in chosen.columns
    assert chosen.available[3] < 10
    counts = np.bincount(chosen.columns, minlength=12)
    assert (np.delete(counts, 3) == 15).all()
    few = chosen.first_of_each(4)
    assert (np.bincount(few.columns, minlength=12)[few.columns] == 4).all()
    assert np.array_equal(few.signal, chosen.signal[np.isin(chosen.numbers, few.numbers)])


def test_an_interval_holds_its_mean_and_widens_where_recordings_share_a_patient() -> None:
    values = np.tile([1.0, 1.0, 3.0, 3.0], 8)
    alone = mean_interval(values, np.arange(32).astype(str), seed=0)
    together = mean_interval(values, (np.arange(32) // 2).astype(str), seed=0)
    assert alone.low <= alone.value == 2.0 <= alone.high
    assert together.high - together.low > alone.high - alone.low
    assert np.isnan(mean_interval(np.zeros(0), np.zeros(0, str), seed=0).value)


def test_occlusion_over_time_stands_at_the_centres_of_tokens() -> None:
    maps = np.zeros((1, 12, 10))
    maps[0, :, 4] = 12
    profile = over_time(maps, patch=20, stride=STRIDE, tokens=STEPS)
    assert profile.shape == (1, STEPS)
    assert abs(int(profile[0].argmax()) * STRIDE - 90) <= STRIDE
