"""Running the cells of a grid one after the other, as far as the time goes; what is finished stays finished."""

import time
from collections.abc import Callable, Collection

from peace_model.evaluation.ablation.grid import (
    AGE_SHIFT,
    HELD_OUT,
    JOURNAL,
    SHARED_LABELS,
    SIMULATED,
    TRANSFER,
    Cell,
)
from peace_model.evaluation.ablation.result import CellResult, path_of, read_result, write_result
from peace_model.evaluation.proxies import age_shift, held_out_label, journal, shared_labels, simulated_shift, transfer
from peace_model.evaluation.proxies.bench import Bench

WORK: dict[str, Callable[[Cell, Bench], CellResult]] = {
    SHARED_LABELS: shared_labels.run, AGE_SHIFT: age_shift.run, HELD_OUT: held_out_label.run,
    SIMULATED: simulated_shift.run, TRANSFER: transfer.run, JOURNAL: journal.run}


class GridRunError(Exception):
    """A grid that cannot be run into this folder; str() says why and what to do."""


class TimeSpent(Exception):
    """The time given is used up; str() says where the run stands."""


class Clock:
    """How long a run may still take. limit_s None: for ever."""

    def __init__(self, limit_s: float | None) -> None:
        self.end = None if limit_s is None else time.monotonic() + limit_s

    def check(self) -> None:
        """Raises TimeSpent when there is none left."""
        if self.end is not None and time.monotonic() >= self.end:
            raise TimeSpent("the time given is used up; go on with --resume")


def run_cells(
    bench: Bench, *, data_sha256: str, resume: bool, only: Collection[str] = (), clock: Clock,
    say: Callable[[str], None],
) -> None:
    """Run the missing cells of the proxies in `only`, all when empty, and write each result as it comes.

    data_sha256: of the bench's store and of what its workshop reads besides (`digests.store_sha256`). Raises TimeSpent;
    what was begun by then goes on from its checkpoint. Raises GridRunError when the folder holds results and resume is
    False, ResultError when they are of other settings or other data.
    """
    begun = (bench.folder / "cells").exists() or (bench.folder / "models").exists()
    if begun and not resume:
        raise GridRunError(f"{bench.folder.name} holds results already; add --resume to go on with them, or name "
                           "another folder")
    cells = [cell for cell in bench.grid.cells if not only or cell.proxy in only]
    missing = [cell for cell in cells if read_result(bench.folder, bench.grid, cell, data_sha256=data_sha256) is None]
    say(f"{len(cells) - len(missing)} of {len(cells)} cells are done")
    for number, cell in enumerate(missing, start=1):
        clock.check()
        began = time.monotonic()
        write_result(bench.folder, bench.grid, WORK[cell.proxy](cell, bench), data_sha256=data_sha256)
        say(f"{cell.name}: done in {time.monotonic() - began:.0f} s ({number} of {len(missing)}), "
            f"{path_of(bench.folder, cell).name}")
