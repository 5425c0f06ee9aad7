"""Rows of the prediction list: pure functions from predictions and statements to words, order and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from peace_desktop.report import terms
from peace_desktop.report.terms import agreement_words, presence_words
from peace_desktop.review.agreement import Agreement, agreement_of
from peace_desktop.review.reading import Reading
from peace_desktop.review.statements import Presence
from peace_desktop.texts import _, as_fact, aside, mark, pgettext, pmark, put_together, render
from peace_desktop.ui.action_table import LABEL_KEYS
from peace_model.inference.prediction import Prediction, PredictionResult

SHORT_WORDS = {
    Presence.PRESENT: pmark("statement", "Pres."),
    Presence.ABSENT: pmark("statement", "Abs."),
    Presence.UNCERTAIN: pmark("statement", "Unc."),
    Presence.NOT_ASSESSABLE: pmark("statement", "N/A"),
}
"""For the narrow column of the list; the selected label's detail has the words in full."""
STATEMENT_KEYS = {Presence.PRESENT: "P", Presence.ABSENT: "X", Presence.UNCERTAIN: "U",
                  Presence.NOT_ASSESSABLE: "N"}
_SHORT_NAMES = {
    "LAFB": mark("LA fasc. block"),
    "IRBBB": mark("Incompl. RBBB"),
    "CRBBB": mark("Complete RBBB"),
    "LAE": mark("LA enlargement"),
    "RAE": mark("RA enlargement"),
    "LVOLT": mark("Low voltage"),
    "TAB_": mark("T wave abnormal"),
    "LVH": mark("LV hypertrophy"),
    "RVH": mark("RV hypertrophy"),
    "LQTS": mark("Prolonged QT"),
    "CLBBB": mark("Complete LBBB"),
    "WPW": mark("Preexcitation"),
    "1AVB": mark("1st-deg. AV block"),
    "PAC": mark("Atrial premature"),
    "PVC": mark("Ventr. premature"),
    "LPFB": mark("LP fasc. block"),
}
_BANNER_REASONS = ("adult_trained", "younger_than_training", "training_ages_unknown", "age_unknown")


@dataclass(frozen=True)
class LabelName:
    """A label the reader can make statements on, with the words of the label table."""

    code: str
    name: str


@dataclass(frozen=True)
class RowView:
    """One label's row. short: the name where there is little room. key: "" beyond the twelfth label.

    probability and threshold are None without a prediction. fixed: it stands in a study's order, which no prediction
    changes. hidden: what the model decided is kept from this reader.
    """

    label: str
    name: str
    short: str
    key: str
    probability: float | None
    threshold: float | None
    positive: bool | None
    decision: str
    statement: str
    presence: Presence | None
    agreement: Agreement
    reasons: tuple[str, ...]
    fixed: bool = False
    hidden: bool = False

    @property
    def probability_text(self) -> str:
        return percent(self.probability) if self.probability is not None else "\N{EN DASH}"

    @property
    def accessible(self) -> str:
        said = _("no statement")
        if self.presence is not None:
            said = _("your statement: {statement}").format(statement=presence_words(self.presence))
            said += aside(agreement_words(self.agreement)) if self.agreement != "none" else ""
        key = _("key {key}").format(key=self.key) if self.key else ""
        return put_together(self.name, key, self.decision, said)


def percent(share: float) -> str:
    """The share as `terms.percent` writes it, in a column of numbers."""
    return terms.percent(share, gap="\N{NARROW NO-BREAK SPACE}")


def prediction_rows(labels: Sequence[LabelName], result: PredictionResult | None, reading: Reading | None, *,
                    fixed: bool = False, hidden: bool = False) -> tuple[RowView, ...]:
    """Positive labels first, then by probability; without a prediction, and in a study, in the order of the labels.

    A label keeps its key whatever its place in the list, so that a key never means another label than a moment ago.
    """
    found = {prediction.label: prediction for prediction in result.predictions} if result is not None else {}
    rows = [replace(_row(label, LABEL_KEYS[place] if place < len(LABEL_KEYS) else "", found.get(label.code), reading),
                    fixed=fixed, hidden=hidden) for place, label in enumerate(labels)]
    if hidden:
        rows = [replace(row, decision="") for row in rows]
    if result is not None and not fixed:
        rows.sort(key=lambda row: (not row.positive, -(row.probability or 0.0)))
    return tuple(rows)


def _row(label: LabelName, key: str, prediction: Prediction | None, reading: Reading | None) -> RowView:
    statement = reading.statement(label.code) if reading is not None else None
    agreement: Agreement = "none"
    if statement is not None and prediction is not None:
        agreement = agreement_of(statement, positive=prediction.positive)
    return RowView(
        label=label.code, name=_(label.name), short=_(_SHORT_NAMES.get(label.code, label.name)), key=key,
        probability=prediction.probability if prediction is not None else None,
        threshold=prediction.threshold if prediction is not None else None,
        positive=prediction.positive if prediction is not None else None,
        decision=decision_words(prediction),
        statement=pgettext("statement", SHORT_WORDS[statement.presence]) if statement is not None else "",
        presence=statement.presence if statement is not None else None,
        agreement=agreement,
        reasons=tuple(render(reason) for reason in prediction.reasons) if prediction is not None else (),
    )


def said_words(rows: Sequence[RowView], comment: str, edited: str = "") -> str:
    """Everything a signature would stand under: a line for each statement, the comment, the edited measurements."""
    lines = []
    for row in rows:
        if row.presence is not None:
            agreement = aside(agreement_words(row.agreement)) if row.agreement != "none" else ""
            lines.append("\N{BULLET} " + as_fact(row.name, presence_words(row.presence) + agreement))
    lines = lines or [_("No statements.")]
    if comment.strip():
        lines.append(_("Comment: {text}").format(text=comment.strip()))
    return "\n".join([*lines, edited] if edited else lines)


def decision_words(prediction: Prediction | None) -> str:
    """The model's decision in words, with probability and threshold."""
    if prediction is None:
        return _("no prediction")
    template = _("positive: {probability}, threshold {threshold}") if prediction.positive else _(
        "negative: {probability}, threshold {threshold}")
    return template.format(probability=percent(prediction.probability), threshold=percent(prediction.threshold))


def banner_words(result: PredictionResult | None) -> str:
    """The one line above a child's predictions: the model knows adults; "" where that is no matter."""
    if result is None:
        return ""
    return next((render(reason) for reason in result.general_reasons if reason.code in _BANNER_REASONS), "")


def general_words(result: PredictionResult | None) -> tuple[str, ...]:
    """The reasons that concern every label, without the one the banner says."""
    if result is None:
        return ()
    return tuple(render(reason) for reason in result.general_reasons if reason.code not in _BANNER_REASONS)
