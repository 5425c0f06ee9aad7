"""How the ECG is drawn: the handlers of the display actions, and the filter computed off the window's thread."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from peace_desktop.jobs.lanes import Lanes
from peace_desktop.jobs.operation import Operation
from peace_desktop.report.arrangement import LayoutKind
from peace_desktop.settings import Settings, changed
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.display import next_choice
from peace_desktop.ui.time_dialog import ask_time
from peace_desktop.ui.trace.calibration_dialog import calibrate
from peace_desktop.ui.trace.pyramid import Pyramid, build_pyramid
from peace_desktop.ui.trace.trace_view import TraceView
from peace_model.ecg.recording import Recording
from peace_model.ecg.signal.filters import FilterSetting, display_filter_part


class DisplayCommands(QObject):
    """Changes the settings through `take`; the window shows them."""

    def __init__(self, trace: TraceView, lanes: Lanes, bridge: Bridge, *, window: QWidget,
                 settings: Callable[[], Settings], take: Callable[[Settings], None],
                 failed: Callable[[str, BaseException], None]) -> None:
        super().__init__(window)
        self._trace = trace
        self._lanes = lanes
        self._bridge = bridge
        self._window = window
        self._settings = settings
        self._take = take
        self._failed = failed
        self._before: QWidget | None = None
        self._in_hand: set[str] = set()
        self._layout_before = Settings().layout
        self._pyramid: Operation[Pyramid] | None = None
        trace.filterRequested.connect(self._filter)
        trace.mapOffRequested.connect(self.map_off)
        trace.overviewRequested.connect(self._overview)

    def step(self, key: str) -> None:
        """The next choice of a setting."""
        recording = self._trace.recording
        self._take(next_choice(self._settings(), key, recording.leads if recording is not None else ()))

    def toggle_half_standard(self) -> None:
        settings = self._settings()
        self._take(changed(settings, "half_standard", not settings.half_standard))

    def overlay(self, *, on: bool) -> None:
        """Lay the leads over each other, or back to the layout before; the one of a fresh installation where none was.
        """
        settings = self._settings()
        if on and settings.layout != LayoutKind.OVERLAY.value:
            self._layout_before = settings.layout
        self._take(changed(settings, "layout", LayoutKind.OVERLAY.value if on else self._layout_before))

    def calipers(self, *, on: bool) -> None:
        """The calipers take the keyboard while they are on."""
        self._trace.set_calipers(on)
        self._lend_keys("calipers", on=on)

    def magnifier(self, *, on: bool) -> None:
        """The magnifier takes the keyboard as the calipers do."""
        self._lend_keys("magnifier", on=on)
        self._trace.magnifier.switch(on=on)

    def _lend_keys(self, tool: str, *, on: bool) -> None:
        """The keyboard goes to the paper, and back to where it was when the last of the tools is put away."""
        if on:
            self._in_hand.add(tool)
            if not self._trace.paper.hasFocus():
                self._before = QApplication.focusWidget()
            self._trace.paper.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self._in_hand.discard(tool)
        if not self._in_hand and self._trace.paper.hasFocus() and self._before is not None and isValid(self._before):
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def pages(self, count: int) -> None:
        """On by pages, back where count is below 0."""
        self._trace.set_start(self._trace.start_s + count * self._trace.page_s)

    def seconds(self, count: float) -> None:
        """On by seconds, back where count is below 0."""
        self._trace.set_start(self._trace.start_s + count)

    def to_start(self) -> None:
        self._trace.set_start(0.0)

    def to_end(self) -> None:
        if self._trace.recording is not None:
            self._trace.set_start(self._trace.recording.duration_s)

    def to_time(self) -> None:
        """Ask for a time and begin the page there."""
        recording = self._trace.recording
        if recording is not None:
            at_s = ask_time(self._trace.start_s, recording.duration_s, self._window)
            if at_s is not None:
                self._trace.set_start(at_s)

    def map_off(self) -> None:
        self._take(changed(self._settings(), "map_method", "off"))

    def calibrate(self) -> None:
        """Measure the screen with a ruler; remembered."""
        scale = calibrate(self._trace.screen_scale(), self._window)
        if scale is not None:
            settings = changed(self._settings(), "pixels_per_mm_x", scale.x)
            self._take(changed(settings, "pixels_per_mm_y", scale.y))

    def _filter(self, recording: Recording, setting: FilterSetting, span: slice) -> None:
        operation = self._lanes.work.submit(display_filter_part, recording.signal_mv, recording.fs_hz, setting=setting,
                                            span=span)

        def done(signal_mv: NDArray[np.float32]) -> None:
            self._trace.set_filtered(recording, setting, signal_mv, span)

        self._bridge.watch(operation, done=done, failed=lambda error: self._failed(
            _("The filter could not be applied; the traces are unfiltered."), error))

    def _overview(self, recording: Recording, lead: str) -> None:
        """Behind the analysis, which is asked for in the same moment; the one of the recording before is given up."""
        if self._pyramid is not None:
            self._pyramid.cancel()
        QTimer.singleShot(0, self, lambda: self._draw_overview(recording, lead))

    def _draw_overview(self, recording: Recording, lead: str) -> None:
        self._pyramid = self._lanes.work.submit(
            build_pyramid, recording.lead(lead), progress=lambda _done, _total, _text: None)
        self._bridge.watch(
            self._pyramid, done=lambda pyramid: self._trace.set_overview(recording, pyramid),
            failed=lambda error: self._failed(_("The overview could not be drawn."), error),
            wanted=lambda: self._trace.recording is recording)
