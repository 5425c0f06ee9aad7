"""Files decoded in a process of their own: decoded in a thread, they keep the window waiting for the interpreter."""

import multiprocessing
import signal
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from peace_desktop.logs import describe_exception
from peace_model.ecg.formats import large
from peace_model.ecg.formats.registry import ReadOptions, read_recording
from peace_model.ecg.mapped import settle
from peace_model.ecg.recording import Recording, RecordingError

_PART_BYTES = 1 << 20
"""A day's samples go over in parts, without a copy of the whole."""


class ReadingFault(Exception):
    """A fault in a reader, described without anything of what the file holds."""


class ReadingEnded(Exception):
    """The process was killed, or ended by itself, before it had answered."""


class ReadingNeverBegan(ReadingEnded):
    """The process ended before it stood: no file is at fault, and another one would end like it."""


class ReadingProcess:
    """`read` and `close` are called by one thread at a time, `kill` by any.

    The process takes a second or two to stand; `ready` says whether it does.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), name="reading", daemon=True)
        self._process.start()
        theirs.close()
        self._ready = False
        self._fell = False

    @property
    def ready(self) -> bool:
        """Whether a file would be read at once; also where the process ended, which `read` tells."""
        if not self._ready and not self._fell and self._connection.poll():
            try:
                self._ready = bool(self._connection.recv())
            except (EOFError, OSError):
                self._fell = True
        return self._ready or self._fell

    def kill(self) -> None:
        """Ends the process, whatever it does."""
        self._process.kill()

    def close(self) -> None:
        """Ends the process and waits until it has."""
        self.kill()
        self._process.join()
        self._connection.close()

    def read(self, path: Path, options: ReadOptions) -> Recording:
        """As `registry.read_recording`. Raises RecordingError, ReadingFault, ReadingEnded, ReadingNeverBegan."""
        if self._fell:
            raise ReadingNeverBegan
        try:
            self._connection.send((path, options))
            answer = self._connection.recv()
            if isinstance(answer, str):
                raise ReadingFault(answer)
            if isinstance(answer, tuple):
                raise RecordingError(*answer)
            return self._with_samples(path, answer, n_samples=self._connection.recv())
        except (EOFError, OSError) as error:
            raise ReadingEnded from error

    def _with_samples(self, path: Path, silent: Recording, *, n_samples: int) -> Recording:
        signal_mv = large.room_for(path, (len(silent.leads), n_samples))
        room = signal_mv.reshape(-1).view(np.uint8).data
        filled = 0
        while filled < len(room):
            filled += self._connection.recv_bytes_into(room[filled:])
        settle(signal_mv)
        return replace(silent, signal_mv=signal_mv)


def _serve(connection: Connection) -> None:
    """What the process does: a path and options in; a recording out, or the four parts of its error, or a fault."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection.send(True)
    while True:
        try:
            path, options = connection.recv()
        except EOFError:
            return
        try:
            recording = read_recording(path, options=options)
        except RecordingError as error:
            connection.send((error.file, error.field, error.problem, error.remedy))
        except Exception as error:  # noqa: BLE001  told to the one who asked, like every other answer
            connection.send(describe_exception(error))
        else:
            _send(connection, recording)


def _send(connection: Connection, recording: Recording) -> None:
    connection.send(replace(recording, signal_mv=np.empty((len(recording.leads), 0), dtype=np.float32)))
    connection.send(recording.n_samples)
    samples = np.ascontiguousarray(recording.signal_mv).reshape(-1).view(np.uint8).data
    for start in range(0, len(samples), _PART_BYTES):
        connection.send_bytes(samples[start:start + _PART_BYTES])
