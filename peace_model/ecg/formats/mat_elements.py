"""The elements of a MATLAB 5 file, judged before they are decoded: kinds, dimensions and lengths that must agree.

MathWorks, MAT-File Format (level 5). Compressed elements are unpacked under a cap; what scipy then decodes is a plain
file in which every array is as long as it says. Objects, functions and sparse or complex arrays are no recordings.
"""

import math
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from peace_model.ecg.recording import RecordingError
from peace_model.words import mark, worded

HEADER_BYTES = 128
MAX_UNPACKED_BYTES = 120_000_000
_MAX_ELEMENTS = 5000
_MAX_DEPTH = 5
_MATRIX, _COMPRESSED = 14, 15
_BYTES_OF_TYPE = {1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 4, 9: 8, 12: 8, 13: 8}
_TEXT_TYPES = frozenset({1, 2, 3, 4, 16, 17, 18})
_CELL, _STRUCT, _CHAR = 1, 2, 4
_REFUSED = {3: mark("an object"), 5: mark("a sparse array"), 16: mark("a function"), 17: mark("an object")}
_COMPLEX_FLAG = 0x0800
_REMEDY = mark("save the samples again as a plain numeric matrix (save with -v7)")


def unpacked(path: Path, raw: bytes) -> bytes:
    """The same file with nothing compressed and everything judged. Raises RecordingError."""
    order = {b"IM": "<", b"MI": ">"}.get(raw[126:128])
    if order is None or len(raw) <= HEADER_BYTES:
        raise RecordingError(path, "header", mark("the file ends inside its header") if len(raw) <= HEADER_BYTES
                             else mark("the byte order is not given"), _REMEDY)
    judge = _Judge(path, order)
    parts = [raw[:HEADER_BYTES]]
    total, at = 0, HEADER_BYTES
    while at < len(raw):
        kind, start, end = judge.tag(raw, at, len(raw))
        element = _inflated(path, raw[start:end], MAX_UNPACKED_BYTES - total) if kind == _COMPRESSED else raw[at:end]
        total += len(element)
        if total > MAX_UNPACKED_BYTES:
            raise _too_large(path)
        judge.top(element)
        parts.append(element + b"\0" * (-len(element) % 8))
        at = end if kind == _COMPRESSED else end + -(end - at) % 8
    return b"".join(parts)


def _inflated(path: Path, packed: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        element = unpacker.decompress(packed, most + 1)
    except zlib.error as error:
        raise RecordingError(path, "compressed data", "they cannot be unpacked", "copy the file again") from error
    if len(element) > most:
        raise _too_large(path)
    if not unpacker.eof:
        raise RecordingError(path, "compressed data", "they end too early", "copy the file again")
    return element


def _too_large(path: Path) -> RecordingError:
    return RecordingError(
        path, "file", worded("it unpacks to more than {mb} MB", mb=f"{MAX_UNPACKED_BYTES / 1e6:.0f}"),
        "cut out the part to be reviewed")


@dataclass
class _Judge:
    """Walks through elements without decoding them."""

    path: Path
    order: str
    seen: int = 0

    def top(self, element: bytes) -> None:
        kind, start, end = self.tag(element, 0, len(element))
        if kind != _MATRIX:
            raise self.damaged(mark("an element is no array"))
        self.matrix(element, start, end, depth=0)

    def tag(self, raw: bytes, at: int, limit: int) -> tuple[int, int, int]:
        """An element's type and where its data begin and end."""
        if at + 8 > limit:
            raise self.damaged(mark("it ends inside an element"))
        kind, n_bytes = struct.unpack_from(self.order + "II", raw, at)
        start = at + 8
        if kind >> 16:
            kind, n_bytes, start = kind & 0xFFFF, kind >> 16, at + 4
            if n_bytes > 4:
                raise self.damaged(mark("a small element is too long"))
        if start + n_bytes > limit:
            raise self.damaged(mark("it ends inside an element"))
        return kind, start, start + n_bytes

    def matrix(self, raw: bytes, at: int, end: int, *, depth: int) -> None:
        """One array; an empty element is an empty array."""
        self.seen += 1
        if self.seen > _MAX_ELEMENTS or depth > _MAX_DEPTH:
            raise RecordingError(self.path, "contents", "it holds too many nested arrays to be a recording", _REMEDY)
        if at == end:
            return
        flags, at = self._data(raw, at, end, (6,))
        shape, at = self._data(raw, at, end, (5,))
        _name, at = self._data(raw, at, end, (1, 2, 16))
        if len(flags) != 8 or len(shape) < 8 or len(shape) % 4 or len(shape) > 32:
            raise self.damaged(mark("an array's dimensions cannot be read"))
        dimensions = struct.unpack(f"{self.order}{len(shape) // 4}i", shape)
        flag = struct.unpack_from(self.order + "I", flags)[0]
        kind = flag & 0xFF
        if kind in _REFUSED:
            raise RecordingError(self.path, "contents", worded("it holds {refused}", refused=_REFUSED[kind]), _REMEDY)
        if min(dimensions) < 0:
            raise self.damaged(mark("an array's dimensions cannot be read"))
        n_cells = math.prod(dimensions)
        if kind == _CELL:
            self._cells(raw, at, end, n_cells, depth)
        elif kind == _STRUCT:
            width, at = self._data(raw, at, end, (5,))
            fields, at = self._data(raw, at, end, (1, 2))
            if len(width) != 4 or not 0 < struct.unpack(self.order + "i", width)[0] <= 64:
                raise self.damaged(mark("a structure's fields cannot be read"))
            self._cells(raw, at, end, n_cells * (len(fields) // struct.unpack(self.order + "i", width)[0]), depth)
        elif kind == _CHAR:
            text, _at = self._data(raw, at, end, _TEXT_TYPES)
            if not n_cells <= len(text) <= 4 * n_cells:
                raise self.damaged(mark("a text is not as long as it says"))
        elif 6 <= kind <= 15:
            self._numbers(raw, at, end, n_cells, is_complex=bool(flag & _COMPLEX_FLAG))
        else:
            raise self.damaged(mark("an array is of no known kind"))

    def _numbers(self, raw: bytes, at: int, end: int, n_cells: int, *, is_complex: bool) -> None:
        if is_complex:
            raise RecordingError(self.path, "contents", "it holds complex numbers", _REMEDY)
        kind, start, stop = self.tag(raw, at, end)
        if stop - start != n_cells * _BYTES_OF_TYPE.get(kind, -1):
            raise self.damaged(mark("an array is not as long as its dimensions say"))

    def _cells(self, raw: bytes, at: int, end: int, n_cells: int, depth: int) -> None:
        if n_cells > (end - at) // 8:
            raise self.damaged(mark("it ends inside an element"))
        for _cell in range(n_cells):
            kind, start, stop = self.tag(raw, at, end)
            if kind != _MATRIX:
                raise self.damaged(mark("an element is no array"))
            self.matrix(raw, start, stop, depth=depth + 1)
            at = stop + -(stop - start) % 8

    def _data(self, raw: bytes, at: int, end: int, kinds: tuple[int, ...] | frozenset[int]) -> tuple[bytes, int]:
        """The data of an element of one of these kinds, and where the next one begins."""
        kind, start, stop = self.tag(raw, at, end)
        if kind not in kinds:
            raise self.damaged(mark("an array's description cannot be read"))
        return raw[start:stop], at + 8 if start == at + 4 else stop + -(stop - start) % 8

    def damaged(self, problem: str) -> RecordingError:
        return RecordingError(
            self.path, "contents", worded("the file is damaged: {problem}", problem=problem),
            "copy or save the file again")
