"""A table whose rows are looked at and chosen: nothing in it is edited, and Tab leaves it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget

_LEAST_PX = 72
"""Short heads keep room between them."""


def row_table(name: str, words: str) -> QTableWidget:
    """words: what its rows are, for assistive technology."""
    table = QTableWidget()
    table.setObjectName(name)
    table.setAccessibleName(words)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    return table


def choice_table(name: str, words: str, heads: Sequence[str], *, wide: int = 0) -> QTableWidget:
    """One row at a time is chosen; the column `wide` takes the room that the others leave."""
    table = row_table(name, words)
    table.setColumnCount(len(heads))
    table.setHorizontalHeaderLabels(list(heads))
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    head = table.horizontalHeader()
    head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    head.setMinimumSectionSize(_LEAST_PX)
    head.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
    return table
