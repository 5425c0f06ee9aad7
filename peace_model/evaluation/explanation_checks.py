"""Tests of every kind of map at release, their figures for bundle.json, and the verdicts the application goes by.

The rule, also written into the bundle: on the recordings with a label, its maps of a method are supported when
(weights) they do not agree with those of the same network with random weights: the 95 % interval of the mean rank
correlation lies within -AGREE .. AGREE; (deletion) taking away what they mark lowers the logit more than taking away
random places, and (insertion) putting back what they mark raises it sooner: both intervals of the area lie above 0.
They are unsupported when one of these fails, and not tested when the label has too few recordings.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.leads import STANDARD_12
from peace_model.evaluation.bootstrap import Interval
from peace_model.evaluation.faithfulness import FRACTIONS, Curves, Grid, deletion, insertion, lead_drops, passes
from peace_model.evaluation.faithfulness_examples import MIN_RECORDINGS, Examples, mean_interval
from peace_model.evaluation.faithfulness_maps import (
    Maps,
    graph_maps,
    occlusion_maps,
    occlusion_passes,
    over_time,
    similarities,
)
from peace_model.evaluation.faithfulness_weights import cascade, randomised
from peace_model.evaluation.scoring import network_answer
from peace_model.explanation.occlusion import METHOD as OCCLUSION
from peace_model.explanation.occlusion import PATCH_S
from peace_model.explanation.trust import AGREE
from peace_model.inference.evidence import Failed
from peace_model.inference.prediction import Verdict
from peace_model.inference.predictor import METHODS
from peace_model.networks.peace import Peace

CASCADE_EXAMPLES = 3
"""Recordings a label for the steps between the trained and the random network; the last step has all of them."""
RULE = (
    "supported: the 95 % interval (patients drawn with replacement) of the mean rank correlation with the maps of "
    f"random weights lies within -{AGREE:g} .. {AGREE:g}, and those of the areas by which deletion and insertion in "
    "the map's order are better than in random order lie above 0; unsupported: one of these fails; not tested: fewer "
    f"than {MIN_RECORDINGS} recordings with the label")
_NAMES = {"gradcam": "Grad-CAM++", "attention": "Attention", OCCLUSION: "Occlusion"}

Told = Callable[[int, int], None]
"""(windows run, of all)."""


@dataclass(frozen=True, eq=False)
class _Tested:
    """One method on its examples: what the tests gave for each of them. similarity (n,): to the random network's map.

    over_time (n, T): the map at the tokens' centres.
    """

    examples: Examples
    over_time: Maps
    similarity: NDArray[np.float64]
    deletion: Curves
    insertion: Curves
    cascade: tuple[tuple[str, Interval], ...]


def check_maps(
    model: Peace, examples: Examples, labels: tuple[str, ...], *, fs_hz: float, seed: int, occlusion_per_label: int,
    told: Told,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The bundle's fields `explanation_checks` and `explanation_evidence`, on the device where the model is.

    model: in its released form. examples: at least one. occlusion_per_label: examples of each label on which occlusion,
    some hundred passes each, is tested; 0 leaves it untested. Deterministic for a seed on one machine.
    """
    patch = max(1, round(PATCH_S * fs_hz))
    few = examples.first_of_each(occlusion_per_label)
    total = _passes(examples, few, patch, stages=sum(1 for _ in cascade(model, seed)))
    done = 0

    def run(count: int) -> None:
        nonlocal done
        done += count
        told(done, total)

    tested = _test_graph_maps(model, examples, seed=seed, run=run)
    if len(few):
        tested[OCCLUSION] = _test_occlusion(model, few, patch, seed=seed, run=run)
    drops = lead_drops(network_answer(model), examples, told=run)
    spread = _at_constant(model, examples)
    checks = {method: _entry(method, item, labels, seed=seed) for method, item in tested.items()}
    for method, value in spread.items():
        checks[method]["spread_on_constant_input"] = value
    return checks, {
        "rule": RULE, "seed": seed, "recordings": len(examples), "agreement": _agreements(tested, seed=seed),
        "lead_relevance": {code: _relevance(drops[examples.columns == column]) for column, code in enumerate(labels)
                           if (examples.columns == column).any()}}


def untested_maps(examples: Examples, labels: tuple[str, ...], *, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same fields where no label has enough recordings: nothing was tested, and the application says so."""
    counts = {code: {"verdict": str(Verdict.NOT_TESTED), "recordings": int(count), "failed": []}
              for code, count in zip(labels, examples.available, strict=True)}
    checks = {method: {"text": f"{_NAMES[method]}: not tested for any label, too few recordings", "labels": counts}
              for method in METHODS}
    return checks, {"rule": RULE, "seed": seed, "recordings": 0, "agreement": {}, "lead_relevance": {}}


def _passes(examples: Examples, few: Examples, patch: int, *, stages: int) -> int:
    some = len(examples.first_of_each(CASCADE_EXAMPLES))
    recorded = int((examples.lead_mask > 0).sum())
    return (2 * len(examples) + (1 + stages) * some + len(METHODS) * passes(len(examples))
            + 2 * occlusion_passes(few, patch) + passes(len(few)) + len(examples) + recorded)


def _test_graph_maps(model: Peace, examples: Examples, *, seed: int, run: Callable[[int], None]) -> dict[str, _Tested]:
    own = graph_maps(model, examples, run)
    some = examples.first_of_each(CASCADE_EXAMPLES)
    own_of_some = graph_maps(model, some, run)
    steps: dict[str, list[tuple[str, Interval]]] = {method: [] for method in METHODS}
    for part, changed in cascade(model, seed):
        found = graph_maps(changed, some, run)
        for method in METHODS:
            alike = similarities(own_of_some[method], found[method])
            steps[method].append((part, mean_interval(alike, some.patients, seed=seed)))
    random = graph_maps(randomised(model, seed), examples, run)
    answer = network_answer(model)
    grid = Grid(samples=model.encoder.stride, offset=-(model.encoder.stride // 2), leads=False)
    return {
        method: _Tested(
            examples, own[method], similarities(own[method], random[method]),
            deletion(answer, examples, own[method], grid, seed=seed, told=run),
            insertion(answer, examples, own[method], grid, seed=seed, told=run), tuple(steps[method]))
        for method in METHODS}


def _test_occlusion(model: Peace, examples: Examples, patch: int, *, seed: int, run: Callable[[int], None]) -> _Tested:
    own = occlusion_maps(model, examples, patch, run)
    alike = similarities(own, occlusion_maps(randomised(model, seed), examples, patch, run))
    answer = network_answer(model)
    grid = Grid(samples=patch, offset=0, leads=True)
    stride = model.encoder.stride
    return _Tested(
        examples, over_time(own, patch=patch, stride=stride, tokens=-(-examples.signal.shape[2] // stride)), alike,
        deletion(answer, examples, own, grid, seed=seed, told=run),
        insertion(answer, examples, own, grid, seed=seed, told=run), ())


def _at_constant(model: Peace, examples: Examples) -> dict[str, float]:
    """Largest minus smallest value of the graph's maps on a signal that says nothing."""
    first = examples.take(np.array([0]))
    empty = replace(first, signal=np.zeros_like(first.signal), lead_mask=np.ones_like(first.lead_mask))
    return {method: round(float(np.ptp(maps)), 6) for method, maps in graph_maps(
        model, empty, lambda _count: None).items()}


def _entry(method: str, tested: _Tested, labels: tuple[str, ...], *, seed: int) -> dict[str, Any]:
    per_label = {code: _verdict(tested, column, seed=seed) for column, code in enumerate(labels)}
    patients = tested.examples.patients
    whole = mean_interval(tested.similarity, patients, seed=seed)
    entry: dict[str, Any] = {
        "text": _sentence(method, [item["verdict"] for item in per_label.values()], whole),
        "recordings": len(tested.examples), "seed": seed,
        "weights": {"rank_correlation": whole.entry(),
                    "cascade": [{"part": part, **interval.entry()} for part, interval in tested.cascade]},
        "empty_maps": int((tested.over_time.max(axis=1) <= 0).sum()),
        "labels": per_label,
    }
    for name, curves in (("deletion", tested.deletion), ("insertion", tested.insertion)):
        entry[name] = {"gain": mean_interval(curves.gains, patients, seed=seed).entry(), "fractions": list(FRACTIONS),
                       "logit": _rounded(curves.own), "logit_random_order": _rounded(curves.random)}
    return entry


def _verdict(tested: _Tested, column: int, *, seed: int) -> dict[str, Any]:
    chosen = tested.examples.columns == column
    count = int(chosen.sum())
    if count < MIN_RECORDINGS:
        there = count or int(tested.examples.available[column])
        return {"verdict": str(Verdict.NOT_TESTED), "recordings": there, "failed": []}
    patients = tested.examples.patients[chosen]
    weights, deleted, inserted = (mean_interval(values[chosen], patients, seed=seed) for values in (
        tested.similarity, tested.deletion.gains, tested.insertion.gains))
    passed = {Failed.WEIGHTS: weights.low > -AGREE and weights.high < AGREE, Failed.DELETION: deleted.low > 0,
              Failed.INSERTION: inserted.low > 0}
    return {"verdict": str(Verdict.SUPPORTED if all(passed.values()) else Verdict.UNSUPPORTED), "recordings": count,
            "failed": [str(test) for test, well in passed.items() if not well], "weights": weights.entry(),
            "deletion": deleted.entry(), "insertion": inserted.entry()}


def _agreements(tested: dict[str, _Tested], *, seed: int) -> dict[str, Any]:
    """Mean rank correlation over time of every two methods on the recordings that both were tested on."""
    found = {}
    for first, second in combinations(tested, 2):
        one, other = tested[first], tested[second]
        kept = np.isin(one.examples.numbers, other.examples.numbers)
        alike = similarities(one.over_time[kept], other.over_time)
        found[f"{first}, {second}"] = {"recordings": len(alike), "rank_correlation": mean_interval(
            alike, other.examples.patients, seed=seed).entry()}
    return found


def _relevance(drops: NDArray[np.float32]) -> dict[str, Any]:
    return {"recordings": len(drops), "logit_drop": dict(zip(STANDARD_12, _rounded(drops), strict=True))}


def _rounded(values: NDArray[np.floating]) -> list[float]:
    """Means over recordings."""
    return [round(float(value), 4) for value in values.mean(axis=0)]


def _sentence(method: str, verdicts: list[str], whole: Interval) -> str:
    """What a reader should know of a kind of map."""
    supported, unsupported, untested = (verdicts.count(str(verdict)) for verdict in Verdict)
    return (f"{_NAMES[method]}: maps of {supported} labels have support, of {unsupported} they have none, of "
            f"{untested} they were not tested; rank correlation with random weights {whole.value:.2f} "
            f"({whole.low:.2f} to {whole.high:.2f})")
