"""Where the beats are, and what the typical beat looks like.

Beats are found on all leads at once: each lead is band-passed to the QRS band, weighed by how far its peaks stand out
of its own rest (a lead of pure noise has none), and the weighed energies are added. Polarity therefore plays no part,
and a lead that fell off is outvoted. After the idea of Pan & Tompkins (IEEE Trans Biomed Eng 1985;32:230), without the
causal delays: the whole recording is at hand.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FINDING_BAND_HZ = (5.0, 25.0)
"""Wide enough for the slow upstroke of a ventricular beat, above most of the T wave."""
PEAK_BAND_HZ = (8.0, 42.0)
"""In which the R wave stands out of a broad QRS."""
SHORTEST_RR_S = 0.17
"""350 beats a minute, above the fastest that flutter conducted one to one drives the ventricles of an infant."""

FLAT_MV = 0.02
"""A lead whose whole swing is smaller shows no heartbeat: the smallest QRS visible at 10 mm/mV is larger."""

_ENERGY_WINDOW_S = 0.08
_THRESHOLD = 0.30
_LOCAL_SPAN_S = 6.0
_FAINTEST = 0.18
_STRONG = 0.65
_FAR = 2**31
_SHADOW_S = 0.34
_SHADOW_REACH_S = 0.04
_NO_T, _NO_PULSE = 1.2, 1.8
"""So much higher than usual at its distance a candidate is no T wave of the beat before, no paced atria of the next."""
_EDGE_S = 0.02
_SPEED_LEAVING = 0.04
_SPEED_REGAINED = 0.025
"""Shares of the QRS's top speed over rest; the end's is lower: a blocked bundle's slow tail still belongs to it.
Against the boundaries marked in LUDB the axis differs by 0.3 degrees in the median, 5 in the 95th percentile."""
_REST_WINDOW_S = 0.06
_LEAST_PROMINENCE = 3.5
"""Ratio of a lead's high to its low energy below which it shows no beats: noise alone stays under it."""

_LEAST_REPEATING = 1.9
"""The same for a lead that repeats itself; a mere sine wave stays under it."""
_FAST_RR_S = 0.4
_SAME_AGAIN = 0.75
"""Autocorrelation."""


@dataclass(frozen=True, eq=False)
class TypicalBeat:
    """The median of all complete beats, float64 (n_leads, n), mV, every lead less its own baseline before the QRS.

    r: the sample of the R peak in it. qrs: first and last sample of the QRS. rr_s: the median interval.
    """

    signal_mv: NDArray[np.float64]
    fs_hz: float
    r: int
    qrs: tuple[int, int]
    rr_s: float
    n_beats: int


def without_gaps(signal_mv: NDArray[np.floating]) -> NDArray[np.float64]:
    """The same signal with NaN bridged by straight lines, zero where a lead has no sample at all."""
    filled = np.array(signal_mv, dtype=np.float64)
    for row in filled:
        missing = np.isnan(row)
        if missing.all():
            row[:] = 0.0
        elif missing.any():
            row[missing] = np.interp(np.flatnonzero(missing), np.flatnonzero(~missing), row[~missing])
    return filled


def in_bands(
        signal_mv: NDArray[np.float64], fs_hz: float, *bands_hz: tuple[float, float]) -> list[NDArray[np.float64]]:
    """Zero-phase band-passes in the frequency domain with soft edges; the ends are mirrored so that none rings."""
    n = signal_mv.shape[-1]
    pad = min(n - 1, int(0.5 * fs_hz))
    length = _fast_length(n + 2 * pad)
    frequency_hz = np.fft.rfftfreq(length, 1 / fs_hz)
    with np.errstate(divide="ignore"):
        responses = [(1 / (1 + (low_hz / frequency_hz) ** 6) / (1 + (frequency_hz / high_hz) ** 6)).astype(np.float32)
                     for low_hz, high_hz in bands_hz]
    passed = [np.empty(signal_mv.shape) for _ in bands_hz]
    # Lead by lead: the spectra of all leads of half an hour together take half a gigabyte.
    for row, samples in enumerate(signal_mv):
        padded = np.concatenate((samples[pad:0:-1], samples, samples[-2:-pad - 2:-1]))
        # Single precision is a thousand times finer than any recorder and half as slow.
        spectrum = np.fft.rfft(padded.astype(np.float32), length)
        for filtered, response in zip(passed, responses, strict=True):
            filtered[row] = np.fft.irfft(spectrum * response, length)[pad:pad + n]
    return passed


def find_r_peaks(signal_mv: NDArray[np.floating], fs_hz: float) -> NDArray[np.int64]:
    """Samples of the R peaks (or the deepest S where there is no R), rising, at least 0.17 s apart.

    signal_mv: (n_leads, n_samples), mV, NaN allowed. Empty where no lead shows beats.
    """
    nothing = np.zeros(0, dtype=np.int64)
    if signal_mv.shape[-1] < fs_hz or signal_mv.shape[0] == 0:
        return nothing
    bridged = without_gaps(signal_mv)
    # What a filter leaves of a constant is rounding, and rounding has peaks too.
    bridged = bridged[np.ptp(bridged, axis=1) >= FLAT_MV]
    if not len(bridged):
        return nothing
    broad, narrow = in_bands(bridged, fs_hz, FINDING_BAND_HZ, PEAK_BAND_HZ)
    width = round(_ENERGY_WINDOW_S * fs_hz)
    squared = [np.gradient(row) ** 2 for row in broad]
    prominence = _prominence(np.stack([_smooth(row, round(_REST_WINDOW_S * fs_hz)) for row in squared]))
    if (prominence <= _LEAST_PROMINENCE).all():
        prominence = np.where(_repeats(broad, fs_hz), prominence + _LEAST_PROMINENCE - _LEAST_REPEATING, 0.0)
    combined = _weighed(np.stack([np.sqrt(_smooth(row, width)) for row in squared]), prominence)
    if combined is None:
        return nothing
    candidates = _apart(combined, round(SHORTEST_RR_S * fs_hz))
    share = combined[candidates] / _local_height(combined, candidates, fs_hz)
    kept = _without_shadows(combined, candidates[share >= _FAINTEST], share[share >= _FAINTEST], fs_hz)
    edge = _EDGE_S * fs_hz
    return _at_the_peak(narrow, kept[(kept >= edge) & (kept < signal_mv.shape[-1] - edge)], fs_hz)


def typical_beat(signal_mv: NDArray[np.floating], fs_hz: float, r_peaks: NDArray[np.int64]) -> TypicalBeat | None:
    """The median beat of all beats whose window lies inside the recording; None with fewer than three of them."""
    if len(r_peaks) < 3:
        return None
    rr_s = float(np.median(np.diff(r_peaks))) / fs_hz
    before, after = round(min(0.35, 0.45 * rr_s) * fs_hz), round(min(0.55, 0.65 * rr_s) * fs_hz)
    inside = r_peaks[(r_peaks >= before) & (r_peaks + after < signal_mv.shape[-1])]
    if len(inside) < 3:
        return None
    windows = without_gaps(signal_mv)[:, inside[:, None] + np.arange(-before, after)]
    # Each beat stands on its own level first, so that a drifting baseline does not smear the median.
    beat = np.median(windows - np.median(windows, axis=2, keepdims=True), axis=1)
    qrs = _qrs_bounds(beat, before, fs_hz)
    quiet = slice(max(0, qrs[0] - max(2, round(0.012 * fs_hz))), qrs[0] + 1)
    return TypicalBeat(beat - beat[:, quiet].mean(axis=1, keepdims=True), fs_hz, before, qrs, rr_s, len(inside))


def _fast_length(n: int) -> int:
    """The next length of the form 2^a * {1, 3, 5}: prime lengths make an FFT many times slower."""
    return min(factor << max(0, math.ceil(math.log2(n / factor))) for factor in (1, 3, 5))


def _smooth(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Centred moving average along the last axis, shorter at the ends."""
    width = max(1, width)
    total = np.cumsum(np.pad(values, [(0, 0)] * (values.ndim - 1) + [(1, 0)]), axis=-1)
    n = values.shape[-1]
    start = np.clip(np.arange(n) - width // 2, 0, n)
    stop = np.clip(np.arange(n) - width // 2 + width, 0, n)
    return np.asarray((total[..., stop] - total[..., start]) / (stop - start), dtype=np.float64)


def _prominence(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each lead, how far its peaks stand out of its rest: between the fastest beats there is rest a fifth of the
    time at least."""
    high, low = np.percentile(power, (98, 20), axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.nan_to_num(np.sqrt(high / low), posinf=50.0), dtype=np.float64)


def _repeats(broad: NDArray[np.float64], fs_hz: float) -> NDArray[np.bool_]:
    """Whether each lead does the same again and again at the pace of a fast heart, which noise does not.

    At 250 beats a minute T fills the interval, and there is no rest for the beats to stand out of.
    """
    n = broad.shape[-1]
    power = np.abs(np.fft.rfft(broad, _fast_length(2 * n))) ** 2
    first, last = round(SHORTEST_RR_S * fs_hz), min(n // 2, round(_FAST_RR_S * fs_hz))
    lags = np.arange(first, last + 1)
    correlation = np.fft.irfft(power)
    alike = correlation[..., first:last + 1] / np.maximum(correlation[..., :1], 1e-30) * n / (n - lags)
    return np.asarray(alike.max(axis=-1, initial=0.0) >= _SAME_AGAIN)


def _weighed(energy: NDArray[np.float64], prominence: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Leads added, each scaled to its own peaks and weighed by how far these stand out; None where none do."""
    high = np.percentile(energy, 98, axis=-1)
    weight = np.where(high > 0, prominence - _LEAST_PROMINENCE, 0.0)
    weight = np.clip(weight, 0.0, 20.0)
    if not weight.any():
        return None
    scaled = energy / np.where(high > 0, high, 1.0)[:, None]
    # A beat shows in most leads, an electrode's artefact in a few: no lead counts for much more than the middle one.
    scaled = np.minimum(scaled, 1.5 * np.median(scaled[weight > 0], axis=0))
    return np.asarray((scaled * weight[:, None]).sum(axis=0) / weight.sum(), dtype=np.float64)


def _apart(height: NDArray[np.float64], distance: int) -> NDArray[np.int64]:
    """Local maxima, the highest first, none nearer to a higher one than `distance`."""
    rising = np.r_[True, height[1:] > height[:-1]]
    falling = np.r_[height[:-1] >= height[1:], True]
    maxima = np.flatnonzero(rising & falling)
    taken = np.zeros(len(height), dtype=bool)
    kept = []
    for index in maxima[np.argsort(-height[maxima], kind="stable")]:
        if not taken[index]:
            kept.append(int(index))
            taken[max(0, index - distance):index + distance + 1] = True
    return np.array(sorted(kept), dtype=np.int64)


def _local_height(combined: NDArray[np.float64], candidates: NDArray[np.int64], fs_hz: float) -> NDArray[np.float64]:
    """What a beat's height is around each candidate: the upper quartile of the neighbours that are no ripple."""
    heights = combined[candidates]
    floor = 0.15 * np.percentile(heights, 90)
    reference = np.empty(len(candidates))
    for position, sample in enumerate(candidates):
        near = heights[np.abs(candidates - sample) <= _LOCAL_SPAN_S * fs_hz / 2]
        near = near[near >= floor]
        reference[position] = np.percentile(near, 75) if len(near) else np.inf
    return reference


def _without_shadows(combined: NDArray[np.float64], samples: NDArray[np.int64], share: NDArray[np.float64],
                     fs_hz: float) -> NDArray[np.int64]:
    """The candidates that are beats. Strong ones are; a weaker one close to a strong one is its T wave, or paced atria
    before it, when other strong beats have as much at the same distance; the faintest must stand out so anywhere."""
    strong = samples[share >= _STRONG]
    if not len(strong):
        return samples[share >= _THRESHOLD]
    reach = round(_SHADOW_REACH_S * fs_hz)
    kept = share >= _STRONG
    for position in np.flatnonzero(~kept):
        sample = samples[position]
        apart = sample - strong
        sides = ((apart[apart > 0].min(initial=_FAR), _NO_T), (apart[apart < 0].max(initial=-_FAR), _NO_PULSE))
        near = [(int(lag), least) for lag, least in sides if abs(lag) < _SHADOW_S * fs_hz]
        plain = share[position] >= _THRESHOLD
        asked = near if plain else [(int(lag), least) for lag, least in sides if abs(lag) < _FAR]
        kept[position] = all(
            combined[sample] > least * _usual(combined, strong, sample, lag, reach) for lag, least in asked)
    return samples[kept]


def _usual(combined: NDArray[np.float64], strong: NDArray[np.int64], sample: int, lag: int, reach: int) -> float:
    """The middle height at this distance from the strong beats other than the sample's own; 0 without any."""
    at = strong + lag
    at = at[(np.abs(at - sample) > reach) & (at >= reach) & (at + reach < len(combined))]
    if not len(at):
        return 0.0
    around = combined[at[:, None] + np.arange(-reach, reach + 1)]
    return float(np.median(around.max(axis=1)))


def _at_the_peak(narrow: NDArray[np.float64], samples: NDArray[np.int64], fs_hz: float) -> NDArray[np.int64]:
    """Each beat moved to where all leads together are farthest from their rest."""
    reach = round(0.06 * fs_hz)
    scale = np.percentile(np.abs(narrow), 99, axis=-1)
    size = (np.abs(narrow) / np.where(scale > 0, scale, np.inf)[:, None]).sum(axis=0)
    moved = [int(start + np.argmax(size[start:sample + reach + 1]))
             for sample in samples for start in [max(0, int(sample) - reach)]]
    return np.unique(np.array(moved, dtype=np.int64))


def _qrs_bounds(beat: NDArray[np.float64], r: int, fs_hz: float) -> tuple[int, int]:
    """First and last sample of the QRS: where the heart vector's speed leaves and regains its rest.

    Good enough to add up a QRS; as a duration it is not sound and is therefore not offered as one.
    """
    speed = _smooth(np.sqrt((np.gradient(beat, axis=-1) ** 2).sum(axis=0)), max(1, round(0.008 * fs_hz)))
    reach = round(0.10 * fs_hz)
    low, high = max(0, r - reach), min(len(speed), r + reach + 1)
    peak = low + int(np.argmax(speed[low:high]))
    rest = np.median(speed)
    leaves, regains = (rest + share * (speed[peak] - rest) for share in (_SPEED_LEAVING, _SPEED_REGAINED))
    still = max(1, round(0.012 * fs_hz))
    first, last = min(peak, r), max(peak, r)
    while first > low and (speed[max(0, first - still):first] > leaves).any():
        first -= 1
    while last < high - 1 and (speed[last + 1:last + 1 + still] > regains).any():
        last += 1
    return first, last
