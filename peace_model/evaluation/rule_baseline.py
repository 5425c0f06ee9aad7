"""The rules as a baseline: what they find of a data set's statements, beside what a model finds of the same ones.

The published rule baseline of the pediatric journal delineated a QRS of 144 ms in the median and so could not work;
this is the same idea on measurements that can be believed. A rule that cannot be assessed counts as not positive, and
is counted beside the figures. Sensitivity comes from every recording drawn with the statement, specificity from those
of the random draw without it; intervals are Wilson's. Statements differ from rules by definition (a reader states LVH
from more than voltages), so that the figures compare rules and model, and judge neither alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from peace_model.datasets import ptbxl, zzu_pecg
from peace_model.datasets.source import Source, SourceRow
from peace_model.ecg.measurement import apply_rules, measure
from peace_model.ecg.recording import RecordingError
from peace_model.evaluation.metrics import wilson_interval
from peace_model.inference.bundle import load_bundle
from peace_model.inference.predictor import PredictionError, Predictor
from peace_model.labels import load_code_map, load_profile

RULES_OF: Mapping[str, tuple[str, ...]] = {
    "SBRAD": ("rate_low",), "STACH": ("rate_high",), "1AVB": ("first_degree_av_block",),
    "LVH": ("lvh_r_v6", "lvh_s_v1", "lvh_sokolow", "lvh_cornell"), "RVH": ("rvh_r_v1", "rvh_s_v6", "rvh_sokolow"),
    "IRBBB": ("rbbb_incomplete",), "CRBBB": ("rbbb_complete",), "LAFB": ("lafb",), "WPW": ("pre_excitation",),
    "LQTS": ("qtc_bazett_460",)}
"""The rules that stand for a label; one positive is enough."""
PROFILE = "peace24"
FOLD = 9
LOW_HZ, HIGH_HZ = 100.0, 500.0
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Judged:
    """One recording. stated: its labels. rules, model: label -> positive; None where not assessable or not given.

    random: whether it is of the random draw, or was added for one of its statements.
    """

    stated: frozenset[str]
    rules: Mapping[str, bool | None]
    model: Mapping[str, bool]
    random: bool


def judge_rules(ptbxl_folder: Path, *, bundle: Path | None, children: Path | None, sample: int, of_each: int, seed: int,
                progress: Progress) -> list[str]:
    """The lines of the report. Raises RecordingError, BundleError."""
    predictor = Predictor(load_bundle(bundle)) if bundle is not None else None
    slow = ptbxl.source(ptbxl_folder, fs_hz=LOW_HZ)
    drawn, random = draw(slow, sample=sample, of_each=of_each, seed=seed)
    fast = ptbxl.source(ptbxl_folder, fs_hz=HIGH_HZ).rows
    young = zzu_pecg.source(children) if children is not None else Source("zzu_pecg", ())
    total, done = len(drawn) + len(fast) + len(young.rows), 0

    def judged(rows: Sequence[SourceRow], dataset: str, drawn_at_random: frozenset[str]) -> list[Judged]:
        nonlocal done
        found = []
        for row in rows:
            found.append(_judge(row, dataset, predictor, random=row.facts.id in drawn_at_random))
            done += 1
            progress(done, total)
        return [item for item in found if item is not None]

    parts = (
        (f"PTB-XL fold {FOLD} at {LOW_HZ:g} Hz: {len(random)} at random, {len(drawn) - len(random)} more with one of "
         f"the statements (seed {seed}). A sample every 10 ms: intervals are known to that, and amplitudes are "
         "underestimated.",
         judged(drawn, "ptbxl", random)),
        (f"PTB-XL at {HIGH_HZ:g} Hz, all that are here, of every fold",
         judged(fast, "ptbxl", frozenset(row.facts.id for row in fast))),
        ("ZZU-pECG children", judged(young.rows, "zzu_pecg", frozenset(row.facts.id for row in young.rows))))
    return [line for title, items in parts if items for line in _table(title, items, predictor)]


def draw(source: Source, *, sample: int, of_each: int, seed: int) -> tuple[list[SourceRow], frozenset[str]]:
    """Rows of the choosing fold: a random draw and up to of_each more of each statement; and the ids of the former."""
    generator = np.random.default_rng(seed)
    fold = [row for row in source.rows if row.facts.fold == FOLD]
    order = [fold[place] for place in generator.permutation(len(fold))]
    code_map = load_code_map(source.dataset, load_profile(PROFILE))
    chosen = {row.facts.id: row for row in order[:sample]}
    random = frozenset(chosen)
    for label in RULES_OF:
        chosen |= {row.facts.id: row for row in [
            row for row in order if label in code_map.labels_of(row.facts.statements)][:of_each]}
    return list(chosen.values()), random


def _judge(row: SourceRow, dataset: str, predictor: Predictor | None, *, random: bool) -> Judged | None:
    """None for a recording that cannot be read."""
    code_map = load_code_map(dataset, load_profile(PROFILE))
    try:
        recording = row.read()
    except RecordingError:
        return None
    results = {result.code: result.positive for result in apply_rules(recording, measure(recording))}
    rules = {label: _any(results[code] for code in codes) for label, codes in RULES_OF.items()}
    model: dict[str, bool] = {}
    if predictor is not None:
        try:
            model = {item.label: item.positive for item in predictor.predict(recording).predictions}
        except PredictionError:
            model = {}
    return Judged(code_map.labels_of(row.facts.statements), rules, model, random)


def _any(answers: Iterable[bool | None]) -> bool | None:
    known = [answer for answer in answers if answer is not None]
    return any(known) if known else None


def _table(title: str, items: Sequence[Judged], predictor: Predictor | None) -> list[str]:
    lines = [title, f"{'':7s}{'rules: sensitivity':>28s}{'specificity':>28s}{'no answer':>11s}"]
    if predictor is not None:
        lines[1] += f"{f'{predictor.bundle.name}: sensitivity':>32s}{'specificity':>28s}"
    for label, codes in RULES_OF.items():
        with_it = [item for item in items if label in item.stated]
        without = [item for item in items if item.random and label not in item.stated]
        silent = sum(item.rules[label] is None for item in (*with_it, *without))
        line = (f"{label:7s}{_share([bool(item.rules[label]) for item in with_it]):>28s}"
                f"{_share([not item.rules[label] for item in without]):>28s}{silent:>11d}")
        if predictor is not None:
            line += (f"{_share([item.model[label] for item in with_it if label in item.model]):>32s}"
                     f"{_share([not item.model[label] for item in without if label in item.model]):>28s}")
        lines.append(f"{line}  {' or '.join(codes)}")
    return [*lines, ""]


def _share(hits: Sequence[bool]) -> str:
    if not hits:
        return "\N{EN DASH}"
    low, high = wilson_interval(sum(hits), len(hits))
    return f"{sum(hits)}/{len(hits)} {sum(hits) / len(hits):.0%} ({max(low, 0.0):.0%}\N{EN DASH}{high:.0%})"
