"""The live display of a run: one line that changes on a terminal, a line every tenth of the way in a file."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

from peace_model.commands.progress import duration
from peace_model.training.log import Moment
from peace_model.training.parallel import rank

REDRAW_S = 0.5
LINES_IN_A_FILE = 10
GATED = "align"
"""The loss that the curriculum gate opens."""


class LiveDisplay:
    """`watch` takes every step, `say` lines for a reader; only the first of several processes is heard."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.out = sys.stderr if stream is None else stream
        self.clock = clock
        self.live = self.out.isatty()
        self.drawn_s = -REDRAW_S
        self.told: int | None = None

    def watch(self, moment: Moment) -> None:
        done = moment.step == moment.steps
        if self.live:
            if done or self.clock() - self.drawn_s >= REDRAW_S:
                self.out.write("\r\x1b[K" + line_of(moment) + "\n" * done)
                self.drawn_s = self.clock()
        else:
            part = LINES_IN_A_FILE * moment.step // moment.steps
            # A resumed run begins in the middle: what lies behind it was told before. Less than told: the next run.
            if self.told is None or part < self.told:
                self.told = LINES_IN_A_FILE * (moment.step - 1) // moment.steps
            if part > self.told:
                self.out.write(line_of(moment) + "\n")
                self.told = part
        self.out.flush()

    def say(self, line: str) -> None:
        if rank() == 0:
            self.out.write(("\r\x1b[K" if self.live else "") + line + "\n")
            self.out.flush()


def line_of(moment: Moment) -> str:
    """As "epoch 3/24  step 812/6576  96 rec/s  1 h 40 min left  label 0.091  gate 0.64  best 0.9532"."""
    losses = "  ".join(f"{name} {value:.3f}" for name, value in moment.losses.items())
    gate = f"  gate {moment.gate:.2f}" if GATED in moment.losses else ""
    best = "" if moment.best is None else f"  best {moment.best:.4f}"
    return (f"epoch {moment.epoch + 1}/{moment.epochs}  step {moment.step}/{moment.steps}  "
            f"{moment.samples_per_s:.3g} recordings/s  {duration(moment.remaining_s)} left  {losses}"
            f"{gate}{best}")
