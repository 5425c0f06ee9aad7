"""What a reader can do with studies: the lines of the table of actions for the menu Study, and the steps of a draft."""

from peace_desktop.texts import mark
from peace_desktop.ui.action_spec import ActionSpec, Menu, Needs

_RATE = mark("Rate the map")


def _rate(rating: str, text: str, key: str) -> ActionSpec:
    return ActionSpec(f"rate_{rating}", Menu.STUDY, text,
                      mark("Rates the map on the screen, apart from the diagnosis."), (key,), needs=Needs.MAP,
                      submenu=_RATE)


STEPS: tuple[ActionSpec, ...] = (
    ActionSpec("undo", Menu.READING, mark("Undo"), mark("Takes back the last change of this draft."), ("Ctrl+Z",),
               needs=Needs.UNDO, separator=True),
    ActionSpec("redo", Menu.READING, mark("Redo"), mark("Makes again what was taken back."), ("Ctrl+Shift+Z",),
               needs=Needs.REDO),
)

STUDY_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("studies", Menu.STUDY, mark("Studies…"),
               mark("Lists the studies with everybody's progress, to read, adjudicate, count and send them."),
               ("Ctrl+T",)),
    ActionSpec("new_study", Menu.STUDY, mark("New study…"), mark("Makes a study of the recordings the worklist shows."),
               ("Ctrl+Shift+N",)),
    ActionSpec("lock", Menu.STUDY, mark("Lock the answers…"), mark("Keeps the answers of a blind reading for good."),
               ("Ctrl+L",), needs=Needs.LOCKABLE, separator=True),
    ActionSpec("reveal", Menu.STUDY, mark("Reveal"), mark("Shows what was hidden, once the answers are locked."),
               ("Ctrl+Shift+L",), needs=Needs.REVEALABLE),
    _rate("plausible", mark("Plausible"), "Ctrl+1"),
    _rate("implausible", mark("Implausible"), "Ctrl+2"),
    _rate("not_interpretable", mark("Not interpretable"), "Ctrl+3"),
    ActionSpec("leave_study", Menu.STUDY, mark("Leave the study"),
               mark("Goes back to the worklist; every answer is saved."), ("Ctrl+Shift+T",), needs=Needs.SESSION),
)
