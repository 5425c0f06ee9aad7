"""A part of the side column whose body is made anew whenever what it shows changes."""

from PySide6.QtWidgets import QVBoxLayout, QWidget


class Remade(QWidget):
    """`put` takes a finished body in place of the one before; what else stands in the layout stays."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._body = QWidget()
        self._layout.addWidget(self._body)

    def put(self, body: QWidget) -> None:
        self._layout.replaceWidget(self._body, body)
        self._body.hide()
        self._body.deleteLater()
        self._body = body
