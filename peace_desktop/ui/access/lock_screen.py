"""The window covered after a while without a hand on it, until the reader's passphrase is given."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from peace_desktop.texts import _

_LOOK_MS = 1000
_TOP_PX = 40
_HANDS = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel,
                    QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate})


class Cover(QWidget):
    """An opaque face over a whole window, whatever stands in it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("cover")
        self.setAutoFillBackground(True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        label = QLabel(_("Locked"))
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        label.setContentsMargins(0, _TOP_PX, 0, 0)
        QVBoxLayout(self).addWidget(label)
        over.installEventFilter(self)
        self.setGeometry(over.rect())
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.ChildAdded):
            self.setGeometry(self._over.rect())
            self.raise_()
        return False


def cover_all(*, but: QWidget | None = None) -> list[Cover]:
    """Covers every window of the application that is to be seen; open menus are closed."""
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    return [Cover(widget) for widget in QApplication.topLevelWidgets()
            if widget is not but and widget.isVisible() and widget.windowType() in (
                Qt.WindowType.Window, Qt.WindowType.Dialog)]


class IdleWatch(QObject):
    """idle: nobody has touched keyboard or mouse for `minutes`; 0 watches for nothing.

    Looks at the windows that have the focus, not at every event of the application: drawing must not wait for it.
    """

    idle = Signal()

    def __init__(self, parent: QObject, *, minutes: Callable[[], float],
                 clock: Callable[[], float] = time.time) -> None:
        """minutes: asked at every look. clock: seconds; the computer's own also counts the time it slept."""
        super().__init__(parent)
        self._clock, self._minutes = clock, minutes
        self._touched_at = clock()
        self._watched: QWindow | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        running = QGuiApplication.instance()
        if isinstance(running, QGuiApplication):
            running.focusWindowChanged.connect(self._watch)

    def touch(self) -> None:
        """Somebody is there."""
        self._touched_at = self._clock()

    def look(self) -> None:
        """Whether it is time."""
        since, minutes = self._clock() - self._touched_at, self._minutes()
        # A clock that was set back says nothing of the time that went by: it begins again.
        if since < 0 or minutes <= 0:
            self.touch()
        elif since >= minutes * 60:
            self.touch()
            self.idle.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _HANDS:
            self.touch()
        return False

    def _watch(self, window: QWindow | None) -> None:
        if window is not None and window is not self._watched:
            self._watched = window
            window.installEventFilter(self)
