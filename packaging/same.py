"""Whether two folders hold the same: names, hashes and where links lead; times do not count. Standard library only.

    python packaging/same.py FOLDER OTHER      0 when they do, 1 with every difference
"""

import hashlib
import os
import sys
from pathlib import Path


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file by its name in the folder; of a link where it leads."""
    return {path.relative_to(folder).as_posix():
            f"link to {os.readlink(path)}" if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_symlink() or path.is_file()}


def differences(folder: Path, other: Path) -> list[str]:
    """A line for every file that only one has, or that is not the same in both."""
    mine, theirs = hashes(folder), hashes(other)
    return ([f"only in {folder.name}: {name}" for name in sorted(mine.keys() - theirs.keys())]
            + [f"only in {other.name}: {name}" for name in sorted(theirs.keys() - mine.keys())]
            + [f"not the same: {name}" for name in sorted(mine.keys() & theirs.keys()) if mine[name] != theirs[name]])


def main() -> int:
    folder, other = (Path(argument) for argument in sys.argv[1:3])
    found = differences(folder, other)
    print("\n".join(found) if found else f"the same: {len(hashes(folder))} files")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
