"""Starts the application on the library folder given, prints the clock at the first paint of the window, and ends."""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from peace_desktop.app import Application, Options


class FirstPaint(QObject):
    """Ends the application when the window has been painted and its events are answered again."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, QApplication.quit)
        return False


def main(folder: Path) -> None:
    options = Options(data_dir=folder)
    with Application(options, ask_first=lambda _store: True) as running:
        watcher = FirstPaint()
        running.window.installEventFilter(watcher)
        running.window.show()
        QApplication.exec()
        print(time.time(), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
