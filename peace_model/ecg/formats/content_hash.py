"""The hash that names a recording, from its files' bytes alone: a known one is found without decoding it."""

import hashlib
from pathlib import Path

from peace_model.ecg.formats.contract import check_regular
from peace_model.ecg.formats.wfdb_header import MAX_HEADER_BYTES, parse_header
from peace_model.ecg.formats.wfdb_signals import signal_files
from peace_model.ecg.recording import RecordingError


def content_sha256(path: Path) -> str:
    """`Source.sha256` of the recording whose main file this is, as `find_recordings` names it.

    "" where its files are missing or contradict each other; reading it says why.
    """
    digest = hashlib.sha256()
    try:
        for file in _files(path):
            with file.open("rb") as stream:
                while chunk := stream.read(1 << 20):
                    digest.update(chunk)
    except (OSError, RecordingError):
        return ""
    return digest.hexdigest()


def _files(path: Path) -> tuple[Path, ...]:
    check_regular(path)
    if path.suffix != ".hea":
        return (path,)
    with path.open("rb") as stream:
        header = parse_header(path, stream.read(MAX_HEADER_BYTES + 1))
    return (path, *signal_files(path, header, header.n_samples or 0))
