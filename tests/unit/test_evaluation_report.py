"""An evaluation from a store to figures: parts, groups, calibration, what is removed and what is not known."""

import json

import numpy as np
import pytest
from evaluation_store import evaluation_store, lead_answer
from scored_cases import scored_of

torch = pytest.importorskip("torch", reason="needs the extra 'train'")

from peace_model.datasets.splits import Split, own_split  # noqa: E402
from peace_model.datasets.store import StoreError  # noqa: E402
from peace_model.evaluation.calibration import fit_platt  # noqa: E402
from peace_model.evaluation.figures import calibrate, decide  # noqa: E402
from peace_model.evaluation.metrics import auroc, best_f1_threshold, f1_of  # noqa: E402
from peace_model.evaluation.report import Evaluation, evaluate, fixed_figures, training_counts  # noqa: E402
from peace_model.evaluation.scored import scored  # noqa: E402
from peace_model.evaluation.scoring import judge, network_answer, score  # noqa: E402
from peace_model.evaluation.seeds import against_control, seeds_summary  # noqa: E402
from peace_model.evaluation.subgroups import parts_of  # noqa: E402
from peace_model.inference.bundle import Calibration  # noqa: E402
from peace_model.inference.calibration import decisions, probabilities  # noqa: E402
from peace_model.labels import groups_of  # noqa: E402

STORE = evaluation_store(1200, children=100)
SPLIT = own_split(STORE)
NINE = groups_of("peace12")["nine"]


@pytest.fixture(scope="module")
def found() -> Evaluation:
    return evaluate(lead_answer, STORE, SPLIT, seed=5, replicates=60)


def test_every_figure_can_be_written_as_json(found: Evaluation) -> None:
    text = json.dumps({"calibration": found.calibration, "metrics": found.metrics}, allow_nan=False)
    assert json.loads(text)["metrics"]["choosing"]["recordings"] == len(SPLIT.choose)


def test_groups_are_reported_separately_and_the_nine_by_their_own_rule(found: Evaluation) -> None:
    groups = found.metrics["choosing"]["groups"]
    assert list(groups) == ["nine", "twelve", "profile"]
    targets = STORE.targets[SPLIT.choose]
    columns = [STORE.labels.index(code) for code in NINE]
    rows = targets[:, columns].any(axis=1)
    assert groups["nine"]["recordings"] == rows.sum() < groups["twelve"]["recordings"] == len(targets)
    logits = score(lead_answer, STORE, SPLIT.choose)
    expected = np.mean([auroc(logits[rows, c], targets[rows, c]) for c in columns])
    assert groups["nine"]["macro_auroc"]["value"] == pytest.approx(expected, abs=1e-5)
    expected = np.mean([auroc(logits[:, c], targets[:, c]) for c in range(12)])
    assert groups["profile"]["macro_auroc"]["value"] == pytest.approx(expected, abs=1e-5)
    assert found.metrics["choosing"]["macro_auroc"] == groups["profile"]["macro_auroc"]


def test_a_label_with_few_positives_leaves_the_macro_figure_but_not_that_of_all() -> None:
    targets = np.array(STORE.targets)
    rare = STORE.labels.index("RAE")
    targets[:, rare] = 0
    targets[SPLIT.choose[:4], rare] = 1
    store = evaluation_store(1200, children=100, targets=targets)
    group = fixed_figures(store, judge(lead_answer, store, SPLIT.choose), _identity(), what="", seed=1,
                          replicates=10)["groups"]["profile"]
    assert group["left_out"] == ["RAE"]
    assert group["all"]["labels"] == 12
    assert group["all"]["macro_auroc"]["value"] != group["macro_auroc"]["value"]


def test_thresholds_come_from_the_other_half_only(found: Evaluation) -> None:
    judged, decided = found.judged, found.decided
    entry = found.metrics["choosing"]["labels"]["LVH"]
    c = judged.labels.index("LVH")
    best = best_f1_threshold(decided.probabilities[:, c], judged.targets[:, c])
    said, there = decided.probabilities[:, c] >= best, judged.targets[:, c] > 0
    optimistic = f1_of((said & there).sum(), (said & ~there).sum(), (~said & there).sum(), 0)
    assert entry["f1"]["value"] <= optimistic
    assert entry["f1"]["low"] <= entry["f1"]["value"] <= entry["f1"]["high"]
    assert found.calibration["LVH"]["threshold"] == best
    assert "fold 9, adults" in found.calibration["LVH"]["method"]


def test_calibration_lowers_the_error(found: Evaluation) -> None:
    entries = found.metrics["choosing"]["labels"].values()
    assert np.mean([entry["ece_after"] for entry in entries]) < np.mean([entry["ece_before"] for entry in entries])
    assert all(entry["brier_skill_after"] > 0 for entry in entries)


def test_children_are_a_proxy_of_their_own_and_under_a_fixed_threshold(found: Evaluation) -> None:
    proxy = found.metrics["proxy_f_under_18"]
    assert "test" not in found.metrics
    assert proxy["recordings"] == 100
    assert proxy["data"] == "PTB-XL 1.0.3 at 100 Hz, everyone under 18"
    normal = STORE.targets[SPLIT.test, 0] > 0
    negative = normal & (STORE.targets[SPLIT.test, STORE.labels.index("LVH")] == 0)
    fit = found.calibration["LVH"]
    logits = score(lead_answer, STORE, SPLIT.test)[:, STORE.labels.index("LVH")]
    said = 1 / (1 + np.exp(-(fit["scale"] * logits + fit["offset"]))) >= fit["threshold"]
    assert proxy["false_positives_on_normal"]["LVH"]["false_positives"] == (said & negative).sum()
    assert proxy["false_positives_on_normal"]["LVH"]["of"] == negative.sum()


def test_a_test_part_of_adults_is_judged_with_what_was_fixed_before() -> None:
    split = Split("halves", 3, SPLIT.train, SPLIT.choose[:60], SPLIT.choose[60:])
    found = evaluate(lead_answer, STORE, split, seed=5, replicates=20)
    assert found.metrics["test"]["recordings"] == len(split.test)
    assert "fixed before" in found.metrics["test"]["decisions"]
    assert "test part of the split halves, seed 3" in found.metrics["test"]["data"]
    given = {code: {"scale": 1.0, "offset": -9.0, "threshold": 0.5, "method": "m"} for code in STORE.labels}
    other = evaluate(lead_answer, STORE, split, seed=5, replicates=20, calibration=given)
    assert other.calibration == given
    assert other.metrics["test"]["labels"]["NORM"]["f1"]["value"] == 0
    assert other.metrics["choosing"] == {**found.metrics["choosing"]}


def test_without_v2_v4_v6_their_labels_are_lost(found: Evaluation) -> None:
    lost = found.metrics["choosing"]["nine_leads"]
    assert lost["leads_removed"] == ["V2", "V4", "V6"]
    gone = {code: lost["labels"][code]["difference"]["value"] for code in ("LVH", "STTC")}
    assert all(value < -0.2 for value in gone.values())
    assert lost["labels"]["NORM"]["difference"] == {"value": 0, "low": 0, "high": 0}
    assert lost["difference"]["value"] == pytest.approx(sum(gone.values()) / 9, abs=1e-4)
    assert lost["difference"]["high"] < 0


def test_parts_tell_how_many_and_leave_out_what_is_too_few() -> None:
    mask = np.ones((1200, 12), np.float32)
    mask[np.ix_(SPLIT.choose[:30], [7, 9, 11])] = 0
    mask[SPLIT.choose[30], 0] = 0
    flags = [()] * 1200
    flags[SPLIT.choose[0]] = ("missing_leads", "saturated")
    sex = np.array(STORE.sex)
    sex[SPLIT.choose[5]] = ""
    age_days = np.array(STORE.age_days)
    age_days[SPLIT.choose[6]] = np.nan
    store = evaluation_store(1200, children=100, lead_mask=mask, flags=tuple(flags), sex=sex, age_days=age_days)
    judged = judge(lead_answer, store, SPLIT.choose)
    parts = {(part.kind, part.text): int(part.members.sum()) for part in parts_of(store, judged)}
    assert parts["leads", "9 leads (without V2, V4, V6)"] == 30
    assert parts["leads", "other leads missing"] == parts["rail", "on the recorder's rail"] == 1
    assert parts["sex", "not known"] == parts["age", "age not known"] == 1
    for kind in ("age", "sex", "leads", "rail"):
        assert sum(count for (of, _), count in parts.items() if of == kind) == len(SPLIT.choose)
    assert not any("days" in text for _, text in parts)
    entries = fixed_figures(store, judged, _identity(), what="", seed=1, replicates=10)["subgroups"]
    railed = next(entry for entry in entries if entry["text"] == "on the recorder's rail")
    assert railed["labels"] == {}
    assert railed["groups"]["nine"]["labels"] == []
    assert np.isnan(railed["groups"]["nine"]["macro_auroc"]["value"] or np.nan)
    women = next(entry for entry in entries if entry["text"] == "female")
    assert all(entry["positives"] >= 10 for entry in women["labels"].values())
    assert any(entry["few_records"] for entry in women["labels"].values())


def test_a_label_that_the_data_never_tell_has_no_figure_and_is_never_called_positive() -> None:
    known = np.ones_like(STORE.targets)
    known[:, 2] = 0
    told: list[tuple[int, int]] = []
    store = evaluation_store(1200, children=100, known=known)
    found = evaluate(lead_answer, store, SPLIT, seed=5, replicates=10, tell=lambda *step: told.append(step))
    entry = found.metrics["choosing"]["labels"]["IRBBB"]
    assert entry["known"] == entry["positives"] == 0
    assert {entry["auroc"]["value"], entry["f1"]["value"], entry["ece_after"], entry["prevalence"]} == {None}
    assert found.calibration["IRBBB"]["threshold"] == 1
    assert not found.decided.decisions[:, 2].any()
    assert "IRBBB" in found.metrics["choosing"]["groups"]["nine"]["left_out"]
    assert found.metrics["proxy_f_under_18"]["irbbb"]["auroc"] is None
    json.dumps(found.metrics, allow_nan=False)
    assert told[-1][0] == told[-1][1] == 2 * len(SPLIT.choose) + len(SPLIT.test)


def test_a_recording_of_several_windows_is_decided_as_the_application_decides_it() -> None:
    logits = np.random.default_rng(4).normal(scale=4, size=(7, 12)).astype(np.float32)
    store = evaluation_store(7, children=0, recordings=np.array([0, 0, 0, 1, 1, 2, 3]))
    judged = scored(store, np.arange(7), logits)
    fits = {code: {"scale": 0.7, "offset": -1.5, "threshold": 0.2} for code in judged.labels}
    decided = decide(judged, fits)
    ours = [Calibration(**fit, method="") for fit in fits.values()]
    for number, windows in enumerate((logits[:3], logits[3:5], logits[5:6], logits[6:])):
        said = probabilities(windows, ours)
        assert said == pytest.approx(decided.probabilities[number], abs=1e-6)
        assert decisions(said, ours).tolist() == decided.decisions[number].tolist()


def test_a_half_is_decided_in_the_units_of_the_calibration_it_was_given() -> None:
    rng = np.random.default_rng(6)
    targets = (np.arange(400) % 4 == 0).astype(np.uint8)
    first = np.arange(400) < 200
    logits = (rng.normal(size=400) + 2 * targets).astype(np.float32)
    store = evaluation_store(400, children=0, targets=np.repeat(targets[:, None], 12, axis=1))
    judged = scored(store, np.arange(400), np.repeat(logits[:, None], 12, axis=1))
    _, decided = calibrate(judged, first, "test")
    for judging in (first, ~first):
        fit = fit_platt(logits[~judging], targets[~judging])
        threshold = best_f1_threshold(fit.probabilities(logits[~judging]), targets[~judging])
        assert decided.decisions[judging, 0].tolist() == (fit.probabilities(logits[judging]) >= threshold).tolist()


def test_windows_of_one_recording_count_once() -> None:
    logits = np.array([[0.0], [2.0], [-1.0]], np.float32)
    store = evaluation_store(6, children=0, recordings=np.array([0, 0, 1, 2, 3, 4]))
    judged = scored(store, np.array([0, 1, 2]), np.repeat(logits, 12, axis=1))
    assert len(judged) == 2
    share = (0.5 + 1 / (1 + np.exp(-2))) / 2
    assert judged.logits[0, 0] == pytest.approx(np.log(share / (1 - share)), abs=1e-6)
    assert judged.logits[1, 0] == -1
    assert judged.rows.tolist() == [0, 2]


def test_a_network_is_asked_with_age_and_without_the_leads_taken_away() -> None:
    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = torch.nn.Parameter(torch.ones(1))

        def forward(self, signal: "torch.Tensor", lead_mask: "torch.Tensor", valid_samples: "torch.Tensor",
                    age_days: "torch.Tensor") -> "tuple[torch.Tensor, None]":
            assert not self.training
            assert lead_mask[:, 1].sum() == 0
            assert lead_mask[:, 0].all()
            assert age_days.dtype == torch.float32
            return signal.mean(dim=2) * self.scale, None

    rows = np.array([3, 1, 2])
    logits = score(Network().train(), STORE, rows, without=["II"], batch=2)
    full = score(lead_answer, STORE, rows)
    assert (logits[:, 1] == 0).all()
    np.testing.assert_allclose(logits[:, 0], full[:, 0], rtol=1e-6)
    assert network_answer(Network()) is not None
    assert score(lead_answer, STORE, rows[:0]).shape == (0, 12)


def test_training_counts_leave_out_what_is_not_known() -> None:
    known = np.ones_like(STORE.targets)
    known[:, 1] = 0
    age_days = np.array(STORE.age_days)
    age_days[SPLIT.train[0]] = np.nan
    store = evaluation_store(1200, children=100, known=known, age_days=age_days)
    counts = training_counts(store, SPLIT)
    assert counts["records"] == len(SPLIT.train)
    assert counts["min_age_days"] >= 6574
    assert counts["positives"]["LAFB"] == {}
    unknown_age = counts["positives_of_unknown_age"]["NORM"]
    assert counts["positives"]["NORM"]["18y+"] + unknown_age == STORE.targets[SPLIT.train, 0].sum()
    assert counts["data"].startswith("PTB-XL 1.0.3 at 100 Hz, folds 1-8")


def test_runs_that_differ_in_their_seed_are_summed_up() -> None:
    runs = [evaluate(lead_answer, STORE, SPLIT, seed=seed, replicates=10) for seed in (1, 2)]
    found = seeds_summary(runs, [("run", 1), ("run", 2)])
    value = runs[0].metrics["choosing"]["groups"]["nine"]["macro_auroc"]["value"]
    assert found["groups"]["nine"]["macro_auroc"] == {"values": [value, value], "mean": value, "sd": 0}
    assert found["runs"] == [{"run": "run", "seed": 1}, {"run": "run", "seed": 2}]


def test_nobody_with_one_of_the_nine_leaves_no_figure_of_them() -> None:
    targets = np.zeros_like(STORE.targets)
    targets[::2, STORE.labels.index("LQTS")] = 1
    store = evaluation_store(1200, children=100, targets=targets)
    found = fixed_figures(store, judge(lead_answer, store, SPLIT.choose), _identity(), what="", seed=1, replicates=10)
    assert found["groups"]["nine"]["recordings"] == 0
    assert found["groups"]["nine"]["macro_auroc"]["value"] is None
    assert found["groups"]["profile"]["macro_labels"] == ["LQTS"]


def test_an_empty_choosing_part_is_refused() -> None:
    with pytest.raises(StoreError, match="no recording to choose by"):
        evaluate(lead_answer, STORE, Split("none", None, SPLIT.train, SPLIT.choose[:0], SPLIT.test), seed=1)


def test_a_control_is_compared_group_by_group() -> None:
    ours = judge(lead_answer, STORE, SPLIT.choose)
    noise = np.random.default_rng(1).normal(0, 3, ours.logits.shape)
    theirs = scored_of(ours.logits + noise, ours.targets, labels=ours.labels, patients=ours.patients)
    found = against_control([ours, ours], [theirs, ours], groups_of("peace12"), seed=1, replicates=50)
    assert list(found) == ["nine", "twelve", "profile"]
    assert found["nine"]["difference"]["low"] > 0
    assert found["nine"]["pairs"][1] == 0


def _identity() -> dict[str, dict[str, float]]:
    return {code: {"scale": 1.0, "offset": 0.0, "threshold": 0.5} for code in STORE.labels}
