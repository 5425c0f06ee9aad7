"""From the state of the shown case to everything the side column says: one pure function."""

from collections.abc import Sequence

from peace_desktop.jobs.model import ModelStatus
from peace_desktop.library.records import RecordingRow
from peace_desktop.report.associated_words import associated_text
from peace_desktop.report.wording import section_short, section_words
from peace_desktop.review.study import Protocol
from peace_desktop.texts import _, listed
from peace_desktop.ui.action_table import action
from peace_desktop.ui.actions import keys_text
from peace_desktop.ui.case_panel import CaseView
from peace_desktop.ui.case_state import CaseState
from peace_desktop.ui.findings.about_view import about_view
from peace_desktop.ui.findings.associated_view import AssociatedView
from peace_desktop.ui.findings.person_view import person_view
from peace_desktop.ui.findings.prediction_view import LabelName, banner_words, general_words, prediction_rows
from peace_desktop.ui.findings.reading_view import reading_view
from peace_desktop.ui.findings.rule_view import RulesView, rules_view
from peace_desktop.ui.reading_state import Readings
from peace_desktop.ui.study.card_view import StudyCard
from peace_model.ecg.measurement import Measurement, RuleResult, apply_rules
from peace_model.ecg.signal.section import Section
from peace_model.inference.prediction import PredictionResult


def case_view(case: CaseState, readings: Readings, *, measurements: Sequence[Measurement] | None,
              labels: Sequence[LabelName], selected: str, row: RecordingRow | None, card: StudyCard | None) -> CaseView:
    """What stands now; None where something is still awaited. measurements: those that hold, edited ones in place.

    labels: those shown, see `shown_labels`. row: the worklist's line of what is shown. For a blind reader the case
    holds nothing that is hidden; what is said here in its place is why.
    """
    loaded, analysis = case.loaded, case.analysis
    section = analysis.section if analysis is not None else None
    result = analysis.prediction if analysis is not None else None
    person = None
    if loaded is not None:
        person = person_view(loaded.person, measurements if analysis is not None else () if case.problem else None)
    there = loaded is not None
    results = _results(case, measurements)
    blind = loaded is not None and bool(loaded.blindness)
    return CaseView(
        person=person,
        findings=analysis.findings if analysis is not None else None,
        quality=analysis.quality if analysis is not None else (),
        measurements=measurements,
        rules=_rules(case, results),
        waiting=there and (analysis is None or measurements is None) and not case.problem,
        rows=prediction_rows(labels, result, readings.reading, fixed=readings.study is not None,
                             hidden=loaded is not None and loaded.blindness.hides_model)
        if there else (),
        selected=selected,
        banner=banner_words(result),
        general=general_words(result),
        prediction_state=_prediction_state(case, result) if there and not blind else "",
        reading=readings.reading,
        reading_view=reading_view(readings.reading, readings.others, barred=bool(readings.barred),
                                  history=loaded.history if loaded is not None else ()),
        there=there,
        editable=there and readings.editable,
        signable=there and (readings.signable or readings.lockable or readings.revealable),
        associated=_associated(case, result, results),
        has_associated=bool(result.associated) if result is not None else
        case.model_status is not None and case.model_status.associated,
        study=card,
        about=about_view(loaded.recording, row, blind=blind) if loaded is not None else None,
        section=section_short(section) if section is not None else "",
        section_note=_section_note(section, loaded.recording.duration_s)
        if section is not None and loaded is not None else "",
    )


def _section_note(section: Section, duration_s: float) -> str:
    key = keys_text(action("analyse_section"))
    return f"{section_words(section, duration_s)} {_('{key} analyses the minute shown.').format(key=key)}"


def _results(case: CaseState, measurements: Sequence[Measurement] | None) -> tuple[RuleResult, ...] | None:
    """The rule results of what was measured; None for a blind reader, and until there are measurements."""
    if case.loaded is None or case.loaded.blindness or case.analysis is None or measurements is None:
        return None
    return apply_rules(case.analysis.part, measurements)


def _rules(case: CaseState, results: Sequence[RuleResult] | None) -> RulesView | None:
    """None while the recording is being measured. Blind readers see no rule result."""
    if results is not None:
        return rules_view(results)
    if case.loaded is None:
        return RulesView(hidden=_("No recording is shown."))
    if case.loaded.blindness and case.analysis is not None:
        return RulesView(hidden=_("Blind reading: rule results are hidden until they are revealed."))
    return RulesView(hidden=_("Nothing was measured.")) if case.problem else None


def _associated(case: CaseState, result: PredictionResult | None, results: Sequence[RuleResult] | None
                ) -> AssociatedView | None:
    """None while the model is looking. Hidden from whoever may not see the model."""
    if result is not None and results is not None:
        return AssociatedView(associated_text(result, results))
    if case.loaded is None:
        return AssociatedView(hidden=_("No recording is shown."))
    if case.loaded.blindness:
        return AssociatedView(hidden=_("Blind reading: associated findings are hidden until they are revealed."))
    if case.loaded.blindness.hides_model:
        return AssociatedView(hidden=_("Associated findings are hidden until you have signed."))
    waits = case.analysis is None or result is not None
    return None if waits and not case.problem else AssociatedView(hidden=_("No prediction was made."))


def shown_labels(labels: Sequence[LabelName], study: Protocol | None, result: PredictionResult | None
                 ) -> tuple[LabelName, ...]:
    """The labels of a study in its order; outside studies all of them."""
    if study is None:
        return all_labels(labels, result)
    names = {label.code: label.name for label in labels}
    return tuple(LabelName(code, names.get(code, code)) for code in study.labels)


def all_labels(labels: Sequence[LabelName], result: PredictionResult | None) -> tuple[LabelName, ...]:
    """The labels statements are made on, then those only this bundle knows, so that keys keep their labels."""
    known = {label.code for label in labels}
    predicted = result.predictions if result is not None else ()
    return (*labels, *(LabelName(item.label, item.name) for item in predicted if item.label not in known))


def _prediction_state(case: CaseState, result: PredictionResult | None) -> str:
    if result is not None:
        return ""
    if case.loaded is not None and case.loaded.blindness.without_model:
        return _("The study \"{study}\" has no model: nothing of one is shown until you have signed.").format(
            study=listed(case.loaded.blindness.without_model))
    if case.problem:
        return case.problem
    if case.analysis is None:
        return _("The model is looking…")
    if case.analysis.prediction_error:
        return _(case.analysis.prediction_error)
    status: ModelStatus | None = case.model_status
    return _("No model: {problem}").format(problem=status.problem) if status is not None else ""
