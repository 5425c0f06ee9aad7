"""The worklist's order in the window: an array of row numbers, and the rows of the few pages that are looked at.

The library lane sorts and searches; a newer question makes the older one's answer void, and nobody's typing waits.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from peace_desktop.jobs.operation import Operation
from peace_desktop.jobs.worklist import PAGE_ROWS, Listed, Rows, list_recordings, page_rows
from peace_desktop.library.records import RecordingRow
from peace_desktop.library.thumbnails import Thumbnail
from peace_desktop.library.worklist import Worklist
from peace_desktop.library.worklist_filter import Order, WorklistFilter
from peace_desktop.library.worklist_query import Numbers
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.services import Services

_KEPT_PAGES = 24
_ASKED_PAGES = 4
"""Whoever scrolls on no longer wants the pages passed by."""


@dataclass(frozen=True)
class _Sought:
    """The recording that is to be shown once its row is there: so many steps from the shown one, or a row by its number
    (the list may be put in another order meanwhile). then: called with its hash."""

    steps: int
    number: int | None
    then: Callable[[str], None]


class Listing(QObject):
    """numbers: of the listed rows in order. total: of all recordings. shown: the hash of the one on the screen."""

    listed = Signal()
    """The order or the rows were read anew."""
    told = Signal(int, int)
    """The rows of these places, first and last, are there."""
    followed = Signal()
    """The shown recording's row is there."""
    failed = Signal(str, object)

    def __init__(self, services: Services, bridge: Bridge, *, reader: Callable[[], str],
                 parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._reader = reader
        self.chosen, self.order = WorklistFilter(), Order()
        self.numbers: Numbers = np.zeros(0, np.int64)
        self.total = 0
        self.shown = ""
        self.looked_at = 0
        self._shown_row: RecordingRow | None = None
        self._pages: OrderedDict[int, Rows] = OrderedDict()
        self._asked: list[int] = []
        self._sought: _Sought | None = None
        self._reading: Operation[Any] | None = None
        self._fetching: Operation[Any] | None = None
        self._drawing: Operation[Any] | None = None
        self._cannot_be_drawn: set[str] = set()

    # What is listed

    def choose(self, chosen: WorklistFilter) -> None:
        """List what this filter asks for."""
        if chosen != self.chosen:
            self.chosen, self.looked_at, self._sought = chosen, 0, None
            self.read()

    def sort(self, order: Order) -> None:
        if order != self.order:
            self.order, self._sought = order, None
            self.read()

    def read(self) -> None:
        """Ask the library anew; the answer to an earlier question does not count any more."""
        if self._reading is not None:
            self._reading.cancel()
        asked = self._reading = self._services.lanes.library.submit(
            list_recordings, self._services.library, self.chosen, self.order, reader=self._reader(), shown=self.shown,
            looked_at=self.looked_at)
        shown = self.shown

        def listed(answer: Listed) -> None:
            self.numbers, self.total = answer.numbers, answer.total
            self._pages = OrderedDict(answer.pages)
            if self.shown == shown:
                self._shown_row = answer.shown
            self._asked.clear()
            self._fetching = None
            self.listed.emit()
            self._seek()

        self._bridge.watch(asked, done=listed, wanted=lambda: self._reading is asked, failed=lambda error:
                           self.failed.emit(_("The worklist could not be read."), error))

    def __len__(self) -> int:
        return len(self.numbers)

    def row(self, place: int) -> RecordingRow | None:
        """The row at a place; None while it is fetched, which is told."""
        page, within = divmod(place, PAGE_ROWS)
        rows = self._pages.get(page)
        if rows is None:
            self._ask(page)
            return None
        self._pages.move_to_end(page)
        return rows[within] if within < len(rows) else None

    # The recording on the screen

    def follow(self, sha256: str) -> None:
        """Another recording is shown: its row and its neighbours' are fetched where they are not there."""
        if sha256 == self.shown and self._shown_row is not None:
            return
        self.shown, self._sought = sha256, None
        self._shown_row = next((row for rows in self._pages.values() for row in rows if row.sha256 == sha256), None)
        if self._shown_row is not None or not sha256:
            self._look_around()
            return
        asked = self._services.lanes.library.submit(Worklist(self._services.library).row, sha256,
                                                    reader=self._reader())

        def there(row: RecordingRow | None) -> None:
            self._shown_row = row
            self._look_around()
            self.followed.emit()
            self._seek()

        self._bridge.watch(asked, done=there, wanted=lambda: self.shown == sha256, failed=lambda error:
                           self.failed.emit(_("The worklist could not be read."), error))

    @property
    def shown_row(self) -> RecordingRow | None:
        """The row of the shown recording, listed or filtered away; None while it is fetched."""
        return self._shown_row

    @property
    def place(self) -> int:
        """Where the shown recording stands in the list, -1 where it is not listed."""
        if self._shown_row is None:
            return -1
        found = np.flatnonzero(self.numbers == self._shown_row.number)
        return int(found[0]) if len(found) else -1

    def neighbour(self, step: int) -> str:
        """The recording `step` rows from the shown one, "" at the ends or while its row is not there."""
        place = self.place
        wanted = place + step if place >= 0 else 0
        row = self.row(wanted) if 0 <= wanted < len(self) else None
        return row.sha256 if row is not None else ""

    def with_titles(self, then: Callable[[Mapping[str, str]], None]) -> None:
        """Call `then` with all that is listed, recording -> title, in order."""
        self._bridge.watch(
            self._services.lanes.library.submit(Worklist(self._services.library).titles, self.numbers), done=then,
            failed=lambda error: self.failed.emit(_("The worklist could not be read."), error))

    def go(self, step: int, then: Callable[[str], None]) -> None:
        """Call `then` with the recording `step` rows on, or at the end of the list, once its row is there; with the
        first where the shown one is not listed. Steps that are asked for while one is awaited add up.
        """
        before = self._sought.steps if self._sought is not None and self._sought.number is None else 0
        self._sought = _Sought(before + step, None, then)
        self._seek()

    def show(self, place: int, then: Callable[[str], None]) -> None:
        """Call `then` with the recording at a place of the list, once its row is there."""
        self._sought = _Sought(0, int(self.numbers[place]), then)
        self._seek()

    def _seek(self) -> None:
        sought = self._sought
        if sought is None or sought.number is None and self.shown and self._shown_row is None:
            return
        wanted = self._place_of(sought)
        row = self.row(wanted) if wanted >= 0 else None
        if wanted >= 0 and row is None:
            return
        self._sought = None
        if row is not None and (row.sha256 != self.shown or sought.number is not None):
            sought.then(row.sha256)

    def _place_of(self, sought: _Sought) -> int:
        """-1 where it is not listed."""
        if sought.number is not None:
            found = np.flatnonzero(self.numbers == sought.number)
            return int(found[0]) if len(found) else -1
        place = self.place
        return min(max(place + sought.steps, 0) if place >= 0 else 0, len(self) - 1)

    def _look_around(self) -> None:
        place = self.place
        for near in (place - 1, place + 1):
            if place >= 0 and 0 <= near < len(self):
                self.row(near)

    # Pages and thumbnails, one question at a time

    def _ask(self, page: int) -> None:
        if page in self._asked:
            self._asked.remove(page)
        self._asked = [*self._asked, page][-_ASKED_PAGES:]
        self._fetch()

    def _fetch(self) -> None:
        if self._fetching is not None or not self._asked:
            return
        page = self._asked[-1]
        asked = self._fetching = self._services.lanes.library.submit(
            page_rows, self._services.library, self.numbers, page, reader=self._reader())

        def there(rows: Rows) -> None:
            self._fetching = None
            self._asked = [other for other in self._asked if other != page]
            self._pages[page] = rows
            while len(self._pages) > _KEPT_PAGES:
                self._pages.popitem(last=False)
            self.told.emit(page * PAGE_ROWS, page * PAGE_ROWS + len(rows) - 1)
            self._seek()
            self._fetch()

        def failed(error: BaseException) -> None:
            self._fetching, self._sought = None, None
            self._asked.clear()
            self.failed.emit(_("The worklist could not be read."), error)

        self._bridge.watch(asked, done=there, failed=failed, wanted=lambda: self._fetching is asked)

    def draw(self, first: int, last: int) -> None:
        """Make the thumbnail of the first of these rows that lacks one, unless one is being made; the row is told."""
        if self._drawing is not None:
            return
        rows = (self.row(place) for place in range(first, last + 1))
        row = next((row for row in rows if row is not None and row.thumbnail is None
                    and row.sha256 not in self._cannot_be_drawn), None)
        if row is None:
            return
        sha256 = row.sha256
        asked = self._drawing = self._services.lanes.library.submit(
            Worklist(self._services.library).thumbnail, sha256)

        def drawn(thumbnail: Thumbnail) -> None:
            self._drawing = None
            self._put(sha256, thumbnail)

        def failed(_error: BaseException) -> None:
            self._drawing = None
            self._cannot_be_drawn.add(sha256)
            self._put(sha256, None)

        self._bridge.watch(asked, done=drawn, failed=failed)

    def _put(self, sha256: str, thumbnail: Thumbnail | None) -> None:
        """Telling of the row makes the others in sight ask for theirs."""
        for page, rows in self._pages.items():
            self._pages[page] = tuple(replace(row, thumbnail=thumbnail) if row.sha256 == sha256 else row
                                      for row in rows)
        self.told.emit(0, len(self) - 1)
