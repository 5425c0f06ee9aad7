"""The page with what a reader holds to it: a chosen lead, gains of single leads, notes on stretches of time."""

from PySide6.QtCore import QPointF, Signal
from PySide6.QtWidgets import QWidget

from peace_desktop.report.paper import Gain
from peace_desktop.report.time_notes import brackets
from peace_desktop.review.time_notes import TimeNote
from peace_desktop.ui.trace.magnifier import Magnifier
from peace_desktop.ui.trace.marked_time import MarkedTime
from peace_desktop.ui.trace.trace_paper import TracePaper
from peace_model.ecg.recording import Recording


class TraceTools(TracePaper):
    """A lead is chosen by a click on its trace or by stepping from lead to lead; its name is framed.

    Gains of single leads and notes belong to the recording that is shown and go with it.
    stretchMarked(MarkedTime): dragged along the trace with Ctrl held.
    """

    stretchMarked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notes: tuple[TimeNote, ...] = ()
        self.magnifier = Magnifier(self.paper, self.tool, self.sheet, self.items.paint_part, self)
        self.paper.clicked.connect(self._clicked)
        self.paper.marking.connect(self._show_marking)
        self.paper.marked.connect(self._tell_marked)

    def _lay(self, recording: Recording | None) -> bool:
        other = super()._lay(recording)
        if other:
            self._chosen = self.tool.preferred_lead = ""
            self._gain = Gain(self._gain.mm_per_mv, self._gain.precordial_half)
            self._notes = ()
        return other

    def _rebuild(self) -> None:
        super()._rebuild()
        self._draw_notes(self._notes)
        self.magnifier.show_again()

    @property
    def gain(self) -> Gain:
        """As it is drawn, gains of single leads included."""
        return self._gain

    @property
    def chosen_lead(self) -> str:
        """The lead the keys act on, "" for none."""
        return self._chosen

    def choose_lead(self, lead: str) -> None:
        """Choose a lead of the page, "" for none."""
        if lead != self._chosen:
            self._chosen = self.tool.preferred_lead = lead
            self._rebuild()

    def step_lead(self, way: int) -> None:
        """Choose the next lead of the page (way 1) or the one before (-1); the first or last where none is chosen."""
        leads = self._leads_of_page()
        if not leads:
            return
        if self._chosen in leads:
            self.choose_lead(leads[(leads.index(self._chosen) + way) % len(leads)])
        else:
            self.choose_lead(leads[0 if way > 0 else -1])

    def scale_lead(self, by: float) -> None:
        """The chosen lead at so many times the gain it has, from a quarter to four times that of the paper.

        Without a chosen lead the first of the page is chosen, so that the key does what can be seen.
        """
        if not self._chosen:
            self.step_lead(1)
        if self._chosen:
            self._gain = self._gain.scaled(self._chosen, by)
            self._rebuild()

    def reset_leads(self) -> None:
        """Every lead at the paper's gain again."""
        self._gain = Gain(self._gain.mm_per_mv, self._gain.precordial_half)
        self._rebuild()

    # Notes on stretches of time

    def set_notes(self, notes: tuple[TimeNote, ...]) -> None:
        """The notes whose brackets stand at the paper's edge, numbered from 1 in this order."""
        if notes != self._notes:
            self._notes = notes
            self._draw_notes(notes)

    def between_calipers(self) -> MarkedTime | None:
        """The stretch between the calipers; None without calipers."""
        reading = self.caliper_reading()
        if reading is None:
            return None
        return MarkedTime(min(reading.start_s, reading.end_s), max(reading.start_s, reading.end_s), reading.lead)

    def _marked(self, begun_mm: QPointF, at_mm: QPointF) -> MarkedTime | None:
        """From sample to sample of the strip where a hand began; None beside the traces or without a way."""
        sheet, recording = self._sheet, self._recording
        strip = sheet.strip_at(begun_mm.x(), begun_mm.y(), lead=self._chosen) if sheet is not None else None
        if sheet is None or recording is None or strip is None:
            return None
        fs_hz = recording.fs_hz
        start_s, end_s = sorted(round(sheet.time_at(strip, x_mm) * fs_hz) / fs_hz for x_mm in (begun_mm.x(), at_mm.x()))
        return MarkedTime(start_s, end_s, strip.lead) if end_s > start_s else None

    def _show_marking(self, begun_mm: QPointF, at_mm: QPointF) -> None:
        marked = self._marked(begun_mm, at_mm)
        coming = (TimeNote(marked.start_s, marked.end_s, "…", marked.lead),) if marked is not None else ()
        self._draw_notes((*self._notes, *coming))

    def _tell_marked(self, begun_mm: QPointF, at_mm: QPointF) -> None:
        marked = self._marked(begun_mm, at_mm)
        self._draw_notes(self._notes)
        if marked is not None:
            self.stretchMarked.emit(marked)

    def _draw_notes(self, notes: tuple[TimeNote, ...]) -> None:
        shown = brackets(notes, self._sheet.page) if self._sheet is not None else ()
        self.items.notes.set_brackets(shown, self._sheet, self.font())

    # Within

    def _leads_of_page(self) -> list[str]:
        """The recorded leads of the page, row by row, each once."""
        page = self._sheet.page if self._sheet is not None else None
        rows = [page.row(row) for row in range(page.rows)] if page is not None else []
        return list(dict.fromkeys(strip.lead for row in rows for strip in row if strip.present))

    def _clicked(self, at_mm: QPointF) -> None:
        strip = self._sheet.strip_at(at_mm.x(), at_mm.y(), lead=self._chosen) if self._sheet is not None else None
        if strip is not None:
            self.choose_lead(strip.lead)
