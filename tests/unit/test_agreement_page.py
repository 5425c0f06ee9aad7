"""What the agreement page says of a study: words, rows, reasons instead of numbers, and the plot as a file."""

from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox, QTableWidget

from peace_desktop.review.statistics.answers import Answer, AnswerTable
from peace_desktop.review.statistics.formulas import Reason
from peace_desktop.review.statistics.intervals import Figure
from peace_desktop.review.statistics.rows import LabelAnswers
from peace_desktop.review.statistics.subgroups import Grouping
from peace_desktop.review.statistics.summary import StudyStatistics, study_statistics
from peace_desktop.ui.agreement.dialog import AgreementDialog
from peace_desktop.ui.agreement.figure_words import FIGURES, REASONS, figure_words, group_words
from peace_desktop.ui.agreement.table_view import Choice, What, figures_in, forest_of, table_of, whats_of

COUNT, DRAWS = 60, 60
NAMES = {"RVH": "Right ventricular hypertrophy", "LVH": "Left ventricular hypertrophy"}


@pytest.fixture(scope="module")
def found() -> StudyStatistics:
    """Two readers who mostly agree on one label, and of whom one saw only a few recordings on the other."""
    drawn = np.random.default_rng(5)
    truth = drawn.random(COUNT) < 0.4
    said = np.stack([truth ^ (drawn.random(COUNT) < share) for share in (0.05, 0.15)], axis=1).astype(np.int8)
    final = said.copy()
    final[:6, 1] = truth[:6]
    few = said.copy()
    few[8:, 1] = Answer.MISSING
    shas = [f"{place:064d}" for place in range(COUNT)]
    patients = np.arange(COUNT) // 2
    labels = [LabelAnswers(label, AnswerTable(shas, patients, ("Dr A", "Dr B"), answers), final=final,
                           decisions=truth.astype(np.int8), reference=truth.astype(np.int8))
              for label, answers in (("RVH", said), ("LVH", few))]
    sexes = Grouping("sex", ("F", "M"), np.array([place % 2 for place in range(COUNT)]))
    return study_statistics(labels, [sexes], seed=3, draws=DRAWS)


def choice(what: What, *, label: str = "", grouping: str = "", scale: str = "binary") -> Choice:
    return Choice(what, label, grouping, scale)


def test_every_figure_and_every_reason_has_words(found: StudyStatistics) -> None:
    for what in whats_of(found):
        for scale in ("binary", "ordinal"):
            assert set(figures_in(found, choice(what, scale=scale))) <= set(FIGURES)
    assert set(REASONS) == set(Reason)


def test_a_row_a_label_and_group_with_intervals_and_a_reason_where_n_is_small(found: StudyStatistics) -> None:
    table = table_of(found, choice(What.PAIR, grouping="sex"), NAMES)
    assert table.heads[:5] == ("Label", "Group", "Who", "n", "patients")
    assert [row[:4] for row in table.rows] == [
        ("Right ventricular hypertrophy", "all", "Dr A / Dr B", "60"),
        ("Right ventricular hypertrophy", "Female", "Dr A / Dr B", "30"),
        ("Right ventricular hypertrophy", "Male", "Dr A / Dr B", "30"),
        ("Left ventricular hypertrophy", "all", "Dr A / Dr B", "8"),
        ("Left ventricular hypertrophy", "Female", "Dr A / Dr B", "4"),
        ("Left ventricular hypertrophy", "Male", "Dr A / Dr B", "4")]
    agreement = table.heads.index("agreement")
    assert "%" in table.rows[0][agreement]
    assert "[" in table.rows[0][agreement]
    assert set(table.rows[3][5:]) == {"n too small"}
    only = table_of(found, choice(What.PAIR, label="LVH"), NAMES)
    assert [row[0] for row in only.rows] == ["Left ventricular hypertrophy"]


def test_change_of_mind_is_told_by_direction(found: StudyStatistics) -> None:
    table = table_of(found, choice(What.CHANGE, label="RVH"), NAMES)
    by_reader = {row[2]: dict(zip(table.heads, row, strict=True)) for row in table.rows}
    assert set(by_reader) == {"Dr A", "Dr B", "all readers"}
    assert by_reader["Dr A"]["unchanged"] == "60"
    moved = int(by_reader["Dr B"]["toward the model"])
    assert moved + int(by_reader["Dr B"]["unchanged"]) == 60
    assert by_reader["Dr B"]["away from it"] == "0"


@pytest.mark.parametrize(("figure", "words"), [
    (Figure("cohen_kappa", 0.7181, 0.5, 0.881), "0.72 [0.50, 0.88]"),
    (Figure("sensitivity", 0.8, 0.701, 0.9), "80\N{NARROW NO-BREAK SPACE}% [70, 90]"),
    (Figure("cohen_kappa", None, reason=Reason.ONE_ANSWER), "one answer only"),
    (Figure("sensitivity", 1.0, interval_reason=Reason.NO_VARIATION),
     "100\N{NARROW NO-BREAK SPACE}% (does not vary)")])
def test_a_figure_in_words(figure: Figure, words: str) -> None:
    assert figure_words(figure) == words


def test_groups_in_words() -> None:
    assert [group_words(*group) for group in (("all", "all"), ("sex", "unknown"), ("leads", "9"))] == [
        "all", "sex unknown", "9 leads"]


def test_the_page_follows_its_choices_and_draws_what_it_tells(qtbot: object, found: StudyStatistics) -> None:
    dialog = AgreementDialog("Ventricles", NAMES)
    qtbot.addWidget(dialog)  # type: ignore[attr-defined]
    dialog.show_statistics(found)
    table = dialog.findChild(QTableWidget, "agreement_table")
    assert table.rowCount() == 2
    dialog.look_at(What.MODEL_READER)
    assert table.rowCount() == 4
    figures = dialog.findChild(QComboBox, "agreement_figure")
    assert figures.currentData() == "sensitivity"
    lines = forest_of(found, dialog.choice, "sensitivity", NAMES)
    drawn = ElementTree.fromstring(dialog.plot.svg())
    told = " ".join(drawn.itertext())
    assert all(figure_words(line.figure) in told for line in lines)
    assert "Research use only" in told
    assert dialog.plot.png().startswith(b"\x89PNG")
    assert "sensitivity" in dialog.plot.accessibleName()
