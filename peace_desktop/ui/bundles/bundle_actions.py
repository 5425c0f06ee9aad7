"""The line of the table of actions that chooses a bundle, and its handler."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from peace_desktop.texts import mark
from peace_desktop.ui.action_spec import ActionSpec, Menu

if TYPE_CHECKING:
    from peace_desktop.ui.main_window import MainWindow

BUNDLE_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("bundles", Menu.MODEL, mark("Bundles…"),
               mark("Chooses the model: the one that comes with the application, or one of your own."),
               separator=True),
)


def bundle_handlers(window: "MainWindow") -> dict[str, Callable[[], object]]:
    """A handler for every action above."""
    return {"bundles": lambda: window.bundles.open()}
