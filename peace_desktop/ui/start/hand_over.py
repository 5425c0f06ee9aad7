"""A second start on a library that is open: its recordings are handed to the window that has it, which comes forward.

A local socket of the user's own, named after the library's folder. The one who hands over sends a JSON list of paths in
one line and waits for a word.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtNetwork import QLocalServer, QLocalSocket

if TYPE_CHECKING:
    from peace_desktop.ui.main_window import MainWindow

_PATIENCE_MS = 5000
_TAKEN = b"taken\n"


def _name(folder: Path) -> str:
    return f"peace-desktop-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:32]}"


def hand_over(folder: Path, paths: Sequence[Path]) -> bool:
    """Whether the window that has the library in a folder took the paths; none only brings it forward."""
    socket = QLocalSocket()
    socket.connectToServer(_name(folder))
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    socket.write(json.dumps([str(path.resolve()) for path in paths]).encode() + b"\n")
    socket.waitForBytesWritten(_PATIENCE_MS)
    answered = socket.waitForReadyRead(_PATIENCE_MS) and socket.readLine().data() == _TAKEN
    socket.disconnectFromServer()
    return answered


class TakeOver(QObject):
    """Takes what later starts hand over, as long as the window stands. A locked window takes nothing."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._meet)
        name = _name(window.services.library.folder)
        # Who holds the library's lock is the only one: a name still there was left by a process that is no more.
        QLocalServer.removeServer(name)
        self._server.listen(name)

    def _meet(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.readyRead.connect(lambda: self._take(socket))
        socket.disconnected.connect(socket.deleteLater)

    def _take(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine() or self._window.access.locked:
            return
        paths = tuple(Path(path) for path in json.loads(bytes(socket.readLine().data())))
        socket.write(_TAKEN)
        socket.flush()
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.raise_()
        self._window.activateWindow()
        if paths:
            QTimer.singleShot(0, self._window, lambda: self._window.files.import_paths(paths))
