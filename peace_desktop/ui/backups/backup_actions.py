"""The lines of the table of actions that are about backups, and their handlers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from peace_desktop.texts import mark
from peace_desktop.ui.action_spec import ActionSpec, Menu, Needs

if TYPE_CHECKING:
    from peace_desktop.ui.main_window import MainWindow

BACKUP_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("back_up", Menu.FILE, mark("Back up…"),
               mark("Writes the whole library into a folder, best on another disk."), needs=Needs.NO_DEMO,
               separator=True),
    ActionSpec("restore", Menu.FILE, mark("Restore…"),
               mark("Lists the backups and brings one back; what it replaces is kept."), needs=Needs.NO_DEMO),
)


def backup_handlers(window: "MainWindow") -> dict[str, Callable[[], object]]:
    """A handler for every action above."""
    return {"back_up": lambda: window.backups.back_up(), "restore": lambda: window.backups.restore()}
