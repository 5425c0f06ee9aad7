"""The reader's reading of the shown recording: changed by small steps, saved at every one, signed for good."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.blind_reading import lock, reveal
from peace_desktop.review.circumstances import Circumstances, Stage
from peace_desktop.review.errors import ReadingError
from peace_desktop.review.history import History
from peace_desktop.review.map_ratings import MapRating
from peace_desktop.review.reading import (
    Meaning,
    Reading,
    amend,
    new_draft,
    sign,
    with_comment,
    with_confidence,
    with_map_rating,
    with_notes,
    with_statement,
    without_statement,
)
from peace_desktop.review.statements import Presence, Statement, agree, disagree
from peace_desktop.review.study import Protocol
from peace_desktop.review.time_notes import TimeNote
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.reading_standing import ReadingStanding
from peace_desktop.ui.services import Services
from peace_model.inference.prediction import Prediction

Change = Callable[[Reading], Reading]
Surrounding = Callable[[Reading, Stage], Circumstances]


class Readings(ReadingStanding):
    """What a reader does to the reading; surrounding: what surrounds it at its lock and signature."""

    revealed = Signal()
    """What was hidden from the reader of the shown recording may be seen from now on."""

    def __init__(self, services: Services, bridge: Bridge, *, surrounding: Surrounding,
                 parent: QObject | None = None) -> None:
        super().__init__(services, bridge, parent)
        self._surrounding = surrounding

    def take(self, recording_sha256: str, readings: tuple[Reading, ...] | None, *, reader: str,
             study: Protocol | None = None, barred: str = "") -> None:
        """Take over the stored readings of a recording; None while they are not known and nothing may be written.

        What was said meanwhile and is on its way to the library holds, and so does a draft that is about to end.
        """
        same = readings is not None and (recording_sha256, reader) == (self._recording, self._reader)
        self._recording, self._reader = recording_sha256, reader
        self._closing = self._closing and same
        self.ready = readings is not None
        self.study, self.barred = study, barred
        self.others = self._with_waiting(readings) if readings is not None else ()
        newest = self._newest()
        if newest != self.reading:
            self._stands(newest)

    def state(self, label: str, presence: Presence, *, reader: str, prediction: Prediction | None,
              bundle_sha256: str | None) -> None:
        """A statement chosen directly; the bundle's decision that stood beside it is kept with it."""
        seen = prediction.positive if prediction is not None and bundle_sha256 is not None else None
        statement = Statement(label, presence, bundle_sha256=bundle_sha256 if seen is not None else None,
                              model_positive=seen)
        self._change(lambda reading: with_statement(reading, statement), reader, bundle_sha256)

    def answer(self, prediction: Prediction, *, agrees: bool, reader: str, bundle_sha256: str) -> None:
        """Agree or disagree with a bundle's decision."""
        statement = (agree if agrees else disagree)(prediction.label, prediction.positive, bundle_sha256)
        self._change(lambda reading: with_statement(reading, statement), reader, bundle_sha256)

    def clear(self, label: str) -> None:
        """Take back what was said of a label."""
        if self.reading is not None and self.reading.statement(label) is not None:
            self._change(lambda reading: without_statement(reading, label), self.reading.reader, None)

    def comment(self, text: str, *, reader: str) -> None:
        """Write the comment."""
        if text != (self.reading.comment if self.reading is not None else ""):
            self._change(lambda reading: with_comment(reading, text), reader, None)

    def confidence(self, confidence: int | None, *, reader: str) -> None:
        """Give the confidence, 1 to 5, or take it back."""
        if confidence != (self.reading.confidence if self.reading is not None else None):
            self._change(lambda reading: with_confidence(reading, confidence), reader, None)

    def take_notes(self, notes: Iterable[TimeNote], *, reader: str) -> None:
        """Have these notes on stretches of time, and no others."""
        kept = tuple(notes)
        self._change(lambda reading: with_notes(reading, kept), reader, None)

    def rate_map(self, rating: MapRating) -> None:
        """Rate a map that is shown."""
        if self.reading is not None:
            self._change(lambda reading: with_map_rating(reading, rating), self.reading.reader, None)

    def undo(self) -> None:
        """Take back the last change of this draft."""
        if self._steps is not None and self.can_undo:
            self._step(self._steps.undone())

    def redo(self) -> None:
        """Make again what was taken back last."""
        if self._steps is not None and self.can_redo:
            self._step(self._steps.redone())

    def sign(self) -> None:
        """Make the draft final. The draft stays where the library refuses."""
        draft = self.reading
        if draft is None:
            return
        meaning = Meaning.READ if draft.amends is None else Meaning.AMENDED
        signed = self._allowed(lambda: sign(draft, reader=draft.reader, meaning=meaning, at=datetime.now(UTC)))
        if signed is not None:
            self._close(self._services.lanes.library.submit(
                self._services.library.sign_reading, signed, self._surrounding(signed, "signed")), signed.reading_id,
                then=self._keep, refused=_("The reading was not signed; the draft is still there."))

    def lock(self) -> None:
        """Keep the answers of a blind draft for good. It stays a draft where an answer is missing."""
        draft, study = self.reading, self.study
        if draft is None or study is None:
            return
        locked = self._allowed(lambda: lock(draft, study.labels, at=datetime.now(UTC)))
        if locked is not None:
            self._close(self._services.lanes.library.submit(
                StudyRoom(self._services.library).lock, locked, self._surrounding(locked, "locked")), locked.reading_id,
                then=self._keep, refused=_("The answers were not locked; the draft is still there."))

    def reveal(self, *, bundle_sha256: str | None) -> None:
        """Let the reader of a locked reading see what was hidden. bundle_sha256: of the model that is shown."""
        locked = self.reading
        if locked is None or not self.revealable:
            return
        shown = self._allowed(lambda: reveal(locked, bundle_sha256=bundle_sha256))
        if shown is None:
            return

        def stands(stored: Reading) -> None:
            self._keep(stored)
            self.revealed.emit()

        self._close(self._services.lanes.library.submit(StudyRoom(self._services.library).reveal, shown),
                    shown.reading_id, then=stands, refused=_("Nothing was revealed; the answers stay locked."))

    def _allowed(self, make: Callable[[], Reading]) -> Reading | None:
        """What a rule of the reading allows; None where it does not, which is said."""
        try:
            return make()
        except ReadingError as error:
            self.failed.emit(str(error), error)
            return None

    def _keep(self, stored: Reading) -> None:
        self.others = (*(item for item in self.others if item.reading_id != stored.reading_id), stored)
        self._stands(stored)

    def draft(self, *, reader: str) -> Reading | None:
        """The draft that can be written in, begun where there is none; None while nothing may be written."""
        if not self.editable:
            return None
        draft = self.reading
        if draft is None:
            draft = self._new(reader, None)
            self._stands(draft)
            self._save(draft)
            self.changed.emit()
        return draft

    def _new(self, reader: str, bundle_sha256: str | None) -> Reading:
        if self.study is None:
            return new_draft(self._recording, reader, bundle_sha256=bundle_sha256)
        return new_draft(self._recording, reader, mode=self.study.mode, study_id=self.study.study_id,
                         bundle_sha256=bundle_sha256)

    def amend(self, *, reason: str) -> None:
        """Start an amendment of the final reading."""
        final = self.reading
        draft = self._allowed(lambda: amend(final, reason=reason)) if final is not None else None
        if draft is not None:
            self._stands(draft)
            self._save(draft)
            self.changed.emit()

    def discard(self) -> None:
        """Drop the draft; the signed reading it was to amend, if any, stands again."""
        draft = self.reading
        if draft is None or not self.discardable:
            return

        def gone(_none: None) -> None:
            self.others = tuple(item for item in self.others if item.reading_id != draft.reading_id)
            self._stands(self._newest())

        self._close(self._services.lanes.library.submit(self._services.library.discard_draft, draft.reading_id,
                                                        reader=draft.reader), draft.reading_id,
                    then=gone, refused=_("The draft was not discarded."))

    def _change(self, change: Change, reader: str, bundle_sha256: str | None) -> None:
        if not self.editable:
            return
        draft = self.reading or self._new(reader, bundle_sha256)
        changed = self._allowed(lambda: change(draft))
        if changed is not None:
            self._step((self._steps or History(draft)).changed(changed))

    def _step(self, steps: History) -> None:
        self._steps = steps
        self.reading = steps.now
        self._save(steps.now)
        self.changed.emit()
