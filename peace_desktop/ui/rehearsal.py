"""Playing the demo without a person: the self-test, and pictures for machines without a display."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QSplitter

from peace_desktop.ui.export import file_name, head_of, write_report
from peace_desktop.ui.main_window import MainWindow

_PATIENCE_S = 120.0
_DEMO_COUNT = 14
_PICTURE_PX, _COLUMNS_PX = (1700, 1000), (236, 1072, 392)
"""Ten seconds at 25 mm/s beside everything else, whatever screen there is, or none."""
_SETTLING_S = 0.2


class RehearsalError(Exception):
    """A step that did not end as it must."""


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Let the window work until the condition holds. Raises RehearsalError naming what was awaited."""
    until = time.monotonic() + _PATIENCE_S
    while not condition():
        if time.monotonic() > until:
            raise RehearsalError(f"{what}: not within {_PATIENCE_S:.0f} s")
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def _report(window: MainWindow, folder: Path) -> Path:
    printed = window.print_content()
    if printed is None:
        raise RehearsalError("report: nothing is analysed")
    head = window.services.lanes.library.submit(head_of, window.services.library).result()
    return write_report(printed, head, folder / file_name(printed.title))


def _open_every(window: MainWindow, then: Callable[[int], None]) -> int:
    """Open every recording of the demo and wait for its analysis; returns how many there are."""
    wait_for(lambda: window.worklist.model.rowCount() == _DEMO_COUNT, "demo library")
    for place in range(_DEMO_COUNT):
        row = window.listing.row(place)
        if row is None:
            raise RehearsalError(f"recording {place + 1}: not listed")
        window.open_recording(row.sha256)
        wait_for(lambda: window.case.analysis is not None or bool(window.case.problem), "analysis")
        if window.case.analysis is None:
            raise RehearsalError(f"recording {place + 1}: {window.case.problem}")
        then(place)
    return _DEMO_COUNT


def check_everything(window: MainWindow) -> int:
    """Predict, explain and report on the demo, say what ran; 0 when everything did, 1 when not."""
    try:
        wait_for(lambda: window.case.model_status is not None, "model")
        status = window.case.model_status
        if status is None or not status.there:
            raise RehearsalError(f"model: {status.problem if status is not None else 'not loaded'}")
        print(f"ok  model: {status.bundle_name} {status.bundle_version}, {status.bundle_sha256[:12]}, "
              f"on {status.provider}")
        maps: list[int] = []

        def look(place: int) -> None:
            result = window.commands.prediction
            if result is None:
                raise RehearsalError(f"recording {place + 1}: no prediction")
            window.select_label(result.predictions[0].label)
            maps.append(sum(1 for item in result.explanations if len(item.values)))

        count = _open_every(window, look)
        print(f"ok  demo: {count} recordings opened, measured and predicted")
        print(f"ok  explanations: {sum(maps)} maps")
        with tempfile.TemporaryDirectory(prefix="peace-self-test-") as folder:
            written = _report(window, Path(folder))
            print(f"ok  report: {written.stat().st_size / 1000:.0f} kB")
        problems = window.services.lanes.library.submit(window.services.library.verify).result().problems
        if problems:
            raise RehearsalError(f"library: {problems[0]}")
        print("ok  library: verified")
    except RehearsalError as error:
        print(f"failed  {error}")
        return 1
    return 0


def take_pictures(window: MainWindow, folder: Path) -> int:
    """A picture of the window and a report for every recording of the demo; 0 when all were written."""
    folder.mkdir(parents=True, exist_ok=True)
    window.resize(*_PICTURE_PX)
    columns = window.findChild(QSplitter, "columns")
    if columns is not None:
        columns.setSizes(list(_COLUMNS_PX))

    def shoot(place: int) -> None:
        result = window.commands.prediction
        if result is not None:
            window.select_label(max(result.predictions, key=lambda item: item.probability).label)
        settled = time.monotonic() + _SETTLING_S
        wait_for(lambda: window.bridge.idle and time.monotonic() > settled, "layout")
        if not window.grab().save(str(folder / f"window-{place + 1:02d}.png")):
            raise RehearsalError(f"picture {place + 1} could not be written")
        _report(window, folder)

    try:
        wait_for(lambda: window.case.model_status is not None, "model")
        count = _open_every(window, shoot)
    except RehearsalError as error:
        print(f"failed  {error}")
        return 1
    print(f"{count} pictures and reports are in {folder}")
    return 0
