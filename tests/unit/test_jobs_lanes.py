"""Lanes: order, progress, cancelling, errors, and an end that loses no write."""

import threading
from collections.abc import Callable

import pytest

from peace_desktop.jobs.lanes import Lane, Lanes
from peace_desktop.jobs.operation import Cancelled


def test_work_is_done_in_order_by_one_thread() -> None:
    lane = Lane("test-lane")
    done: list[tuple[int, str]] = []
    operations = [lane.submit(lambda n: done.append((n, threading.current_thread().name)), n) for n in range(50)]
    for operation in operations:
        operation.result(10)
    lane.close()
    assert done == [(n, "test-lane") for n in range(50)]


def test_an_error_belongs_to_who_asked() -> None:
    lane = Lane("test-lane")

    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        lane.submit(fail).result(10)
    assert lane.submit(lambda: 7).result(10) == 7
    lane.close()


def test_a_running_operation_stops_at_its_next_report() -> None:
    lane = Lane("test-lane")
    began, go_on = threading.Event(), threading.Event()
    told: list[tuple[int, int, str]] = []

    def work(progress: Callable[[int, int, str], None]) -> None:
        progress(0, 2, "first")
        began.set()
        assert go_on.wait(10)
        progress(1, 2, "second")

    operation = lane.submit(work, progress=lambda *what: told.append(what))
    assert began.wait(10)
    operation.cancel()
    go_on.set()
    with pytest.raises(Cancelled):
        operation.result(10)
    assert told == [(0, 2, "first")]
    lane.close()


def test_what_has_not_begun_can_be_taken_back() -> None:
    lane = Lane("test-lane")
    hold = threading.Event()
    lane.submit(hold.wait, 10)
    never: list[int] = []
    operation = lane.submit(never.append, 1)
    assert operation.cancel()
    hold.set()
    lane.close()
    assert never == []


def test_closing_drops_work_and_finishes_the_library() -> None:
    lanes = Lanes()
    hold = threading.Event()
    kept: list[int] = []
    lanes.work.submit(hold.wait, 10)
    dropped = lanes.work.submit(kept.append, -1)
    for n in range(20):
        lanes.library.submit(kept.append, n)
    threading.Timer(0.05, hold.set).start()
    lanes.close()
    assert dropped.cancelled()
    assert kept == list(range(20))
    with pytest.raises(RuntimeError, match="closed"):
        lanes.library.submit(kept.append, 1)
