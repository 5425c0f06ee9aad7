"""A DICOM file as pydicom's data set: sizes judged before anything is decoded, other kinds of object told by name.

pydicom's warnings and log lines repeat values of the file, a patient's among them; none of them leaves this module.
"""

import hashlib
import logging
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader, BytesIO, FileIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from peace_model.ecg.formats.contract import MAX_SAMPLES, check_regular
from peace_model.ecg.formats.dicom_values import text
from peace_model.ecg.formats.library_warnings import library_warnings
from peace_model.ecg.recording import RecordingError
from peace_model.words import mark, worded

if TYPE_CHECKING:
    from pydicom.dataset import Dataset
    from pydicom.tag import BaseTag

_ERRORS = (ValueError, TypeError, AttributeError, ArithmeticError, LookupError, OSError, EOFError, NotImplementedError,
           RecursionError, MemoryError, AssertionError, struct.error, zlib.error)
ECG_CLASSES = {
    "1.2.840.10008.5.1.4.1.1.9.1.1": "12-lead ECG",
    "1.2.840.10008.5.1.4.1.1.9.1.2": "General ECG",
    "1.2.840.10008.5.1.4.1.1.9.1.3": "Ambulatory ECG",
    "1.2.840.10008.5.1.4.1.1.9.1.4": "General 32-bit ECG",
}
_DIRECTORY = "1.2.840.10008.1.3.10"
_DEFLATED = "1.2.840.10008.1.2.1.99"
_META_GROUP, _PIXEL_GROUP = 0x0002, 0x7fe0
_UNDEFINED = 0xffffffff
"""The length of an element that ends at a mark of its own."""
_PREAMBLE = 128
_LENGTH_ELEMENT = 12
_MAX_BYTES = 4 * MAX_SAMPLES + 64_000_000
_ALWAYS_INFLATED = 64_000_000
_INFLATION = 20
"""An ECG deflates to a third; what claims to grow more than this is no ECG."""
_MOST_ELEMENTS = 5_000
_MOST_ITEMS = 20_000
"""Of all sequences together: some hundred describe an ECG and its measurements; each takes a tenth of a millisecond."""
_ITEM_TAGS = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
_PART_BYTES = 1 << 20
_LATER = 1_000_000
"""Elements of more bytes are left in the file until they are asked for: pages and pictures never are."""


def decoding_errors() -> tuple[type[Exception], ...]:
    """What pydicom raises on damaged files, by trial."""
    from pydicom.errors import BytesLengthException

    return (*_ERRORS, BytesLengthException)


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps pydicom from warning and logging."""
    logging.getLogger("pydicom").propagate = False
    with library_warnings("ignore"):
        yield


def open_ecg(path: Path) -> "Dataset":
    """The data set of an ECG object. Raises RecordingError for every other file; call it within `quiet`."""
    check_regular(path)
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise RecordingError(path, "file", "the file is larger than any ECG of a day", "export the part to be "
                                 "reviewed")
        dataset = _dataset(path)
        _check_kind(path, dataset)
    except FileNotFoundError:
        raise RecordingError(path, "file", "the file does not exist", "check the name") from None
    except PermissionError as error:
        raise RecordingError(path, "file", "the file cannot be opened", "check that it may be read") from error
    except decoding_errors() as error:
        raise RecordingError(path, "file", "this is no DICOM file, or a damaged one",
                             "export it again from the archive") from error
    return dataset


def sha256(path: Path) -> str:
    """Of the file's bytes, without holding them."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class _Bounded(BufferedReader):
    """A file of which never more is asked for than it holds: pydicom has room made for any length an element claims."""

    def __init__(self, path: Path) -> None:
        super().__init__(FileIO(str(path)))
        self._n_bytes = path.stat().st_size

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(size if size is None or size < _LATER else min(size, self._n_bytes))


def _dataset(path: Path) -> "Dataset":
    import pydicom

    with _Bounded(path) as stream:
        marked = stream.read(_PREAMBLE + 4)[_PREAMBLE:] == b"DICM"
        stream.seek(0)
        _check_items(path, stream)
        if marked:
            stream.seek(_PREAMBLE + 4)
            meta = pydicom.filereader.read_dataset(
                stream, is_implicit_VR=False, is_little_endian=True,
                stop_when=lambda tag, _representation, _length: int(tag) >> 16 != _META_GROUP)
            if text(meta, "TransferSyntaxUID") == _DEFLATED:
                return _inflated(path, meta)
        stop = _stopping(path, stream)
        stream.seek(0)
        return pydicom.filereader.read_partial(stream, stop_when=stop, defer_size=_LATER, force=not marked)


def _check_items(path: Path, stream: BinaryIO) -> None:
    """Raises RecordingError for more items than an ECG has, before pydicom makes a data set of each."""
    n_items, before = 0, b""
    while part := stream.read(_PART_BYTES):
        seen = before + part
        n_items += max(seen.count(tag) for tag in _ITEM_TAGS)
        before = seen[-3:]
        if n_items > _MOST_ITEMS:
            raise _too_many(path, mark("sequence items"))


def _stopping(path: Path, stream: BinaryIO) -> "Callable[[BaseTag, str | None, int], bool]":
    """Stops at pixel data; raises RecordingError for more elements than an ECG has, and ValueError for one that would
    end beyond the file: one left in the file is read in one piece once it is asked for."""
    seen = 0
    end = stream.seek(0, os.SEEK_END) + 1  # Some writers leave out the last byte of an odd number.

    def stop(tag: "BaseTag", _representation: str | None, length: int) -> bool:
        nonlocal seen
        seen += 1
        if seen > _MOST_ELEMENTS:
            raise _too_many(path, mark("elements"))
        if int(tag) >> 16 >= _PIXEL_GROUP:
            return True
        if length != _UNDEFINED and stream.tell() + length > end:
            raise ValueError("an element is longer than the file")
        return False

    return stop


def _too_many(path: Path, what: str) -> RecordingError:
    return RecordingError(
        path, "data set", worded("it has more {what} than any ECG", what=what), "export the ECG alone")


def _inflated(path: Path, meta: "Dataset") -> "Dataset":
    """A deflated data set, never larger than a recording of its size could be."""
    import pydicom

    start = _PREAMBLE + 4 + _LENGTH_ELEMENT + int(meta.FileMetaInformationGroupLength)
    packed = path.read_bytes()[start:]
    room = max(_ALWAYS_INFLATED, _INFLATION * len(packed))
    content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, room + 1)
    if len(content) > room:
        raise ValueError("the data set inflates beyond any recording")
    _check_items(path, BytesIO(content))
    stream = BytesIO(content)
    stop = _stopping(path, stream)
    stream.seek(0)
    dataset = pydicom.filereader.read_dataset(stream, is_implicit_VR=False, is_little_endian=True, stop_when=stop)
    dataset.file_meta = pydicom.dataset.FileMetaDataset(meta)
    return dataset


def _kind(dataset: "Dataset") -> str:
    """The object's SOP class, from the data set, else from the file's own header."""
    meta = getattr(dataset, "file_meta", None)
    return text(dataset, "SOPClassUID") or (text(meta, "MediaStorageSOPClassUID") if meta is not None else "")


def ecg_kind(dataset: "Dataset") -> str:
    """The ECG object's kind in words, "" for one that does not tell."""
    return ECG_CLASSES.get(_kind(dataset), "")


def _check_kind(path: Path, dataset: "Dataset") -> None:
    from pydicom.uid import UID_dictionary

    kind, holds_waveforms = _kind(dataset), "WaveformSequence" in dataset
    if kind in ECG_CLASSES or (not kind and holds_waveforms and text(dataset, "Modality") == "ECG"):
        if not holds_waveforms:
            raise RecordingError(path, "Waveform Sequence", "the object holds no samples, or the file is cut short",
                                 "export it again from the archive")
        return
    name = UID_dictionary[kind][0] if kind in UID_dictionary else "an unknown kind of object"
    if kind == _DIRECTORY:
        raise RecordingError(path, "kind of object", "this is a DICOM directory, a list of other files",
                             "open the files it lists")
    if "EncapsulatedDocument" in dataset:
        raise RecordingError(
            path, "kind of object", worded("this is a printed page ({name}), which holds no samples", name=name),
            "export the ECG from the recorder as a DICOM waveform, or in its own format")
    if holds_waveforms:
        raise RecordingError(
            path, "kind of object", worded("these waveforms are no surface ECG ({name})", name=name),
            "export the 12-lead or general ECG of the study")
    if kind:
        raise RecordingError(
            path, "kind of object", worded("this is {name}, which holds no samples of an ECG", name=name),
            "export the ECG from the recorder as a DICOM waveform, or in its own format")
    raise RecordingError(path, "file", "this is no DICOM file, or a damaged one", "export it again from the archive")
