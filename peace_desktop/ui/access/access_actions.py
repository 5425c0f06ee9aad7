"""The lines of the table of actions that are about readers, and their handlers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from peace_desktop.texts import mark
from peace_desktop.ui.action_spec import ActionSpec, Menu, Needs

if TYPE_CHECKING:
    from peace_desktop.ui.main_window import MainWindow

ACCESS_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("switch_reader", Menu.READING, mark("Switch reader…"),
               mark("Another reader goes on; everything is saved."), ("Ctrl+Shift+S",), separator=True),
    ActionSpec("lock_window", Menu.READING, mark("Lock the window"),
               mark("Covers everything until a passphrase is given; what was typed is saved."), ("Ctrl+Shift+K",)),
    ActionSpec("readers", Menu.READING, mark("Readers…"), mark("Readers, their roles and passphrases.")),
)
LIBRARY_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("library_passphrase", Menu.FILE, mark("Passphrase of the library…"),
               mark("Changes the passphrase that an encrypted library opens with."), needs=Needs.NO_DEMO),
)


def access_handlers(window: "MainWindow") -> dict[str, Callable[[], object]]:
    """A handler for every action above."""
    return {
        "switch_reader": lambda: window.access.switch_reader(),
        "lock_window": lambda: window.access.lock(),
        "readers": lambda: window.access.readers(),
        "library_passphrase": lambda: window.access.library_passphrase(),
    }
