"""Files that the desktop hands to the running application: on macOS they come as events, not as a second start."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QFileOpenEvent


class FileOpen(QObject):
    """Gathers the files of one gesture, which come one by one, and gives them to `take` together."""

    def __init__(self, application: QObject, take: Callable[[tuple[Path, ...]], object], parent: QObject) -> None:
        super().__init__(parent)
        self._take, self._waiting = take, list[Path]()
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QFileOpenEvent) or not event.file():
            return super().eventFilter(watched, event)
        if not self._waiting:
            QTimer.singleShot(0, self, self._give)
        self._waiting.append(Path(event.file()))
        return True

    def _give(self) -> None:
        paths, self._waiting = tuple(self._waiting), []
        self._take(paths)
