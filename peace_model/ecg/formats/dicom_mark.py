"""Whether bytes are a DICOM file's: the mark after the preamble, or elements in order where old writers left it out."""

import struct

_MARK = slice(128, 132)
_FIRST_GROUPS = (0x0002, 0x0008)
_REPRESENTATIONS = frozenset(
    b"AE AS AT CS DA DS DT FL FD IS LO LT OB OD OF OW PN SH SL SQ SS ST TM UI UL UN US UT".split())
_LONG = frozenset(b"OB OD OF OW SQ UN UT".split())
_ENOUGH = 3
_LONGEST = 1024
"""Of an element among a data set's first ones."""


def is_dicom(head: bytes) -> bool:
    """By a file's first bytes."""
    return head[_MARK] == b"DICM" or any(_elements(head, order) >= _ENOUGH for order in "<>")


def _elements(head: bytes, order: str) -> int:
    """How many elements stand one after the other, in rising order, at the beginning."""
    place, last, found = 0, (0, 0), 0
    while found < _ENOUGH and len(head) >= place + 12:
        group, element = struct.unpack_from(f"{order}HH", head, place)
        if (found == 0 and group not in _FIRST_GROUPS) or (group, element) <= last:
            break
        if head[place + 4:place + 6] in _LONG:
            start, length = place + 12, struct.unpack_from(f"{order}I", head, place + 8)[0]
        elif head[place + 4:place + 6] in _REPRESENTATIONS:
            start, length = place + 8, struct.unpack_from(f"{order}H", head, place + 6)[0]
        else:
            start, length = place + 8, struct.unpack_from(f"{order}I", head, place + 4)[0]
        if length > _LONGEST:
            break
        place, last, found = start + length, (group, element), found + 1
    return found
