"""Measurements from boundaries that a reader set on the median beat, in place of the automatic ones."""

import math
from collections.abc import Sequence
from dataclasses import replace

from peace_model.ecg.boundaries import BOUNDARIES, WAVES, Boundaries, Span, WaveName, from_document
from peace_model.ecg.measurement.marks import BeatMarks, Delineation, MedianBeat, WaveMarks
from peace_model.ecg.measurement.measure import measure
from peace_model.ecg.measurement.value import Measurement
from peace_model.ecg.recording import Recording
from peace_model.words import mark

READER_FOUND_NONE = mark("the reader found no such wave")


def span_of(beat: MedianBeat) -> Span:
    """What of a beat can be marked."""
    return Span(_ms(beat, 0.0), _ms(beat, beat.signal_mv.shape[1] - 1.0))


def boundaries_of(beat: MedianBeat) -> Boundaries | None:
    """The boundaries over all leads; None where the QRS has none."""
    marks = beat.marks.overall
    if marks.qrs_on is None or marks.qrs_off is None:
        return None
    ends: dict[str, float | None] = {name: None if (at := getattr(marks, name)) is None else _ms(beat, at)
                                      for name in BOUNDARIES}
    for first, last in WAVES.values():
        if ends[first] is None or ends[last] is None:
            ends[first] = ends[last] = None
    return from_document(ends)


def with_boundaries(delineation: Delineation, boundaries: Boundaries) -> Delineation:
    """The delineation with these boundaries over all leads on its dominant median beat; single beats stay as found."""
    beat = delineation.median
    return delineation if beat is None else replace(
        delineation, medians=(marked(beat, boundaries), *delineation.medians[1:]))


def marked(beat: MedianBeat, boundaries: Boundaries) -> MedianBeat:
    """The beat with these boundaries over all leads; those of the single leads stay as found."""
    return replace(beat, marks=BeatMarks(_marks(beat, boundaries), beat.marks.leads))


def measure_edited(recording: Recording, delineation: Delineation, boundaries: Boundaries,
                   automatic: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """All measurements from the reader's boundaries; those that differ from the automatic ones have origin "edited"."""
    now = measure(recording, with_boundaries(delineation, boundaries))
    return tuple(item if same_value(item, before) else _edited(item)
                 for item, before in zip(now, automatic, strict=True))


def same_value(one: Measurement, other: Measurement) -> bool:
    """Whether two measurements of a quantity are equal, both absent included."""
    if one.value is None or other.value is None:
        return one.value is other.value
    return math.isclose(one.value, other.value, rel_tol=1e-9, abs_tol=1e-9)


def _edited(item: Measurement) -> Measurement:
    """A reader's boundary has no computed confidence."""
    return item if item.value is None else replace(item, origin="edited", confidence=None)


def _marks(beat: MedianBeat, boundaries: Boundaries) -> WaveMarks:
    found = beat.marks.overall

    def sample(ms: float | None) -> float | None:
        return None if ms is None else beat.r + ms * beat.fs_hz / 1000

    return replace(
        found, p_on=sample(boundaries.p_on), p_off=sample(boundaries.p_off), qrs_on=sample(boundaries.qrs_on),
        qrs_off=sample(boundaries.qrs_off), t_on=sample(boundaries.t_on), t_off=sample(boundaries.t_off),
        p_reason=_reason(found.p_reason, boundaries, "p"), qrs_reason="",
        t_reason=_reason(found.t_reason, boundaries, "t"))


def _reason(found: str, boundaries: Boundaries, wave: WaveName) -> str:
    return "" if boundaries.has(wave) else found or READER_FOUND_NONE


def _ms(beat: MedianBeat, sample: float) -> float:
    return float(sample - beat.r) / beat.fs_hz * 1000
