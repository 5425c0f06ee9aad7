"""Which handler an action has, and which part of the window listens to which."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from peace_desktop.jobs.exporting import FileFormat
from peace_desktop.review.map_ratings import Rating
from peace_desktop.review.statements import Presence
from peace_desktop.ui.access.access_actions import access_handlers
from peace_desktop.ui.action_table import LABEL_KEYS
from peace_desktop.ui.backups.backup_actions import backup_handlers
from peace_desktop.ui.bundles.bundle_actions import bundle_handlers
from peace_desktop.ui.trace_actions import trace_handlers
from peace_desktop.ui.window_layout import show_alone, show_parts
from peace_desktop.ui.worklist.table_place import open_from_table, show_table
from peace_desktop.ui.worklist.worklist_actions import worklist_handlers

if TYPE_CHECKING:
    from peace_desktop.ui.main_window import MainWindow

Handler = Callable[[], object]
_MINUTE_S, _HOUR_S = 60.0, 3600.0


def handlers(window: "MainWindow") -> dict[str, Handler]:
    """A handler for every action of the table."""
    made: dict[str, Handler] = {
        "open_files": window.files.open_files,
        "open_folder": window.files.open_folder,
        "open_demo": window.files.open_demo,
        "export_pdf": window.files.export_pdf,
        "export_wfdb": lambda: window.exporting.recording(FileFormat.WFDB),
        "export_csv": lambda: window.exporting.recording(FileFormat.CSV),
        "export_dicom": lambda: window.exporting.recording(FileFormat.DICOM),
        "export_picture": lambda: window.exporting.picture(),
        "export_page": lambda: window.exporting.page(),
        "settings": window.helping.settings,
        "quit": window.close,
        "next_recording": lambda: window.step(1),
        "previous_recording": lambda: window.step(-1),
        "find": lambda: window.worklist.focus_search(),
        "edit_person": window.commands.edit_person,
        "median_beat": lambda: window.beat.open(),
        "compare": lambda: window.compare.open(),
        "agree": window.commands.agree,
        "disagree": window.commands.disagree,
        "state_present": lambda: window.commands.state(Presence.PRESENT),
        "state_absent": lambda: window.commands.state(Presence.ABSENT),
        "state_uncertain": lambda: window.commands.state(Presence.UNCERTAIN),
        "state_not_assessable": lambda: window.commands.state(Presence.NOT_ASSESSABLE),
        "clear_statement": window.commands.clear,
        "comment": lambda: window.side.reading.focus_comment(),
        "sign": window.sign,
        "amend": window.commands.amend,
        "discard": window.readings.discard,
        "undo": window.readings.undo,
        "redo": window.readings.redo,
        "studies": lambda: window.study_dialogs.studies(),
        "new_study": lambda: window.study_dialogs.new(),
        "lock": window.sign,
        "reveal": window.sign,
        "rate_plausible": lambda: window.desk.rate_map(Rating.PLAUSIBLE),
        "rate_implausible": lambda: window.desk.rate_map(Rating.IMPLAUSIBLE),
        "rate_not_interpretable": lambda: window.desk.rate_map(Rating.NOT_INTERPRETABLE),
        "leave_study": window.studies.leave,
        "layout": lambda: window.display.step("layout"),
        "speed": lambda: window.display.step("speed_mm_per_s"),
        "gain": lambda: window.display.step("gain_mm_per_mv"),
        "filter": lambda: window.display.step("filter"),
        "map": lambda: window.display.step("map_method"),
        "stop_map": window.occlusion.stop,
        "half_standard": lambda: window.display.toggle_half_standard(),
        **trace_handlers(window),
        "calipers": lambda: window.display.calipers(on=window.actions_["calipers"].isChecked()),
        "next_page": lambda: window.display.pages(1),
        "previous_page": lambda: window.display.pages(-1),
        "next_minute": lambda: window.display.seconds(_MINUTE_S),
        "previous_minute": lambda: window.display.seconds(-_MINUTE_S),
        "next_hour": lambda: window.display.seconds(_HOUR_S),
        "previous_hour": lambda: window.display.seconds(-_HOUR_S),
        "to_start": lambda: window.display.to_start(),
        "to_end": lambda: window.display.to_end(),
        "to_time": lambda: window.display.to_time(),
        "calibrate_screen": lambda: window.display.calibrate(),
        "analyse": window.case.analyse_again,
        "analyse_section": lambda: window.case.analyse_at(window.stage.trace.start_s),
        "ecg_alone": lambda: show_alone(window, alone=window.actions_["ecg_alone"].isChecked()),
        "show_worklist": lambda: show_parts(window),
        "show_case": lambda: show_parts(window),
        "about_recording": window.about_recording,
        "help": window.helping.help,
        "keys": window.helping.keys,
        "about": window.helping.about,
    }
    made |= access_handlers(window) | backup_handlers(window) | bundle_handlers(window)
    made |= worklist_handlers(window)
    for place in range(len(LABEL_KEYS)):
        made[f"select_label_{place + 1}"] = partial(window.select_place, place)
    return made


def connect(window: "MainWindow") -> None:
    """Who listens to whom. State tells views, views tell commands, commands change state."""
    window.worklist.chosen.connect(window.open_recording)
    window.listing_commands.failed.connect(window.fail)
    window.listing_commands.page.left.connect(lambda: show_table(window, shown=False))
    window.listing_commands.page.chosen.connect(lambda sha256: open_from_table(window, sha256))
    window.listing.listed.connect(window.listed)
    window.listing.followed.connect(window.refresh)
    window.listing.followed.connect(window.exporting.follow)
    window.listing.failed.connect(window.fail)
    window.toolbar.chosen.connect(window.take)
    window.case.opened.connect(window.opened)
    window.case.opened.connect(lambda _sha256: window.messages.go_on())
    window.case.opened.connect(lambda _sha256: window.exporting.follow())
    window.case.changed.connect(window.case_changed)
    window.case.model_changed.connect(window.refresh)
    window.case.failed.connect(window.fail)
    window.occlusion.changed.connect(window.refresh)
    window.stage.trace.legend.compute.connect(window.occlusion.start)
    window.stage.trace.legend.stop.connect(window.occlusion.stop)
    window.readings.changed.connect(window.refresh)
    window.edits.changed.connect(window.refresh)
    window.edits.failed.connect(window.fail)
    window.readings.failed.connect(window.fail)
    window.readings.saved.connect(
        lambda saved: window.status.show_saved(saved=saved, unsaved=bool(window.readings.unsaved)))
    for told in (window.case.stored, window.readings.stored, window.files.imported):
        told.connect(window.reload_soon.start)
    window.files.said.connect(window.messages.say)
    window.files.failed.connect(window.fail)
    window.exporting.said.connect(window.messages.say)
    window.exporting.failed.connect(window.fail)
    side, commands = window.side, window.commands
    _connect_studies(window)
    side.age_card.edit.connect(commands.edit_person)
    side.measurements.beat.connect(window.beat.open)
    side.predictions.selected.connect(window.select_label)
    side.predictions.answered.connect(
        lambda label, answer: commands.answer(label, agrees=answer == "agree"))
    side.predictions.stated.connect(commands.state)
    side.predictions.cleared.connect(commands.clear)
    side.reading.commented.connect(commands.comment)
    side.reading.confidence_chosen.connect(commands.confidence)
    side.reading.notes.chosen.connect(window.notes.look_at)
    side.reading.notes.edited.connect(window.notes.edit)
    side.reading.notes.removed.connect(window.notes.remove)
    side.reading.sign.connect(window.sign)
    side.reading.amend.connect(commands.amend)


def _connect_studies(window: "MainWindow") -> None:
    studies = window.studies
    window.compare.compared.connect(window.surroundings.note_earlier)
    studies.began.connect(window.desk.read)
    studies.ended.connect(window.desk.leave)
    studies.changed.connect(window.desk.moved)
    studies.failed.connect(window.fail)
    window.study_dialogs.read.connect(studies.read)
    window.study_dialogs.opened.connect(window.open_recording)
    window.study_dialogs.altered.connect(window.case.open_again)
    window.study_dialogs.altered.connect(studies.look_again)
    window.study_dialogs.failed.connect(window.fail)
    window.study_dialogs.said.connect(window.messages.say)
    window.study_list.chosen.connect(window.open_recording)
    window.study_list.left.connect(studies.leave)
    window.readings.stored.connect(studies.look_again)
    window.readings.stored.connect(window.surroundings.keep)
    window.readings.closed.connect(window.surroundings.closed)
    window.readings.revealed.connect(window.case.read_again)
    window.side.study.rated.connect(window.desk.rate_map)
