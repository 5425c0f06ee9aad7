"""Who reads what in which order: the same on every computer for the same seed, and the same load for every reader."""

import hashlib
from collections.abc import Iterable

from peace_desktop.review.errors import StudyError
from peace_desktop.review.study import Assignment, Protocol
from peace_desktop.texts import _


def _rank(seed: int, *parts: str) -> bytes:
    """A place drawn from the seed: SHA-256, because the order must not hang on a library's random numbers."""
    return hashlib.sha256("\0".join((str(seed), *parts)).encode()).digest()


def assign(protocol: Protocol, recordings: Iterable[str]) -> tuple[Assignment, ...]:
    """Assignments in the order of readers and, within a reader, of reading.

    recordings: SHA-256, in any order. Each goes to `readers_per_recording` readers; the readers' loads differ by one at
    most. Raises StudyError without a recording.
    """
    drawn = sorted(set(recordings), key=lambda sha256: _rank(protocol.order_seed, "recording", sha256))
    if not drawn:
        raise StudyError(_("A study needs at least one recording."))
    lists: dict[str, list[str]] = {reader: [] for reader in protocol.readers}
    for sha256 in drawn:
        free = sorted(protocol.readers,
                      key=lambda reader, sha256=sha256: (len(lists[reader]),  # type: ignore[misc]
                                                         _rank(protocol.order_seed, "reader", reader, sha256)))
        for reader in free[:protocol.readers_per_recording]:
            lists[reader].append(sha256)
    return tuple(
        Assignment(protocol.study_id, sha256, reader, position)
        for reader, mine in lists.items()
        for position, sha256 in enumerate(
            sorted(mine, key=lambda sha256: _rank(protocol.order_seed, "order", reader, sha256)), start=1))
