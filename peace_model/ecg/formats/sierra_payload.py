"""How many samples a Philips waveform payload holds, told without unpacking it.

The decoding package unpacks whatever a payload grows to and cuts off what is too long; a few kilobytes can grow to
gigabytes. Here only the lengths of the strings of the compression (XLI: ten-bit LZW a lead) are followed.
"""

import numpy as np

_CODE_BITS = 10
_LAST_CODE = (1 << _CODE_BITS) - 2
_CHUNK_HEADER_BYTES = 8


def xli_sample_counts(payload: bytes, *, most: int) -> tuple[int, ...] | None:
    """Samples of each compressed lead; None where the chunks do not fill the payload or one holds more than `most`."""
    counts: list[int] = []
    at = 0
    while at < len(payload):
        size = int.from_bytes(payload[at:at + 4], "little", signed=True)
        begin, at = at + _CHUNK_HEADER_BYTES, at + _CHUNK_HEADER_BYTES + size
        if size <= 0 or at > len(payload):
            return None
        n_bytes = _unpacked_bytes(payload[begin:at], most=2 * most)
        if n_bytes is None:
            return None
        counts.append((n_bytes + 1) // 2)
    return tuple(counts)


def _unpacked_bytes(chunk: bytes, *, most: int) -> int | None:
    """The length of a chunk once unpacked; None where it is longer than `most` or its first code means nothing."""
    bits = np.unpackbits(np.frombuffer(chunk, dtype=np.uint8))
    whole = bits[:len(bits) // _CODE_BITS * _CODE_BITS].reshape(-1, _CODE_BITS).astype(np.int32)
    codes = (whole @ (1 << np.arange(_CODE_BITS - 1, -1, -1))).tolist()
    lengths = dict.fromkeys(range(256), 1)
    following, previous, total = 256, 0, 0
    for code in codes:
        if code > _LAST_CODE:
            break
        if code not in lengths:
            if not previous:
                return None
            lengths[code] = previous + 1
        length = lengths[code]
        if previous and following <= _LAST_CODE:
            lengths[following] = previous + 1
            following += 1
        previous = length
        total += length
        if total > most:
            return None
    return total
