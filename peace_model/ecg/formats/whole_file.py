"""A file is written whole or not at all: beside its place first, then put there in one step."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write what is to stand at `path` once the block ends; where it fails nothing is left there.

    What stood at `path` before is replaced then, and kept where writing fails. Raises OSError.
    """
    partial = path.with_name(f".{path.name}-{uuid4().hex}.part")
    try:
        yield partial
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
