"""Findings about the input: what a reader must know before believing any number drawn from it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from peace_desktop.texts import _, render
from peace_desktop.ui.findings.disclosure import Disclosure
from peace_desktop.ui.panel import framed, text_label
from peace_model.ecg.recording import Finding
from peace_model.ecg.signal.consequences import CONSEQUENCES
from peace_model.ecg.signal.lead_quality import LeadQuality


class InputTruth(QWidget):
    """One line a finding, in the order they were found; what they mean one click away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = framed("notice", name="findings")
        self._text = text_label(name="findings_text")
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(8, 5, 8, 5)
        inside.addWidget(self._text)
        self._means = Disclosure(_("What this means"), (), subject=_("Input"))
        inside.addWidget(self._means)
        self._none = text_label(muted=True, name="findings_none")
        self._quality = Disclosure("", (), subject=_("Input"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._frame, self._none, self._quality):
            column.addWidget(widget)
        self.show_findings(None)
        self.show_quality(())

    @property
    def text(self) -> str:
        return self._text.text()

    def show_quality(self, quality: Sequence[LeadQuality]) -> None:
        """The leads' quality in a line, the worst one named; every lead's one click away. () shows nothing."""
        if quality:
            self._quality.tell(*quality_words(quality))
        self._quality.setVisible(bool(quality))

    def show_findings(self, findings: Sequence[Finding] | None, *, there: bool = True, waiting: bool = True) -> None:
        """findings: None while the recording is looked at, or where that failed: not `waiting`.

        there: a recording is shown at all.
        """
        lines = [f"\N{BULLET} {render(finding)}" for finding in findings or ()]
        self._text.setText("\n".join(lines))
        self._frame.setVisible(bool(lines))
        self._none.setVisible(not lines)
        self._none.setText(_words(findings, there=there, waiting=waiting))
        meanings = _meanings(findings or ())
        self._means.tell(_("What this means"), meanings)
        self._means.setVisible(bool(meanings))
        self._frame.setAccessibleName(_("Findings about the input: {text}").format(text=" ".join(lines)))


def quality_words(quality: Sequence[LeadQuality]) -> tuple[str, list[str]]:
    """One line on all leads of a recording, and a line a lead, the worst first."""
    ordered = sorted(quality, key=lambda item: item.index)
    words = _("Lead quality, worst: {lead} {index}").format(
        lead=ordered[0].lead, index=f"{ordered[0].index:.2f}")
    return words, [_("{lead}: {index} (noise {noise}, mains {mains}, wander {wander} mV)").format(
        lead=item.lead, index=f"{item.index:.2f}", noise=f"{item.noise_mv:.3f}", mains=f"{item.mains_mv:.3f}",
        wander=f"{item.wander_mv:.2f}") for item in ordered] + [
        _("1: undisturbed; 0.5: a disturbance at the limit of a finding; 0: the lead shows nothing of its own.")]


def _meanings(findings: Sequence[Finding]) -> list[str]:
    """For each finding what it means for measurements and model, under the finding's own words."""
    lines = []
    for finding in findings:
        means = CONSEQUENCES.get(finding.code)
        if means is not None:
            lines.append(render(finding))
            lines += [template.format(words=_(words)) for template, words in (
                (_("Measurements: {words}"), means.measurement), (_("Model: {words}"), means.model)) if words]
    return lines


def _words(findings: Sequence[Finding] | None, *, there: bool, waiting: bool) -> str:
    if not there:
        return _("No recording is shown.")
    if findings is None:
        return _("Looking at the signal…") if waiting else _("The signal could not be looked at.")
    return _("Nothing stands out in the signal.")
