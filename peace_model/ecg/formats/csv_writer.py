"""A recording as a plain table: time in seconds, one column of millivolts a lead, one row a sample."""

from pathlib import Path

import numpy as np

from peace_model.ecg.formats import large
from peace_model.ecg.formats.whole_file import whole
from peace_model.ecg.recording import Recording, RoleKind


def write_csv(recording: Recording, path: Path) -> Path:
    """Write the recorded leads and return the path; NaN becomes an empty cell.

    Every number is written so that the same float32 is read back. Derived leads are left out: a table cannot mark
    them, and who reads it back finds them derived again. Nothing is written of the person. Raises OSError where writing
    fails; then no file is left.
    """
    rows = [row for row, role in enumerate(recording.roles[:len(recording.leads)]) if role.kind is not RoleKind.DERIVED]
    with whole(path) as partial, partial.open("w", encoding="utf-8", newline="") as stream:
        stream.write(",".join(["time (s)", *(f"{recording.leads[row]} (mV)" for row in rows)]) + "\r\n")
        for block in large.blocks(recording.n_samples, len(rows)):
            # str of a float32 is the shortest text that gives it back.
            cells = recording.signal_mv[rows, block].T.astype(str)
            cells[cells == "nan"] = ""
            times = (np.arange(block.start, block.stop) / recording.fs_hz).astype(str)
            stream.writelines(f"{time},{','.join(row)}\r\n" for time, row in zip(times, cells, strict=True))
    return path
