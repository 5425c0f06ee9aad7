"""The actions of what a reader holds to the trace: a lead chosen and enlarged, leads over each other."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from peace_desktop.texts import mark
from peace_desktop.ui.action_spec import ActionSpec, Menu, Needs

if TYPE_CHECKING:
    from peace_desktop.ui.main_window import MainWindow

_LEAD = mark("One lead")


def _lead(action_id: str, text: str, tip: str, key: str) -> ActionSpec:
    return ActionSpec(action_id, Menu.ECG, text, tip, (key,), needs=Needs.RECORDING, submenu=_LEAD)


TRACE_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("overlay", Menu.ECG, mark("Leads over each other"),
               mark("Draws the limb leads on one baseline and the chest leads on another, or goes back."), ("O",), "",
               Needs.RECORDING, checkable=True),
    _lead("next_lead", mark("Choose the next lead"), mark("Frames the next lead's name; a click on a trace does too."),
          "W"),
    _lead("previous_lead", mark("Choose the lead before"), mark("Frames the name of the lead before."), "Shift+W"),
    _lead("lead_larger", mark("Double this lead's gain"),
          mark("Draws the chosen lead twice as high; written at the lead, in print too."), "Ctrl+Up"),
    _lead("lead_smaller", mark("Halve this lead's gain"),
          mark("Draws the chosen lead half as high; written at the lead, in print too."), "Ctrl+Down"),
    _lead("leads_reset", mark("All leads at the same gain"), mark("Takes back the gains of single leads."),
          "Ctrl+Shift+G"),
)


def trace_handlers(window: "MainWindow") -> dict[str, Callable[[], object]]:
    """A handler for each of them; the trace is asked for when it is there."""
    return {
        "overlay": lambda: window.display.overlay(on=window.actions_["overlay"].isChecked()),
        "next_lead": lambda: window.stage.trace.step_lead(1),
        "previous_lead": lambda: window.stage.trace.step_lead(-1),
        "lead_larger": lambda: window.stage.trace.scale_lead(2.0),
        "lead_smaller": lambda: window.stage.trace.scale_lead(0.5),
        "leads_reset": lambda: window.stage.trace.reset_leads(),
    }
