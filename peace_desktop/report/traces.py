"""The ECG of a report as PDF drawing operators: map, grid, pulses, traces, true to scale.

Operators are written directly because a page holds some twenty thousand points; coordinates are points of the sheet,
rounded to 0.01 (0.0035 mm).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peace_desktop.report.frame import POINTS_PER_MM, SPEED_MM_PER_S, Box, Frame
from peace_desktop.report.hatch import hatch_lines
from peace_desktop.report.paper import PULSE_MV, PULSE_S, Ink, Strip
from peace_desktop.report.printed import TraceContent

_PRINT_STEP_MM = 0.05
"""Finer than a 600 dpi printer's dots resolve in a moving line; denser samples are drawn as lowest and highest."""
_PULSE_TAIL_MM = 1.0
_PULSE_ROWS_MM = 11.0
"""Where rows are closer than this, pulses would stand on each other: then one for each group of leads."""


@dataclass(frozen=True)
class Drawn:
    """One strip's polyline in mm of the sheet (n,), NaN between parts; cut: it leaves the paper and is clipped."""

    strip: Strip
    x_mm: NDArray[np.float64]
    y_mm: NDArray[np.float64]
    cut: bool


def draw_strips(trace: TraceContent, frame: Frame) -> tuple[Drawn, ...]:
    """The polylines of every strip that is in the recording, each placed with its median on the row's baseline."""
    drawn = []
    for strip in trace.page.strips:
        if not strip.present:
            continue
        first = int(np.ceil(strip.start_s * trace.fs_hz - 1e-6))
        last = int(np.floor(strip.end_s * trace.fs_hz + 1e-6))
        span = slice(max(first - trace.first_sample, 0), last + 1 - trace.first_sample)
        signal = trace.signal_mv[trace.leads.index(strip.lead), span].astype(np.float64)
        seconds = (first + np.arange(signal.size)) / trace.fs_hz - strip.start_s + trace.page.x_s(strip)
        seconds, signal = peak_safe(seconds, signal, round(_PRINT_STEP_MM * 2 / SPEED_MM_PER_S * trace.fs_hz))
        level = np.median(signal[np.isfinite(signal)]) if np.isfinite(signal).any() else 0.0
        y_mm = frame.baseline_mm(strip.row) + strip.sign * (signal - level) * trace.gain.of(strip)
        with np.errstate(invalid="ignore"):
            cut = bool(np.any((y_mm > frame.ecg.top) | (y_mm < frame.ecg.y)))
        drawn.append(Drawn(strip, frame.traces_x_mm + seconds * SPEED_MM_PER_S, y_mm, cut))
    return tuple(drawn)


def peak_safe(
    x: NDArray[np.float64], y: NDArray[np.float64], group: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The line through the lowest and the highest of every `group` samples, in their order; all samples below 3.

    Groups with a NaN are kept whole, so that a gap stays where it was.
    """
    if group < 3 or y.size < group:
        return x, y
    whole = y.size // group * group
    blocks = y[:whole].reshape(-1, group)
    keep = np.zeros(y.shape, dtype=bool)
    keep[whole:] = True
    keep[[0, -1]] = True
    starts = np.arange(blocks.shape[0]) * group
    gaps = np.isnan(blocks).any(axis=1)
    keep[starts + np.argmin(blocks, axis=1)] = True
    keep[starts + np.argmax(blocks, axis=1)] = True
    keep[:whole] |= np.repeat(gaps, group)
    return x[keep], y[keep]


def paper_operators(frame: Frame, ink: Ink) -> str:
    """PDF operators of the empty paper and its grid."""
    box = frame.ecg
    return "\n".join(["q", _fill(ink.colours["paper"]), _rectangle(box) + " f", *_grid(box, ink), "Q"])


def map_operators(trace: TraceContent, frame: Frame, ink: Ink) -> str:
    """PDF operators of the selected map's colours, to be multiplied onto the paper so that the grid stays visible."""
    return "\n".join(f"{_fill(colour)}\n{_rectangle(area)} f" for area, colour in _map(trace, frame, ink))


def hatch_operators(trace: TraceContent, frame: Frame, ink: Ink) -> str:
    """PDF operators of the pattern over a map without support: above colours and grid, not darkened by them."""
    lines = [_line(*ends) for area, _colour in _map(trace, frame, ink) for ends in hatch_lines(
        area.x, area.y, area.width, area.height, trace.map_verdict)]
    return "\n".join([_stroke(ink.colours["map_hatch"], ink.widths_mm["map_hatch"]), *lines, "S"]) if lines else ""


def trace_operators(trace: TraceContent, frame: Frame, drawn: tuple[Drawn, ...], ink: Ink) -> str:
    """PDF operators of pulses and traces; nothing is drawn outside the paper."""
    box = frame.ecg
    parts = ["q", _rectangle(box) + " W n", "1 J 1 j", _stroke(ink.colours["pulse"], ink.widths_mm["pulse"])]
    parts += _pulses(trace, frame)
    parts += _separators(trace, frame)
    for item in drawn:
        stroke = ink.stroke(item.strip)
        parts += [_stroke(stroke.colour, ink.widths_mm["trace"]), _dash(stroke.dash_mm)]
        parts += _polylines(item.x_mm, item.y_mm)
    parts += ["Q", "q", _stroke(ink.colours["grid_major"], ink.widths_mm["grid_major"]), _rectangle(box) + " S", "Q"]
    return "\n".join(parts)


def _map(trace: TraceContent, frame: Frame, ink: Ink) -> Iterator[tuple[Box, str]]:
    """Each stretch of equal colour behind the strips."""
    for item in trace.maps:
        for strip in trace.page.mapped(item.lead):
            left = frame.traces_x_mm + trace.page.x_s(strip) * SPEED_MM_PER_S
            low, high = frame.band_mm(strip.row)
            for start_s, end_s, colour in map_bands(item.values, item.start_s, item.step_s, ink):
                begin, end = max(start_s, strip.start_s), min(end_s, strip.end_s)
                if end > begin:
                    x = left + (begin - strip.start_s) * SPEED_MM_PER_S
                    yield Box(x, low, (end - begin) * SPEED_MM_PER_S, high - low), colour


def map_bands(
    values: NDArray[np.float32], start_s: float, step_s: float, ink: Ink
) -> Iterator[tuple[float, float, str]]:
    """(start_s, end_s, colour) of every run of equal colour above the paper's own."""
    colours = [ink.map_colour(float(value)) if np.isfinite(value) else ink.map_ramp[0] for value in values]
    first = 0
    for index in range(1, len(colours) + 1):
        if index == len(colours) or colours[index] != colours[first]:
            if colours[first] != ink.map_ramp[0]:
                yield start_s + first * step_s, start_s + index * step_s, colours[first]
            first = index


def _grid(box: Box, ink: Ink) -> Iterator[str]:
    for name, step in (("grid_minor", 1), ("grid_major", 5)):
        yield _stroke(ink.colours[name], ink.widths_mm[name])
        for k in range(0, round(box.width) + 1, step):
            yield _line(box.x + k, box.y, box.x + k, box.top)
        for k in range(0, round(box.height) + 1, step):
            yield _line(box.x, box.y + k, box.right, box.y + k)
        yield "S"


def _pulses(trace: TraceContent, frame: Frame) -> Iterator[str]:
    width = PULSE_S * SPEED_MM_PER_S
    traces_end_mm = frame.traces_x_mm + trace.page.seconds * SPEED_MM_PER_S
    shown: set[bool] = set()
    for pulse in trace.page.pulses():
        if frame.row_mm < _PULSE_ROWS_MM and pulse.strip.precordial in shown:
            continue
        shown.add(pulse.strip.precordial)
        low = frame.baseline_mm(pulse.row)
        high = low + PULSE_MV * trace.gain.of_pulse(pulse.strip)
        left = frame.ecg.x + 2.0 if pulse.side == "left" else traces_end_mm + 3.0
        x = [left - _PULSE_TAIL_MM, left, left, left + width, left + width, left + width + _PULSE_TAIL_MM]
        yield from _polylines(np.array(x), np.array([low, low, high, high, low, low]))


def _separators(trace: TraceContent, frame: Frame) -> Iterator[str]:
    """A short double tick where one lead ends and the next begins in the same row."""
    for strip in trace.page.strips:
        if strip.column > 0:
            x = frame.traces_x_mm + trace.page.x_s(strip) * SPEED_MM_PER_S
            y = frame.baseline_mm(strip.row)
            for side in (-1, 1):
                yield _line(x, y + side * 2.0, x, y + side * 4.0) + " S"


def _polylines(x_mm: NDArray[np.float64], y_mm: NDArray[np.float64]) -> Iterator[str]:
    finite = np.isfinite(y_mm)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], finite, [False])).astype(np.int8)))
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        x, y = (x_mm[first:end] * POINTS_PER_MM).tolist(), (y_mm[first:end] * POINTS_PER_MM).tolist()
        onward = [f"{a:.2f} {b:.2f} l" for a, b in zip(x[1:], y[1:], strict=True)]
        yield "\n".join([f"{x[0]:.2f} {y[0]:.2f} m", *onward, "S"])


def _line(x0: float, y0: float, x1: float, y1: float) -> str:
    k = POINTS_PER_MM
    return f"{x0 * k:.2f} {y0 * k:.2f} m {x1 * k:.2f} {y1 * k:.2f} l"


def _rectangle(box: Box) -> str:
    return " ".join(f"{value * POINTS_PER_MM:.2f}" for value in (box.x, box.y, box.width, box.height)) + " re"


def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[k : k + 2], 16) / 255:.3f}" for k in (1, 3, 5))


def _stroke(colour: str, width_mm: float) -> str:
    return f"{_rgb(colour)} RG {width_mm * POINTS_PER_MM:.3f} w"


def _dash(dash_mm: tuple[float, ...]) -> str:
    return f"[{' '.join(f'{length * POINTS_PER_MM:.2f}' for length in dash_mm)}] 0 d"


def _fill(colour: str) -> str:
    return f"{_rgb(colour)} rg"
