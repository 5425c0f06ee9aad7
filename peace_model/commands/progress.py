"""A progress bar on stderr for work whose length is known."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

WIDTH = 24
REDRAW_S = 0.2
STEPS_IN_A_FILE = 10


def progress_bar(what: str, *, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
                 ) -> Callable[[int, int], None]:
    """A function of (done, of all) that draws the bar; on a file or pipe it writes a line every tenth of the way.

    what: plural of the things that are counted. The rate is over the things done since the first call.
    """
    out = sys.stderr if stream is None else stream
    live = out.isatty()
    began: list[tuple[float, int]] = []
    drawn_s, told = -REDRAW_S, 0

    def show(done: int, total: int) -> None:
        nonlocal drawn_s, told
        now = clock()
        if not began:
            began.append((now, done))
        tenth = STEPS_IN_A_FILE * done // max(total, 1)
        if live and (now - drawn_s >= REDRAW_S or done >= total):
            filled = WIDTH * done // max(total, 1)
            bar = "#" * filled + "." * (WIDTH - filled)
            out.write(f"\r\x1b[K[{bar}] {_text(what, done, total, now, *began[0])}" + "\n" * (done >= total))
            drawn_s = now
        elif not live and tenth > told:
            out.write(_text(what, done, total, now, *began[0]) + "\n")
            told = tenth
        out.flush()

    return show


def _text(what: str, done: int, total: int, now: float, began_s: float, began_at: int) -> str:
    seconds, count = now - began_s, done - began_at
    text = f"{done} of {total} {what}"
    if seconds <= 0 or count <= 0:
        return text
    rate = count / seconds
    left = f", {duration((total - done) / rate)} left" if done < total else f", {duration(seconds)}"
    return f"{text}, {rate:.3g} a second{left}"


def duration(seconds: float) -> str:
    """In the two largest units, as "1 h 05 min"."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {whole % 60:02d} s" if minutes else f"{whole} s"
