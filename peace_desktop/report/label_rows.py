"""One row a label: the model's decision beside the reader's statement, reasons as numbered notes."""

from collections.abc import Sequence

from peace_desktop.report.printed import LabelRow
from peace_desktop.report.terms import agreement_words, presence_words
from peace_desktop.review.agreement import agreement_of
from peace_desktop.review.reading import Reading
from peace_desktop.review.statements import Statement
from peace_desktop.texts import _, aside, filled, listed
from peace_model.inference.prediction import Prediction, PredictionResult, Reason
from peace_model.labels import READERS_PROFILE, LabelError, load_profile

_NAMED_LABELS = 6


def label_rows(shown: PredictionResult | None, reading: Reading | None) -> tuple[tuple[LabelRow, ...], tuple[str, ...]]:
    """Rows, positive predictions first and then by probability; statements without a prediction follow. Then the notes.

    Reasons that differ between labels only in their values share one note, which names the label at each value where
    the labels are few.
    """
    predictions = sorted(shown.predictions, key=lambda p: (not p.positive, -p.probability)) if shown is not None else []
    statements = {statement.label: statement for statement in reading.statements} if reading is not None else {}
    templates = list(dict.fromkeys(reason.template for item in predictions for reason in item.reasons))
    rows = [
        LabelRow(
            name=_(item.name),
            probability=item.probability,
            threshold=item.threshold,
            positive=item.positive,
            decision=_("positive") if item.positive else _("negative"),
            statement=_said(statements.get(item.label)),
            agreement=_agreement(statements.get(item.label), item),
            reasons=tuple(templates.index(reason.template) + 1 for reason in item.reasons),
        )
        for item in predictions
    ]
    predicted = {item.label for item in predictions}
    rows += [
        LabelRow(_name(label), None, None, None, _("no prediction"), _said(statement), "")
        for label, statement in statements.items() if label not in predicted
    ]
    return tuple(rows), tuple(_note(template, predictions) for template in templates)


def _said(statement: Statement | None) -> str:
    return presence_words(statement.presence) if statement is not None else ""


def _agreement(statement: Statement | None, item: Prediction) -> str:
    return agreement_words(agreement_of(statement, positive=item.positive))


def _name(label: str) -> str:
    try:
        names = {item.code: item.name for item in load_profile(READERS_PROFILE).labels}
    except LabelError:
        return label
    return _(names.get(label, label))


def _note(template: str, predictions: Sequence[Prediction]) -> str:
    """The template once; a value on which the labels differ is given for each of them."""
    said: list[tuple[str, Reason]] = [
        (item.label, reason) for item in predictions for reason in item.reasons if reason.template == template
    ]
    values = {}
    for field in dict(said[0][1].values):
        each = [(label, filled(field, dict(reason.values)[field])) for label, reason in said]
        same = len({value for _label, value in each}) == 1
        values[field] = each[0][1] if same else _together(each)
    return _(template).format(**values)


def _together(each: Sequence[tuple[str, str]]) -> str:
    """A value for each label where they are few; of many labels the least and the most, which a page has room for."""
    if len(each) > _NAMED_LABELS and all(value.isdecimal() for _label, value in each):
        counts = [int(value) for _label, value in each]
        return f"{min(counts)}\N{EN DASH}{max(counts)}"
    return listed(value + aside(label.rstrip("_")) for label, value in each)
