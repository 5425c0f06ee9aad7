"""The occlusion map in the window: chosen, awaited in the place kept for it, stopped, kept."""

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from window_cases import SmallPredictor, import_all, open_titled

from peace_desktop.app import Application
from peace_desktop.settings import changed
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.trace import legend as trace_legend
from peace_model.explanation import occlusion
from peace_model.inference.prediction import Explanation


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Occlusion by the small stand-in: two leads, one step a moment, held back while the event is clear."""
    held = threading.Event()

    def slow(_predictor: object, _recording: object, label: str, *,
             progress: Callable[[int, int, str], None]) -> tuple[Explanation, ...]:
        progress(0, 600, label)
        while not held.wait(0.005):
            progress(8, 600, label)
        values = np.linspace(0, 1, 50, dtype=np.float32)
        return tuple(Explanation(label, occlusion.METHOD, values, 0.0, 0.2, lead=lead) for lead in ("II", "V1"))

    monkeypatch.setattr("peace_desktop.jobs.case.occlude", slow)
    return held


@pytest.fixture
def window(running: Application, children: Path, qtbot: object) -> MainWindow:
    shown = running.window
    import_all(qtbot, shown, children)
    open_titled(qtbot, shown, "mother")
    shown.take(changed(shown.settings, "map_method", "occlusion"))
    return shown


def legend_of(window: MainWindow) -> trace_legend.LegendStrip:
    return window.stage.trace.legend


def test_a_chosen_label_gets_its_map_in_the_place_kept_for_it(
        window: MainWindow, hold: threading.Event, qtbot) -> None:
    label = window.services.labels[0].code
    window.select_label(label)
    assert "about to be computed" in legend_of(window).text
    height = legend_of(window).height()
    qtbot.waitUntil(lambda: "8 of 600" in legend_of(window).text)
    assert window.actions_["stop_map"].isEnabled()
    hold.set()
    qtbot.waitUntil(lambda: bool(window.commands.prediction.maps(label, "occlusion")))
    assert "Occlusion" in legend_of(window).text
    assert "hatched = not tested" in legend_of(window).text
    assert legend_of(window).height() == height
    assert not legend_of(window).work_button.isVisible()
    assert not window.actions_["stop_map"].isEnabled()
    window.select_label(window.services.labels[1].code)
    window.select_label(label)
    assert not window.occlusion.running, "a map that is there is not computed again"


def test_escape_stops_it_and_a_button_takes_it_up_again(window: MainWindow, hold: threading.Event, qtbot) -> None:
    label = window.services.labels[0].code
    window.select_label(label)
    qtbot.waitUntil(lambda: "8 of 600" in legend_of(window).text)
    window.actions_["stop_map"].trigger()
    assert "stopped" in legend_of(window).text
    assert not window.messages.isVisibleTo(window), "stopping is no failure"
    hold.set()
    legend_of(window).work_button.click()
    qtbot.waitUntil(lambda: bool(window.commands.prediction.maps(label, "occlusion")))


def test_another_label_or_recording_ends_the_work_on_the_one_before(
        window: MainWindow, hold: threading.Event, predictor: SmallPredictor, qtbot) -> None:
    first, second = (window.services.labels[place].code for place in (0, 1))
    window.select_label(first)
    qtbot.waitUntil(lambda: "8 of 600" in legend_of(window).text)
    window.select_label(second)
    assert "about to be computed" in legend_of(window).text
    open_titled(qtbot, window, "infant")
    assert not window.occlusion.running
    hold.set()
    qtbot.waitUntil(lambda: window.bridge.idle)
    assert not window.commands.prediction.maps(first, "occlusion")
    open_titled(qtbot, window, "mother")
    assert not window.commands.prediction.maps(first, "occlusion")


def test_stepping_over_the_method_computes_nothing(window: MainWindow, hold: threading.Event, qtbot) -> None:
    window.select_label(window.services.labels[0].code)
    window.actions_["map"].trigger()
    assert window.settings.map_method == "off"
    assert not window.occlusion.running
    assert not legend_of(window).work_button.isVisible()


def test_a_failure_is_said_in_its_place_and_the_prediction_stands(
        window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot) -> None:
    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("peace_desktop.jobs.case.occlude", broken)
    window.select_label(window.services.labels[0].code)
    qtbot.waitUntil(lambda: "could not be computed" in legend_of(window).text)
    assert window.commands.prediction is not None
    assert not window.occlusion.running
