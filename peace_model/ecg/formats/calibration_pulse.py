"""The calibration pulse that Philips recorders store behind the ECG, in every lead: no heartbeat, and not to be read as
one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from peace_model.ecg.formats.file_leads import FileLead
from peace_model.ecg.recording import Finding
from peace_model.words import mark

_PULSE_MV = 1.0
_PULSE_S = (0.1, 0.5)


def without_pulse(leads: Sequence[FileLead], fs_hz: float) -> tuple[list[FileLead], tuple[Finding, ...]]:
    """The leads up to where the pulse's own stretch begins, and a finding that says how much was left out.

    The stretch is recognised by what no heart does: from there on all leads are equal, at zero but for one rectangle of
    a millivolt.
    """
    end = _end_of_ecg(leads, fs_hz)
    if end is None:
        return list(leads), ()
    cut_s = (len(leads[0].digits) - end) / fs_hz
    return [replace(lead, digits=lead.digits[:end]) for lead in leads], (Finding("calibration_pulse_left_out", (), mark(
        "The last {seconds} s of the file are the recorder's calibration pulse, not the heart; they were left out."),
        (("seconds", f"{cut_s:.1f}"),)),)


def _end_of_ecg(leads: Sequence[FileLead], fs_hz: float) -> int | None:
    if len(leads) < 2 or len({len(lead.digits) for lead in leads}) > 1:
        return None
    voltages_mv = np.array([lead.digits * lead.step_mv + lead.offset_mv for lead in leads])
    differing = np.flatnonzero((voltages_mv != voltages_mv[0]).any(axis=0))
    if not len(differing):
        return None
    end = int(differing[-1]) + 1
    tail_mv = voltages_mv[0, end:]
    half_step = leads[0].step_mv / 2
    high = np.abs(tail_mv - _PULSE_MV) <= half_step
    if not (high | (tail_mv == 0)).all():
        return None
    edges = np.flatnonzero(np.diff(high.astype(np.int8)))
    shortest, longest = (seconds * fs_hz for seconds in _PULSE_S)
    is_pulse = len(edges) == 2 and not high[0] and shortest <= edges[1] - edges[0] <= longest
    return end if is_pulse else None
