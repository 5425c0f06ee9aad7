"""Qt's own messages, written into the log."""

import logging

from PySide6.QtCore import QMessageLogContext, QtMsgType

LOGGER = logging.getLogger("peace_desktop.qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO, QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR, QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def log_qt(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """A handler for `qInstallMessageHandler`."""
    LOGGER.log(_LEVELS[kind], "%s", message)
