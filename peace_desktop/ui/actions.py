"""Qt actions, menus and key words made from the table of actions."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from peace_desktop.texts import _
from peace_desktop.ui.action_spec import COMING, ActionSpec, Menu, Needs
from peace_desktop.ui.action_table import ACTIONS
from peace_desktop.ui.icons import icon


def action_text(spec: ActionSpec) -> str:
    return _(spec.text).format(key=spec.keys[0] if spec.keys else "")


def keys_text(spec: ActionSpec) -> str:
    """The keys of an action as this computer writes them."""
    return ", ".join(
        QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in spec.keys)


class Actions:
    """Every action of the table, connected to its handler and enabled by what is there."""

    def __init__(self, window: QMainWindow, handlers: Mapping[str, Callable[[], object]], *,
                 too_early: Callable[[ActionSpec], None]) -> None:
        """too_early: told of a key whose action will be there in a moment, and is not done.

        Raises KeyError naming an action of the table that has no handler.
        """
        self._made: dict[str, QAction] = {}
        self._early: dict[str, QAction] = {}
        for spec in ACTIONS:
            made = QAction(action_text(spec), window)
            made.setObjectName(spec.id)
            made.setShortcuts([QKeySequence(key) for key in spec.keys])
            made.setCheckable(spec.checkable)
            tip = _(spec.tip)
            made.setToolTip(f"{tip} ({keys_text(spec)})" if spec.keys else tip)
            made.setStatusTip(tip)
            made.triggered.connect(_without_argument(handlers[spec.id]))
            window.addAction(made)
            self._made[spec.id] = made
            if spec.keys and spec.needs in COMING:
                early = self._early[spec.id] = QAction(window)
                early.setShortcuts(made.shortcuts())
                early.setEnabled(False)
                early.triggered.connect(_without_argument(partial(too_early, spec)))
                window.addAction(early)
        self.refresh_icons()

    def __getitem__(self, action_id: str) -> QAction:
        return self._made[action_id]

    def refresh_icons(self) -> None:
        """Tint the icons anew after the theme changed."""
        for spec in ACTIONS:
            if spec.icon:
                self._made[spec.id].setIcon(icon(spec.icon))

    def enable(self, there: frozenset[Needs], *, coming: frozenset[Needs] = frozenset()) -> None:
        """Enable exactly the actions whose need is met. coming: needs that are about to be met."""
        for spec in ACTIONS:
            self._made[spec.id].setEnabled(spec.needs is Needs.NOTHING or spec.needs in there)
            if spec.id in self._early:
                # Of two actions with one key never both: Qt would do neither.
                self._early[spec.id].setEnabled(spec.needs in coming and spec.needs not in there)


def _without_argument(handler: Callable[[], object]) -> Callable[..., None]:
    def call(*_checked: bool) -> None:
        handler()

    return call


def fill_menus(window: QMainWindow, actions: Actions) -> None:
    """The menu bar, one menu per name of the table, in its order."""
    menus: dict[Menu, QMenu] = {}
    within: dict[tuple[Menu, str], QMenu] = {}
    for spec in ACTIONS:
        if spec.menu not in menus:
            menus[spec.menu] = window.menuBar().addMenu(_(spec.menu.value))
        menu = menus[spec.menu]
        if spec.separator:
            menu.addSeparator()
        if spec.submenu:
            place = (spec.menu, spec.submenu)
            if place not in within:
                within[place] = menu.addMenu(_(spec.submenu))
            menu = within[place]
        menu.addAction(actions[spec.id])
