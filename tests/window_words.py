"""Everything a window says: to the eye, the pointer, a screen reader and the clipboard, hidden parts too."""

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QCoreApplication, QEvent, QModelIndex, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QTreeView, QWidget

_SAYING = ("text", "toPlainText", "currentText", "placeholderText", "title", "words", "headline", "line")


def words_of(*roots: QWidget) -> str:
    """Of these and everything in them."""
    said: list[str] = []
    for widget in (item for root in roots for item in (root, *root.findChildren(QWidget))):
        said += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.statusTip(),
                 widget.whatsThis(), widget.windowTitle()]
        for name in _SAYING:
            value = getattr(widget, name, None)
            said.append(str(value() if callable(value) else value))
        if isinstance(widget, QComboBox):
            said += [f"{widget.itemText(place)} {widget.itemData(place)}" for place in range(widget.count())]
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            said += _model_words(widget.model(), deep=isinstance(widget, QTreeView))
    for root in roots:
        said += [f"{action.text()} {action.toolTip()} {action.statusTip()}" for action in root.findChildren(QAction)]
    return "\n".join(said)


def everything_said() -> str:
    """Of every window of the application, and what the clipboard holds."""
    # What was shown before waits for the event loop to be deleted; a reader never meets it.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return "\n".join((words_of(*QApplication.topLevelWidgets()), QGuiApplication.clipboard().text()))


def _model_words(model: QAbstractItemModel, parent: QModelIndex | None = None, *, deep: bool) -> list[str]:
    said: list[str] = []
    parent = parent if parent is not None else QModelIndex()
    roles = [role.value for role in Qt.ItemDataRole if role.value < int(Qt.ItemDataRole.UserRole) + 1]
    for row in range(model.rowCount(parent)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
            index = model.index(row, column, parent)
            said += [str(model.data(index, role)) for role in (*roles, int(Qt.ItemDataRole.UserRole) + 1)]
            said += _model_words(model, index, deep=deep) if deep else []
    return said
