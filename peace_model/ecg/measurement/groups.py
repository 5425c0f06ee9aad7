"""Beats of one shape: aligned to one another, grouped by how well their QRS agree over all leads, and named.

A beat joins the group whose mean QRS it correlates with (all leads together, so that size and polarity of every lead
count); alignment is by the same correlation, within 24 ms of the R peak.
"""

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.measurement.marks import GroupName
from peace_model.ecg.measurement.working_signal import MS, RATE_HZ, Array, windows

Samples = NDArray[np.int64]

_HALF_MS = 70
_LAG_MS = 24
_SAME_SHAPE = 0.86
_CUT_OFF = 0.5
"""For a beat at the recording's edge, of which a part is missing."""
_SIZE_RATIO = 1.9
_EARLY = 0.80
_REGULAR = 0.15
"""Where neighbouring intervals differ by less in the median, an early beat is premature; else all beats come as they
come, as in fibrillation."""
_WIDER_RATIO = 1.2
_WIDER_MS = 20.0


def align_and_group(band_mv: Array, r: Samples) -> tuple[Samples, Samples]:
    """Aligned R samples (n,) and the group (n,) of each beat, 0 the most frequent.

    band_mv: (n_leads, n_samples) at the working rate, in which QRS stand out and the baseline does not wander.
    """
    half, lag = round(_HALF_MS * MS), round(_LAG_MS * MS)
    cut = windows(band_mv, r, half + lag, half + lag + 1)
    views = np.stack([cut[:, :, at:at + 2 * half + 1] for at in range(2 * lag + 1)])  # (lags, leads, beats, width)
    size = np.sqrt((views ** 2).sum(axis=(1, 3))) + 1e-12
    whole = (r >= half) & (r + half < band_mv.shape[1])
    group = np.full(len(r), -1, dtype=np.int64)
    shift = np.full(len(r), lag, dtype=np.int64)
    members: list[list[int]] = []
    templates: list[Array] = []
    for beat in _typical_first(views[lag], size[lag], whole):
        likeness, index, at = _most_like(views[:, :, beat], size[:, beat], templates)
        if index >= 0 and likeness >= (_SAME_SHAPE if whole[beat] else _CUT_OFF):
            group[beat], shift[beat] = index, at
            members[index].append(beat)
            templates[index] = np.mean([views[shift[each], :, each] for each in members[index]], axis=0)
        else:
            group[beat] = len(templates)
            templates.append(views[lag, :, beat])
            members.append([beat])
    order = np.argsort([-len(each) for each in members], kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return r + shift - lag, rank[group]


def split_premature(r: Samples, group: Samples) -> Samples:
    """Early beats of the dominant shape as a group of their own, the last: their P wave is another one."""
    if len(r) < 5:
        return group
    rr = np.diff(r)
    around = float(np.median(rr))
    if np.median(np.abs(np.diff(rr))) > _REGULAR * around:
        return group
    early = np.r_[False, rr < _EARLY * around] & (group == 0)
    if not early.any() or early.sum() >= (group == 0).sum() / 2:
        return group
    return np.where(early, group.max() + 1, group)


def name_group(index: int, *, qrs_ms: float, dominant_qrs_ms: float, paced: bool, dominant_paced: bool,
               early: bool) -> GroupName:
    """What a group is called beside the dominant one."""
    if index == 0:
        return "dominant"
    if paced and not dominant_paced:
        return "paced"
    if qrs_ms >= max(_WIDER_RATIO * dominant_qrs_ms, dominant_qrs_ms + _WIDER_MS):
        return "wide"
    return "premature" if early else "other"


def is_early(r: Samples, beats: Samples) -> bool:
    """Whether most of these beats (positions in r) come early after the one before."""
    rr = np.diff(r)
    if len(rr) == 0:
        return False
    before = rr[beats[beats > 0] - 1]
    return bool(len(before) and np.median(before) < _EARLY * np.median(rr))


def interval_before(r: Samples) -> Array:
    """Samples since the beat before, the median for the first; one second for a single beat."""
    rr = np.diff(r).astype(np.float64)
    return np.concatenate(([np.median(rr) if len(rr) else RATE_HZ], rr))


def interval_after(r: Samples) -> Array:
    """Samples until the next beat, the median for the last; one second for a single beat."""
    rr = np.diff(r).astype(np.float64)
    return np.concatenate((rr, [np.median(rr) if len(rr) else RATE_HZ]))


def _most_like(views: Array, size: Array, templates: list[Array]) -> tuple[float, int, int]:
    """Likeness, index and lag of the template of comparable size that one beat is most like; index -1 for none."""
    best = (-1.0, -1, 0)
    for index, template in enumerate(templates):
        norm = float(np.sqrt((template ** 2).sum())) + 1e-12
        likeness = np.einsum("klw,lw->k", views, template) / (size * norm)
        at = int(np.argmax(likeness))
        if likeness[at] > best[0] and 1 / _SIZE_RATIO < size[at] / norm < _SIZE_RATIO:
            best = (float(likeness[at]), index, at)
    return best


def _typical_first(views: Array, size: Array, whole: NDArray[np.bool_]) -> Samples:
    """Beats in the order of how much they are like all others, cut ones last: a group starts from its best example."""
    flat = views.transpose(1, 0, 2).reshape(views.shape[1], -1) / size[:, None]
    return np.lexsort((-np.median(flat @ flat.T, axis=1), ~whole))
