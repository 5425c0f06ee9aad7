"""Whether a child's voltages collide on the paper, so that half-standard precordials read better."""

import numpy as np

from peace_desktop.report.frame import PaperSize, frame_for
from peace_desktop.report.paper import Gain, PageLayout
from peace_model.ecg.recording import Recording

_RARE_PERCENT = 0.1
"""Share of the samples left aside at either end: a spike of an artefact asks for no other gain."""


def suggested_gain(recording: Recording, page: PageLayout, *, paper: PaperSize = "A4") -> Gain:
    """10 mm/mV, precordials at half of it when one of them would reach its neighbour's baseline. The caller decides."""
    row_mm = frame_for(page, paper).row_mm
    standard = Gain()
    for strip in page.strips:
        if not (strip.present and strip.precordial):
            continue
        signal = recording.lead(strip.lead)
        signal = signal[np.isfinite(signal)]
        if signal.size == 0:
            continue
        low, level, high = np.percentile(signal, (_RARE_PERCENT, 50, 100 - _RARE_PERCENT))
        if max(high - level, level - low) * standard.mm_per_mv > row_mm:
            return Gain(standard.mm_per_mv, precordial_half=True)
    return standard
