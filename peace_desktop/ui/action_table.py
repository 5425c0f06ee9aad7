"""The one table of actions: menus, toolbar, shortcut sheet, welcome page and tests are made from it.

Single letters work while no text is being typed. No shortcut uses Ctrl+Alt, which is AltGr on many keyboards.
Labels are chosen by the key printed on their row, which never changes with the order of the list.
"""

from peace_desktop.texts import mark
from peace_desktop.ui.access.access_actions import ACCESS_ACTIONS, LIBRARY_ACTIONS
from peace_desktop.ui.action_spec import ActionSpec, Menu, Needs
from peace_desktop.ui.backups.backup_actions import BACKUP_ACTIONS
from peace_desktop.ui.bundles.bundle_actions import BUNDLE_ACTIONS
from peace_desktop.ui.study.study_actions import STEPS, STUDY_ACTIONS
from peace_desktop.ui.trace_actions import TRACE_ACTIONS
from peace_desktop.ui.worklist.worklist_actions import WORKLIST_ACTIONS

LABEL_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "-", "=")
_SELECT, _EXPORT, _MOVE = mark("Select label"), mark("Export"), mark("Move in the recording")


def _labels() -> tuple[ActionSpec, ...]:
    return tuple(
        ActionSpec(f"select_label_{position + 1}", Menu.READING, mark("Select label {key}"),
                   mark("Selects the label whose row carries this key."), (key,), needs=Needs.RECORDING,
                   submenu=_SELECT)
        for position, key in enumerate(LABEL_KEYS))


def _move(action_id: str, text: str, tip: str, key: str) -> ActionSpec:
    return ActionSpec(action_id, Menu.ECG, text, tip, (key,), needs=Needs.PAGES, submenu=_MOVE)


def _export(action_id: str, text: str, tip: str, *keys: str) -> ActionSpec:
    return ActionSpec(action_id, Menu.FILE, text, tip, keys, needs=Needs.RECORDING, submenu=_EXPORT)


_LABEL, _DECISION, _RECORDING = Needs.LABEL, Needs.DECISION, Needs.RECORDING

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("open_files", Menu.FILE, mark("Open files…"), mark("Copies recordings into the library."), ("Ctrl+O",),
               "open", Needs.NO_DEMO, toolbar=True),
    ActionSpec("open_folder", Menu.FILE, mark("Open folder…"),
               mark("Copies every recording of a folder into the library."), ("Ctrl+Shift+O",), "folder",
               Needs.NO_DEMO),
    ActionSpec("open_demo", Menu.FILE, mark("Open the demo"),
               mark("Opens simulated recordings in a window and a library of their own."), (), "demo", Needs.NO_DEMO,
               toolbar=True),
    ActionSpec("export_pdf", Menu.FILE, mark("Report as PDF…"), mark("Writes the report of this recording."),
               ("Ctrl+P",), "print", _RECORDING, toolbar=True, separator=True),
    _export("export_wfdb", mark("Recording as WFDB…"),
            mark("Writes the recording without anything that tells whose it is.")),
    _export("export_csv", mark("Recording as CSV…"), mark("Writes the recorded leads as a table of millivolts.")),
    _export("export_dicom", mark("Recording as DICOM ECG…"), mark("Writes a DICOM object that names nobody.")),
    _export("export_picture", mark("Picture of this page…"),
            mark("Writes the page as it is drawn as PNG or SVG, true to scale."), "Ctrl+Shift+P"),
    _export("export_page", mark("This page as PDF…"), mark("Writes the page as it is drawn as PDF, true to scale.")),
    *BACKUP_ACTIONS,
    *LIBRARY_ACTIONS,
    ActionSpec("settings", Menu.FILE, mark("Settings…"), mark("Reader, paper, model and colours."), ("Ctrl+,",),
               "settings", separator=True),
    ActionSpec("quit", Menu.FILE, mark("Quit"), mark("Everything is saved already."), ("Ctrl+Q",), "quit"),
    ActionSpec("next_recording", Menu.READING, mark("Next recording"),
               mark("Shows the next recording of the worklist."), ("J",), "next"),
    ActionSpec("previous_recording", Menu.READING, mark("Previous recording"),
               mark("Shows the recording before in the worklist."), ("K",), "previous"),
    ActionSpec("find", Menu.READING, mark("Search the worklist"), mark("Puts the cursor into the search field."),
               ("Ctrl+F",), "search"),
    ActionSpec("edit_person", Menu.READING, mark("Enter or correct age and sex…"),
               mark("The file's own values stay on record; everything that depends on them is computed again."),
               ("Ctrl+E",), "edit", _RECORDING),
    ActionSpec("median_beat", Menu.READING, mark("Median beat and intervals…"),
               mark("Draws the median beat; its boundaries can be moved, and the automatic ones stay on record."),
               ("B",), "", _RECORDING),
    ActionSpec("compare", Menu.READING, mark("Compare with earlier recordings…"),
               mark("Shows this child's other recordings beside this one, with what changed in the measurements."),
               ("V",), "", _RECORDING),
    *_labels(),
    ActionSpec("agree", Menu.READING, mark("Agree with the model"),
               mark("States present or absent as the model decided, for the selected label."), ("A",), "", _DECISION,
               separator=True),
    ActionSpec("disagree", Menu.READING, mark("Disagree with the model"),
               mark("States the opposite of the model's decision, for the selected label."), ("D",), "", _DECISION),
    ActionSpec("state_present", Menu.READING, mark("Present"), mark("States the selected label as present."), ("P",),
               "", _LABEL),
    ActionSpec("state_absent", Menu.READING, mark("Absent"), mark("States the selected label as absent."), ("X",), "",
               _LABEL),
    ActionSpec("state_uncertain", Menu.READING, mark("Uncertain"), mark("States the selected label as uncertain."),
               ("U",), "", _LABEL),
    ActionSpec("state_not_assessable", Menu.READING, mark("Not assessable"),
               mark("States that the selected label cannot be assessed in this recording."), ("N",), "", _LABEL),
    ActionSpec("clear_statement", Menu.READING, mark("Clear the statement"),
               mark("Takes back what was said of the selected label."), ("Backspace",), "", _LABEL),
    ActionSpec("comment", Menu.READING, mark("Write a comment"),
               mark("Puts the cursor into the comment; Esc leaves it."), ("M",), "", Needs.DRAFT, separator=True),
    ActionSpec("sign", Menu.READING, mark("Sign…"),
               mark("Makes the draft final, with your name, the time and the meaning."), ("Ctrl+Return",), "sign",
               Needs.SIGNABLE),
    ActionSpec("amend", Menu.READING, mark("Amend…"), mark("Starts a new reading from a final one; needs a reason."),
               ("Ctrl+Shift+A",), "amend", Needs.FINAL),
    ActionSpec("discard", Menu.READING, mark("Discard the draft"),
               mark("Drops an amendment in work, or a draft that says nothing; the signed reading stays."),
               ("Ctrl+Backspace",), "close", Needs.DISCARDABLE),
    *STEPS,
    *STUDY_ACTIONS,
    *ACCESS_ACTIONS,
    *(spec for spec in WORKLIST_ACTIONS if spec.menu is Menu.READING),
    ActionSpec("layout", Menu.ECG, mark("Layout"), mark("Next arrangement of the leads."), ("L",), "layout"),
    ActionSpec("speed", Menu.ECG, mark("Speed"), mark("Next paper speed: 12.5, 25, 50 mm/s."), ("S",), "speed"),
    ActionSpec("gain", Menu.ECG, mark("Gain"), mark("Next gain: 5, 10, 20 mm/mV."), ("G",), "gain"),
    ActionSpec("half_standard", Menu.ECG, mark("Half-standard chest leads"),
               mark("Draws the chest leads at half the gain; written on the paper and in print."), ("H",), "half",
               checkable=True),
    ActionSpec("filter", Menu.ECG, mark("Filter"), mark("Next display filter; concerns the picture only."), ("F",),
               "filter"),
    ActionSpec("calipers", Menu.ECG, mark("Calipers"), mark("Drag between two points for ms, bpm and mV."), ("C",),
               "calipers", checkable=True),
    *TRACE_ACTIONS,
    _move("next_page", mark("Next page"), mark("Goes on by one page."), "Ctrl+Right"),
    _move("previous_page", mark("Previous page"), mark("Goes back by one page."), "Ctrl+Left"),
    _move("next_minute", mark("Next minute"), mark("Goes on by one minute."), "Ctrl+PgDown"),
    _move("previous_minute", mark("Previous minute"), mark("Goes back by one minute."), "Ctrl+PgUp"),
    _move("next_hour", mark("Next hour"), mark("Goes on by one hour."), "Ctrl+Shift+PgDown"),
    _move("previous_hour", mark("Previous hour"), mark("Goes back by one hour."), "Ctrl+Shift+PgUp"),
    _move("to_start", mark("Start of the recording"), mark("Shows the first page."), "Ctrl+Home"),
    _move("to_end", mark("End of the recording"), mark("Shows the last page."), "Ctrl+End"),
    _move("to_time", mark("Go to time…"), mark("Shows the page that begins at a time."), "Ctrl+G"),
    ActionSpec("calibrate_screen", Menu.ECG, mark("Calibrate screen…"),
               mark("Makes a millimetre on the screen a millimetre."), (), "calibrate", separator=True),
    ActionSpec("map", Menu.MODEL, mark("Map"),
               mark("Next map of the selected label: off, Grad-CAM++, attention, occlusion."), ("E",), "map",
               Needs.MODEL),
    ActionSpec("stop_map", Menu.MODEL, mark("Stop computing the map"),
               mark("Ends the work on an occlusion map; everything else stays."), ("Esc",), "close", Needs.COMPUTING),
    ActionSpec("analyse", Menu.MODEL, mark("Analyse again"), mark("Measures this recording and asks the model again."),
               ("Ctrl+R",), "analyse", _RECORDING, toolbar=True),
    ActionSpec("analyse_section", Menu.MODEL, mark("Analyse the minute shown"),
               mark("Measures the minute that begins with this page of a long recording, and asks the model about it."),
               ("Ctrl+Shift+R",), "", Needs.SECTIONS),
    *BUNDLE_ACTIONS,
    ActionSpec("ecg_alone", Menu.VIEW, mark("ECG alone"), mark("Hides everything but the ECG."), ("F11",), "alone",
               checkable=True),
    ActionSpec("show_worklist", Menu.VIEW, mark("Worklist"), mark("Shows or hides the worklist."), ("F7",), "",
               checkable=True),
    *(spec for spec in WORKLIST_ACTIONS if spec.menu is Menu.VIEW),
    ActionSpec("show_case", Menu.VIEW, mark("Case panel"), mark("Shows or hides age, predictions and statements."),
               ("F8",), "", checkable=True),
    ActionSpec("about_recording", Menu.VIEW, mark("About this recording"),
               mark("Shows how it was made and read: format, recorder, rate, gain, filters, leads, warnings."), ("I",),
               "", _RECORDING),
    ActionSpec("help", Menu.HELP, mark("Help"), mark("Opens the help."), ("F1",), "help"),
    ActionSpec("keys", Menu.HELP, mark("All keys"), mark("Shows every shortcut."), ("?",), "keys"),
    ActionSpec("about", Menu.HELP, mark("About and intended use"), mark("Versions, bundle, licences, intended use."),
               separator=True),
)


def action(action_id: str) -> ActionSpec:
    """The table's line for an id. Raises KeyError for an id that is none."""
    for spec in ACTIONS:
        if spec.id == action_id:
            return spec
    raise KeyError(action_id)
