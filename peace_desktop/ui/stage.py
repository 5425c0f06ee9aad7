"""The centre: whose ECG it is, and the ECG itself. Nothing ever lies over the traces."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from peace_desktop.settings import Settings
from peace_desktop.texts import _
from peace_desktop.ui.actions import Actions
from peace_desktop.ui.display import filter_setting, layout_kind
from peace_desktop.ui.panel import framed, text_label
from peace_desktop.ui.shortened import Shortened
from peace_desktop.ui.theme import mark_kind, sized
from peace_desktop.ui.trace.legend import Legend
from peace_desktop.ui.trace.trace_view import TraceView
from peace_desktop.ui.welcome import Welcome
from peace_model.ecg.recording import Recording
from peace_model.inference.prediction import Explanation

_LEAST_PX, _TITLE_PX, _DETAILS_PX = 80, 125, 160
"""In a narrow window a long title gives way first, then the age, which stands on its card as well."""
"""A long title must not keep the window from fitting a small screen."""


class Stage(QWidget):
    """Shows the welcome page, a waiting or failed recording, or the traces."""

    own_wanted = Signal()

    def __init__(self, actions: Actions, *, is_demo: bool, leads_on: bool = False,
                 parent: QWidget | None = None) -> None:
        """leads_on: the demo has a button that emits own_wanted."""
        super().__init__(parent)
        self.trace = TraceView()
        self._mark = framed("demo", name="demo_mark")
        mark_row = QHBoxLayout(self._mark)
        mark_row.setContentsMargins(10, 3, 10, 3)
        mark_text = text_label(_("DEMO \N{MIDDLE DOT} SIMULATED: no patients, nothing here is kept"))
        mark_text.setMinimumWidth(_LEAST_PX)
        mark_text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        mark_row.addWidget(mark_text, 1)
        own = QPushButton(_("Go on to my own library"))
        own.setObjectName("own_library")
        own.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        own.setVisible(leads_on)
        own.clicked.connect(self.own_wanted)
        mark_row.addWidget(own)
        self._mark.setVisible(is_demo)
        self._title = Shortened(name="stage_title", least_px=_TITLE_PX)
        sized(self._title, 13, bold=True)
        self._details = Shortened(name="stage_details", least_px=_DETAILS_PX)
        mark_kind(self._details, muted=True)
        head = QHBoxLayout()
        head.setContentsMargins(8, 4, 8, 2)
        head.setSpacing(14)
        head.addWidget(self._title)
        head.addWidget(self._details, 1)
        self._welcome = Welcome(actions)
        self._pages = QStackedWidget()
        scroll = QScrollArea()
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._welcome)
        self._welcome_page = scroll
        for page in (self.trace, scroll):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._mark)
        layout.addLayout(head)
        layout.addWidget(self._pages, 1)
        self._recording: Recording | None = None
        self._map: tuple[tuple[Explanation, ...], float, Legend | None] | None = None
        self._drawn: Settings | None = None
        self.show_welcome()

    @property
    def recording(self) -> Recording | None:
        """What is drawn now, None while nothing is."""
        return self._recording

    @property
    def shows_welcome(self) -> bool:
        return self._pages.currentWidget() is self._welcome_page

    def show_welcome(self) -> None:
        self._head("", "")
        self._recording = None
        self.trace.show_recording(None)
        self._pages.setCurrentWidget(self._welcome_page)

    def show_loading(self, *, title: str, details: str) -> None:
        """A recording that is on its way; nothing of the one before stays."""
        self._head(title, details)
        self._recording = None
        self.trace.show_loading(title)
        self._pages.setCurrentWidget(self.trace)

    def show_failed(self, words: str, *, title: str, details: str) -> None:
        """A recording that could not be opened, and why."""
        self._head(title, details)
        self._recording = None
        self.trace.show_failed(words)
        self._pages.setCurrentWidget(self.trace)

    def show_recording(self, recording: Recording, *, title: str, details: str) -> None:
        self._head(title, details)
        if recording is not self._recording:
            self._recording = recording
            self._map = None
            self.trace.show_recording(recording)
        self._pages.setCurrentWidget(self.trace)

    def show_map(self, maps: tuple[Explanation, ...], *, opacity: float, legend: Legend | None) -> None:
        """Lay a map behind the traces, or take it away; a legend without a map keeps the place of one to come."""
        wanted = (maps, opacity, legend)
        if wanted != self._map:
            self._map = wanted
            self.trace.set_maps(maps, opacity, legend=legend)

    def show_settings(self, settings: Settings) -> None:
        """Tell the trace only what changed: each change draws the paper anew."""
        before, self._drawn = self._drawn, settings
        if before is None or before.layout != settings.layout:
            self.trace.set_layout(layout_kind(settings))
        if before is None or before.speed_mm_per_s != settings.speed_mm_per_s:
            self.trace.set_speed(settings.speed_mm_per_s)
        if before is None or (before.gain_mm_per_mv, before.half_standard) != (
                settings.gain_mm_per_mv, settings.half_standard):
            self.trace.set_gain(settings.gain_mm_per_mv, precordial_half=settings.half_standard)
        if before is None or before.filter != settings.filter:
            self.trace.set_filter(filter_setting(settings))
        screen = (settings.pixels_per_mm_x, settings.pixels_per_mm_y)
        if before is None or (before.pixels_per_mm_x, before.pixels_per_mm_y) != screen:
            self.trace.set_screen_mm(*screen)

    def _head(self, title: str, details: str) -> None:
        self._title.show_words(title)
        self._details.show_words(details)
