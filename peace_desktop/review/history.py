"""Undo and redo within a draft: the values it has had. Every step back or forward is a change like any other."""

from dataclasses import dataclass, replace

from peace_desktop.review.reading import Reading, with_answers_of


@dataclass(frozen=True)
class History:
    """past: values before `now`, oldest first; future: what was undone, next first."""

    now: Reading
    past: tuple[Reading, ...] = ()
    future: tuple[Reading, ...] = ()

    def changed(self, after: Reading) -> "History":
        """A change was made; what had been undone is gone."""
        return History(after, (*self.past, self.now))

    @property
    def can_undo(self) -> bool:
        return bool(self.past)

    @property
    def can_redo(self) -> bool:
        return bool(self.future)

    def undone(self) -> "History":
        """One step back; the history as it is where there is none. Raises ReadingError for a reading that is closed."""
        if not self.past:
            return self
        return replace(self, now=with_answers_of(self.now, self.past[-1]), past=self.past[:-1],
                       future=(self.now, *self.future))

    def redone(self) -> "History":
        """One step forward again; the history as it is where there is none."""
        if not self.future:
            return self
        return History(with_answers_of(self.now, self.future[0]), (*self.past, self.now), self.future[1:])
