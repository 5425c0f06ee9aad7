"""Whether a library can live in a folder: it can be written, has room, and is on a disk of this computer."""

import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QStorageInfo

from peace_desktop.library.key_file import is_begun
from peace_desktop.texts import _

LEAST_MB = 500
"""Room for a thousand recordings, their backups and what is written while they come in."""

SUBFOLDER = "peace-library"
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "fuse.sshfs",
                      "fuse.davfs2", "fuse.gvfsd-fuse", "9p", "ceph", "glusterfs", "fuse.glusterfs", "afs", "ncpfs"})


def library_in(chosen: Path) -> Path:
    """The library's folder for a folder somebody chose: a new library never lies among other files."""
    try:
        alone = is_begun(chosen) or not chosen.is_dir() or not any(chosen.iterdir())
    except OSError:  # Its place is judged by `place_problem`, which says so.
        return chosen
    return chosen if alone else chosen / SUBFOLDER


def place_problem(folder: Path) -> str:
    """Why no library can live in a folder, with the remedy; "" where it can. The folder need not be there yet."""
    try:
        there = _nearest(folder)
        if on_network(there):
            return _("This folder is on another computer. A library that is cut off in mid-write can be damaged: "
                     "choose a folder on a disk of this computer, and keep backups over there.")
        with tempfile.TemporaryFile(dir=there):
            pass
        free_mb = QStorageInfo(str(there)).bytesAvailable() // 1_000_000
    except OSError:
        return _("This folder cannot be written to. Choose another one, or look at its permissions and whether its "
                 "disk is write-protected.")
    if free_mb < LEAST_MB:
        return _("Only {free} MB are free on this disk; a library needs {least} MB to begin with. Choose a folder on "
                 "another disk, or free some space.").format(free=free_mb, least=LEAST_MB)
    return ""


def on_network(folder: Path) -> bool:
    """Whether a folder that is there lies on another computer, as far as the system tells."""
    if sys.platform == "win32":
        import ctypes

        remote = 4
        drive = os.path.splitdrive(folder.resolve())[0]
        return drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == remote
    return QStorageInfo(str(folder)).fileSystemType().toStdString().lower() in _NETWORK


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(path for path in (folder, *folder.parents) if path.is_dir())
