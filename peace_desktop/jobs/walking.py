"""A walk through files and folders that goes on only while it is asked to: what it found can be used meanwhile."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from peace_model.ecg.formats.csv_profile import CsvProfile
from peace_model.ecg.formats.registry import FoundFile, walk_recordings


def _never() -> bool:
    return False


class Walk:
    """found: the recordings so far, in the order of `walk_recordings`. ended: whether those are all there are."""

    def __init__(self, paths: Iterable[Path], *, profile: CsvProfile | None = None) -> None:
        self._steps = walk_recordings(paths, profile=profile)
        self.found: list[FoundFile] = []
        self.ended = False

    def go_on(self, *, beyond: int, for_s: float, stopped: Callable[[], bool] = _never) -> None:
        """Walks for a moment, and on until more files than `beyond` are found, the folders end or it is stopped."""
        until = time.monotonic() + for_s
        while not (self.ended or stopped()) and (len(self.found) <= beyond or time.monotonic() < until):
            try:
                found = next(self._steps)
            except StopIteration:
                self.ended = True
            else:
                if found is not None:
                    self.found.append(found)
