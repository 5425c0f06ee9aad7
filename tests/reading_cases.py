"""A reader's readings without a window: a library that can refuse, behind a lane that works when it is told to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QCoreApplication
from study_cases import NOW, surrounding

from peace_desktop.jobs.operation import Operation, ProgressListener
from peace_desktop.library.errors import LibraryError
from peace_desktop.review.reading import Reading, new_draft, sign, with_comment
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.reading_state import Readings

READER, OTHER = "Dr A", "Dr B"
HERE, ELSEWHERE = "a" * 64, "b" * 64


@dataclass
class SmallLibrary:
    """stored: readings by their id. refused: recordings nothing is taken of. writes: what was taken, in order."""

    stored: dict[str, Reading] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    writes: list[Reading] = field(default_factory=list)

    def save_reading(self, reading: Reading) -> Reading:
        before = self.stored.get(reading.reading_id)
        if reading.recording_sha256 in self.refused:
            raise LibraryError("The disk is full.")
        if before is not None and reading.revision <= before.revision:
            raise LibraryError("A newer state of this reading is already saved.")
        self.stored[reading.reading_id] = reading
        self.writes.append(reading)
        return reading

    def sign_reading(self, reading: Reading, _surrounding: object) -> Reading:
        return self.save_reading(reading)


class HeldLane:
    """Does what it was given at `work`, and brings the answers to the window's thread."""

    def __init__(self) -> None:
        self._held: list[tuple[Operation[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], *args: Any, progress: ProgressListener | None = None,
               **kwargs: Any) -> Operation[Any]:
        operation: Operation[Any] = Operation(progress)
        if progress is not None:
            kwargs["progress"] = operation.report
        self._held.append((operation, lambda: fn(*args, **kwargs)))
        return operation

    def work(self) -> None:
        while self._held:
            operation, call = self._held.pop(0)
            if operation.set_running_or_notify_cancel():
                operation.run(call)
            QCoreApplication.processEvents()


class Desk:
    """Readings over both; `readings.take` says what is shown."""

    def __init__(self) -> None:
        self.library, self.lane, self.bridge = SmallLibrary(), HeldLane(), Bridge()
        services: Any = SimpleNamespace(library=self.library, lanes=SimpleNamespace(library=self.lane))
        self.readings = Readings(services, self.bridge, surrounding=surrounding)


def draft(comment: str = "seen", *, sha256: str = HERE, reader: str = READER) -> Reading:
    return with_comment(new_draft(sha256, reader), comment)


def final() -> Reading:
    return sign(draft(), reader=READER, meaning="read", at=NOW)
