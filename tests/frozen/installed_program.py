"""The installable folder at a place it does not know, run with nothing of Python, checkout or network around it."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from packaging_rooms import PACKAGING

ROOT = PACKAGING.parent
PATIENCE_S = 900
_KEPT = ROOT / "tests" / "golden" / "libraries"


@dataclass(frozen=True)
class Installed:
    """The folder at its new place, and a home of its own. Neither Python nor checkout nor network is there."""

    folder: Path
    home: Path

    @property
    def program(self) -> Path:
        return self.folder / ("peace-desktop.exe" if sys.platform == "win32" else "peace-desktop")

    def command(self, *arguments: str | Path) -> list[str]:
        """Without a network where the system lets us take it away."""
        tool = shutil.which("unshare") if sys.platform == "linux" else None
        return [*([tool, "-rn"] if tool else []), str(self.program), *map(str, arguments)]

    def surroundings(self, **more: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP", "WINDIR") if name in os.environ}
        return kept | {"HOME": str(self.home), "USERPROFILE": str(self.home), "LOCALAPPDATA": str(self.home),
                       "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"} | more

    def run(self, *arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*arguments), env=self.surroundings(**more), cwd=self.home, text=True,
                              capture_output=True, check=False, timeout=PATIENCE_S)


def older_library(schema: str, folder: Path) -> Path:
    """A library as an earlier version left it (tests/golden/libraries)."""
    shutil.copytree(_KEPT / schema / "recordings", folder / "recordings")
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        connection.executescript((_KEPT / schema / "library.sql").read_text("utf-8"))
    return folder
