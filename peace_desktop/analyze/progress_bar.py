"""How far a command is, in the terminal it was started in."""

from typing import TextIO

_BAR_WIDTH = 24
_NAME_WIDTH = 40
_COUNTS = 10


class ProgressBar:
    """A bar that is redrawn in place on a terminal; elsewhere, in a log, a plain count now and then.

    The count names no file: in a log a file's name stands in the one line that says why it failed.
    """

    def __init__(self, stream: TextIO, *, total: int) -> None:
        """total: 0 while it is not known."""
        self._stream = stream
        self.total = total
        self._in_place = stream.isatty()
        self._drawn = 0
        self._counted = 0

    def show(self, done: int, name: str) -> None:
        """`done` recordings are behind us, `name` comes now; "" at the end."""
        if self._in_place:
            filled = _BAR_WIDTH * done // max(1, self.total)
            line = f"[{'#' * filled}{'.' * (_BAR_WIDTH - filled)}] {done}/{self.total} {name[:_NAME_WIDTH]}"
            if not self.total:
                line = f"{done} {name[:_NAME_WIDTH]}"
            self._write("\r" + line.ljust(self._drawn))
            self._drawn = len(line)
        elif self.total and _COUNTS * done // self.total > self._counted:
            self._counted = _COUNTS * done // self.total
            self._write(f"{done}/{self.total}\n")

    def clear(self) -> None:
        """Empty the line, so that a sentence can stand there."""
        if self._drawn:
            self._write("\r" + " " * self._drawn + "\r")
            self._drawn = 0

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
