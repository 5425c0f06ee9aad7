"""Every beat of a recording with the boundaries of its waves, over all leads and in each.

The median beat of each group is delineated, where noise is least; its marks are then carried to the group's beats, P
and T moved to where the beat's own waves are most like the median's.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.measurement.atrial import irregularity, p_size_mv, why_no_p
from peace_model.ecg.measurement.carried import FoundGroup, Frame, LeadTable, marks_of, sureness
from peace_model.ecg.measurement.groups import (
    Samples,
    align_and_group,
    interval_after,
    interval_before,
    is_early,
    name_group,
    split_premature,
)
from peace_model.ecg.measurement.likeness import Likeness, wave_likeness
from peace_model.ecg.measurement.marks import (
    NO_P,
    NO_VOTE,
    PACED_VENTRICLES,
    BeatGroup,
    BeatMarks,
    Delineation,
    MedianBeat,
)
from peace_model.ecg.measurement.median_beat import median_window
from peace_model.ecg.measurement.pacing import bridged, find_spikes
from peace_model.ecg.measurement.spans import WaveSpan
from peace_model.ecg.measurement.template import TemplateWaves, find_qrs, find_waves
from peace_model.ecg.measurement.tuning import TUNED, Tuning, for_rate
from peace_model.ecg.measurement.working_signal import (
    MS,
    RATE_HZ,
    Array,
    level_through,
    smooth,
    unusable_leads,
    without_drift,
)
from peace_model.ecg.recording import Recording
from peace_model.ecg.signal.heartbeats import find_r_peaks, in_bands, without_gaps
from peace_model.ecg.signal.resample import change_rate

_BEFORE, _AFTER = round(450 * MS), round(700 * MS)
"""Samples of a median beat before and after R."""
_GROUP_BAND_HZ = (3.0, 30.0)
_LEVEL_MS = 16.0
_LEVEL_GAP_MS = 6.0
_LIKENESS_SIGMA_MS = 8.0
_P_LAG_MS, _T_LAG_MS = 40.0, 40.0
_SPIKE_BEFORE_MS, _SPIKE_AFTER_MS = 130.0, 20.0
_SPIKE_TO_QRS_MS = 5.0
_OFTEN = 0.35
_SAME_WAVE, _CLEARLY = 0.8, 0.02
_ENOUGH_BEATS = 3
_WIDER_MS = 20.0
_ALIKE = 3.0


def delineate(recording: Recording, tuning: Tuning = TUNED) -> Delineation:
    """Find, group and delineate all beats; where there is nothing the reasons say why."""
    tuning = for_rate(tuning, recording.fs_hz)
    railed, empty = unusable_leads(recording)
    votes = tuple(row for row, lead in enumerate(recording.leads) if lead not in railed | empty)
    raw = without_gaps(recording.signal_mv)
    spikes = find_spikes(raw[list(votes)], recording.fs_hz)
    raw = bridged(raw, spikes)
    voting = change_rate(raw[list(votes)], fs_hz=recording.fs_hz, target_hz=RATE_HZ)
    r = find_r_peaks(voting, RATE_HZ)
    if len(r) == 0:
        none = np.zeros(0, dtype=np.int64)
        return Delineation(recording.fs_hz, recording.leads, none, none, (), (), (), NO_VOTE)
    r, group = align_and_group(in_bands(voting, RATE_HZ, _GROUP_BAND_HZ)[0], r)
    group = split_premature(r, group)
    scale = recording.fs_hz / RATE_HZ
    found = _find_groups(voting, r, group, spikes.mean(axis=1) / scale, tuning)
    table = LeadTable(recording.leads, votes, railed)
    names = _names(found, r)
    beats = _beats(found, r, group, table, scale, voting.shape[1])
    quiet = np.round(_quiet(found, r) * scale).astype(np.int64)
    level = level_through(raw, quiet, max(1, round(_LEVEL_MS * MS * scale)))
    medians = tuple(_median(each, name, level, r, table, recording.fs_hz)
                    for each, name in zip(found, names, strict=True))
    return Delineation(recording.fs_hz, recording.leads, np.round(r * scale).astype(np.int64), group, names, beats,
                       medians)


def _find_groups(voting: Array, r: Samples, group: Samples, spikes: Array, tuning: Tuning) -> list[FoundGroup]:
    before, after, irregular = interval_before(r), interval_after(r), irregularity(r, group)
    members = [np.flatnonzero(group == index) for index in range(int(group.max()) + 1)]
    rough = without_drift(voting)
    quiet = np.empty(len(r), dtype=np.int64)
    for beats in members:
        median, _ = median_window(rough, r[beats], before=_BEFORE, after=_AFTER)
        qrs = find_qrs(median, _BEFORE, rr=float(np.median(before[beats])), tuning=tuning)
        quiet[beats] = r[beats] + round(qrs.on - _BEFORE - _LEVEL_GAP_MS * MS)
    level = level_through(voting, quiet, round(_LEVEL_MS * MS))
    soft = smooth(level, _LIKENESS_SIGMA_MS)
    found: list[FoundGroup] = []
    for beats in members:
        median, noise = median_window(level, r[beats], before=_BEFORE, after=_AFTER)
        spike = _spike(spikes, r[beats])
        driven = None if spike is None else spike + _SPIKE_TO_QRS_MS * MS
        waves = find_waves(median, _BEFORE, rr_before=float(np.median(before[beats])),
                           rr_after=float(np.median(after[beats])), noise_mv=noise, driven=driven, tuning=tuning)
        p = _likeness(soft, r[beats], waves.p, _P_LAG_MS)
        reason = PACED_VENTRICLES if spike is not None else _why_no_p(waves, p, found, irregular, tuning)
        if not reason and waves.t_before_p is not None:
            waves = replace(waves, t=waves.t_before_p)
        found.append(FoundGroup(
            beats, waves, _BEFORE, noise, spike is not None, reason, p,
            wave_likeness(soft, r[beats], _span(waves.qrs), most_lag=0), _likeness(soft, r[beats], waves.t, _T_LAG_MS)))
    return found


def _why_no_p(waves: TemplateWaves, p: Likeness | None, before: list[FoundGroup], irregular: float, tuning: Tuning
              ) -> str:
    """A pair of beats or a single one proves nothing: its P wave must be the dominant one's equal, its QRS no wider."""
    if waves.p is None or p is None:
        return NO_P
    if len(p.best) >= _ENOUGH_BEATS or not before:
        return why_no_p(waves.p, p, irregular, tuning) if len(p.best) >= _ENOUGH_BEATS else ""
    dominant = before[0]
    if dominant.p_reason or dominant.waves.p is None:
        return dominant.p_reason or NO_P
    qrs, its = waves.qrs.off - waves.qrs.on, dominant.waves.qrs.off - dominant.waves.qrs.on
    ratio = p_size_mv(waves.p) / p_size_mv(dominant.waves.p)
    return "" if qrs < its + _WIDER_MS * MS and 1 / _ALIKE < ratio < _ALIKE else NO_P


def _quiet(found: list[FoundGroup], r: Samples) -> Samples:
    """Where each beat's baseline is level: just before its QRS."""
    quiet = r.copy()
    for each in found:
        quiet[each.beats] += round(each.waves.qrs.on - each.r - _LEVEL_GAP_MS * MS)
    return quiet


def _span(wave: WaveSpan) -> tuple[int, int]:
    return int(wave.on) - _BEFORE, int(np.ceil(wave.off)) - _BEFORE


def _likeness(soft: Array, r: Samples, wave: WaveSpan | None, most_lag_ms: float) -> Likeness | None:
    return None if wave is None else wave_likeness(soft, r, _span(wave), most_lag=round(most_lag_ms * MS))


def _spike(spikes: Array, r: Samples) -> float | None:
    """Where in the template the spike stands that comes before many of these beats (not all rise above their noise)."""
    apart = spikes[None, :] - r[:, None]
    near = np.where((apart >= -_SPIKE_BEFORE_MS * MS) & (apart <= _SPIKE_AFTER_MS * MS), apart, np.inf).min(
        axis=1, initial=np.inf)
    has = np.isfinite(near)
    return float(np.median(near[has])) + _BEFORE if has.mean() >= _OFTEN else None


def _names(found: list[FoundGroup], r: Samples) -> tuple[BeatGroup, ...]:
    def qrs_ms(each: FoundGroup) -> float:
        return (each.waves.qrs.off - each.waves.qrs.on) / MS

    return tuple(BeatGroup(name_group(
        index, qrs_ms=qrs_ms(each), dominant_qrs_ms=qrs_ms(found[0]), paced=each.paced, dominant_paced=found[0].paced,
        early=is_early(r, each.beats)), len(each.beats), each.paced) for index, each in enumerate(found))


def _beats(found: list[FoundGroup], r: Samples, group: Samples, table: LeadTable, scale: float,
           n_samples: int) -> tuple[BeatMarks, ...]:
    beats = []
    for position, sample in enumerate(r):
        mine = found[group[position]]
        at = int(np.searchsorted(mine.beats, position))
        following = position + 1 < len(r)
        t_last = _qrs_on(found[group[position + 1]], r[position + 1]) if following else np.inf
        frame = Frame(float(sample - mine.r), scale, 0.0, float(n_samples - 1), _moved(mine.p, at), _moved(mine.t, at),
                      t_last)
        beats.append(marks_of(mine, table, frame, sureness(mine, at)))
    return tuple(beats)


def _qrs_on(found: FoundGroup, sample: int) -> float:
    return float(sample + found.waves.qrs.on - found.r)


def _moved(likeness: Likeness | None, beat: int) -> float:
    """How much later than in the median this beat's wave comes, where it is clearly more like it there."""
    if likeness is None or likeness.best[beat] < max(_SAME_WAVE, likeness.unmoved[beat] + _CLEARLY):
        return 0.0
    return float(likeness.lag[beat])


def _median(found: FoundGroup, group: BeatGroup, level: Array, r: Samples, table: LeadTable, fs_hz: float
            ) -> MedianBeat:
    """At the recording's own rate, which amplitudes need."""
    scale = fs_hz / RATE_HZ
    before, after = round(_BEFORE * scale), round(_AFTER * scale)
    centres: NDArray[np.int64] = np.round(r[found.beats] * scale).astype(np.int64)
    signal, noise = median_window(level, centres, before=before, after=after)
    frame = Frame(before / scale - found.r, scale, 0.0, float(_BEFORE + _AFTER - 1))
    marks = marks_of(found, table, frame, sureness(found, None))
    return MedianBeat(group, table.leads, signal, fs_hz, before, noise, marks)
