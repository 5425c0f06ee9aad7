"""The rules as a baseline: what they find of a data set's statements, beside what a model finds of the same ones.

The published rule baseline of the pediatric journal delineated a QRS of 144 ms in the median and so could not work;
this is the same idea on measurements that can be believed. A rule that cannot be assessed counts as not positive, and
is counted beside the figures. Sensitivity comes from every recording drawn with the statement, specificity from those
of the random draw without it, where the statements do not leave it open; intervals are Wilson's. Statements differ from
rules by definition (a reader states LVH from more than voltages), so that the figures compare rules and model, and
judge neither alone. A model is judged on no recording that it may have learnt from.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from peace_model.datasets import ptbxl, zzu_pecg
from peace_model.datasets.lineage import ancestors, learnt_elsewhere
from peace_model.datasets.source import Source, SourceRow
from peace_model.ecg.measurement import apply_rules, measure
from peace_model.ecg.recording import Recording, RecordingError
from peace_model.evaluation.card_data import OWN_FOLD, PTBXL, chosen_on, dataset_of
from peace_model.evaluation.metrics import wilson_interval
from peace_model.inference.bundle import load_bundle
from peace_model.inference.predictor import PredictionError, Predictor
from peace_model.labels import CodeMap, load_code_map, load_profile

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
    """One recording. stated: its labels; left_open: those that its statements leave open. rules: label -> positive,
    None where not assessable. model: the same, empty without a prediction; None where the model was not asked.

    random: whether it is of the random draw, or was added for one of its statements.
    """

    stated: frozenset[str]
    left_open: frozenset[str]
    rules: Mapping[str, bool | None]
    model: Mapping[str, bool] | None
    random: bool


@dataclass(frozen=True)
class Examined:
    """A bundle beside the rules. learnt: the data set it learnt from; begun: it began with weights that had learnt from
    others; knows_fold: it may have learnt from the choosing fold."""

    predictor: Predictor
    learnt: str
    begun: bool
    knows_fold: bool

    @classmethod
    def load(cls, folder: Path) -> "Examined":
        """Raises BundleError."""
        predictor = Predictor(load_bundle(folder))
        run = json.loads((folder / "bundle.json").read_text(encoding="utf-8")).get("run", {})
        learnt = dataset_of({"run": run})
        knows_fold = any(made is None or (dataset_of({"run": made}) == PTBXL and chosen_on({"run": made}) != OWN_FOLD)
                         for made in (run, *ancestors(run)))
        return cls(predictor, learnt, learnt_elsewhere(run), knows_fold)

    @property
    def name(self) -> str:
        return self.predictor.bundle.name

    @property
    def told(self) -> str:
        """What it learnt from and which recordings it is therefore judged on."""
        return (f"{self.name} learnt from {self.predictor.bundle.training.data}. It is judged on what it cannot have "
                f"learnt from: {'nothing' if self.knows_fold else f'fold {FOLD}'} of PTB-XL.")

    def is_judged_on(self, dataset: str, row: SourceRow) -> bool:
        """Whether it cannot have learnt from a recording."""
        if dataset == PTBXL:
            return row.facts.fold == FOLD and not self.knows_fold
        return dataset != self.learnt and not self.begun

    def answer(self, recording: Recording) -> dict[str, bool]:
        """label -> positive; empty where there is no prediction."""
        try:
            return {item.label: item.positive for item in self.predictor.predict(recording).predictions}
        except PredictionError:
            return {}


def judge_rules(ptbxl_folder: Path, *, bundle: Path | None, children: Path | None, sample: int, of_each: int, seed: int,
                progress: Progress) -> list[str]:
    """The lines of the report. Raises RecordingError, BundleError."""
    examined = Examined.load(bundle) if bundle is not None else None
    slow = ptbxl.source(ptbxl_folder, fs_hz=LOW_HZ)
    drawn, random = draw(slow, sample=sample, of_each=of_each, seed=seed)
    fast = ptbxl.source(ptbxl_folder, fs_hz=HIGH_HZ).rows
    young = zzu_pecg.source(children).rows if children is not None else ()
    parts = (
        (f"PTB-XL fold {FOLD} at {LOW_HZ:g} Hz: {len(random)} at random, {len(drawn) - len(random)} more with one of "
         f"the statements (seed {seed}). A sample every 10 ms: intervals are known to that, and amplitudes are "
         "underestimated.", PTBXL, drawn, random),
        (f"PTB-XL at {HIGH_HZ:g} Hz, all that are here, of every fold", PTBXL, fast, _ids(fast)),
        ("ZZU-pECG children", "zzu_pecg", young, _ids(young)))
    total = sum(len(rows) for _, _, rows, _ in parts)
    lines, done = [] if examined is None else [examined.told, ""], 0
    for title, dataset, rows, at_random in parts:
        code_map = load_code_map(dataset, load_profile(PROFILE))
        items = []
        for row in rows:
            items.append(_judge(row, code_map, examined, random=row.facts.id in at_random))
            done += 1
            progress(done, total)
        if items:
            lines += _table(title, items, examined)
    return lines


def _ids(rows: Sequence[SourceRow]) -> frozenset[str]:
    return frozenset(row.facts.id for row in rows)


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


def _judge(row: SourceRow, code_map: CodeMap, examined: Examined | None, *, random: bool) -> Judged | None:
    """None for a recording that cannot be read."""
    try:
        recording = row.read()
    except RecordingError:
        return None
    results = {result.code: result.positive for result in apply_rules(recording, measure(recording))}
    asked = examined if examined is not None and examined.is_judged_on(code_map.dataset, row) else None
    return Judged(
        stated=code_map.labels_of(row.facts.statements), left_open=code_map.open_labels(row.facts.statements),
        rules={label: _any(results[code] for code in codes) for label, codes in RULES_OF.items()},
        model=None if asked is None else asked.answer(recording), random=random)


def _any(answers: Iterable[bool | None]) -> bool | None:
    known = [answer for answer in answers if answer is not None]
    return any(known) if known else None


def _table(title: str, every: Sequence[Judged | None], examined: Examined | None) -> list[str]:
    """every: None for each recording that could not be read."""
    items = [item for item in every if item is not None]
    answers = [item.model for item in items if item.model is not None]
    told = [f"{len(items)} recordings judged, {len(every) - len(items)} left out that could not be read"]
    head = f"{'':7s}{'rules: sensitivity':>28s}{'specificity':>28s}{'no answer':>11s}"
    if examined is not None:
        told.append(f"{examined.name} judged on {len(answers)} of them"
                    + (f", without a prediction for {answers.count({})}" if answers else ""))
    if examined is not None and answers:
        head += f"{f'{examined.name}: sensitivity':>32s}{'specificity':>28s}"
    lines = [title, "; ".join(told), head]
    for label, codes in RULES_OF.items():
        with_it = [item for item in items if label in item.stated]
        without = [item for item in items if item.random and label not in item.stated | item.left_open]
        silent = sum(item.rules[label] is None for item in (*with_it, *without))
        line = (f"{label:7s}{_share([bool(item.rules[label]) for item in with_it]):>28s}"
                f"{_share([not item.rules[label] for item in without]):>28s}{silent:>11d}")
        if answers:
            line += (f"{_share(_said(with_it, label)):>32s}"
                     f"{_share([not positive for positive in _said(without, label)]):>28s}")
        lines.append(f"{line}  {' or '.join(codes)}")
    return [*lines, ""]


def _said(items: Sequence[Judged], label: str) -> list[bool]:
    """What the model said of the label, where it was asked and has it."""
    return [item.model[label] for item in items if item.model is not None and label in item.model]


def _share(hits: Sequence[bool]) -> str:
    if not hits:
        return "\N{EN DASH}"
    low, high = wilson_interval(sum(hits), len(hits))
    return f"{sum(hits)}/{len(hits)} {sum(hits) / len(hits):.0%} ({max(low, 0.0):.0%}\N{EN DASH}{high:.0%})"
