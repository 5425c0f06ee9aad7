"""A recording's samples as they are drawn: as recorded, or filtered around the page as soon as that is computed."""

import numpy as np
from numpy.typing import NDArray

from peace_desktop.ui.trace.captions import Filter
from peace_desktop.ui.trace.samples import LeadSamples, Stretch
from peace_desktop.ui.trace.strip_item import reach_mv
from peace_model.ecg.recording import Recording
from peace_model.ecg.signal.section import SECTION_S, SECTIONED_FROM_S

_FILTERED_AROUND_S = 60.0


class ShownSamples:
    """The samples of one recording under one filter, None for none; `turn_to` says which of them are on the page."""

    def __init__(self, recording: Recording, setting: Filter | None) -> None:
        self.recording = recording
        self.setting = setting
        self.is_long = recording.duration_s > SECTIONED_FROM_S
        self._page = slice(0, 0)
        self._asked = slice(0, 0)
        self._filtered_span = slice(0, 0)
        self._filtered_mv: NDArray[np.float32] | None = None
        self._reaches_mv: dict[tuple[str, int], float] = {}

    def turn_to(self, start_s: float, seconds: float) -> None:
        """The seconds on the page."""
        fs_hz, count = self.recording.fs_hz, self.recording.n_samples
        self._page = slice(max(int(start_s * fs_hz), 0), min(int((start_s + seconds) * fs_hz) + 2, count))

    @property
    def filtered(self) -> bool:
        """Whether the page's samples are the filtered ones."""
        return self._filtered_mv is not None and _covers(self._filtered_span, self._page)

    def to_filter(self) -> slice | None:
        """The samples that are to be filtered for this page and were not asked for; None where there are none.

        Of a long recording those around the page, so that the next pages are filtered when they come.
        """
        if self.setting is None or _covers(self._asked, self._page):
            return None
        count = self.recording.n_samples
        around = round(_FILTERED_AROUND_S * self.recording.fs_hz) if self.is_long else count
        self._asked = slice(max(self._page.start - around, 0), min(self._page.stop + around, count))
        return self._asked

    def take(self, signal_mv: NDArray[np.float32], span: slice | None) -> bool:
        """Whether these are the samples asked for last, (n_leads, n); None for all. Others come too late.

        Raises ValueError for another shape than the span's.
        """
        if span is not None and span != self._asked:
            return False
        expected = (len(self.recording.leads), self._asked.stop - self._asked.start)
        if signal_mv.shape != expected:
            raise ValueError(f"filtered signal is {signal_mv.shape}, asked for was {expected}")
        self._filtered_mv, self._filtered_span = signal_mv, self._asked
        self._reaches_mv.clear()
        return True

    def of(self, lead: str) -> LeadSamples:
        """A lead as it is drawn on the page."""
        row, count = self.recording.leads.index(lead), self.recording.n_samples
        if self._filtered_mv is None or not self.filtered:
            samples: NDArray[np.float32] = self.recording.signal_mv[row]
            return samples
        values: NDArray[np.float32] = self._filtered_mv[row]
        return values if len(values) == count else Stretch(values, self._filtered_span.start, count)

    def reach_mv(self, lead: str, way: int) -> float:
        """How far a lead goes up (way 1) or down (-1); kept, because every scrolled second asks for it.

        Of a long recording what its first minute and the pages seen so far reach: nobody waits for a day to be read.
        """
        known = self._reaches_mv.get((lead, way))
        if self.is_long:
            samples = self.of(lead)
            if known is None:
                known = reach_mv(samples[:round(SECTION_S * self.recording.fs_hz)], way)
            known = max(known, reach_mv(samples[self._page], way))
        elif known is None:
            known = reach_mv(self.of(lead)[:], way)
        self._reaches_mv[lead, way] = known
        return known


def _covers(one: slice, other: slice) -> bool:
    return bool(one.start <= other.start and other.stop <= one.stop)
