"""What is there for the actions of the table: which needs are met by what stands in the window now."""

from typing import TYPE_CHECKING

from peace_desktop.ui.action_spec import COMING, Needs
from peace_desktop.ui.case_panel import CaseView

if TYPE_CHECKING:
    from peace_desktop.ui.main_window import MainWindow


def coming_needs(window: "MainWindow", view: CaseView) -> frozenset[Needs]:
    """What is about to be there: everything while the recording is opened, then the model's decisions."""
    case = window.case
    if case.shown and case.loaded is None and not case.problem:
        return COMING
    if view.editable and window.selected and view.waiting and not (case.loaded and case.loaded.blindness):
        return frozenset({Needs.DECISION})
    return frozenset()


def met_needs(window: "MainWindow", view: CaseView) -> frozenset[Needs]:
    """view: what the side column shows."""
    readings, selected = window.readings, window.selected
    there = {
        Needs.RECORDING: view.there,
        Needs.DRAFT: view.editable,
        Needs.LABEL: view.editable and bool(selected),
        Needs.DECISION: view.editable and window.commands.prediction_of(selected) is not None,
        Needs.SIGNABLE: view.signable,
        Needs.FINAL: view.reading_view.amendable,
        Needs.DISCARDABLE: view.there and readings.discardable,
        Needs.UNDO: readings.can_undo,
        Needs.REDO: readings.can_redo,
        Needs.LOCKABLE: view.there and readings.lockable,
        Needs.REVEALABLE: view.there and readings.revealable,
        Needs.MAP: view.study is not None and view.study.map is not None and view.study.map.editable,
        Needs.SESSION: window.studies.session is not None,
        Needs.MODEL: view.there,
        Needs.COMPUTING: window.occlusion.running,
        Needs.PAGES: window.stage.trace.has_pages,
        Needs.SECTIONS: window.case.sectioned,
        Needs.NO_DEMO: not window.services.is_demo,
    }
    return frozenset(need for need, met in there.items() if met)
