"""One action: what a reader can do, in which menu, by which keys, and what must be there for it."""

from dataclasses import dataclass
from enum import StrEnum

from peace_desktop.texts import mark


class Needs(StrEnum):
    """What must be there for an action to make sense; without it the action is disabled."""

    NOTHING = "nothing"
    RECORDING = "recording"
    DRAFT = "draft"
    LABEL = "label"
    DECISION = "decision"
    SIGNABLE = "signable"
    FINAL = "final"
    DISCARDABLE = "discardable"
    UNDO = "undo"
    REDO = "redo"
    LOCKABLE = "lockable"
    REVEALABLE = "revealable"
    MAP = "map"
    SESSION = "session"
    MODEL = "model"
    COMPUTING = "computing"
    PAGES = "pages"
    SECTIONS = "sections"
    NO_DEMO = "no demo"


COMING = frozenset({Needs.RECORDING, Needs.DRAFT, Needs.LABEL, Needs.DECISION, Needs.SIGNABLE, Needs.LOCKABLE,
                    Needs.REVEALABLE, Needs.UNDO, Needs.REDO})
"""What a recording brings with it: its actions' keys, struck while it is still opened, are never done to it unseen, and
never to the one before; the reader is told."""


class Menu(StrEnum):
    FILE = mark("File")
    READING = mark("Reading")
    STUDY = mark("Study")
    ECG = mark("ECG")
    MODEL = mark("Model")
    VIEW = mark("View")
    HELP = mark("Help")


@dataclass(frozen=True)
class ActionSpec:
    """One thing a reader can do. id: also the name of its handler. separator: a line before it in the menu.

    submenu: the name of the menu within the menu that it stands in, "" for none.
    """

    id: str
    menu: Menu
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    needs: Needs = Needs.NOTHING
    checkable: bool = False
    toolbar: bool = False
    separator: bool = False
    submenu: str = ""
