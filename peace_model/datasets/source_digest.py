"""What a data set gave to a store, as one SHA-256: a data set whose labels, patients or signals changed is another.

Times of change do not survive copying and whole signals take hours to read, so a file is told by its size and its ends;
a header of WFDB, small and with a check sum of each signal, is read whole and stands for the files that it names.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from peace_model.datasets.source import Source

END_BYTES = 4096
"""Of each end of a file."""
HEADER = ".hea"


def source_sha256(source: Source) -> str:
    """Over the facts of every row, in their order, and what its files hold; where they lie is not told."""
    hashed = hashlib.sha256()
    # A data set may keep all its recordings in one file.
    told = lru_cache(maxsize=64)(_told)
    for row in source.rows:
        files = [[path.name, told(path)] for file in row.files for path in _named(file)]
        hashed.update(json.dumps([asdict(row.facts), files], sort_keys=True).encode())
    return hashed.hexdigest()


def _named(file: Path) -> Iterator[Path]:
    """The file, and where it is a header those that it names, each once."""
    yield file
    if file.suffix == HEADER and file.is_file():
        lines = [line.split() for line in file.read_text(encoding="latin-1").splitlines()
                 if line.strip() and not line.startswith("#")]
        names = dict.fromkeys(fields[0] for fields in lines[1:])
        yield from (file.with_name(name) for name in names if Path(name).name == name)


def _told(path: Path) -> list[int | str] | None:
    """Size and SHA-256 of the ends, of a header's whole; None where there is no such file."""
    if not path.is_file():
        return None
    size = path.stat().st_size
    with path.open("rb") as file:
        content = file.read(size if path.suffix == HEADER else END_BYTES)
        file.seek(max(len(content), size - END_BYTES))
        content += file.read(END_BYTES)
    return [size, hashlib.sha256(content).hexdigest()]
