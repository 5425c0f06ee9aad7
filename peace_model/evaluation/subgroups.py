"""The same figures on parts of the recordings, and without the leads that young children's recordings lack.

A figure is given from ten positives and ten negatives on; below fifty positives it is marked as one of few records.
Parts differ in their mix of labels, so a macro figure of one part is compared with another's only label by label.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.store import Store
from peace_model.ecg.age import AGE_BANDS, days_from_years
from peace_model.evaluation.bootstrap import Areas, Draws
from peace_model.evaluation.figures import of_group
from peace_model.evaluation.metrics import FEW_POSITIVES, MIN_POSITIVES
from peace_model.evaluation.paired import NothingToCompare, paired_difference
from peace_model.evaluation.scored import Scored
from peace_model.labels.groups import NINE

PRECORDIAL_OFTEN_ABSENT = ("V2", "V4", "V6")
RAILED = "saturated"
_ADULT_YEARS = (18, 40, 60, 75)
"""The bands of children's ages end at 18; adults need their own for figures on adults to tell anything."""


@dataclass(frozen=True, eq=False)
class Part:
    """Some of the recordings: members bool (n,). kind: what they are told apart by."""

    kind: str
    text: str
    members: NDArray[np.bool_]


def parts_of(store: Store, judged: Scored) -> list[Part]:
    """Recordings by age, sex, number of leads and rail; the unknown are parts of their own, empty ones are left out."""
    rows = judged.rows
    parts = [Part("age", text, members) for text, members in _by_age(np.asarray(store.age_days)[rows])]
    sex = np.asarray(store.sex)[rows]
    parts += [Part("sex", text, np.isin(sex, codes)) for text, codes in (
        ("female", ["F"]), ("male", ["M"]))]
    parts.append(Part("sex", "not known", ~np.isin(sex, ["F", "M"])))
    present = np.asarray(store.lead_mask)[rows] > 0
    lacking = np.array([name in PRECORDIAL_OFTEN_ABSENT for name in store.spec.leads])
    twelve = np.asarray(present.all(axis=1))
    nine = np.asarray(present[:, ~lacking].all(axis=1) & ~present[:, lacking].any(axis=1))
    parts += [Part("leads", text, members) for text, members in (
        ("12 leads", twelve), ("9 leads (without V2, V4, V6)", nine), ("other leads missing", ~twelve & ~nine))]
    railed = store.flagged(RAILED)[rows]
    parts += [Part("rail", "on the recorder's rail", railed), Part("rail", "clean", ~railed)]
    return [part for part in parts if part.members.any()]


def _by_age(age_days: NDArray[np.floating]) -> list[tuple[str, NDArray[np.bool_]]]:
    edges = [(band.text, band.min_days, band.max_days) for band in AGE_BANDS[:-1]]
    stops = [*_ADULT_YEARS[1:], None]
    for start, stop in zip(_ADULT_YEARS, stops, strict=True):
        text = f"{start} years and over" if stop is None else f"{start}\N{EN DASH}{stop - 1} years"
        edges.append((text, days_from_years(start), AGE_BANDS[-1].max_days if stop is None else days_from_years(stop)))
    found = [(text, (age_days >= low) & (age_days < high)) for text, low, high in edges]
    return [*found, ("age not known", np.isnan(age_days))]


def subgroup_figures(
    store: Store, judged: Scored, groups: Mapping[str, Sequence[str]], *, seed: int, replicates: int
) -> list[dict[str, Any]]:
    """One entry a part: how many, AUROC of each label that has enough of both classes there, macro of each group."""
    return [{"kind": part.kind, "text": part.text, **_part(judged.take(part.members), groups, seed, replicates)}
            for part in parts_of(store, judged)]


def _part(
    judged: Scored, groups: Mapping[str, Sequence[str]], seed: int, replicates: int
) -> dict[str, Any]:
    draws = Draws(judged.patients, seed=seed, replicates=replicates)
    found = Areas(judged.only(with_enough_of_both(judged)), draws)
    labels = {code: {"positives": int(count), "auroc": found.interval("auroc", code).entry(),
                     "few_records": int(count) < FEW_POSITIVES}
              for code, count in zip(found.labels, found.positives, strict=True)}
    macros = {}
    for name, members in groups.items():
        own = of_group(judged, name, members)
        kept = with_enough_of_both(own)
        areas = found if len(own) == len(judged) else Areas(
            own.only(kept), Draws(own.patients, seed=seed, replicates=replicates))
        macros[name] = {"recordings": len(own), "labels": list(kept), "of": len(members),
                        "macro_auroc": areas.macro("auroc", kept).entry()}
    return {"recordings": len(judged), "patients": len(np.unique(judged.patients)), "labels": labels,
            "groups": macros, "least_positives": MIN_POSITIVES}


def with_enough_of_both(judged: Scored) -> tuple[str, ...]:
    """Labels with enough positives and enough negatives for a figure of a part."""
    return tuple(code for code, positives, negatives in zip(
        judged.labels, judged.positives, judged.negatives, strict=True)
        if positives >= MIN_POSITIVES and negatives >= MIN_POSITIVES)


def nine_lead_loss(
    full: Scored, reduced: Scored, labels: Sequence[str], *, seed: int, replicates: int
) -> dict[str, Any] | None:
    """What taking away V2, V4 and V6 costs: the difference in macro AUROC over the nine shared labels, below 0 a loss.

    full, reduced: the same recordings with all leads and without the three. None where no label has enough positives.
    """
    try:
        found = paired_difference([of_group(reduced, NINE, labels)], [of_group(full, NINE, labels)],
                                  seed=seed, replicates=replicates)
    except NothingToCompare:
        return None
    return {"leads_removed": list(PRECORDIAL_OFTEN_ABSENT), **found.entry()}
