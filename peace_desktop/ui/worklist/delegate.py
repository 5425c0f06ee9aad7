"""Painting a row of the worklist: title and state, then age and sex, then a strip with what there is to know beside it.

Nothing stands beside age and sex that could cut them.
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from peace_desktop.ui.theme import colour
from peace_desktop.ui.worklist.model import ROW_ROLE
from peace_desktop.ui.worklist.row_view import FLAG
from peace_desktop.ui.worklist.strip import HEIGHT_PX, draw_strip

_MARGIN_PX = 8
_GAP_PX = 3
_SPACE_PX = 10
_NARROWEST, _STEP = 70, 6
"""Per cent of a letter's width. Letters stand on whole pixels, so what fits is found by trying."""


def _squeezed(font: QFont, words: str, width_px: int) -> QFont:
    """The font, narrower where the words need it: an age must not be cut."""
    narrow = QFont(font)
    for stretch in range(100, _NARROWEST - 1, -_STEP):
        narrow.setStretch(stretch)
        if QFontMetrics(narrow).horizontalAdvance(words) <= width_px:
            break
    return narrow


class WorklistDelegate(QStyledItemDelegate):
    """Two lines and a strip a row; the selected row has the accent's tint and a bar at its left edge."""

    @staticmethod
    def height_px(font: QFont) -> int:
        """Of every row."""
        return 2 * QFontMetrics(font).height() + HEIGHT_PX + 2 * _GAP_PX + 2 * 5

    def paint(self, painter: QPainter, option: QStyleOptionViewItem,
              index: QModelIndex | QPersistentModelIndex) -> None:
        row = index.data(ROW_ROLE)
        area: QRect = option.rect
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(area, colour("accent_soft"))
            painter.fillRect(QRect(area.left(), area.top(), 4, area.height()), colour("accent"))
        painter.setPen(colour("border"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if row is not None:
            inside = area.adjusted(_MARGIN_PX + 2, 5, -_MARGIN_PX, -5)
            line_px = QFontMetrics(option.font).height()
            upper = QRect(inside.left(), inside.top(), inside.width(), line_px)
            lower = upper.translated(0, line_px + _GAP_PX)
            bold = QFont(option.font)
            bold.setBold(True)
            title = f"{FLAG} {row.title}" if row.flagged else row.title
            self._line(painter, upper, title, (row.state, row.state_sign), bold, option.font, strong=True)
            self._line(painter, lower, row.person, ("", ""), option.font, option.font, strong=False)
            strip = QRect(inside.left(), lower.bottom() + _GAP_PX, inside.width(), HEIGHT_PX)
            self._line(painter, strip, "", (row.notes_sign, row.notes_sign), option.font, option.font, strong=False)
            if row.notes_sign:
                strip.setRight(strip.right() - QFontMetrics(option.font).horizontalAdvance(row.notes_sign) - _SPACE_PX)
            if row.thumbnail is not None:
                draw_strip(painter, strip, row.thumbnail)
        painter.restore()

    @staticmethod
    def _line(painter: QPainter, area: QRect, left: str, ends: tuple[str, str], left_font: QFont, right_font: QFont,
              *, strong: bool) -> None:
        """ends: words, and the sign that stands for them where the title or the age would be cut."""
        metrics, left_px = QFontMetrics(right_font), QFontMetrics(left_font).horizontalAdvance(left)
        words, sign = ends
        right = words if left_px + metrics.horizontalAdvance(words) + _SPACE_PX <= area.width() else sign
        right_px = metrics.horizontalAdvance(right) + _SPACE_PX if right else 0
        font = left_font if strong else _squeezed(left_font, left, area.width() - right_px)
        painter.setFont(font)
        painter.setPen(colour("text"))
        shown = QFontMetrics(font).elidedText(left, Qt.TextElideMode.ElideMiddle, area.width() - right_px)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setFont(right_font)
        painter.setPen(colour("muted" if strong else "notice_text"))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
