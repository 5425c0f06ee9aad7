"""Laws that statistics of agreement obey whatever the answers are."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from statistics_cases import age_and_sex, flipped, study_label

from peace_desktop.review.statistics.answers import BINARY, ORDINAL, Answer
from peace_desktop.review.statistics.document import to_document
from peace_desktop.review.statistics.formulas import agreement_weights
from peace_desktop.review.statistics.many_raters import FORMULAS as MANY
from peace_desktop.review.statistics.many_raters import Sums, conger_kappa, together
from peace_desktop.review.statistics.many_raters import fleiss_kappa as fleiss
from peace_desktop.review.statistics.many_raters import krippendorff_alpha as alpha
from peace_desktop.review.statistics.mcnemar import directions
from peace_desktop.review.statistics.model_figures import FORMULAS as MODEL
from peace_desktop.review.statistics.model_figures import against
from peace_desktop.review.statistics.subgroups import Grouping
from peace_desktop.review.statistics.summary import study_statistics
from peace_desktop.review.statistics.two_raters import FORMULAS as TWO
from peace_desktop.review.statistics.two_raters import bias_index, cohen_kappa, pabak, pair, prevalence_index

CODES = st.sampled_from([int(answer) for answer in Answer])
PLAIN = st.sampled_from([int(Answer.ABSENT), int(Answer.PRESENT)])
SEVERAL = st.integers(2, 4)


def answers(codes=CODES, raters=SEVERAL):
    """Answers of some raters on 1 to 25 recordings, int8 (R, K)."""
    return st.tuples(st.integers(1, 25), raters).flatmap(
        lambda shape: arrays.arrays(np.int8, shape, elements=codes, fill=st.nothing()))


TABLES = arrays.arrays(np.float64, (2, 2), elements=st.integers(0, 30).map(float))


def values(part):
    """Name -> value of the part's formulas over all recordings, NaN where undefined."""
    sums = part.features.sum(axis=0)[:, None]
    return {formula.name: float(formula.of(sums)[0]) for formula in part.formulas}


def same(first, second):
    assert first.keys() == second.keys()
    np.testing.assert_allclose(list(first.values()), list(second.values()), rtol=0, atol=1e-9)


@pytest.mark.parametrize("scale", [BINARY, ORDINAL])
@given(codes=answers(), seed=st.integers(0, 99))
def test_the_order_of_raters_and_recordings_does_not_matter(scale, codes, seed):
    random = np.random.default_rng(seed)
    shuffled = codes[random.permutation(len(codes))][:, random.permutation(codes.shape[1])]
    same(values(together(codes, scale)), values(together(shuffled, scale)))


@pytest.mark.parametrize("scale", [BINARY, ORDINAL])
@given(codes=answers())
def test_naming_the_answers_the_other_way_round_does_not_matter(scale, codes):
    same(values(together(codes, scale)), values(together(flipped(codes), scale)))
    first, second = codes[:, 0], codes[:, 1]
    one, other = (values(pair(*both, scale)) for both in ((first, second), (flipped(first), flipped(second))))
    for name in one.keys() & {"prevalence_index", "bias_index"}:
        other[name] = -other[name]
    same(one, other)


@given(codes=answers(), said=CODES)
def test_all_agreeing_is_one_or_undefined_and_undefined_only_for_a_single_answer(codes, said):
    agreed = np.repeat(codes[:, :1], codes.shape[1], axis=1)
    for scale in (BINARY, ORDINAL):
        parts = (together(agreed, scale), pair(agreed[:, 0], agreed[:, 1], scale))
        counted = np.unique(scale.places(agreed[:, 0]))
        several = len(counted[counted >= 0]) > 1
        for name, value in (item for part in parts for item in values(part).items()):
            if name not in ("prevalence_index", "bias_index"):
                assert value == pytest.approx(1) or (np.isnan(value) and not several), name


@given(codes=answers())
def test_what_nobody_or_one_alone_answered_moves_no_alpha_and_no_agreement(codes):
    extra = np.full((3, codes.shape[1]), Answer.MISSING, np.int8)
    extra[0, 0], extra[1, 1] = Answer.PRESENT, Answer.NOT_ASSESSABLE
    before, after = values(together(codes, BINARY)), values(together(np.vstack([codes, extra]), BINARY))
    for name in ("mean_percent_agreement", "krippendorff_alpha_nominal"):
        same({name: before[name]}, {name: after[name]})


@given(table=TABLES)
def test_kappa_is_pabak_moved_by_prevalence_and_bias(table):
    """Byrt, Bishop and Carlin 1993, equation for kappa in terms of the three."""
    kappa = float(cohen_kappa(table))
    assume(not np.isnan(kappa))
    prevalence, bias = float(prevalence_index(table)), float(bias_index(table))
    expected = (float(pabak(table)) - prevalence ** 2 + bias ** 2) / (1 - prevalence ** 2 + bias ** 2)
    assert kappa == pytest.approx(expected, abs=1e-9)


@given(table=TABLES)
def test_weights_change_nothing_between_two_answers(table):
    kappas = [float(cohen_kappa(table, agreement_weights(kind, 2))) for kind in ("identity", "linear", "quadratic")]
    assert kappas == [pytest.approx(float(cohen_kappa(table)), nan_ok=True)] * 3


@given(codes=answers(PLAIN, st.just(2)))
def test_conger_of_two_complete_raters_is_cohen(codes):
    found = values(together(codes, BINARY))["conger_kappa"]
    assert found == pytest.approx(values(pair(codes[:, 0], codes[:, 1], BINARY))["cohen_kappa"], nan_ok=True)


@given(codes=answers(PLAIN))
def test_alpha_of_complete_answers_is_fleiss_kappa_for_a_small_sample(codes):
    """Without missing answers 1 - alpha = (1 - kappa) x (1 - 1 / number of answers)."""
    sums = Sums.of(together(codes, BINARY).features.sum(axis=0), 2)
    kappa = float(fleiss(sums))
    assert float(alpha(sums, "nominal")) == pytest.approx(1 - (1 - kappa) * (1 - 1 / codes.size), nan_ok=True)
    assert float(conger_kappa(sums)) >= kappa - 1e-9 or np.isnan(kappa)


@given(codes=answers(raters=st.just(2)))
def test_the_model_turned_round_swaps_sensitivity_and_specificity(codes):
    standard, decisions = codes[:, 0], codes[:, 1]
    one, other = values(against(standard, decisions)), values(against(flipped(standard), flipped(decisions)))
    for name, opposite in (("sensitivity", "specificity"), ("ppv", "npv"), ("percent_agreement", "percent_agreement")):
        assert one[name] == pytest.approx(other[opposite], nan_ok=True)


@given(codes=answers(raters=st.just(2)), decisions=st.integers(0, 1))
def test_directions_share_out_what_was_compared(codes, decisions):
    locked, final = codes[:, 0], codes[:, 1]
    model = np.full(len(codes), decisions, np.int8)
    found, back, opposed = (directions(locked, final, model), directions(final, locked, model),
                            directions(locked, final, flipped(model)))
    assert found.compared == found.unchanged + found.toward + found.away + found.neither
    assert (found.toward, found.away) == (back.away, back.toward) == (opposed.away, opposed.toward)


@given(codes=answers(), kept=st.integers(0, 2 ** 25 - 1))
def test_weights_of_nothing_and_one_are_a_subset(codes, kept):
    rows = (kept >> np.arange(len(codes))) & 1 == 1
    for scale in (BINARY, ORDINAL):
        whole, some = together(codes, scale), together(codes[rows], scale)
        np.testing.assert_allclose(whole.features.T @ rows, some.features.sum(axis=0), atol=1e-9)


@settings(max_examples=5)
@given(seed=st.integers(0, 2 ** 20))
def test_a_study_does_not_depend_on_the_order_of_its_parts(seed):
    random = np.random.default_rng(seed)
    label, groupings = study_label(recordings=60), age_and_sex(60)
    rows, columns = random.permutation(60), random.permutation(3)
    moved = label.arranged(rows, columns)
    renumbered = random.permutation(500)[moved.answers.patients]
    moved = replace(moved, answers=replace(moved.answers, patients=renumbered))
    turned = [Grouping(grouping.name, grouping.names, grouping.codes[rows]) for grouping in groupings]
    assert to_document(study_statistics([moved], turned, seed=5, draws=60)) == to_document(
        study_statistics([label], groupings, seed=5, draws=60))


@settings(max_examples=15)
@given(chosen=st.sets(st.integers(0, 59), min_size=1))
def test_a_subgroup_is_the_study_of_its_recordings(chosen):
    label = study_label(recordings=60)
    inside = np.isin(np.arange(60), list(chosen))
    grouping = Grouping("half", ("out", "in"), inside.astype(np.int64))
    _, _, row = study_statistics([label], [grouping], seed=5, draws=60).rows
    (alone,) = study_statistics([label.arranged(np.flatnonzero(inside), np.arange(3))], seed=5, draws=60).rows
    assert (row.given, row.comparisons, row.changes) == (alone.given, alone.comparisons, alone.changes)


def test_no_two_formulas_of_one_comparison_share_a_name():
    for formulas in (*MANY.values(), *TWO.values(), MODEL):
        assert len({formula.name for formula in formulas}) == len(formulas)
