"""Where the reader's reading of the shown recording stands, and what may be done with it now."""

from PySide6.QtCore import QObject

from peace_desktop.review.history import History
from peace_desktop.review.reading import SIGNED_STATES, WRITABLE_STATES, Reading, ReadingState
from peace_desktop.review.study import Protocol
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.reading_saving import ReadingSaving
from peace_desktop.ui.services import Services


class ReadingStanding(ReadingSaving):
    """reading: what stands now, None until the reader says something. ready: whether the stored ones are known.

    study: what the shown recording is read for, None for a reading outside studies. barred: why nothing may be written
    now, in words; "" where it may.
    """

    def __init__(self, services: Services, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(services, bridge, parent)
        self._steps: History | None = None
        self.ready = False
        self.others: tuple[Reading, ...] = ()
        self.reading: Reading | None = None
        self.study: Protocol | None = None
        self.barred = ""

    @property
    def standing(self) -> tuple[str, str, Reading | None]:
        """What a question is about: recording, reader and reading as they are now."""
        return self._recording, self._reader, self.reading

    def _with_waiting(self, readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
        """Readings as the library told them, and the newer value of what has not come to it yet."""
        study_id = self.study.study_id if self.study is not None else ""
        here = (self._recording, self._reader, study_id)
        mine = {reading_id: item for reading_id, item in self._waiting.items()
                if (item.recording_sha256, item.reader, item.study_id) == here}
        told = [max(item, mine.pop(item.reading_id, item), key=lambda reading: reading.revision) for item in readings]
        return (*told, *mine.values())

    def _newest(self) -> Reading | None:
        """The reader's newest reading of the shown recording for its study, or outside studies."""
        study_id = self.study.study_id if self.study is not None else ""
        mine = [item for item in self.others if item.reader == self._reader and item.study_id == study_id]
        return mine[-1] if mine else None

    def _stands(self, reading: Reading | None) -> None:
        """Another reading, or another state of it; steps before it are not taken back."""
        self.reading = reading
        self._steps = None

    @property
    def editable(self) -> bool:
        return self.ready and not self._closing and not self.barred and (
            self.reading is None or self.reading.state in WRITABLE_STATES)

    @property
    def signable(self) -> bool:
        """Whether the next step is a signature: that of a blind draft is its lock."""
        return self.editable and self.reading is not None and not self.reading.blind and bool(
            self.reading.statements or self.reading.comment.strip())

    @property
    def lockable(self) -> bool:
        return self.editable and self.reading is not None and self.reading.blind

    @property
    def revealable(self) -> bool:
        return self.ready and not self._closing and not self.barred and (
            self.reading is not None and self.reading.state is ReadingState.LOCKED)

    @property
    def can_undo(self) -> bool:
        return self.editable and self._steps is not None and self._steps.can_undo

    @property
    def can_redo(self) -> bool:
        return self.editable and self._steps is not None and self._steps.can_redo

    @property
    def discardable(self) -> bool:
        """An amendment in work, or a first draft that says nothing."""
        draft = self.reading
        return self.editable and draft is not None and draft.state is ReadingState.DRAFT and (
            draft.amends is not None or not (
                draft.statements or draft.comment.strip() or draft.confidence is not None or draft.notes))

    @property
    def final(self) -> bool:
        return self.reading is not None and self.reading.state in SIGNED_STATES
