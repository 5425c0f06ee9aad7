"""Draws planned beats as a heart vector over time and notes where every wave begins and ends."""

from dataclasses import dataclass

import numpy as np

from peace_model.ecg.simulation.age_parameters import Vitals, leads_of_torso
from peace_model.ecg.simulation.leadfield import DOWER
from peace_model.ecg.simulation.morphology import Shape
from peace_model.ecg.simulation.rhythm import PlannedBeat
from peace_model.ecg.simulation.truth import BeatKind, TrueBeat
from peace_model.ecg.simulation.waves import Array, Loop, fractions, loop, turned

_RETROGRADE_P = loop((0.22, 0.22, 0.24, (-0.03, -0.085, 0.02)))
_BREATH_TURN_RAD, _BREATH_SCALE = 0.03, 0.03
_BEAT_JITTER = 0.012


@dataclass(frozen=True)
class Interval:
    """A wave's exact start and end in seconds."""

    start_s: float
    end_s: float


@dataclass(frozen=True)
class DrawnBeat:
    """A beat as drawn: its kind, its waves, the time of its largest heart vector, its QT interval."""

    kind: BeatKind
    p: Interval | None
    qrs: Interval
    t: Interval
    r_peak_s: float

    @property
    def qt_ms(self) -> float:
        return 1000 * (self.t.end_s - self.qrs.start_s)


class Canvas:
    """The heart vector, float64 (3, n_samples), on which waves are drawn one by one."""

    def __init__(self, n_samples: int, fs_hz: float) -> None:
        self.vector_mv = np.zeros((3, n_samples))
        self.fs_hz = fs_hz

    def _span(self, interval: Interval) -> tuple[slice, Array]:
        first = max(int(np.ceil(interval.start_s * self.fs_hz)), 0)
        last = min(int(np.floor(interval.end_s * self.fs_hz)), self.vector_mv.shape[1] - 1)
        at = slice(first, max(last + 1, first))
        return at, np.arange(at.start, at.stop) / self.fs_hz

    def add(self, wave: Loop, interval: Interval) -> None:
        """Draw a loop over an interval."""
        at, time = self._span(interval)
        if time.size:
            self.vector_mv[:, at] += wave.at((time - interval.start_s) / (interval.end_s - interval.start_s))

    def add_level(self, level_mv: Array, *, rise: Interval, fall: Interval) -> None:
        """Draw a level (3,) that rises and falls smoothly within the two intervals."""
        at, time = self._span(Interval(rise.start_s, fall.end_s))
        if time.size and level_mv.any():
            up = np.clip((time - rise.start_s) / (rise.end_s - rise.start_s), 0, 1)
            down = np.clip((fall.end_s - time) / (fall.end_s - fall.start_s), 0, 1)
            share = np.sin(0.5 * np.pi * up) ** 2 * np.sin(0.5 * np.pi * down) ** 2
            self.vector_mv[:, at] += level_mv[:, None] * share


def draw(canvas: Canvas, beats: list[PlannedBeat], shapes: dict[BeatKind, Shape], heart: Vitals,
         rng: np.random.Generator) -> list[DrawnBeat]:
    """Draw every beat; size and direction follow the breath and vary a little from beat to beat."""
    peaks = {kind: _peak_fraction(shape.qrs) for kind, shape in shapes.items()}
    return [_draw_one(canvas, beat, shapes[beat.kind], peaks[beat.kind], heart, rng) for beat in beats]


def _draw_one(canvas: Canvas, beat: PlannedBeat, shape: Shape, peak: float, heart: Vitals,
              rng: np.random.Generator) -> DrawnBeat:
    breath = np.sin(2 * np.pi * heart.respiration_hz * beat.qrs_on_s)
    size = 1 + _BREATH_SCALE * breath + rng.normal(0, _BEAT_JITTER)
    p_size, t_size = size + rng.normal(0, 0.04), size + rng.normal(0, 0.02)

    on = beat.qrs_on_s
    qrs = Interval(on, on + shape.qrs_ms / 1000)
    qt = min(shape.qtc_ms / 1000 * np.sqrt(beat.rr_s), beat.next_s - 0.008)
    t_end = max(on + qt, qrs.end_s + 0.06)
    t = Interval(max(t_end - shape.t_share * (t_end - on), qrs.end_s), t_end)
    p = None
    if shape.p is not None:
        p = Interval(on - shape.pr_ms / 1000, on - shape.pr_ms / 1000 + shape.p_ms / 1000)
        canvas.add(shape.p.scaled(p_size), p)
    canvas.add(shape.qrs.with_vectors(size * turned(shape.qrs.vectors_mv, _BREATH_TURN_RAD * breath)), qrs)
    t_wave = shape.t.scaled(t_size)
    canvas.add(t_wave.plus(_RETROGRADE_P) if beat.kind is BeatKind.SUPRAVENTRICULAR else t_wave, t)
    canvas.add_level(shape.st_mv, rise=Interval(on + 0.00065 * shape.qrs_ms, qrs.end_s),
                     fall=Interval(t.start_s + 0.4 * (t_end - t.start_s), t_end))
    return DrawnBeat(beat.kind, p, qrs, t, on + peak * shape.qrs_ms / 1000)


def _peak_fraction(qrs: Loop) -> float:
    """Where in the QRS the eight independent leads together are largest."""
    grid = fractions()
    rows = np.stack([leads_of_torso()[name] for name in DOWER])
    return float(grid[np.linalg.norm(rows @ qrs.at(grid), axis=0).argmax()])


def add_f_waves(canvas: Canvas, rng: np.random.Generator) -> None:
    """Fibrillatory waves of 5 to 8 Hz that never repeat, largest in V1 and the inferior leads."""
    time = np.arange(canvas.vector_mv.shape[1]) / canvas.fs_hz
    for vector in ((-0.02, 0.035, -0.07), (0.02, 0.035, 0.03)):
        drift = sum(a * np.sin(2 * np.pi * f * time + rng.uniform(0, 2 * np.pi)) for f, a in ((0.31, 1.2), (0.83, 0.7)))
        phase = 2 * np.pi * rng.uniform(5.3, 7.2) * time + drift + rng.uniform(0, 2 * np.pi)
        swell = 1 + 0.35 * np.sin(2 * np.pi * rng.uniform(0.3, 0.7) * time + rng.uniform(0, 2 * np.pi))
        canvas.vector_mv += np.array(vector)[:, None] * swell * (np.sin(phase) + 0.3 * np.sin(2 * phase + 0.6))


def landmarks(beat: DrawnBeat, n_samples: int, fs_hz: float) -> TrueBeat | None:
    """The beat in samples, -1 outside the recording; None when no part of it is inside."""
    def inside(sample: int) -> int:
        return sample if 0 <= sample < n_samples else -1

    def pair(interval: Interval) -> tuple[int, int]:
        return inside(int(np.floor(interval.start_s * fs_hz))), inside(int(np.ceil(interval.end_s * fs_hz)))

    p_on, p_off = pair(beat.p) if beat.p is not None else (None, None)
    qrs_on, qrs_off = pair(beat.qrs)
    t_on, t_off = pair(beat.t)
    found = (p_on, p_off, qrs_on, qrs_off, t_on, t_off)
    if all(sample in (None, -1) for sample in found):
        return None
    return TrueBeat(beat.kind, inside(round(beat.r_peak_s * fs_hz)), p_on, p_off, qrs_on, qrs_off, t_on, t_off)
