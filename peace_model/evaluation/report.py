"""One evaluation of a model on a store: calibration and thresholds from the choosing part, figures, parts, proxy F."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from torch import nn

from peace_model.datasets.splits import ADULT_DAYS, Split, ptbxl_split
from peace_model.datasets.store import Store, StoreError
from peace_model.ecg.age import age_band
from peace_model.evaluation.adult_to_child import MEASURED, NORMAL, under_18_report
from peace_model.evaluation.bootstrap import REPLICATES
from peace_model.evaluation.calibration import patient_halves
from peace_model.evaluation.figures import Decided, calibrate, decide, figures
from peace_model.evaluation.scored import Scored
from peace_model.evaluation.scoring import Answer, Tell, answer_of, counted, judge
from peace_model.evaluation.subgroups import PRECORDIAL_OFTEN_ABSENT, nine_lead_loss, subgroup_figures
from peace_model.labels import groups_of
from peace_model.labels.groups import NINE, WHOLE_PROFILE

DATA_NAMES = {"ptbxl": "PTB-XL 1.0.3", "zzu_pecg": "ZZU-pECG", "mimic_iv_ecg": "MIMIC-IV-ECG", "ludb": "LUDB 1.0.1",
              "wfdb_folder": "Own recordings"}
CROSSED = "thresholds chosen on one half of the patients, judged on the other"
FIXED = "calibration and thresholds fixed before on the choosing part"


@dataclass(frozen=True, eq=False)
class Evaluation:
    """calibration and metrics as bundle.json holds them; judged and decided: the choosing part, for plots."""

    calibration: dict[str, dict[str, Any]]
    metrics: dict[str, Any]
    judged: Scored
    decided: Decided


def evaluate(
    model: nn.Module | Answer, store: Store, split: Split, *, seed: int, replicates: int = REPLICATES,
    calibration: Mapping[str, Mapping[str, Any]] | None = None, tell: Tell = lambda _done, _total: None,
) -> Evaluation:
    """Figures of the choosing part under a calibration cross-fitted on it, and of the test part under a fixed one.

    A test part of children beside adult training is proxy F. calibration: the one to use for the test part, as a
    bundle holds it; None fits it on the choosing part. tell: how far. Raises StoreError for an empty choosing part.
    """
    if len(split.choose) == 0:
        raise StoreError(f"{store.folder.name}: no recording to choose by in the split {split.name}; nothing to judge")
    groups = _groups(store)
    windows = len(split.choose) * (1 + (NINE in groups)) + len(split.test)
    answer = counted(answer_of(model), windows, tell)
    judged = judge(answer, store, split.choose)
    fitted, decided = calibrate(judged, patient_halves(judged.patients, seed), method_text(store, split))
    used = fitted if calibration is None else {code: dict(calibration[code]) for code in store.labels}
    choosing = {"data": f"{data_text(store)}, {part_text(store, split, 'choose')}; the epoch was chosen on it, so "
                        "figures are slightly optimistic",
                **figures(judged, decided, groups, seed=seed, replicates=replicates), "decisions": CROSSED,
                "subgroups": subgroup_figures(store, judged, groups, seed=seed, replicates=replicates)}
    if NINE in groups:
        reduced = judge(answer, store, split.choose, without=PRECORDIAL_OFTEN_ABSENT)
        choosing["nine_leads"] = nine_lead_loss(judged, reduced, groups[NINE], seed=seed, replicates=replicates)
    metrics: dict[str, Any] = {"seed": seed, "replicates": replicates, "choosing": choosing}
    if len(split.test):
        tested = judge(answer, store, split.test)
        if _only_children(store, split):
            metrics["proxy_f_under_18"] = {"data": f"{data_text(store)}, {part_text(store, split, 'test')}",
                                           **under_18_report(tested, used, seed=seed, replicates=replicates)}
        else:
            metrics["test"] = fixed_figures(store, tested, used, seed=seed, replicates=replicates,
                                            what=part_text(store, split, "test"))
    return Evaluation(used, nan_to_null(metrics), judged, decided)


def _groups(store: Store) -> dict[str, tuple[str, ...]]:
    """The groups of the profile of which the store has every label, and all its labels."""
    whole = {name: codes for name, codes in groups_of(store.profile).items() if set(codes) <= set(store.labels)}
    return {**whole, WHOLE_PROFILE: store.labels}


def fixed_figures(
    store: Store, judged: Scored, calibration: Mapping[str, Mapping[str, Any]], *, what: str, seed: int,
    replicates: int,
) -> dict[str, Any]:
    """Figures of recordings that took no part in training, choosing or calibrating."""
    groups = _groups(store)
    return {"data": f"{data_text(store)}, {what}",
            **figures(judged, decide(judged, calibration), groups, seed=seed, replicates=replicates),
            "decisions": FIXED,
            "subgroups": subgroup_figures(store, judged, groups, seed=seed, replicates=replicates)}


def nan_to_null(value: Any) -> Any:
    """A figure that does not exist is null in JSON, which knows no NaN."""
    if isinstance(value, dict):
        return {key: nan_to_null(item) for key, item in value.items()}
    if isinstance(value, list):
        return [nan_to_null(item) for item in value]
    return None if isinstance(value, float) and np.isnan(value) else value


def training_counts(store: Store, split: Split) -> dict[str, Any]:
    """Recordings and positives per label and age band of the training part; the youngest age in it."""
    rows = _first_windows(store, split.train)
    age_days = np.asarray(store.age_days)[rows]
    known_age = ~np.isnan(age_days)
    bands = np.array([age_band(int(days)).code if known else "" for days, known in zip(
        age_days, known_age, strict=True)])
    present = (np.asarray(store.targets)[rows] > 0) & (np.asarray(store.known)[rows] > 0)
    positives = {}
    for column, label in enumerate(store.labels):
        names, counts = np.unique(bands[present[:, column] & known_age], return_counts=True)
        positives[label] = {str(name): int(count) for name, count in zip(names, counts, strict=True)}
    return {
        "data": f"{data_text(store)}, {part_text(store, split, 'train')}",
        "records": len(rows), "patients": len(np.unique(store.patients[rows])),
        "min_age_days": int(age_days[known_age].min()) if known_age.any() else None,
        "profile": store.profile, "positives": positives, "positives_of_unknown_age": {
            label: int((present[:, column] & ~known_age).sum()) for column, label in enumerate(store.labels)},
    }


def _first_windows(store: Store, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    return rows[np.unique(np.asarray(store.recordings)[rows], return_index=True)[1]]


def _only_children(store: Store, split: Split) -> bool:
    """True where nobody under 18 could take part in training and everybody in the test part is."""
    age_days = np.asarray(store.age_days)
    return bool((age_days[split.test] < ADULT_DAYS).all() and not (age_days[split.train] < ADULT_DAYS).any()
                and {NORMAL, MEASURED} <= set(store.labels))


def data_text(store: Store) -> str:
    """The data set as documents name it, with its rate."""
    return f"{DATA_NAMES.get(store.dataset, store.dataset)} at {store.spec.fs_hz:g} Hz"


def method_text(store: Store, split: Split) -> str:
    """How calibration and thresholds were chosen, for bundle.json."""
    return (f"Platt scale and offset fitted on {data_text(store)}, {part_text(store, split, 'choose')}; threshold with "
            "the highest F1 on probabilities cross-fitted between two halves of its patients")


def part_text(store: Store, split: Split, part: Literal["train", "choose", "test"]) -> str:
    """Which recordings a part of a split holds: of PTB-XL's published folds by their numbers."""
    published = {"train": "folds 1-8; patients with a recording under 18 left out", "choose": "fold 9, adults",
                 "test": "everyone under 18"}
    if store.dataset == "ptbxl" and np.array_equal(getattr(split, part), getattr(ptbxl_split(store), part)):
        return published[part]
    name = {"train": "training", "choose": "choosing", "test": "test"}[part]
    return f"{name} part of the split {split.name}" + ("" if split.seed is None else f", seed {split.seed}")
