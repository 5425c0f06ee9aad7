"""Progress comes to the window as its newest step, however many a lane tells of while the window is busy."""

from typing import Any

from peace_desktop.ui.bridge import Bridge


def test_steps_that_the_window_had_no_time_for_are_overtaken(qtbot: Any) -> None:
    bridge = Bridge()
    told: list[tuple[int, int, str]] = []
    tell = bridge.listener(lambda *step: told.append(step))
    for done in range(5000):
        tell(done, 5000, f"{done}.hea")
    assert told == []
    qtbot.waitUntil(lambda: bool(told))
    assert told == [(4999, 5000, "4999.hea")]
    tell(5000, 5000, "")
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[-1] == (5000, 5000, "")


def test_two_listeners_do_not_overtake_each_other(qtbot: Any) -> None:
    bridge = Bridge()
    first: list[int] = []
    second: list[int] = []
    bridge.listener(lambda done, _total, _text: first.append(done))(1, 2, "")
    bridge.listener(lambda done, _total, _text: second.append(done))(2, 2, "")
    qtbot.waitUntil(lambda: bool(first and second))
    assert (first, second) == ([1], [2])
