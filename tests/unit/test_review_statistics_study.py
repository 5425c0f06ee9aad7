"""A study's statistics: rows, floors, counts beside figures, change of mind, and the document made of them."""

import json

import numpy as np
import pytest
from statistics_cases import READERS, age_and_sex, study_label, table_of

from peace_desktop.review.statements import Presence
from peace_desktop.review.statistics.answers import Answer, AnswerTable, Tally, code_of
from peace_desktop.review.statistics.document import CSV_COLUMNS, to_csv_rows, to_document
from peace_desktop.review.statistics.formulas import Reason
from peace_desktop.review.statistics.mcnemar import Outcome, directions
from peace_desktop.review.statistics.rows import Kind, LabelAnswers
from peace_desktop.review.statistics.subgroups import Grouping
from peace_desktop.review.statistics.summary import study_statistics

P, A, U, N, M = Answer.PRESENT, Answer.ABSENT, Answer.UNCERTAIN, Answer.NOT_ASSESSABLE, Answer.MISSING


@pytest.fixture(scope="module")
def study():
    return study_statistics([study_label("RVH"), study_label("WPW", seed=1, prevalence=0.02)], age_and_sex(), seed=11,
                            draws=200)


def comparisons(row, kind, scale="binary"):
    return [comparison for comparison in row.comparisons if (comparison.kind, comparison.scale) == (kind, scale)]


def test_rows_stand_for_every_label_and_group_in_order(study):
    places = [(row.label, row.grouping, row.group) for row in study.rows]
    groups = [("all", "all"), ("age band", "infant"), ("age band", "child"), ("age band", "adolescent"), ("sex", "F"),
              ("sex", "M"), ("sex", "unknown")]
    assert places == [(label, *group) for label in ("RVH", "WPW") for group in groups]
    everyone = {row.label: row.recordings for row in study.rows if row.grouping == "all"}
    for grouping in ("age band", "sex"):
        assert sum(row.recordings for row in study.rows if row.grouping == grouping) == sum(everyone.values())


def test_a_row_holds_what_the_study_asks(study):
    row = study.rows[0]
    assert [comparison.readers for comparison in comparisons(row, Kind.READERS)] == [READERS]
    assert [comparison.readers for comparison in comparisons(row, Kind.PAIR)] == [
        ("ana", "ben"), ("ana", "chi"), ("ben", "chi")]
    assert [comparison.readers for comparison in comparisons(row, Kind.MODEL_READER)] == [("ana",), ("ben",), ("chi",)]
    assert len(comparisons(row, Kind.MODEL_REFERENCE)) == 1
    assert [change.reader for change in row.changes] == [*READERS, ""]
    names = {figure.name for comparison in row.comparisons for figure in comparison.figures}
    assert names == {
        "mean_percent_agreement", "fleiss_kappa", "conger_kappa", "gwet_ac1", "gwet_ac2_linear", "gwet_ac2_quadratic",
        "krippendorff_alpha_nominal", "krippendorff_alpha_ordinal", "percent_agreement", "cohen_kappa",
        "cohen_kappa_linear", "cohen_kappa_quadratic", "prevalence_index", "bias_index", "pabak", "sensitivity",
        "specificity", "ppv", "npv"}
    assert all(figure.low <= figure.value <= figure.high for comparison in row.comparisons
               for figure in comparison.figures)


def test_a_small_group_keeps_its_row_and_its_n_without_figures(study):
    row = next(row for row in study.rows if row.group == "adolescent")
    assert row.recordings == 8
    assert all(comparison.too_small and not comparison.figures for comparison in row.comparisons)
    assert max(comparison.recordings for comparison in row.comparisons) > 0
    assert {outcome.test.reason for change in row.changes for outcome in change.outcomes} == {Reason.TOO_SMALL}
    assert {outcome.change for change in row.changes for outcome in change.outcomes} == {None}


def test_an_empty_group_keeps_its_row(study):
    row = next(row for row in study.rows if row.group == "unknown")
    assert (row.recordings, row.patients) == (0, 0)
    assert all(comparison.too_small for comparison in row.comparisons)


def test_what_is_left_out_is_counted():
    answers = [[P, P], [A, U], [N, P], [M, A], [P, A]] * 10
    row = study_statistics([LabelAnswers("RVH", table_of(answers))], seed=1, draws=50).rows[0]
    assert [given.tally for given in row.given] == [
        Tally(present=20, absent=10, uncertain=0, not_assessable=10, missing=10),
        Tally(present=20, absent=20, uncertain=10, not_assessable=0, missing=0)]
    compared = {comparison.scale: comparison.recordings for comparison in row.comparisons
                if comparison.kind is Kind.PAIR}
    assert compared == {"binary": 20, "ordinal": 30}


def test_uncertain_is_halfway_between_absent_and_present():
    """Ten pairs each of absent-absent, present-present, absent-uncertain: linear weights give the last half."""
    answers = [[A, A], [P, P], [A, U]] * 10
    row = study_statistics([LabelAnswers("RVH", table_of(answers))], seed=1, draws=50).rows[0]
    figures = {figure.name: figure.value for figure in comparisons(row, Kind.PAIR, "ordinal")[0].figures}
    # observed (1 + 1 + 1/2) / 3; expected from the margins (2/3, 0, 1/3) and (1/3, 1/3, 1/3)
    assert figures["cohen_kappa_linear"] == pytest.approx((5 / 6 - 1 / 2) / (1 / 2))


def test_one_reader_alone_is_compared_with_the_model_only():
    label = study_label()
    alone = label.arranged(np.arange(120), np.array([1]))
    row = study_statistics([alone], seed=1, draws=50).rows[0]
    assert {comparison.kind for comparison in row.comparisons} == {Kind.MODEL_READER, Kind.MODEL_REFERENCE}


def test_change_of_mind_counts_directions():
    locked = np.array([[A, P, A, A, P, U, N, P, M, P, A]], np.int8).T
    final = np.array([[P, A, U, A, P, A, P, N, P, M, P]], np.int8).T
    decisions = np.array([[P, P, P, P, P, P, P, P, P, P, M]], np.int8).T
    found = directions(locked, final, decisions)
    assert (found.compared, found.unchanged, found.toward, found.away, found.neither, found.one_missing) == (
        9, 2, 2, 2, 3, 2)
    without_model = directions(locked, final, None)
    assert (without_model.toward, without_model.away, without_model.neither) == (0, 0, 7)


def test_mcnemar_counts_what_was_gained_and_lost():
    locked = np.array([[A]] * 12 + [[P]] * 20, np.int8)
    final = np.array([[P]] * 10 + [[A]] * 4 + [[P]] * 18, np.int8)
    decisions = np.array([P] * 14 + [A] * 13 + [M] * 5, np.int8)
    row = study_statistics([LabelAnswers("RVH", table_of(locked), final, decisions)], seed=1, draws=50).rows[0]
    tests = {outcome.test.outcome: outcome.test for outcome in row.changes[0].outcomes}
    assert (tests[Outcome.PRESENT].gained, tests[Outcome.PRESENT].lost) == (10, 2)
    assert tests[Outcome.PRESENT].p_exact == pytest.approx(2 * (1 + 12 + 66) / 4096)
    assert (tests[Outcome.AGREES_WITH_MODEL].gained, tests[Outcome.AGREES_WITH_MODEL].lost) == (10, 2)
    assert tests[Outcome.AGREES_WITH_MODEL].recordings == 27, "five have no decision"
    assert tests[Outcome.PRESENT].p_chi_square is None, "twelve changes are too few for it"
    assert (tests[Outcome.PRESENT].recordings, tests[Outcome.PRESENT].patients) == (32, 32)
    change = row.changes[0].outcomes[0].change
    assert change.value == pytest.approx(8 / 32)
    assert 0 < change.low < 0.25 < change.high


def test_readers_together_have_a_change_but_no_test(study):
    together = study.rows[0].changes[-1]
    assert {outcome.test.reason for outcome in together.outcomes} == {Reason.NOT_INDEPENDENT}
    alone = study.rows[0].changes[:-1]
    assert together.directions.toward == sum(change.directions.toward for change in alone) > 0
    toward_model = next(outcome for outcome in together.outcomes
                        if outcome.test.outcome is Outcome.AGREES_WITH_MODEL)
    assert toward_model.change.low > 0


def test_many_changes_have_a_chi_square_beside_the_exact_test():
    locked = np.array([[A]] * 30 + [[P]] * 12, np.int8)
    row = study_statistics([LabelAnswers("RVH", table_of(locked, patients=np.arange(42) // 3), 1 - locked)], seed=1,
                           draws=50).rows[0]
    test = row.changes[0].outcomes[0].test
    assert (test.recordings, test.patients) == (42, 14)
    assert test.chi_square == pytest.approx(17 ** 2 / 42)
    assert test.p_chi_square == pytest.approx(test.p_exact, rel=0.15)


def test_nobody_changing_is_no_test():
    answers = np.array([[A], [P]] * 15, np.int8)
    row = study_statistics([LabelAnswers("RVH", table_of(answers), answers)], seed=1, draws=50).rows[0]
    assert row.changes[0].outcomes[0].test.reason is Reason.NO_CHANGE


def test_the_document_is_json_and_says_how_it_was_made(study):
    document = to_document(study)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["interval"] == {"method": "cluster bootstrap over patients, percentile", "level": 0.95,
                                    "draws": 200, "seed": 11, "most_undefined": 0.05}
    assert document["floor"] == {"recordings": 20, "each_answer": 5}
    named = {figure["name"] for row in document["rows"] for comparison in row["comparisons"]
             for figure in comparison["figures"]}
    named |= {outcome["change"]["name"] for row in document["rows"] for change in row["changes"]
              for outcome in change["outcomes"] if outcome["change"]}
    assert named == set(document["formulas"])


def test_every_missing_value_says_why(study):
    for row in study.rows:
        for comparison in row.comparisons:
            for figure in comparison.figures:
                assert (figure.value is None) == (figure.reason is not None)
                assert (figure.low is None) == (figure.interval_reason is not None)
        for change in row.changes:
            for outcome in change.outcomes:
                assert (outcome.test.p_exact is None) == (outcome.test.reason is not None)


def test_the_csv_tells_the_same_figures(study):
    header, *rows = to_csv_rows(study)
    assert header == CSV_COLUMNS
    assert {len(row) for row in rows} == {len(header)}
    assert all(cell is None or type(cell) in (str, int, float) for row in rows for cell in row)
    cells = [dict(zip(header, row, strict=True)) for row in rows]
    kappa = next(cell for cell in cells if cell["figure"] == "cohen_kappa")
    figure = next(figure for figure in comparisons(study.rows[0], Kind.PAIR)[0].figures if figure.name == "cohen_kappa")
    assert (kappa["reader_1"], kappa["reader_2"], kappa["value"]) == ("ana", "ben", round(figure.value, 6))
    small = [cell for cell in cells
             if (cell["label"], cell["group"], cell["kind"]) == ("RVH", "adolescent", "readers")]
    assert [(cell["recordings"] > 0, cell["value"], cell["reason"]) for cell in small] == [
        (True, None, "too_small")] * 2


def test_each_presence_has_its_code():
    assert [code_of(presence) for presence in (*Presence, None)] == [P, A, U, N, M]


@pytest.mark.parametrize(("make", "named"), [
    (lambda: AnswerTable(("a", "a"), np.arange(2), ("x",), np.zeros((2, 1), np.int8)), "recordings"),
    (lambda: AnswerTable(("a", "b"), np.arange(2), ("x", "x"), np.zeros((2, 2), np.int8)), "raters"),
    (lambda: AnswerTable(("a", "b"), np.arange(3), ("x",), np.zeros((2, 1), np.int8)), "patients"),
    (lambda: table_of(np.full((2, 2), 3)), "code 3"),
    (lambda: LabelAnswers("RVH", table_of([[P, A]]), decisions=np.array([U], np.int8)), "RVH: decisions"),
    (lambda: LabelAnswers("RVH", table_of([[P, A]]), reference=np.array([P, P], np.int8)), "RVH: reference"),
    (lambda: Grouping("sex", ("F", "M"), np.array([0, 2])), "sex"),
    (lambda: Grouping("sex", ("F", "F"), np.array([0, 1])), "sex"),
    (lambda: study_statistics([], seed=1), "label"),
    (lambda: study_statistics([study_label(), study_label()], seed=1), "twice"),
    (lambda: study_statistics([study_label(), study_label("WPW", recordings=90)], seed=1), "WPW"),
    (lambda: study_statistics([study_label(recordings=90)], age_and_sex(), seed=1), "age band"),
])
def test_what_does_not_fit_is_refused_by_name(make, named):
    with pytest.raises(ValueError, match=named):
        make()
