"""Bringing files into the library: looked at first, then taken in small batches; stopped and gone on with at will."""

import threading
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import closing
from pathlib import Path

from peace_desktop.jobs.import_outcomes import SETTLED, Fate, Outcome, sight_of
from peace_desktop.jobs.import_reading import FileReader
from peace_desktop.jobs.operation import Report
from peace_desktop.jobs.walking import Walk
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.records import Keep
from peace_desktop.library.repository import Library
from peace_desktop.library.taking import Incoming
from peace_desktop.texts import _
from peace_model.ecg.formats.content_hash import content_sha256
from peace_model.ecg.formats.registry import FoundFile, ReadOptions
from peace_model.ecg.recording import Recording

BATCH = 16
"""Recordings a transaction: the reader's own saving waits for no more than these."""
BATCH_BYTES = 64 << 20
KEPT_BYTES = 128 << 20
"""Samples kept from the first look, so that a night's recordings are decoded once."""
MANY = 50
"""Files from which on a process of their own reads them; it takes as long to stand as some of them to read."""
_AHEAD_S = 0.05
"""How long the folders are walked on before each batch: what is found is read at once, and the total soon known."""


class Import:
    """One import of files and folders. `look` and `run` are called by one thread at a time, `stop` and `go_on` by any.

    A look or run that was stopped, or ended by a LibraryError, goes on where it was when it is called again; another
    import of the same files passes over what is in the library without decoding it.
    """

    def __init__(self, library: Library, paths: tuple[Path, ...], *, options: ReadOptions = ReadOptions(),  # noqa: B008
                 keep: Keep = Keep.NOTHING) -> None:
        self._library = library
        self._options = options
        self._walk = Walk(paths)
        self._told: dict[FoundFile, ReadOptions] = {}
        self._outcomes: dict[FoundFile, Outcome] = {}
        self._told_of: list[Outcome] = []
        self._n_settled = 0
        self._first: dict[str, FoundFile] = {}
        self._kept: dict[FoundFile, Recording] = {}
        self._are_many = False
        self._stop = threading.Event()
        self._reader = FileReader(stopped=self._stop.is_set)
        self.keep = keep

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What is known so far, in the order the files were found."""
        return tuple(self._outcomes[found] for found in self._walk.found if found in self._outcomes)

    def outcomes_since(self, number: int) -> tuple[Outcome, ...]:
        """The outcomes told after the first `number`, in the order they became known; a later one of a file holds.

        May be called by any thread while a look or a run goes on.
        """
        return tuple(self._told_of[number:])

    @property
    def n_found(self) -> int:
        """How many files were found so far; all there are once the folders are `walked`."""
        return len(self._walk.found)

    @property
    def walked(self) -> bool:
        """Whether the folders were walked to their end."""
        return self._walk.ended

    @property
    def stopped(self) -> bool:
        """Whether files are left that were to be imported."""
        return not self._walk.ended or self.left > 0

    @property
    def left(self) -> int:
        """How many of the files found so far are neither imported nor refused, known or asking."""
        return len(self._walk.found) - self._n_settled

    @property
    def looked_at(self) -> bool:
        """Whether something is known of every file."""
        return self._walk.ended and len(self._outcomes) == len(self._walk.found)

    def release(self) -> None:
        """Lets go of the samples kept from the first look; what is imported later is read again."""
        self._kept.clear()

    def stop(self) -> None:
        """Ends a look or a run, begun or about to begin, at the latest after the file under way."""
        self._stop.set()
        self._reader.break_off()

    def go_on(self) -> None:
        """Takes a `stop` back, before the next look or run."""
        self._stop.clear()

    def look(self, *, progress: Report) -> tuple[Outcome, ...]:
        """What would become of every file: new, a duplicate, refused with the reason. Writes nothing.

        progress: the total is 0 while the folders are still walked. Raises LibraryError, also where files cannot be
        read at all, because the process that reads them ends as it starts.
        """
        def unseen(found: FoundFile) -> bool:
            return found not in self._outcomes

        with closing(self._read_all(unseen, progress, lambda: len(self._outcomes))) as answers:
            for found, answer in answers:
                outcome = self._new_or_same(found, answer) if isinstance(answer, Recording) else answer
                self._settle(outcome)
                if isinstance(answer, Recording) and outcome.fate is Fate.NEW and sum(
                        kept.signal_mv.nbytes for kept in self._kept.values()) < KEPT_BYTES:
                    self._kept[found] = answer
        progress(len(self._outcomes), self._total, "")
        return self.outcomes

    def run(self, *, progress: Report) -> tuple[Outcome, ...]:
        """Imports what is new and not yet settled. progress: as in `look`.

        Raises LibraryError when the library can take no more, and as `look`.
        """
        known = [outcome.sha256 for outcome in self._outcomes.values() if outcome.fate is Fate.DUPLICATE]
        unnamed = self._library.unnamed(known, self.keep)

        def pending(found: FoundFile) -> bool:
            outcome = self._outcomes.get(found)
            return outcome is None or outcome.fate not in SETTLED or (
                outcome.fate is Fate.DUPLICATE and outcome.sha256 in unnamed)

        batch: dict[FoundFile, Recording] = {}
        with closing(self._read_all(pending, progress, lambda: self._n_settled)) as answers:
            for found, answer in answers:
                if isinstance(answer, Recording):
                    batch[found] = answer
                else:
                    self._settle(answer)
                if len(batch) == BATCH or sum(waiting.signal_mv.nbytes for waiting in batch.values()) > BATCH_BYTES:
                    self._store(batch)
                    batch = {}
        self._store(batch)
        progress(self._n_settled, self._total, "")
        return self.outcomes

    def answer(self, options: ReadOptions, files: Collection[FoundFile]) -> None:
        """Gives files that asked what a person knows; the next run reads them again."""
        for found in files:
            if self._outcomes[found].fate is Fate.ASKS:
                self._told[found] = options
                del self._outcomes[found]
                self._n_settled -= 1

    @property
    def _total(self) -> int:
        return len(self._walk.found) if self._walk.ended else 0

    def _batches(self, wanted: Callable[[FoundFile], bool]) -> Iterator[list[FoundFile]]:
        """The files that are wanted, in the order they are found, from the first one on."""
        place = 0
        while not self._stop.is_set():
            self._walk.go_on(beyond=place, for_s=_AHEAD_S, stopped=self._stop.is_set)
            coming = self._walk.found[place:place + BATCH]
            if not coming:
                return
            place += len(coming)
            yield [found for found in coming if wanted(found)]

    def _settle(self, outcome: Outcome) -> None:
        before = self._outcomes.get(outcome.found)
        self._n_settled += (outcome.fate in SETTLED) - (before is not None and before.fate in SETTLED)
        self._outcomes[outcome.found] = outcome
        self._told_of.append(outcome)

    def _new_or_same(self, found: FoundFile, recording: Recording) -> Outcome:
        sha256 = recording.source.sha256
        first = self._first.setdefault(sha256, found)
        if first == found:
            return Outcome(found, Fate.NEW, sha256, seen=sight_of(recording))
        return Outcome(found, Fate.DUPLICATE, sha256, seen=sight_of(recording), said=_(
            "{file}: the same recording as {other}").format(file=found.path.name, other=first.relative))

    def _read_all(self, wanted: Callable[[FoundFile], bool], progress: Report,
                  done: Callable[[], int]) -> Generator[tuple[FoundFile, Recording | Outcome]]:
        """Each wanted file's recording, or why there is none; ends where it is asked to stop.

        Files are read one after the other: while one is decoded beside a write, the write waits.
        """
        try:
            for coming in self._batches(wanted):
                self._are_many = len(self._walk.found) - done() > MANY
                known = self._known(coming)
                for found in coming:
                    if self._stop.is_set():
                        return
                    progress(done(), self._total, found.path.name)
                    answer = Outcome(found, Fate.DUPLICATE, known[found]) if found in known else self._read(found)
                    if answer is None:
                        return
                    yield found, answer
        finally:
            self._reader.close()

    def _known(self, files: list[FoundFile]) -> dict[FoundFile, str]:
        """The hashes of those that are in the library whole.

        Damaged ones are read again and mended, those whose name is to be kept and is not there are read again for it.
        """
        hashes = {found: content_sha256(found.path) for found in files if not self._stop.is_set()}
        told = [sha256 for sha256 in hashes.values() if sha256]
        whole = self._library.whole(told) - self._library.unnamed(told, self.keep)
        return {found: sha256 for found, sha256 in hashes.items() if sha256 in whole}

    def _read(self, found: FoundFile) -> Recording | Outcome | None:
        """None where it was asked to stop meanwhile."""
        kept = self._kept.pop(found, None)
        return kept if kept is not None else self._reader.read(
            found, self._told.get(found, self._options), many=self._are_many)

    def _store(self, batch: dict[FoundFile, Recording]) -> None:
        stored = self._library.add_recordings([
            Incoming(recording, found.path.name, self.keep, read_options=self._told.get(found, self._options))
            for found, recording in batch.items()])
        for found, answer in zip(batch, stored, strict=True):
            if isinstance(answer, LibraryError):
                self._settle(Outcome(found, Fate.REFUSED, said=f"{found.path.name}: {answer}"))
            else:
                said = _("{file}: the name was added to the recording in the library, whose file and dates stay as "
                         "they were taken").format(file=found.path.name) if answer.named else ""
                self._settle(Outcome(found, Fate.DUPLICATE if answer.duplicate else Fate.IMPORTED, answer.sha256,
                                     said=said, seen=sight_of(batch[found])))
