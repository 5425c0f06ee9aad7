"""How much room a window takes: what it asks for, and never more than its screen has."""

from PySide6.QtWidgets import QWidget

FRAME_PX = 48
"""What a window manager's title and borders take at most."""


def take_room(window: QWidget, width_px: int, height_px: int) -> None:
    """Open a top level window this large, or as large as the screen lets it; its least size gives way as well."""
    free = window.screen().availableGeometry()
    width_px, height_px = min(width_px, free.width()), min(height_px, free.height() - FRAME_PX)
    window.setMinimumSize(min(window.minimumWidth(), width_px), min(window.minimumHeight(), height_px))
    window.resize(width_px, height_px)
