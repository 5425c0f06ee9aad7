"""The actions of what a reader holds to the trace: calipers, a lead chosen and enlarged, leads over each other."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from peace_desktop.texts import mark
from peace_desktop.ui.action_spec import ActionSpec, Menu, Needs
from peace_desktop.ui.trace.caliper_tool import CaliperTool

if TYPE_CHECKING:
    from peace_desktop.ui.main_window import MainWindow

_LEAD, _CALIPERS = mark("One lead"), mark("Use the calipers")


def _lead(action_id: str, text: str, tip: str, key: str) -> ActionSpec:
    return ActionSpec(action_id, Menu.ECG, text, tip, (key,), needs=Needs.RECORDING, submenu=_LEAD)


def _caliper(action_id: str, text: str, tip: str, key: str, *, checkable: bool = False) -> ActionSpec:
    return ActionSpec(action_id, Menu.ECG, text, tip, (key,), needs=Needs.RECORDING, submenu=_CALIPERS,
                      checkable=checkable)


TRACE_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("overlay", Menu.ECG, mark("Leads over each other"),
               mark("Draws the limb leads on one baseline and the chest leads on another, or goes back."), ("O",), "",
               Needs.RECORDING, checkable=True),
    ActionSpec("magnifier", Menu.ECG, mark("Magnifier"),
               mark("Shows what is under the mouse four times as large beside the paper, until it is switched off, or "
                    "while the right button is held; arrow keys move it."), ("Z",),
               "", Needs.RECORDING, checkable=True),
    ActionSpec("note", Menu.READING, mark("Note on a stretch of time…"),
               mark("Writes a note on what lies between the calipers, or on what is dragged over with Ctrl."),
               ("Shift+M",),
               needs=Needs.DRAFT),
    ActionSpec("notes", Menu.READING, mark("Go to the notes"),
               mark("Puts the cursor into the list of notes: Enter writes anew, Delete removes."), ("Ctrl+M",)),
    _caliper("caliper_switch", mark("Place, or take the other line or both"),
             mark("Places the calipers; again takes the first line, both as a pair, the second."), "Q"),
    _caliper("caliper_snap", mark("To the nearest extreme"),
             mark("Takes the line to the nearest peak, trough or steepest point."), "T"),
    _caliper("caliper_snapping", mark("Snap while dragging"),
             mark("Lines snap to peaks, troughs and steepest points; Shift leaves them free."), "Shift+T",
             checkable=True),
    _caliper("caliper_march", mark("Repeat the interval"),
             mark("Marches the interval out both ways across the page, to see what is regular."), "R"),
    _caliper("caliper_clear", mark("Remove the calipers"), mark("Takes both lines away."), "Shift+Q"),
    _lead("next_lead", mark("Choose the next lead"), mark("Frames the next lead's name; a click on a trace does too."),
          "Y"),
    _lead("previous_lead", mark("Choose the lead before"), mark("Frames the name of the lead before."), "Shift+Y"),
    _lead("lead_larger", mark("Double this lead's gain"),
          mark("Draws the chosen lead twice as high; written at the lead, in print too."), "Ctrl+Up"),
    _lead("lead_smaller", mark("Halve this lead's gain"),
          mark("Draws the chosen lead half as high; written at the lead, in print too."), "Ctrl+Down"),
    _lead("leads_reset", mark("All leads at the same gain"), mark("Takes back the gains of single leads."),
          "Ctrl+Shift+G"),
)


def trace_handlers(window: "MainWindow") -> dict[str, Callable[[], object]]:
    """A handler for each of them; the trace is asked for when it is there."""

    def caliper(act: Callable[[CaliperTool], None]) -> Callable[[], None]:
        def call() -> None:
            if not window.actions_["calipers"].isChecked():
                window.actions_["calipers"].trigger()
            act(window.stage.trace.tool)

        return call

    def snapping(tool: CaliperTool) -> None:
        tool.snapping = window.actions_["caliper_snapping"].isChecked()

    return {
        "magnifier": lambda: window.display.magnifier(on=window.actions_["magnifier"].isChecked()),
        "note": lambda: window.notes.write(),
        "notes": lambda: window.side.reading.notes.setFocus(),
        "caliper_switch": caliper(CaliperTool.place_or_switch),
        "caliper_snap": caliper(CaliperTool.snap),
        "caliper_snapping": caliper(snapping),
        "caliper_march": caliper(CaliperTool.toggle_march_out),
        "caliper_clear": caliper(CaliperTool.clear),
        "overlay": lambda: window.display.overlay(on=window.actions_["overlay"].isChecked()),
        "next_lead": lambda: window.stage.trace.step_lead(1),
        "previous_lead": lambda: window.stage.trace.step_lead(-1),
        "lead_larger": lambda: window.stage.trace.scale_lead(2.0),
        "lead_smaller": lambda: window.stage.trace.scale_lead(0.5),
        "leads_reset": lambda: window.stage.trace.reset_leads(),
    }
