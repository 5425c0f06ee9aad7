"""The median beat a reader may mark anew, and the measurements that follow from those marks. Off the GUI thread."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from peace_desktop.report.limit_words import value_words
from peace_desktop.review.measurement_edits import EDITED, MeasurementEdit
from peace_desktop.texts import mark
from peace_model.ecg.boundaries import Boundaries
from peace_model.ecg.measurement import Measurement, Note
from peace_model.ecg.measurement.delineation import delineate
from peace_model.ecg.measurement.edited import boundaries_of, measure_edited, same_value
from peace_model.ecg.measurement.marks import NO_VOTE, Delineation, MedianBeat
from peace_model.ecg.measurement.rate import LEAST_BEATS, TOO_FEW
from peace_model.ecg.measurement.sound_leads import unsound_leads
from peace_model.ecg.recording import Recording

_TOLD = mark("Edited by {reader} on {when}; automatic {automatic}")


@dataclass(frozen=True, eq=False)
class MeasuredBeat:
    """The dominant median beat with its automatic boundaries. leads: those worth looking at, in recorded order."""

    beat: MedianBeat
    leads: tuple[str, ...]
    automatic: Boundaries


@dataclass(frozen=True)
class NoBeat:
    """reason: why there is no beat to mark, a template sentence to translate."""

    reason: str


def measured_beat(recording: Recording, delineation: Delineation | None = None) -> MeasuredBeat | NoBeat:
    """The median beat of a recording, or why there is none. delineation: of this recording, made when not given."""
    delineation = delineation if delineation is not None else delineate(recording)
    beat = delineation.median
    automatic = boundaries_of(beat) if beat is not None else None
    if beat is None or automatic is None:
        return NoBeat(delineation.reason or NO_VOTE)
    if beat.group.count < LEAST_BEATS:
        return NoBeat(TOO_FEW)
    unsound = unsound_leads(recording)
    leads = tuple(lead for lead in beat.leads if lead not in unsound)
    return MeasuredBeat(beat, leads or beat.leads, automatic)


def edited_measurements(recording: Recording, automatic: Sequence[Measurement], edit: MeasurementEdit,
                        delineation: Delineation | None = None) -> tuple[Measurement, ...]:
    """All measurements with a reader's edit in force; each that it changed says who, when and the automatic value."""
    if edit.boundaries is None:
        return tuple(automatic)
    delineation = delineation if delineation is not None else delineate(recording)
    measured = measure_edited(recording, delineation, edit.boundaries, automatic)
    return tuple(now if same_value(now, before) else _told(now, before, edit)
                 for now, before in zip(measured, automatic, strict=True))


def _told(now: Measurement, before: Measurement, edit: MeasurementEdit) -> Measurement:
    when = edit.at.astimezone().strftime("%Y-%m-%d %H:%M")
    note = Note(EDITED, _TOLD, (("reader", edit.reader), ("when", when), ("automatic", value_words(before))))
    return replace(now, notes=(note, *now.notes))
