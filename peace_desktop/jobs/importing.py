"""Bringing files into the library: looked at first, then taken in small batches; stopped and gone on with at will."""

import logging
import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from peace_desktop.jobs.operation import Report
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.records import Keep
from peace_desktop.library.repository import Library
from peace_desktop.library.taking import Incoming
from peace_desktop.logs import describe_exception
from peace_desktop.texts import _
from peace_model.ecg.age import Age
from peace_model.ecg.formats.content_hash import content_sha256
from peace_model.ecg.formats.registry import (
    FoundFile,
    ReadOptions,
    can_be_told,
    find_recordings,
    read_recording,
)
from peace_model.ecg.recording import Recording, RecordingError, Sex

LOGGER = logging.getLogger(__name__)

BATCH = 16
"""Recordings a transaction: the reader's own saving waits for no more than these."""
BATCH_BYTES = 64 << 20
KEPT_BYTES = 128 << 20
"""Samples kept from the first look, so that a night's recordings are decoded once."""


class Fate(StrEnum):
    """What became of one file, or would become of it: NEW is the answer of a first look."""

    NEW = "new"
    IMPORTED = "imported"
    DUPLICATE = "duplicate"
    ASKS = "asks"
    REFUSED = "refused"


SETTLED = frozenset({Fate.IMPORTED, Fate.DUPLICATE, Fate.REFUSED, Fate.ASKS})


@dataclass(frozen=True, repr=False)
class Sight:
    """What a recording tells of its patient, for the eye of whoever imports it; never a diagnosis.

    name: "" where the file bears none. repr() shows nothing, so that no log or traceback can.
    """

    name: str
    age: Age | None
    sex: Sex | None

    def __repr__(self) -> str:
        return "Sight(hidden)"


@dataclass(frozen=True)
class Outcome:
    """One file's fate. said: for ASKS and REFUSED one line with problem and remedy; field: what is asked for.

    seen: what was read of the patient, None where the file was not decoded. For a DUPLICATE within one import, said
    names the other file.
    """

    found: FoundFile
    fate: Fate
    sha256: str = ""
    said: str = ""
    field: str = ""
    seen: Sight | None = None


class Import:
    """One import of files and folders. `look` and `run` are called by one thread at a time, `stop` and `go_on` by any.

    A run that was stopped, or ended by a LibraryError, goes on where it was when it is called again; another import of
    the same files passes over what is in the library without decoding it.
    """

    def __init__(self, library: Library, paths: tuple[Path, ...], *, options: ReadOptions = ReadOptions(),  # noqa: B008
                 keep: Keep = Keep.NOTHING) -> None:
        self._library = library
        self._paths = paths
        self._options = options
        self._found: tuple[FoundFile, ...] | None = None
        self._told: dict[FoundFile, ReadOptions] = {}
        self._outcomes: dict[FoundFile, Outcome] = {}
        self._told_of: list[Outcome] = []
        self._n_settled = 0
        self._first: dict[str, FoundFile] = {}
        self._kept: dict[FoundFile, Recording] = {}
        self._stop = threading.Event()
        self.keep = keep

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What is known so far, in the order the files were found."""
        return tuple(self._outcomes[found] for found in self._found or () if found in self._outcomes)

    def outcomes_since(self, number: int) -> tuple[Outcome, ...]:
        """The outcomes told after the first `number`, in the order they became known; a later one of a file holds.

        May be called by any thread while a look or a run goes on.
        """
        return tuple(self._told_of[number:])

    @property
    def stopped(self) -> bool:
        """Whether files are left that were to be imported."""
        return self._found is None or any(True for _file in self._pending())

    @property
    def left(self) -> int:
        """How many of the files found are neither imported nor refused, known or asking."""
        return len(self._found or ()) - self._n_settled

    @property
    def looked_at(self) -> bool:
        """Whether something is known of every file."""
        return self._found is not None and len(self._outcomes) == len(self._found)

    def release(self) -> None:
        """Lets go of the samples kept from the first look; what is imported later is read again."""
        self._kept.clear()

    def stop(self) -> None:
        """Ends a look or a run, begun or about to begin, after the file under way."""
        self._stop.set()

    def go_on(self) -> None:
        """Takes a `stop` back, before the next look or run."""
        self._stop.clear()

    def look(self, *, progress: Report) -> tuple[Outcome, ...]:
        """What would become of every file: new, a duplicate, refused with the reason. Writes nothing.

        Raises LibraryError.
        """
        files = [file for file in self._all() if file not in self._outcomes]
        for found, answer in self._read_all(files, progress, lambda: len(self._outcomes)):
            outcome = self._new_or_same(found, answer) if isinstance(answer, Recording) else answer
            self._settle(outcome)
            if isinstance(answer, Recording) and outcome.fate is Fate.NEW and sum(
                    kept.signal_mv.nbytes for kept in self._kept.values()) < KEPT_BYTES:
                self._kept[found] = answer
        progress(len(self._outcomes), len(self._all()), "")
        return self.outcomes

    def run(self, *, progress: Report) -> tuple[Outcome, ...]:
        """Imports what is new and not yet settled. Raises LibraryError when the library can take no more."""
        batch: dict[FoundFile, Recording] = {}
        for found, answer in self._read_all(list(self._pending()), progress, lambda: self._n_settled):
            if isinstance(answer, Recording):
                batch[found] = answer
            else:
                self._settle(answer)
            if len(batch) == BATCH or sum(waiting.signal_mv.nbytes for waiting in batch.values()) > BATCH_BYTES:
                self._store(batch)
                batch = {}
        self._store(batch)
        progress(self._n_settled, len(self._all()), "")
        return self.outcomes

    def answer(self, options: ReadOptions, files: Collection[FoundFile]) -> None:
        """Gives files that asked what a person knows; the next run reads them again."""
        for found in files:
            if self._outcomes[found].fate is Fate.ASKS:
                self._told[found] = options
                del self._outcomes[found]
                self._n_settled -= 1

    def _all(self) -> tuple[FoundFile, ...]:
        if self._found is None:
            self._found = find_recordings(self._paths)
        return self._found

    def _pending(self) -> Iterator[FoundFile]:
        return (found for found in self._all() if found not in self._outcomes
                or self._outcomes[found].fate not in SETTLED)

    def _settle(self, outcome: Outcome) -> None:
        before = self._outcomes.get(outcome.found)
        self._n_settled += (outcome.fate in SETTLED) - (before is not None and before.fate in SETTLED)
        self._outcomes[outcome.found] = outcome
        self._told_of.append(outcome)

    def _new_or_same(self, found: FoundFile, recording: Recording) -> Outcome:
        sha256 = recording.source.sha256
        first = self._first.setdefault(sha256, found)
        if first == found:
            return Outcome(found, Fate.NEW, sha256, seen=_sight(recording))
        return Outcome(found, Fate.DUPLICATE, sha256, seen=_sight(recording), said=_(
            "{file}: the same recording as {other}").format(file=found.path.name, other=first.relative))

    def _read_all(self, files: list[FoundFile], progress: Report,
                  done: Callable[[], int]) -> Iterator[tuple[FoundFile, Recording | Outcome]]:
        """Each file's recording, or why there is none; ends where it is asked to stop.

        In this one thread: a second one decoding would make every write wait for the interpreter.
        """
        for start in range(0, len(files), BATCH):
            coming = files[start:start + BATCH]
            known = self._known(coming)
            for found in coming:
                if self._stop.is_set():
                    return
                progress(done(), len(self._all()), found.path.name)
                yield found, Outcome(found, Fate.DUPLICATE, known[found]) if found in known else self._read(found)

    def _known(self, files: list[FoundFile]) -> dict[FoundFile, str]:
        """The hashes of those that are in the library whole; damaged ones are read again and mended."""
        hashes = {found: content_sha256(found.path) for found in files}
        whole = self._library.whole([sha256 for sha256 in hashes.values() if sha256])
        return {found: sha256 for found, sha256 in hashes.items() if sha256 in whole}

    def _read(self, found: FoundFile) -> Recording | Outcome:
        kept = self._kept.pop(found, None)
        if kept is not None:
            return kept
        try:
            return read_recording(found.path, options=self._told.get(found, self._options))
        except RecordingError as error:
            fate = Fate.ASKS if can_be_told(error, found.format) else Fate.REFUSED
            return Outcome(found, fate, said=str(error), field=error.field)
        except Exception as error:  # noqa: BLE001  a fault of ours in one file must not keep the others out
            LOGGER.warning("a file could not be read: %s", describe_exception(error))
            return Outcome(found, Fate.REFUSED, said=_("{file}: could not be read; the log has the details").format(
                file=found.path.name))

    def _store(self, batch: dict[FoundFile, Recording]) -> None:
        stored = self._library.add_recordings([
            Incoming(recording, found.path.name, self.keep, read_options=self._told.get(found, self._options))
            for found, recording in batch.items()])
        for found, answer in zip(batch, stored, strict=True):
            if isinstance(answer, LibraryError):
                self._settle(Outcome(found, Fate.REFUSED, said=f"{found.path.name}: {answer}"))
            else:
                self._settle(Outcome(found, Fate.DUPLICATE if answer.duplicate else Fate.IMPORTED, answer.sha256,
                                     seen=_sight(batch[found])))


def _sight(recording: Recording) -> Sight:
    name = recording.identity.name if recording.identity is not None else ""
    return Sight(" ".join(name.replace("^", " ").split()), recording.age, recording.sex)
