"""The side column: age card at the top, findings, predictions and what goes with them, measurements and rules, the
reading at the foot.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from peace_desktop.review.reading import Reading
from peace_desktop.texts import _, ngettext
from peace_desktop.ui.findings.about_panel import AboutPanel
from peace_desktop.ui.findings.about_view import AboutView
from peace_desktop.ui.findings.age_card import AgeCard
from peace_desktop.ui.findings.associated_list import AssociatedList
from peace_desktop.ui.findings.associated_view import AssociatedView
from peace_desktop.ui.findings.input_truth import InputTruth
from peace_desktop.ui.findings.lead_table import LeadTable
from peace_desktop.ui.findings.measurement_table import MeasurementTable
from peace_desktop.ui.findings.measurement_view import axis_view, lead_table, measurement_rows, shape_lines
from peace_desktop.ui.findings.person_view import PersonView
from peace_desktop.ui.findings.prediction_list import PredictionList
from peace_desktop.ui.findings.prediction_view import RowView
from peace_desktop.ui.findings.reading_panel import ReadingPanel
from peace_desktop.ui.findings.reading_view import ReadingView
from peace_desktop.ui.findings.rule_list import RuleList
from peace_desktop.ui.findings.rule_view import RulesView
from peace_desktop.ui.panel import Panel, text_label
from peace_desktop.ui.study.card import StudyCardPanel
from peace_desktop.ui.study.card_view import StudyCard
from peace_model.ecg.measurement import Measurement
from peace_model.ecg.recording import Finding
from peace_model.ecg.signal.lead_quality import LeadQuality

MINIMUM_PX = 392
_AROUND_PX = 24
"""Kept in sight above and below a row that is scrolled to."""
_DETAIL_PINNED_PX, _READING_PINNED_PX = 560, 700
"""Least height of the column at which the label's detail and the reading stay in sight."""


@dataclass(frozen=True)
class CaseView:
    """Everything the side column shows. None stands for what is still awaited, or not to be had: see `waiting`.

    has_associated: whether the bundle tells associated findings; without them their panel is not there.
    study: of a blind reader and of a study, None for neither.
    section: which seconds of a long recording findings, numbers and predictions concern, "" where they concern all;
    section_note: the same in a sentence.
    """

    person: PersonView | None
    findings: Sequence[Finding] | None
    quality: Sequence[LeadQuality]
    measurements: Sequence[Measurement] | None
    rules: RulesView | None
    waiting: bool
    rows: tuple[RowView, ...]
    selected: str
    banner: str
    general: tuple[str, ...]
    prediction_state: str
    reading: Reading | None
    reading_view: ReadingView
    there: bool
    editable: bool
    signable: bool
    associated: AssociatedView | None = None
    has_associated: bool = False
    about: AboutView | None = None
    study: StudyCard | None = None
    section: str = ""
    section_note: str = ""


class CasePanel(QWidget):
    """Shows a CaseView; its parts emit what the reader does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(MINIMUM_PX)
        self.age_card = AgeCard()
        self.study = StudyCardPanel()
        self.input_truth = InputTruth()
        self.predictions = PredictionList()
        self.associated = AssociatedList()
        self.measurements = MeasurementTable()
        self.rules = RuleList()
        self.leads = LeadTable()
        self.about = AboutPanel()
        self.reading = ReadingPanel()
        self.panels = (
            Panel("findings", _("Input"), self.input_truth),
            Panel("predictions", _("Predictions and statements"), self.predictions),
            Panel("associated", _("Associated findings"), self.associated),
            Panel("measurements", _("Measurements"), self.measurements),
            Panel("rules", _("Rule results"), self.rules),
            Panel("leads", _("Measurements in every lead (mV)"), self.leads),
            Panel("about", _("About this recording"), self.about),
        )
        self._shown: CaseView | None = None
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(6)
        self._section = text_label(muted=True, name="section")
        self._section.hide()
        column.addWidget(self._section)
        for panel in self.panels:
            column.addWidget(panel)
        self._panel("associated").hide()
        column.addStretch(1)
        self._column = column
        scroll = QScrollArea()
        scroll.setObjectName("case_scroll")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(_("Findings, predictions and measurements"))
        scroll.setWidget(inner)
        self._scroll = scroll
        self.predictions.reached.connect(self._reach)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 8, 8, 4)
        layout.setSpacing(6)
        layout.addWidget(self.age_card)
        self._head = QVBoxLayout()
        layout.addLayout(self._head)
        layout.addWidget(scroll, 1)
        self._foot = QVBoxLayout()
        self._foot.setSpacing(6)
        layout.addLayout(self._foot)
        self._pinned: tuple[bool, bool] | None = None
        # On a low screen the window must not first be made as tall as everything pinned.
        self._pin(detail=False, reading=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a low screen what is pinned at the foot moves to the end of what scrolls, first the reading, and the card
        about a study to its beginning.
        """
        super().resizeEvent(event)
        self._pin(detail=self.height() >= _DETAIL_PINNED_PX, reading=self.height() >= _READING_PINNED_PX)

    def _reach(self, row: QWidget) -> None:
        """Scroll to a row once the label's detail has its new height."""
        QTimer.singleShot(0, row, lambda: self._scroll.ensureWidgetVisible(row, 0, _AROUND_PX))

    def _pin(self, *, detail: bool, reading: bool) -> None:
        if self._pinned == (detail, reading):
            return
        self._pinned = (detail, reading)
        focused = QApplication.focusWidget()
        for widget, pinned in ((self.predictions.detail, detail), (self.reading, reading)):
            if pinned:
                self._foot.addWidget(widget)
            else:
                self._column.insertWidget(self._column.count() - 1, widget)
        if detail:
            self._head.addWidget(self.study)
        else:
            self._column.insertWidget(0, self.study)
        if focused is not None and self.isAncestorOf(focused):
            focused.setFocus()

    def show_case(self, view: CaseView) -> None:
        """Only what changed is drawn anew."""
        before, self._shown = self._shown, view
        self.study.show_card(view.study)
        if before is None or before.person != view.person:
            self.age_card.show_person(view.person)
        moved = before is None or (before.there, before.waiting) != (view.there, view.waiting)
        if before is None or moved or before.findings is not view.findings:
            self.input_truth.show_findings(view.findings if view.there else (), there=view.there, waiting=view.waiting)
            self.input_truth.show_quality(view.quality)
        self.predictions.show_rows(view.rows, selected=view.selected, editable=view.editable, banner=view.banner,
                                   general=view.general, state=view.prediction_state, waiting=view.waiting)
        self._panel("associated").setVisible(view.has_associated)
        if before is None or moved or before.associated != view.associated:
            self.associated.show_findings(None if view.waiting else view.associated)
        if before is None or moved or before.measurements is not view.measurements:
            measured = view.measurements or ()
            self.measurements.show_rows(None if view.waiting else measurement_rows(measured), axis_view(measured),
                                        shape_lines(measured))
            self.leads.show_leads(lead_table(measured), instead=_no_leads(view))
        if before is None or moved or before.rules != view.rules:
            self.rules.show_rules(None if view.waiting else view.rules)
        self.about.show_about(view.about)
        self._note(view)
        self.reading.show_reading(view.reading, view.reading_view, there=view.there, signable=view.signable)

    def _panel(self, key: str) -> Panel:
        return next(panel for panel in self.panels if panel.key == key)

    def look_at_top(self) -> None:
        """Of another recording what is said of its input comes first."""
        self._scroll.verticalScrollBar().setValue(0)

    def show_about(self) -> None:
        """Unfold the panel about the recording and look at it; fold it where it is looked at already."""
        panel = self.panels[-1]
        if not panel.is_folded and self.about.hasFocus():
            panel.set_folded(True)
            return
        panel.set_folded(False)
        self.about.setFocus(Qt.FocusReason.ShortcutFocusReason)
        QTimer.singleShot(0, panel, lambda: self._scroll.ensureWidgetVisible(panel, 0, _AROUND_PX))

    def _note(self, view: CaseView) -> None:
        """Beside the headings: how much there is, and when a long recording's section was."""
        self._section.setText(view.section_note)
        self._section.setVisible(bool(view.section_note))
        count = len(view.findings or ())
        met = len(view.rules.met) if view.rules is not None else 0
        named = view.associated.count if view.associated is not None else 0
        said = (ngettext("{n} finding", "{n} findings", count).format(n=count) if count else "", "",
                _("{n} found").format(n=named) if named else "", "", _("{n} met").format(n=met) if met else "", "")
        for panel, note in zip(self.panels, said, strict=False):
            panel.set_note(" \N{MIDDLE DOT} ".join(part for part in (note, view.section) if part))


def _no_leads(view: CaseView) -> str:
    """What stands in the table of leads while it has no rows."""
    if view.waiting:
        return _("Measuring…")
    return _("Nothing was measured.") if view.there else _("No recording is shown.")
