"""What a reader can do with the worklist: the lines of the table of actions, and their handlers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from peace_desktop.texts import mark
from peace_desktop.ui.action_spec import ActionSpec, Menu, Needs
from peace_desktop.ui.worklist.table_place import show_table

if TYPE_CHECKING:
    from peace_desktop.ui.main_window import MainWindow

WORKLIST_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("worklist_table", Menu.VIEW, mark("Worklist as a table"),
               mark("Shows the worklist with all its columns in the place of the ECG; Esc goes back."), ("W",),
               checkable=True),
    ActionSpec("worklist_filters", Menu.VIEW, mark("Filters of the worklist…"),
               mark("Opens the kept filters; a digit chooses one."), ("Ctrl+Shift+F",)),
    ActionSpec("clear_filters", Menu.VIEW, mark("Show all recordings"),
               mark("Takes away search and filters of the worklist."), ("F9",)),
    ActionSpec("flag", Menu.READING, mark("Flag this recording"),
               mark("Sets or takes away your own mark on this recording; others do not see it."), ("Ctrl+D",),
               needs=Needs.RECORDING),
)


def worklist_handlers(window: "MainWindow") -> dict[str, Callable[[], object]]:
    """A handler for every line above."""
    return {
        "worklist_table": lambda: show_table(window, shown=window.actions_["worklist_table"].isChecked()),
        "worklist_filters": lambda: window.listing_commands.open_menu(),
        "clear_filters": lambda: window.listing_commands.clear(),
        "flag": lambda: window.listing_commands.flag(),
    }
