"""The reader's reading of the shown recording: changed by small steps, saved at every one, signed for good."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from peace_desktop.jobs.operation import Operation
from peace_desktop.review.errors import ReadingError
from peace_desktop.review.reading import (
    SIGNED_STATES,
    Meaning,
    Reading,
    ReadingState,
    amend,
    new_draft,
    sign,
    with_comment,
    with_confidence,
    with_statement,
    without_statement,
)
from peace_desktop.review.statements import Presence, Statement, agree, disagree
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.services import Services
from peace_model.inference.prediction import Prediction

Change = Callable[[Reading], Reading]
Stored = TypeVar("Stored")
"""What the library answers with when a draft has ended."""


class Readings(QObject):
    """reading: what stands now, None until the reader says something. ready: whether the stored ones are known."""

    changed = Signal()
    saved = Signal(bool)
    """True when everything is in the library, False while something is on its way."""
    stored = Signal()
    failed = Signal(str, object)

    def __init__(self, services: Services, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._recording = ""
        self._on_the_way = 0
        self._closing = False
        self.ready = False
        self.unsaved = False
        self.others: tuple[Reading, ...] = ()
        self.reading: Reading | None = None

    def show(self, recording_sha256: str, readings: tuple[Reading, ...] | None, *, reader: str) -> None:
        """Take over the stored readings of a recording; None while they are not known and nothing may be written."""
        self.take(recording_sha256, readings, reader=reader)
        self.changed.emit()

    def take(self, recording_sha256: str, readings: tuple[Reading, ...] | None, *, reader: str) -> None:
        """As `show`, for whoever shows what stands in any case."""
        self._recording = recording_sha256
        self._closing = False
        self.ready = readings is not None
        self.others = readings or ()
        mine = [reading for reading in self.others if reading.reader == reader]
        self.reading = mine[-1] if mine else None

    @property
    def editable(self) -> bool:
        return self.ready and not self._closing and (
            self.reading is None or self.reading.state is ReadingState.DRAFT)

    @property
    def signable(self) -> bool:
        return self.editable and self.reading is not None and bool(
            self.reading.statements or self.reading.comment.strip())

    @property
    def discardable(self) -> bool:
        """An amendment in work, or a first draft that says nothing."""
        draft = self.reading
        return self.editable and draft is not None and (draft.amends is not None or not (
            draft.statements or draft.comment.strip() or draft.confidence is not None))

    @property
    def final(self) -> bool:
        return self.reading is not None and self.reading.state in SIGNED_STATES

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

    def sign(self) -> None:
        """Make the draft final. The draft stays where the library refuses."""
        if self.reading is None:
            return
        draft = self.reading
        meaning = Meaning.READ if draft.amends is None else Meaning.AMENDED
        try:
            signed = sign(draft, reader=draft.reader, meaning=meaning, at=datetime.now(UTC))
        except ReadingError as error:
            self.failed.emit(str(error), error)
            return

        def stands(stored: Reading) -> None:
            self.others = (*(r for r in self.others if r.reading_id != stored.reading_id), stored)
            self.reading = stored

        self._close(self._services.lanes.library.submit(self._services.library.sign_reading, signed), then=stands,
                    refused=_("The reading was not signed; the draft is still there."))

    def draft(self, *, reader: str) -> Reading | None:
        """The draft that can be written in, begun where there is none; None while nothing may be written."""
        if not self.editable:
            return None
        if self.reading is None:
            self.reading = new_draft(self._recording, reader)
            self._save(self.reading)
            self.changed.emit()
        return self.reading

    def amend(self, *, reason: str) -> None:
        """Start an amendment of the final reading."""
        if self.reading is None:
            return
        try:
            self.reading = amend(self.reading, reason=reason)
        except ReadingError as error:
            self.failed.emit(str(error), error)
            return
        self._save(self.reading)
        self.changed.emit()

    def discard(self) -> None:
        """Drop the draft; the signed reading it was to amend, if any, stands again."""
        draft = self.reading
        if draft is None or not self.discardable:
            return

        def gone(_none: None) -> None:
            self.others = tuple(item for item in self.others if item.reading_id != draft.reading_id)
            mine = [item for item in self.others if item.reader == draft.reader]
            self.reading = mine[-1] if mine else None

        self._close(self._services.lanes.library.submit(self._services.library.discard_draft, draft.reading_id,
                                                        reader=draft.reader),
                    then=gone, refused=_("The draft was not discarded."))

    def _close(self, operation: Operation[Stored], *, then: Callable[[Stored], None], refused: str) -> None:
        """End the draft: nothing is editable until the library answers; where it refuses, the draft stays."""
        recording = self._recording
        self._closing = True
        self._went()

        def ended(*, failed: bool) -> bool:
            self._came(failed=failed)
            here = self._recording == recording
            if here:
                self._closing = False
            return here

        def done(stored: Stored) -> None:
            if ended(failed=False):
                then(stored)
                self.changed.emit()
            self.stored.emit()

        def failed(error: BaseException) -> None:
            if ended(failed=True):
                self.changed.emit()
            self.failed.emit(refused, error)

        self._bridge.watch(operation, done=done, failed=failed)
        self.changed.emit()

    def _change(self, change: Change, reader: str, bundle_sha256: str | None) -> None:
        if not self.editable:
            return
        try:
            draft = self.reading
            if draft is None:
                draft = new_draft(self._recording, reader, bundle_sha256=bundle_sha256)
            self.reading = change(draft)
        except ReadingError as error:
            self.failed.emit(str(error), error)
            return
        self._save(self.reading)
        self.changed.emit()

    def _save(self, reading: Reading) -> None:
        self._went()

        def done(_stored: Reading) -> None:
            self._came()
            self.stored.emit()

        def failed(error: BaseException) -> None:
            self._came(failed=True)
            self.failed.emit(_("The last change was not saved."), error)

        self._bridge.watch(self._services.lanes.library.submit(self._services.library.save_reading, reading),
                           done=done, failed=failed)

    def _went(self) -> None:
        self._on_the_way += 1
        self.saved.emit(False)

    def _came(self, *, failed: bool = False) -> None:
        self._on_the_way -= 1
        self.unsaved = failed
        self.saved.emit(self._on_the_way == 0 and not failed)
