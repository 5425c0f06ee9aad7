"""Choose the delineation's constants on one half of LUDB's recordings and report on the other, both ways round.

    PYTHONPATH=tests python tests/oracles/ludb_tuning.py LUDB EVALUATOR.py

LUDB: the unpacked data set. EVALUATOR.py: the scoring tool whose reference and matching rules are the definition.

For each edge of each wave one field after the other is set to the value of a short menu that gives the least error on
the recordings to choose from (standard deviation plus half the median distance), and its move so that the mean error
is the one aimed at: P and QRS are meant to come out 2.5 ms narrower on each side than LUDB's readers mark them, and T
to end as much earlier, because they include the ripple of its recorder's filter, and hearts of known boundaries are
then measured right. Both halves' own constants are judged on the other half, and those in use on both.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from ludb_cases import evaluator, halves

from peace_model.datasets.ludb import read_recording, read_table
from peace_model.ecg.measurement import delineation as room
from peace_model.ecg.measurement.spans import WaveSpan
from peace_model.ecg.measurement.tables import beats_record
from peace_model.ecg.measurement.template import TemplateWaves, find_waves
from peace_model.ecg.measurement.tuning import TUNED, Edge, Tuning
from peace_model.ecg.measurement.waves import boundary, move_share, slopes_of
from peace_model.ecg.measurement.working_signal import MS, slope
from peace_model.ecg.recording import Recording

EDGES = ("p_on", "p_off", "qrs_on", "qrs_off", "t_on", "t_off")
AIM_MS = {"p_on": 2.5, "p_off": -2.5, "qrs_on": 2.5, "qrs_off": -2.5, "t_off": -2.5}
WORTH_MS = 0.75
"""Less is luck of the half: about the standard error of a deviation of 8 ms from 60 recordings."""
MENU: dict[str, dict[str, tuple[Any, ...]]] = {
    "qrs": {"sigma_ms": (4.0, 3.5, 3.0), "shares": ((0.03,), (0.02,)),
            "leads": (((0.03, 5), (0.08, 2)), ((0.02, 2), (0.03, 5)), ((0.03, 3), (0.05, 2)), ((0.05, 1), (0.05, 3))),
            "over_rest": (5.0, 4.0, 6.0), "stay_ms": (12.0, 8.0)},
    "p": {"sigma_ms": (6.0, 8.0, 10.0), "shares": ((0.15, 0.25), (0.25,), (0.20, 0.35)),
          "leads": (((0.20, 1), (0.35, 1)), ((0.20, 2), (0.35, 1)), ((0.20, 3), (0.35, 2)), ((0.15, 2), (0.25, 1))),
          "flank_share": (0.5, 0.6, 0.7, 1.0)},
    "t": {"sigma_ms": (8.0, 10.0, 14.0, 18.0), "shares": ((0.2,), (0.3,), (0.2, 0.3)),
          "leads": (((0.20, 3), (0.20, 5)), ((0.20, 2), (0.20, 4)), ((0.20, 3), (0.30, 3)), ((0.20, 4), (0.40, 2))),
          "flank_share": (0.55, 0.7, 1.0)}}
"""Medians of the beats show 2 ms steps; finer menus would fit the half's own recordings."""

Case = tuple[str, int, TemplateWaves, "np.ndarray[Any, Any]"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ludb", type=Path)
    parser.add_argument("evaluator", type=Path)
    arguments = parser.parse_args()
    tool = evaluator(arguments.evaluator)
    recordings = {row.name: read_recording(row) for row in read_table(arguments.ludb)}
    data = str(arguments.ludb / "data")
    reference = {}
    for name in recordings:
        fs_hz, marks = tool.read_record(data, name)
        reference[name] = tool.global_reference(marks, fs_hz)
    cases = [case for name, recording in recordings.items() for case in _cases(name, recording, reference[name])]
    one, two = halves(recordings)
    for chosen_on, told_on, title in ((one, two, "chosen on A, told on B"), (two, one, "chosen on B, told on A")):
        tuned = _tuned([case for case in cases if case[0] in chosen_on])
        print(f"\n{title}\n" + "\n".join(f"  {edge}: {getattr(tuned, edge)}" for edge in EDGES))
        _report(tool, data, recordings, told_on, tuned)
    for half, title in ((one, "in use, on A"), (two, "in use, on B"), (one + two, "in use, on all")):
        print(f"\n{title}")
        _report(tool, data, recordings, half, TUNED)


def _cases(name: str, recording: Recording, reference: Sequence[Any]) -> list[Case]:
    """Record, R sample in the median, its waves, and the reference's boundaries after R, (n_beats, 6), NaN unknown."""
    seen: list[TemplateWaves] = []

    def kept(*arguments: Any, **named: Any) -> TemplateWaves:
        seen.append(find_waves(*arguments, **named))
        return seen[-1]

    with patch.object(room, "find_waves", kept):
        found = room.delineate(recording)
    r = found.r_samples
    cases = []
    for index, waves in enumerate(seen):
        rows = [_marks(reference, int(r[position]), int(r[position - 1]) if position else -500,
                       int(r[position + 1]) if position + 1 < len(r) else recording.n_samples + 500)
                for position in np.flatnonzero(found.group == index)]
        cases.append((name, found.medians[index].r, waves, np.array(rows)))
    return cases


def _marks(reference: Sequence[Any], r: int, before: int, after: int) -> list[float]:
    spans = {"p": (max(before + 40, r - 250), r), "qrs": (r - 75, r + 75), "t": (r, after)}
    row = []
    for edge in EDGES:
        kind, side = edge.split("_")
        first, last = spans[kind]
        at = [getattr(wave, side) for wave in reference
              if wave.kind == kind and wave.scored and first < wave.peak < last and getattr(wave, side) is not None]
        row.append(at[-1 if kind == "p" else 0] - r if at else np.nan)
    return row


def _tuned(cases: Sequence[Case]) -> Tuning:
    """Every edge chosen on these recordings, starting from the first entry of each menu."""
    tuned = TUNED
    for edge in EDGES:
        wave = edge.split("_")[0]
        best = replace(getattr(TUNED, edge), **{field: values[0] for field, values in MENU[wave].items()})
        least = _loss(cases, edge, best)
        for _ in range(2):
            for field, values in MENU[wave].items():
                for value in values:
                    other = replace(best, **{field: value})
                    loss = _loss(cases, edge, other)
                    if loss < least - WORTH_MS:
                        best, least = other, loss
        errors, units = _errors(cases, edge, best)
        move = (AIM_MS.get(edge, 0.0) - float(np.mean(errors))) / float(np.mean(units))
        tuned = replace(tuned, **{edge: replace(best, move_ms=round(move, 1))})
    return tuned


def _loss(cases: Sequence[Case], name: str, edge: Edge) -> float:
    errors, _ = _errors(cases, name, edge)
    return float(np.std(errors) + np.median(np.abs(errors - np.median(errors))) / 2)


def _errors(cases: Sequence[Case], name: str, edge: Edge) -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
    """Errors in ms before any move, and for each how far a move of 1 ms goes on a wave of its width."""
    wave, side = name.split("_")
    errors, units = [], []
    for _, r, waves, rows in cases:
        span: WaveSpan | None = getattr(waves, wave)
        if span is None:
            continue
        frame, end = span.frame, side == "off"
        slopes = slopes_of(slope(frame.signal_mv, edge.sigma_ms))
        at = boundary(slopes, edge, frame.off_span if end else frame.on_span, frame.last if end else frame.first,
                      end=end)
        off = (at - r - rows[:, EDGES.index(name)]) / MS
        off = off[np.isfinite(off) & (np.abs(off) < 150)]
        width = (span.off - span.on) / MS / getattr(TUNED, f"{wave}_ms")
        errors += off.tolist()
        units += [width * min(1.0, width) * move_share(slopes, edge, at, end=end)] * len(off)
    return np.array(errors), np.array(units)


def _report(tool: Any, data: str, recordings: Mapping[str, Recording], names: Sequence[str], tuning: Tuning) -> None:
    marks = {name: beats_record(room.delineate(recordings[name], tuning)) for name in names}
    # A list of all records is longer than the tool takes; without one it scores every record of the folder.
    units, no_p = tool.evaluate(data, marks, ids=None if len(names) == len(recordings) else ",".join(names))
    print(tool.table(tool.summarise(units), tool.false_p(no_p)))


if __name__ == "__main__":
    main()
