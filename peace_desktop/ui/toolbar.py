"""The toolbar: open and report, how the ECG is drawn, and the map; choices come from the table of settings."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QLabel, QListView, QSlider, QToolBar, QToolButton, QWidget

from peace_desktop.report.arrangement import fitting
from peace_desktop.settings import Settings, Value, changed, setting
from peace_desktop.texts import _
from peace_desktop.ui.action_table import action
from peace_desktop.ui.actions import Actions, keys_text
from peace_desktop.ui.display import layout_kind, may_choose
from peace_desktop.ui.theme import mark_kind

_COMBOS = {"layout": "layout", "speed_mm_per_s": "speed", "gain_mm_per_mv": "gain", "filter": "filter",
           "map_method": "map"}
"""Setting -> the action that steps through its choices."""


class Toolbar(QToolBar):
    """Emits the settings when a choice changes. reader: a label with who is reading, placed by the window."""

    chosen = Signal(object)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(_("Tools"), parent)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._settings = Settings()
        self._leads: tuple[str, ...] = ()
        self._combos: dict[str, QComboBox] = {}
        self._worded: list[QToolButton] = []
        self._whole_px = 0
        for action_id in ("open_files", "open_demo", "export_pdf"):
            self._button(actions, action_id, words=True)
        self.addSeparator()
        for key in ("layout", "speed_mm_per_s", "gain_mm_per_mv"):
            self._combo(key)
        self._button(actions, "half_standard", words=False)
        self._combo("filter")
        self._button(actions, "calipers", words=False)
        self.addSeparator()
        self._combo("map_method")
        self._opacity = QSlider(Qt.Orientation.Horizontal)
        self._opacity.setObjectName("map_opacity")
        self._opacity.setRange(10, 90)
        self._opacity.setFixedWidth(80)
        self._opacity.setToolTip(_("Strength of the map"))
        self._opacity.setAccessibleName(_("Strength of the map"))
        self._opacity.valueChanged.connect(lambda value: self._take("map_opacity", value / 100))
        self.addWidget(self._opacity)
        self._button(actions, "analyse", words=False)
        self.reader = QLabel()
        self.reader.setObjectName("reader")
        self.reader.setContentsMargins(0, 2, 10, 0)
        mark_kind(self.reader, muted=True)

    def show_settings(self, settings: Settings) -> None:
        self._settings = settings
        for key, combo in self._combos.items():
            with QSignalBlocker(combo):
                combo.setCurrentIndex(combo.findData(getattr(settings, key)))
        self._show_layout()
        with QSignalBlocker(self._opacity):
            self._opacity.setValue(round(settings.map_opacity * 100))
        self._opacity.setEnabled(settings.map_method != "off")
        words = _("Reader: {name}").format(name=settings.reader_name) if settings.reader_name else _(
            "Reader: not named yet")
        if words != self.reader.text():
            self.reader.setText(words)
            if self.reader.parentWidget() is not None:
                # A menu bar measures what stands in its corner only when that comes to be shown.
                self.reader.hide()
                self.reader.show()

    def show_leads(self, leads: tuple[str, ...]) -> None:
        """Offer only the layouts that make sense for the leads shown; () where nothing is."""
        if leads != self._leads:
            self._leads = leads
            combo = self._combos["layout"]
            rows = combo.view()
            assert isinstance(rows, QListView)
            for place in range(combo.count()):
                hidden = not may_choose("layout", combo.itemData(place), leads)
                rows.setRowHidden(place, hidden)
                model = combo.model()
                assert isinstance(model, QStandardItemModel)
                model.item(place).setEnabled(not hidden)
            self._show_layout()

    def _show_layout(self) -> None:
        """The layout that is drawn: another than the chosen one where the leads for that are not there."""
        combo = self._combos["layout"]
        with QSignalBlocker(combo):
            combo.setCurrentIndex(combo.findData(fitting(layout_kind(self._settings), self._leads).value))

    def _button(self, actions: Actions, action_id: str, *, words: bool) -> None:
        button = QToolButton()
        button.setDefaultAction(actions[action_id])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon if words
                                  else Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setAccessibleName(actions[action_id].text())
        if words:
            self._worded.append(button)
        self.addWidget(button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the buttons lose their words, so that every control stays in reach."""
        super().resizeEvent(event)
        style = Qt.ToolButtonStyle
        if self._worded[0].toolButtonStyle() is style.ToolButtonTextBesideIcon:
            self._whole_px = self.sizeHint().width()
        wanted = style.ToolButtonTextBesideIcon if self._whole_px <= self.width() else style.ToolButtonIconOnly
        for button in self._worded:
            if button.toolButtonStyle() is not wanted:
                button.setToolButtonStyle(wanted)

    def _combo(self, key: str) -> None:
        line = setting(key)
        combo = QComboBox()
        combo.setObjectName(f"bar_{key}")
        combo.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for choice, words in line.choices:
            text = _(words)
            if key == "filter":
                text = _("Filter: {words}").format(words=text)
            elif key == "map_method":
                text = _("Map: {words}").format(words=text)
            combo.addItem(text, choice)
        combo.setAccessibleName(_(line.text))
        combo.setToolTip(f"{_(line.text)}. {_(line.tip)} ({keys_text(action(_COMBOS[key]))})")
        combo.activated.connect(lambda _place: self._take(key, combo.currentData()))
        self._combos[key] = combo
        self.addWidget(combo)

    def _take(self, key: str, value: Value) -> None:
        self._settings = changed(self._settings, key, value)
        self.chosen.emit(self._settings)
