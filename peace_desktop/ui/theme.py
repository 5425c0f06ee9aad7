"""The look: Fusion, one accent colour, light or dark as the system or the reader wants, text of 11 pt and more."""

import json
from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from peace_model.resources import resource

BASE_POINT_SIZE = 11.0

_CHOSEN = "peace_theme"
_SCHEMES = {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}

_STYLE = """
QToolBar {{ border: 0; border-bottom: 1px solid {border}; spacing: 2px; padding: 3px 6px; }}
QToolButton {{ padding: 4px 6px; border: 1px solid transparent; border-radius: 4px; }}
QToolButton#qt_toolbar_ext_button {{ padding: 0; }}
QToolButton:hover {{ background: {accent_soft}; }}
QToolButton:checked {{ background: {accent_soft}; border-color: {accent}; }}
QToolButton:focus, QPushButton:focus, QRadioButton:focus, QCheckBox:focus {{ border: 2px solid {accent}; }}
QToolButton:focus {{ padding: 3px 5px; }}
QPushButton:focus {{ padding: 3px 9px; }}
QPushButton[kind="small"]:focus {{ padding: 0 3px; }}
QPushButton {{ background: {button}; border: 1px solid {border}; border-radius: 4px; padding: 4px 10px; }}
QPushButton:hover {{ background: {accent_soft}; }}
QPushButton:checked {{ background: {accent}; color: {on_accent}; border-color: {accent}; }}
QPushButton:disabled {{ color: {muted}; border-style: dashed; background: transparent; }}
QPushButton:checked:disabled {{
  background: {accent_soft}; color: {text}; border: 1px solid {accent}; font-weight: 600; }}
QPushButton[main="true"]:enabled {{
  background: {accent}; color: {on_accent}; border-color: {accent}; font-weight: 600; }}
QLineEdit, QPlainTextEdit, QComboBox, QDateEdit, QSpinBox, QDoubleSpinBox {{
  background: {base}; border: 1px solid {border}; border-radius: 4px; padding: 3px 6px; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QListView:focus, QTableView#worklist:focus, QTableView#worklist_table:focus, QScrollArea:focus,
QTextBrowser:focus {{ border: 2px solid {accent}; }}
QListView, QTableView#worklist, QTableView#worklist_table, QTextBrowser {{
  background: {base}; border: 1px solid {border}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QStatusBar {{ border-top: 1px solid {border}; }}
QStatusBar::item {{ border: 0; }}
QToolTip {{ background: {base}; color: {text}; border: 1px solid {border}; padding: 4px; }}
*[muted="true"] {{ color: {muted}; }}
QFrame[kind="notice"] {{ background: {notice_back}; border: 1px solid {notice_border}; border-radius: 4px; }}
QFrame[kind="notice"] QLabel {{ color: {notice_text}; }}
QFrame[kind="alarm"] {{ background: {alarm_back}; border: 1px solid {alarm_border}; border-radius: 4px; }}
QFrame[kind="alarm"] QLabel {{ color: {alarm_text}; }}
QFrame[kind="demo"] {{ background: {demo_back}; border: 0; }}
QFrame[kind="demo"] QLabel {{ color: {demo_text}; font-weight: 600; }}
QFrame[kind="card"] {{ background: {base}; border: 1px solid {border}; border-radius: 4px; }}
QFrame[kind="row"] {{ background: transparent; border: 1px solid transparent; border-radius: 4px; }}
QFrame[kind="row"]:hover {{ border-color: {border}; }}
QFrame[kind="row"][selected="true"] {{ background: {accent_soft}; border-color: {accent}; }}
QFrame[kind="row"]:focus {{ border: 2px solid {accent}; }}
QToolButton[kind="heading"], QToolButton[kind="heading"]:checked {{
  font-weight: 600; padding: 2px; text-align: left; background: transparent; border: 1px solid transparent; }}
QToolButton[kind="heading"]:hover {{ background: {accent_soft}; }}
QToolButton[kind="heading"]:focus {{ border: 2px solid {accent}; }}
QToolButton[kind="disclosure"], QToolButton[kind="disclosure"]:checked {{
  padding: 0px 2px; text-align: left; color: {muted}; background: transparent; border: 1px solid transparent; }}
QToolButton[kind="disclosure"]:hover {{ background: {accent_soft}; }}
QToolButton[kind="disclosure"]:focus {{ border: 2px solid {accent}; }}
QPushButton[kind="small"] {{ padding: 1px 4px; }}
QRadioButton, QCheckBox {{ padding: 1px 3px; border: 2px solid transparent; spacing: 6px; }}
QRadioButton::indicator, QCheckBox::indicator {{
  width: 12px; height: 12px; border: 1px solid {muted}; background: {base}; }}
QRadioButton::indicator {{ border-radius: 7px; }}
QRadioButton::indicator:checked {{
  background: qradialgradient(cx:0.5, cy:0.5, radius:0.5, fx:0.5, fy:0.5,
    stop:0 {accent}, stop:0.55 {accent}, stop:0.65 {base}, stop:1 {base}); }}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{
  background: {accent}; border: 1px solid {accent}; image: url("{tick_picture}"); }}
QAbstractItemView::indicator {{ width: 12px; height: 12px; border: 1px solid {muted}; background: {base}; }}
QComboBox::drop-down, QDateEdit::drop-down {{
  subcontrol-origin: border; subcontrol-position: center right; width: 20px; border: 0; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url("{down_picture}"); width: 14px; height: 14px; }}
QAbstractSpinBox {{ padding-right: 20px; }}
QSpinBox::up-button, QDoubleSpinBox::up-button {{
  subcontrol-origin: border; subcontrol-position: top right; width: 20px; height: 13px; border: 0; }}
QSpinBox::down-button, QDoubleSpinBox::down-button {{
  subcontrol-origin: border; subcontrol-position: bottom right; width: 20px; height: 13px; border: 0; }}
QSpinBox::up-button:hover, QDoubleSpinBox::up-button:hover,
QSpinBox::down-button:hover, QDoubleSpinBox::down-button:hover {{ background: {accent_soft}; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ image: url("{up_picture}"); width: 11px; height: 11px; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{ image: url("{down_picture}"); width: 11px; height: 11px; }}
QToolButton[popupMode="1"], QToolButton[popupMode="2"] {{ padding-right: 18px; }}
QToolButton::menu-indicator {{
  image: url("{down_picture}"); width: 14px; height: 14px; subcontrol-position: center right; right: 2px; }}
"""
_PICTURES = ("tick", "down", "up")


@cache
def _colours() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = json.loads(resource("theme", "colours.json").read_text("utf-8"))
    return loaded


def is_dark() -> bool:
    """As the reader chose, else as the system; some systems know no scheme and ignore the choice made there."""
    application = QApplication.instance()
    chosen = application.property(_CHOSEN) if application is not None else None
    if chosen in ("light", "dark"):
        return bool(chosen == "dark")
    return QApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


def colour(role: str) -> QColor:
    """A colour of the running theme by its role in resources/theme/colours.json. Raises KeyError for an unknown one."""
    return QColor(_colours()["dark" if is_dark() else "light"][role])


def palette() -> QPalette:
    """Qt's palette from the theme's colours."""
    made = QPalette()
    roles = QPalette.ColorRole
    for role, name in (
        (roles.Window, "window"), (roles.WindowText, "text"), (roles.Base, "base"), (roles.AlternateBase, "alternate"),
        (roles.Text, "text"), (roles.Button, "button"), (roles.ButtonText, "text"), (roles.ToolTipBase, "base"),
        (roles.ToolTipText, "text"), (roles.PlaceholderText, "muted"), (roles.Highlight, "accent"),
        (roles.HighlightedText, "on_accent"), (roles.Link, "accent"), (roles.LinkVisited, "accent"),
        (roles.Accent, "accent"), (roles.Mid, "border"),
    ):
        made.setColor(role, colour(name))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, colour("muted"))
    return made


def apply_theme(application: QApplication, theme: str) -> None:
    """Set style, colours and font; theme is "system", "light" or "dark"."""
    application.setStyle("Fusion")
    application.setProperty(_CHOSEN, theme)
    QApplication.styleHints().setColorScheme(_SCHEMES[theme])
    refresh(application)


def refresh(application: QApplication) -> None:
    """Colours and style sheet anew, after the system changed between light and dark."""
    font = QFont(application.font())
    font.setPointSizeF(BASE_POINT_SIZE)
    application.setFont(font)
    application.setPalette(palette())
    scheme = "dark" if is_dark() else "light"
    pictures = {f"{name}_picture": resource("theme", f"{name}-{scheme}.svg").as_posix() for name in _PICTURES}
    style = _STYLE.format(**_colours()[scheme], **pictures)
    if application.styleSheet() != style:  # Every widget is looked at anew, also where nothing has changed.
        application.setStyleSheet(style)


def sized(widget: QWidget, points: float, *, bold: bool = False) -> None:
    """Give a widget text of this size, never below the base size."""
    font = QFont(widget.font())
    font.setPointSizeF(max(points, BASE_POINT_SIZE))
    font.setBold(bold)
    widget.setFont(font)


def mark_kind(widget: QWidget, **properties: object) -> None:
    """Set style properties and let the style sheet look at them again where one changed: looking is slow."""
    changed = {name: value for name, value in properties.items() if widget.property(name) != value}
    if not changed:
        return
    for name, value in changed.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
