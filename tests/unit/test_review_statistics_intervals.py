"""The cluster bootstrap: what is drawn, what an interval is worth, and when there is none."""

import numpy as np
import pytest
from statistics_cases import table_of

from peace_desktop.review.statistics.answers import BINARY
from peace_desktop.review.statistics.formulas import Reason
from peace_desktop.review.statistics.intervals import FLOOR, Floor, Resampling, figures_of, weighted_sums
from peace_desktop.review.statistics.many_raters import together
from peace_desktop.review.statistics.model_figures import against
from peace_desktop.review.statistics.two_raters import cohen_kappa, pair

RESAMPLING = Resampling(seed=3, draws=500)


def pair_figures(answers, patients=None, resampling=RESAMPLING, floor=FLOOR):
    table = table_of(answers, patients=patients)
    part = pair(table.answers[:, 0], table.answers[:, 1], BINARY)
    return {figure.name: figure for figure in figures_of([part], table.patients, resampling, floor)[0]}


def model_figures(standard, decisions, patients):
    part = against(np.asarray(standard, np.int8), np.asarray(decisions, np.int8))
    return {figure.name: figure for figure in figures_of([part], np.asarray(patients), RESAMPLING, FLOOR)[0]}


def answers_of(cells):
    """Recordings of two raters, from {(first, second): how many}."""
    return np.repeat([list(cell) for cell in cells], list(cells.values()), axis=0)


def test_a_draw_is_patients_taken_whole():
    patients = np.array([4, 4, 9, 1, 1, 1])
    counts = weighted_sums(np.eye(6), patients, RESAMPLING)
    assert (counts[:, 0] == 1).all()
    for recordings in ([0, 1], [3, 4, 5]):
        assert (counts[recordings] == counts[recordings[0]]).all()
    assert (counts[[0, 2, 3], 1:].sum(axis=0) == 3).all()
    assert len(np.unique(counts[:, 1:], axis=1).T) == 10, "three patients drawn three times: ten different samples"


def test_a_drawn_value_is_the_statistic_of_the_recordings_drawn():
    random = np.random.default_rng(8)
    answers = random.integers(0, 2, (30, 2)).astype(np.int8)
    patients = np.arange(30) // 2
    part = pair(answers[:, 0], answers[:, 1], BINARY)
    kappas = cohen_kappa(weighted_sums(part.features, patients, RESAMPLING).reshape(2, 2, -1))
    drawn = weighted_sums(np.eye(30), patients, RESAMPLING).astype(int)
    for draw in (0, 1, 200, 500):
        taken = np.repeat(answers, drawn[:, draw], axis=0)
        table = np.zeros((2, 2))
        np.add.at(table, (taken[:, 0], taken[:, 1]), 1)
        assert kappas[draw] == pytest.approx(float(cohen_kappa(table)))


def test_many_draws_are_made_in_pieces_without_changing_them(monkeypatch):
    features, patients = np.random.default_rng(1).random((40, 3)), np.arange(40)
    at_once = weighted_sums(features, patients, RESAMPLING)
    monkeypatch.setattr("peace_desktop.review.statistics.intervals._CELLS_AT_ONCE", 1000)
    np.testing.assert_array_equal(weighted_sums(features, patients, RESAMPLING), at_once)


def test_the_interval_of_independent_patients_is_the_binomial_one():
    """80 % of 400 agree: the normal approximation gives 0.8 -+ 1.96 x 0.02."""
    figure = pair_figures(answers_of({(0, 0): 160, (1, 1): 160, (0, 1): 80}), resampling=Resampling(1))[
        "percent_agreement"]
    assert (figure.numerator, figure.denominator, figure.value) == (320, 400, 0.8)
    assert (figure.low, figure.high) == (pytest.approx(0.761, abs=5e-3), pytest.approx(0.839, abs=5e-3))


def test_repeating_a_patients_recording_adds_no_certainty():
    once = answers_of({(0, 0): 20, (1, 1): 15, (0, 1): 5, (1, 0): 4})
    alone = pair_figures(once)
    thrice = pair_figures(np.repeat(once, 3, axis=0), patients=np.repeat(np.arange(len(once)), 3))
    as_if_independent = pair_figures(np.repeat(once, 3, axis=0))
    for name in ("cohen_kappa", "percent_agreement", "bias_index"):
        assert (thrice[name].low, thrice[name].high) == (pytest.approx(alone[name].low),
                                                         pytest.approx(alone[name].high))
        width = as_if_independent[name].high - as_if_independent[name].low
        assert width < 0.75 * (thrice[name].high - thrice[name].low)


def test_one_patient_has_no_interval():
    figure = pair_figures(answers_of({(0, 0): 10, (1, 1): 10, (0, 1): 5}), patients=[7] * 25)["cohen_kappa"]
    assert figure.value is not None
    assert (figure.low, figure.high, figure.interval_reason) == (None, None, Reason.ONE_PATIENT)


def test_a_share_of_everything_has_no_interval():
    figure = model_figures([1] * 30 + [0] * 30, [1] * 30 + [0] * 29 + [1], np.arange(60))["sensitivity"]
    assert (figure.value, figure.numerator, figure.denominator) == (1.0, 30, 30)
    assert (figure.low, figure.interval_reason) == (None, Reason.NO_VARIATION)


def test_an_interval_is_withheld_when_too_many_draws_are_undefined():
    """All six abnormal recordings are of one patient; a draw misses that patient more than once in three times."""
    patients = [0] * 6 + list(range(1, 31))
    figures = model_figures([1] * 6 + [0] * 30, [1, 1, 1, 1, 1, 0] + [0] * 25 + [1] * 5, patients)
    sensitivity = figures["sensitivity"]
    assert sensitivity.value == pytest.approx(5 / 6)
    assert (sensitivity.low, sensitivity.interval_reason) == (None, Reason.UNDEFINED_DRAWS)
    assert sensitivity.undefined_draws == pytest.approx(500 * (30 / 31) ** 31, abs=40)
    assert figures["specificity"].interval_reason is None


def test_one_answer_from_everybody_makes_kappa_undefined_not_perfect():
    figures = pair_figures(answers_of({(0, 0): 40}))
    assert (figures["cohen_kappa"].value, figures["cohen_kappa"].reason) == (None, Reason.ONE_ANSWER)
    assert figures["percent_agreement"].value == 1.0
    assert figures["pabak"].value == 1.0


def test_a_rare_answer_leaves_shares_and_withholds_what_is_corrected_for_chance():
    table = table_of(answers_of({(0, 0): 40, (1, 1): 2, (1, 0): 2}))
    found = {figure.name: figure for part in ([pair(table.answers[:, 0], table.answers[:, 1], BINARY)],
                                              [together(table.answers, BINARY)])
             for figure in figures_of(part, table.patients, RESAMPLING, FLOOR)[0]}
    withheld = {name for name, figure in found.items() if figure.reason is Reason.TOO_SMALL}
    assert withheld == {"cohen_kappa", "fleiss_kappa", "conger_kappa", "gwet_ac1", "krippendorff_alpha_nominal"}
    assert found["percent_agreement"].value == pytest.approx(42 / 44)
    lower = pair_figures(table.answers, floor=Floor(recordings=1, each_answer=2))
    assert lower["cohen_kappa"].value == pytest.approx(0.646, abs=1e-3)


def test_a_share_of_few_keeps_its_counts_and_has_no_value():
    figure = model_figures([1] * 4 + [0] * 30, [1, 1, 1, 0] + [0] * 30, np.arange(34))["sensitivity"]
    assert (figure.value, figure.reason) == (None, Reason.TOO_SMALL)
    assert (figure.numerator, figure.denominator) == (3, 4)


@pytest.mark.parametrize(("recordings", "shown"), [(19, False), (20, True)])
def test_below_the_floor_there_are_no_figures(recordings, shown):
    assert bool(pair_figures(np.tile([[0, 0], [1, 1]], (10, 1))[:recordings])) is shown


@pytest.mark.parametrize(("make", "named"), [(lambda: Resampling(seed=-1), "seed"), (lambda: Resampling(1, 0), "draw"),
                                             (lambda: Floor(0, 5), "floor")])
def test_settings_that_make_no_sense_are_refused(make, named):
    with pytest.raises(ValueError, match=named):
        make()
