"""The ECG on its paper with all that stands around it: what is written under it, its map, the overviews."""

from collections.abc import Sequence
from dataclasses import asdict

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from peace_desktop.report.paper import load_ink
from peace_desktop.texts import _
from peace_desktop.ui.trace import captions
from peace_desktop.ui.trace.legend import Legend, LegendStrip
from peace_desktop.ui.trace.map_bands import MOST_OPACITY, map_bands
from peace_desktop.ui.trace.overview import OverviewStrip, rhythm_lead
from peace_desktop.ui.trace.paper_frame import PaperFrame
from peace_desktop.ui.trace.pyramid import Pyramid
from peace_desktop.ui.trace.strips import CaptionStrip
from peace_desktop.ui.trace.summary import lead_sentences
from peace_desktop.ui.trace.trace_tools import TraceTools
from peace_model.ecg.recording import Recording
from peace_model.ecg.signal.lead_quality import LeadQuality
from peace_model.inference.prediction import Explanation, Verdict

_AROUND_PAGE_S = 300.0


class TraceView(TraceTools):
    """Shows one recording true to scale.

    caliperChanged(dict): lead, start_s, end_s, interval_ms, rate_bpm | None, delta_mv | None, filtered; {} on removal.
    overviewRequested(recording, lead): make the pyramid of a long recording's lead, then call `set_overview`.
    zoomChanged(float). mapOffRequested(): the legend's off switch; the map goes at once, the listener lets its own
    switch follow.
    """

    caliperChanged = Signal(dict)
    overviewRequested = Signal(object, str)
    zoomChanged = Signal(float)
    mapOffRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._maps: tuple[Explanation, ...] = ()
        self._opacity = 0.0
        self._legend: Legend | None = None
        self._told: tuple[tuple[LeadQuality, ...], str] = ((), "")
        self.frame = PaperFrame(self.paper)
        self.caption = CaptionStrip()
        self.legend = LegendStrip()
        self.overview = OverviewStrip()
        self.around = OverviewStrip(span_s=_AROUND_PAGE_S)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.frame, 1)
        for strip in (self.caption, self.legend, self.around, self.overview):
            column.addWidget(strip)
        self.setFocusProxy(self.paper)
        self.setAccessibleName(_("ECG trace"))
        self.paper.setAccessibleName(_("ECG trace"))
        self.paper.zoomed.connect(self._zoomed)
        self.overview.moved.connect(self.set_start)
        self.around.moved.connect(self.set_start)
        self.legend.off.connect(self._switch_map_off)
        self.tool.changed.connect(self._tell_calipers)
        self.show_recording(None)

    # What is shown

    def show_recording(self, recording: Recording | None) -> None:
        """Show a recording from its start, or teach what to do when there is none.

        The same signals with another age or sex keep page, map and calipers.
        """
        other = self._lay(recording)
        if other:
            self._maps = ()
            self._legend = None
            self._told = ((), "")
        if recording is None:
            self.frame.say(_("No recording is open"),
                           _("Drop a recording or a folder on the window, or choose Open. "
                             "The demo library shows what a page looks like."))
        else:
            self.frame.show_paper()
            if other:
                lead = rhythm_lead(recording.leads)
                for line in (self.overview, self.around):
                    line.set_lead(lead, recording.lead(lead), recording.fs_hz)
        self._rebuild()
        if other:
            self._look_at_top()
        if recording is not None and other and not self.overview.drawn:
            self.overviewRequested.emit(recording, lead)

    def show_loading(self, name: str) -> None:
        """Say that a recording is being read; the traces of the one before are gone."""
        self.show_recording(None)
        self.frame.say(_("Reading {name} …").format(name=name), "")

    def show_failed(self, text: str) -> None:
        """Say why there is no trace: the error's own sentence with its remedy."""
        self.show_recording(None)
        self.frame.say(_("This recording cannot be shown"), text)

    def set_overview(self, recording: Recording, pyramid: Pyramid) -> None:
        """The pyramid of a long recording's lead; one for another recording is late and ignored."""
        if self._recording is not None and recording.signal_mv is self._recording.signal_mv:
            for line in (self.overview, self.around):
                line.set_pyramid(pyramid)

    def set_told(self, quality: Sequence[LeadQuality], rhythm: str) -> None:
        """What is known of the recording for its description in words: the leads' quality, rate and rhythm.

        rhythm: "" while it is not known, and for a blind reader.
        """
        if (tuple(quality), rhythm) != self._told:
            self._told = (tuple(quality), rhythm)
            self._write()

    def set_maps(self, maps: tuple[Explanation, ...], opacity: float = 0.45, *, legend: Legend | None = None) -> None:
        """Lay a map behind the traces, one over all leads or one a lead; empty takes it away.

        legend: its words, also those of a map that is still to come; a map's own codes without one.
        """
        self._maps = maps
        self._opacity = min(max(opacity, 0.0), MOST_OPACITY)
        self._legend = legend
        if legend is None and maps:
            self._legend = Legend(maps[0].label, maps[0].method, verdict=maps[0].support.verdict)
        self._lay_map()
        self._write()

    # What is written

    @property
    def writing(self) -> tuple[captions.Writing, ...]:
        """How the page is drawn, as it is written under it at 100 %; () without a recording."""
        if self._recording is None:
            return ()
        speed = captions.Writing(_("{speed} mm/s").format(speed=captions.number(self._speed_mm_per_s)))
        return (speed, captions.Writing(captions.gain_text(self._gain)), *captions.own_gain_writing(self._gain),
                *self._warnings(self._recording))

    @property
    def legend_words(self) -> str:
        """What the map behind the traces means, "" without a map."""
        return self.legend.text if self._legend is not None else ""

    # Within

    def _rebuild(self) -> None:
        super()._rebuild()
        if self._sheet is not None:
            for line in (self.overview, self.around):
                line.set_window(self._sheet.page.start_s, self._sheet.page.seconds)
        self.overview.setVisible(self.has_pages)
        self.around.setVisible(self.samples is not None and self.samples.is_long)
        self._lay_map()
        self._write()

    def _lay_map(self) -> None:
        if self._legend is None or self._sheet is None:
            self.paper.set_bands((), 0.0, Verdict.SUPPORTED)
        else:
            bands = map_bands(self._maps, self._sheet, load_ink().map_levels)
            self.paper.set_bands(bands, self._opacity, self._legend.verdict)

    def _write(self) -> None:
        """The lines under the traces, and the same in words for assistive technology."""
        recording, sheet = self._recording, self._sheet
        self.legend.set_legend(self._legend, self._opacity)
        if recording is None or sheet is None:
            self.caption.set_writing(())
            self.legend.set_idle("")
            self.paper.setAccessibleDescription(self.frame.text)
            return
        zoom = captions.zoom_writing(self.paper.zoom)
        self.caption.set_writing((*self.writing, *zoom))
        idle = captions.window_text(sheet.page, recording.duration_s)
        if not self.paper.screen_scale.measured:
            idle += " · " + _("screen not calibrated: millimetres as the screen reports them")
        self.legend.set_idle(idle)
        description = captions.described(recording, sheet.page, self._gain, self._speed_mm_per_s,
                                         (*captions.own_gain_writing(self._gain), *self._warnings(recording), *zoom))
        quality, rhythm = self._told
        if self.samples is not None:
            description = " ".join((description, *filter(None, (rhythm,)), *lead_sentences(
                recording, self.samples.reach_mv, quality)))
        if self._legend is not None:
            description += " " + self.legend.text
        self.paper.setAccessibleDescription(description)
        self.setAccessibleDescription(description)

    def _warnings(self, recording: Recording) -> tuple[captions.Writing, ...]:
        return (*captions.filter_writing(self._filter, applied=self._filter_applied, age=recording.age),
                *captions.person_writing(recording))

    def _tell_calipers(self) -> None:
        reading = self.caliper_reading()
        self.caliperChanged.emit({**asdict(reading), "filtered": self._filter_applied} if reading is not None else {})

    def _zoomed(self, factor: float) -> None:
        self._write()
        self.zoomChanged.emit(factor)

    def _switch_map_off(self) -> None:
        self.set_maps(())
        self.mapOffRequested.emit()
