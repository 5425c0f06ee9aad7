"""Reading a file that is to be imported: what it holds, or why it is refused or what it asks for."""

import logging
from collections.abc import Callable
from pathlib import Path

from peace_desktop.jobs.import_outcomes import Fate, Outcome
from peace_desktop.jobs.reading_process import ReadingEnded, ReadingFault, ReadingNeverBegan, ReadingProcess
from peace_desktop.library.errors import LibraryError
from peace_desktop.logs import describe_exception
from peace_desktop.texts import _, error_words
from peace_model.ecg.formats.registry import FoundFile, ReadOptions, can_be_told, read_recording
from peace_model.ecg.recording import Recording, RecordingError

LOGGER = logging.getLogger(__name__)


class FileReader:
    """Reads one file after the other: here, or once many are to be read in a process of their own, which a file that
    cannot be survived ends in place of this one. stopped: whether the import was asked to stop."""

    def __init__(self, *, stopped: Callable[[], bool]) -> None:
        self._stopped = stopped
        self._process: ReadingProcess | None = None

    def read(self, found: FoundFile, options: ReadOptions, *, many: bool) -> Recording | Outcome | None:
        """The recording, or what to say of it; None where it was asked to stop meanwhile.

        many: whether a process is worth its start. Raises LibraryError where that process ends as it starts.
        """
        try:
            return self._decoded(found.path, options, many=many)
        except RecordingError as error:
            fate = Fate.ASKS if can_be_told(error, found.format) else Fate.REFUSED
            return Outcome(found, fate, said=error_words(error), field=error.field)
        except ReadingEnded as ended:
            self.close()
            if self._stopped():
                return None
            if isinstance(ended, ReadingNeverBegan):
                raise LibraryError(_(
                    "The process that reads the files ended as soon as it was started, so no more were read. What is "
                    "imported is safe. Restart the application and import the rest; a script of your own must start "
                    "the import under: if __name__ == \"__main__\":")) from ended
            return Outcome(found, Fate.REFUSED, said=_(
                "{file}: reading it used up the memory or broke off; open it alone, with other programs closed").format(
                    file=found.path.name))
        except Exception as error:  # noqa: BLE001  a fault of ours in one file must not keep the others out
            LOGGER.warning("a file could not be read: %s", error if isinstance(error, ReadingFault)
                           else describe_exception(error))
            return Outcome(found, Fate.REFUSED, said=_("{file}: could not be read; the log has the details").format(
                file=found.path.name))

    def break_off(self) -> None:
        """Ends the file under way where a process reads it; may be called by any thread."""
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """Ends the process; the next file may begin another."""
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def _decoded(self, path: Path, options: ReadOptions, *, many: bool) -> Recording:
        if self._process is None and many:
            self._process = ReadingProcess()
        process = self._process
        if process is not None and process.ready:
            return process.read(path, options)
        return read_recording(path, options=options)
