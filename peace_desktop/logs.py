"""The log: a small rotating file without patient data, with Qt's messages in it.

What could carry a name never enters: absolute paths are cut to `<path>`, and of an exception only its type and the
places in the code are written, never its text.
"""

import logging
import logging.handlers
import re
import sys
import traceback
from pathlib import Path
from types import TracebackType

from peace_desktop.paths import Places

LOGGER = logging.getLogger("peace_desktop")
_MAX_BYTES = 500_000
_PATH = re.compile(r"(?:[A-Za-z]:\\|\\\\|(?<![\w.])/)[^\s'\"<>|:;,]+(?: [^\s'\"<>|:;,]*[\\/][^\s'\"<>|:;,]+)*")


def without_paths(text: str) -> str:
    """The text with every absolute path replaced, because folders and files are often named after patients."""
    return _PATH.sub("<path>", text)


def describe_exception(error: BaseException) -> str:
    """Types and code places of an exception and its causes, innermost last; never the exception's own text."""
    lines = []
    current: BaseException | None = error
    while current is not None:
        lines.append(type(current).__name__)
        for frame in traceback.extract_tb(current.__traceback__):
            lines.append(f"  {'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}")
        current = current.__cause__ or current.__context__
    return "\n".join(lines)


class SafeFormatter(logging.Formatter):
    """Formats records without absolute paths and without exception texts."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = without_paths(record.message)
        return super().formatMessage(record)

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return describe_exception(ei[1]) if ei[1] is not None else ""


class Log:
    """The open log of this run; `close` gives the files back (tests start many)."""

    def __init__(self, places: Places, *, to_console: bool = False) -> None:
        places.logs.mkdir(parents=True, exist_ok=True)
        formatter = SafeFormatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
        rotating = logging.handlers.RotatingFileHandler(
            places.log_file, maxBytes=_MAX_BYTES, backupCount=3, encoding="utf-8", delay=True)
        self._handlers: list[logging.Handler] = [rotating]
        if to_console:
            self._handlers.append(logging.StreamHandler(sys.stderr))
        for handler in self._handlers:
            handler.setFormatter(formatter)
            LOGGER.addHandler(handler)
        LOGGER.setLevel(logging.INFO)
        LOGGER.propagate = False

    def close(self) -> None:
        for handler in self._handlers:
            LOGGER.removeHandler(handler)
            handler.close()
        LOGGER.propagate = True
