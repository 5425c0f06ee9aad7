"""Notes on stretches of time: marked with calipers or mouse, written in a draft, found again."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from peace_desktop.review.time_notes import TimeNote
from peace_desktop.texts import _
from peace_desktop.ui.message_area import Message
from peace_desktop.ui.note_dialog import NoteDialog
from peace_desktop.ui.reading_state import Readings
from peace_desktop.ui.trace.marked_time import MarkedTime
from peace_desktop.ui.trace.trace_view import TraceView

_BEFORE_S = 1.0
"""A note that is looked for stands this far from the left edge of the page."""


class NoteCommands(QObject):
    """named: the reader's name, asked for where it is not known. calipers_on: lays calipers in the reader's hand.

    asked: whether a question about the reading was confirmed, and the reading still stands.
    """

    def __init__(self, trace: TraceView, readings: Readings, *, window: QWidget, named: Callable[[], str],
                 asked: Callable[[QDialog], bool], calipers_on: Callable[[], None],
                 say: Callable[[Message], None]) -> None:
        super().__init__(window)
        self._trace = trace
        self._readings = readings
        self._window = window
        self._named = named
        self._asked = asked
        self._calipers_on = calipers_on
        self._say = say
        trace.stretchMarked.connect(lambda marked: self._ask(marked, lead_only=False))

    @property
    def notes(self) -> tuple[TimeNote, ...]:
        """Of the reading that stands, the reader's own."""
        return self._readings.reading.notes if self._readings.reading is not None else ()

    def write(self) -> None:
        """Write a note on what lies between the calipers; without calipers lay them on the trace first."""
        marked = self._trace.between_calipers()
        if marked is not None:
            self._ask(marked, lead_only=True)
            return
        self._calipers_on()
        self._say(Message(_("Set the calipers around the stretch (arrow keys, Return for the other line), then write "
                            "the note with the same key. With the mouse: hold Ctrl and drag along the trace."), "",
                          calm=True))

    def edit(self, place: int) -> None:
        """Write a note of the draft anew."""
        if self._readings.editable and place < len(self.notes):
            note = self.notes[place]
            dialog = NoteDialog(MarkedTime(note.start_s, note.end_s, note.lead), text=note.text,
                                lead_only=bool(note.lead), parent=self._window)
            if self._asked(dialog):
                self._keep(tuple(dialog.note if index == place else other for index, other in enumerate(self.notes)))

    def remove(self, place: int) -> None:
        """Take a note of the draft away; undo brings it back."""
        if self._readings.editable and place < len(self.notes):
            self._keep(tuple(note for index, note in enumerate(self.notes) if index != place))

    def look_at(self, place: int) -> None:
        """Show the page on which a note's stretch begins."""
        if place < len(self.notes):
            start_s = self.notes[place].start_s
            if not self._trace.start_s <= start_s < self._trace.start_s + self._trace.page_s:
                self._trace.set_start(start_s - _BEFORE_S)

    def _ask(self, marked: MarkedTime, *, lead_only: bool) -> None:
        if not self._readings.editable:
            self._say(Message(_("Notes are part of a draft; amend a final reading to write one."), "", calm=True))
            return
        if not self._named():
            return
        dialog = NoteDialog(marked, lead_only=lead_only, parent=self._window)
        if self._asked(dialog):
            self._keep((*self.notes, dialog.note))

    def _keep(self, notes: tuple[TimeNote, ...]) -> None:
        reader = self._named()
        if reader:
            self._readings.take_notes(notes, reader=reader)
