"""What the window needs of the worklist at once: the order, and the rows that are looked at. In the library lane."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from peace_desktop.library.records import RecordingRow
from peace_desktop.library.repository import Library
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.library.worklist import Worklist
from peace_desktop.library.worklist_filter import Order, WorklistFilter
from peace_desktop.library.worklist_query import Numbers

PAGE_ROWS = 64

Rows = tuple[RecordingRow, ...]


@dataclass(frozen=True, eq=False)
class Listed:
    """numbers: of the rows in order. total: of all recordings. pages: place // PAGE_ROWS -> rows, of the first page,
    the one looked at and those around the shown recording. shown: its row, listed or not.
    """

    numbers: Numbers
    total: int
    pages: Mapping[int, Rows]
    shown: RecordingRow | None


@dataclass(frozen=True)
class FilterChoices:
    """What there is to choose from. studies: (id, name)."""

    sources: tuple[str, ...]
    finding_codes: tuple[str, ...]
    studies: tuple[tuple[str, str], ...]


def list_recordings(library: Library, chosen: WorklistFilter, order: Order, *, reader: str, shown: str,
                    looked_at: int) -> Listed:
    """shown: hash of the recording on the screen, "" for none. looked_at: the first place in sight. LibraryError."""
    worklist = Worklist(library)
    numbers = worklist.numbers(chosen, order, reader=reader)
    row = worklist.row(shown, reader=reader) if shown else None
    places = {0, min(looked_at, max(len(numbers) - 1, 0))}
    if row is not None:
        places |= {place + near for place in np.flatnonzero(numbers == row.number).tolist() for near in (-1, 0, 1)}
    pages = {place // PAGE_ROWS for place in places if 0 <= place < len(numbers)}
    return Listed(numbers, worklist.count(),
                  {page: page_rows(library, numbers, page, reader=reader) for page in sorted(pages)}, row)


def page_rows(library: Library, numbers: Numbers, page: int, *, reader: str) -> Rows:
    """The rows of one page of the order. Raises LibraryError."""
    return Worklist(library).rows(numbers[page * PAGE_ROWS:(page + 1) * PAGE_ROWS], reader=reader)


@dataclass(frozen=True)
class Kept:
    """What a reader's menu of filters needs: the kept ones by name, and the names of the studies they may ask for."""

    filters: Mapping[str, WorklistFilter]
    studies: Mapping[str, str]


def kept_filters(library: Library, *, reader: str) -> Kept:
    """Raises LibraryError."""
    return Kept(Worklist(library).kept_filters(reader=reader), dict(_studies(library)))


def filter_choices(library: Library) -> FilterChoices:
    """Raises LibraryError."""
    worklist = Worklist(library)
    return FilterChoices(worklist.sources(), worklist.finding_codes(), _studies(library))


def _studies(library: Library) -> tuple[tuple[str, str], ...]:
    return tuple((protocol.study_id, protocol.name) for protocol in StudyRoom(library).protocols())
