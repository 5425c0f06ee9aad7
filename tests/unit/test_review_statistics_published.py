"""Agreement formulas against worked examples that others have published; each names where its figures come from."""

import numpy as np
import pytest

from peace_desktop.review.statistics.formulas import agreement_weights
from peace_desktop.review.statistics.many_raters import (
    Sums,
    conger_kappa,
    contributions,
    fleiss_kappa,
    gwet,
    krippendorff_alpha,
    observed_agreement,
)
from peace_desktop.review.statistics.mcnemar import corrected_chi_square, exact_p
from peace_desktop.review.statistics.model_figures import NPV, PPV, SENSITIVITY, SPECIFICITY
from peace_desktop.review.statistics.two_raters import (
    bias_index,
    cohen_kappa,
    pabak,
    percent_agreement,
    prevalence_index,
)

_ = 0  # no answer
# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C: observers A to D, units 1 to 12. The data
# set cac.raw4raters of Gwet's R package irrCAC is this one, but that the only answer on unit 12 is C's, not B's.
FOUR_OBSERVERS = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]).T - 1

# Fleiss 1971: 30 patients, 6 psychiatrists; 1 depression, 2 personality disorder, 3 schizophrenia, 4 neurosis, 5 other.
DIAGNOSES = (
    "444444", "222555", "233335", "555555", "222444", "113333", "333355", "113334", "114444", "555555",
    "144444", "124444", "222333", "144444", "224445", "333335", "111455", "111112", "224444", "133555",
    "555555", "244444", "224555", "114444", "144445", "222224", "111155", "224444", "133333", "555555")

# The example of the English Wikipedia's article on Fleiss' kappa: 10 subjects, 14 raters, counts of 5 answers.
TEN_SUBJECTS = ((0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1), (7, 7, 0, 0, 0),
                (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7))


def sums_of(places, size):
    return Sums.of(contributions(np.asarray(places, np.int8), size).sum(axis=0), size)


def table(*rows):
    return np.array(rows, np.float64)


@pytest.fixture
def four_observers():
    return sums_of(FOUR_OBSERVERS, 5)


def test_krippendorffs_own_example(four_observers):
    """The paper: 0.743 nominal, 0.815 ordinal; irrCAC prints 0.74342."""
    assert float(krippendorff_alpha(four_observers, "nominal")) == pytest.approx(0.74342, abs=5e-6)
    assert float(krippendorff_alpha(four_observers, "ordinal")) == pytest.approx(0.815, abs=5e-4)


def test_krippendorffs_binary_example():
    """Section B of the same paper: two observers, ten units, alpha 0.095."""
    meg = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    owen = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    alpha = krippendorff_alpha(sums_of(np.transpose([meg, owen]), 2), "nominal")
    assert float(alpha) == pytest.approx(0.095, abs=5e-4)


def test_irrcac_overview_of_four_raters():
    """The vignette "Calculating Chance-corrected Agreement Coefficients" of irrCAC 1.0, data set cac.raw4raters."""
    places = FOUR_OBSERVERS.copy()
    places[11] = places[11, [0, 2, 1, 3]]
    four_raters = sums_of(places, 5)
    assert float(observed_agreement(four_raters)) == pytest.approx(0.8181818, abs=5e-8)
    assert float(gwet(four_raters)) == pytest.approx(0.77544, abs=5e-6)
    assert float(fleiss_kappa(four_raters)) == pytest.approx(0.76117, abs=5e-6)
    assert float(conger_kappa(four_raters)) == pytest.approx(0.76282, abs=5e-6)


def test_quadratic_ac2_of_four_raters(four_observers):
    """The same data with quadratic weights, as the R package "agreement" (after Gwet 2014) prints it."""
    weights = agreement_weights("quadratic", 5)
    assert float(observed_agreement(four_observers, weights)) == pytest.approx(0.9753788, abs=5e-8)
    assert float(gwet(four_observers, weights)) == pytest.approx(0.9140007, abs=5e-8)


def test_fleiss_1971_psychiatric_diagnoses():
    places = np.array([[int(answer) - 1 for answer in patient] for patient in DIAGNOSES])
    assert float(fleiss_kappa(sums_of(places, 5))) == pytest.approx(0.430, abs=5e-4)


def test_fleiss_kappa_of_ten_subjects():
    places = [np.repeat(np.arange(5), counts) for counts in TEN_SUBJECTS]
    assert float(observed_agreement(sums_of(places, 5))) == pytest.approx(0.378, abs=5e-4)
    assert float(fleiss_kappa(sums_of(places, 5))) == pytest.approx(0.210, abs=5e-4)


def test_cohen_kappa_of_husbands_and_wives():
    """Hout, Duncan and Sobel 1987 in Agresti, Categorical Data Analysis (1990); the figures vcd::Kappa prints."""
    sexual_fun = table([7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14])
    assert float(cohen_kappa(sexual_fun)) == pytest.approx(0.129330, abs=5e-7)
    assert float(cohen_kappa(sexual_fun, agreement_weights("linear", 4))) == pytest.approx(0.237381, abs=5e-7)


def test_cohen_kappa_of_two_abstractors():
    """irrCAC's cont3x3abstractors: kappa 0.7964094 (overview), quadratic weights 0.8922 (weighting vignette)."""
    abstractors = table([13, 0, 0], [0, 20, 7], [0, 4, 56])
    assert float(cohen_kappa(abstractors)) == pytest.approx(0.7964094, abs=5e-8)
    assert float(cohen_kappa(abstractors, agreement_weights("quadratic", 3))) == pytest.approx(0.8922, abs=5e-5)


def test_kappa_and_its_companions_of_lateral_shift():
    """Sim and Wright 2005, Physical Therapy 85: two clinicians, 39 patients; kappa .67, indices .28 and .05, PABAK .69.

    Their first answer is "relevant"; here tables begin with absent.
    """
    lateral_shift = table([11, 4], [2, 22])
    assert float(cohen_kappa(lateral_shift)) == pytest.approx(0.67, abs=5e-3)
    assert float(prevalence_index(lateral_shift)) == pytest.approx(0.28, abs=5e-3)
    assert abs(float(bias_index(lateral_shift))) == pytest.approx(0.05, abs=5e-3)
    assert float(pabak(lateral_shift)) == pytest.approx(0.69, abs=5e-3)


def test_gwets_paradox_of_high_agreement():
    """Gwet 2008: 125 subjects, 118 positive by both; kappa is negative though 94 % agree, AC1 is 0.94."""
    paradox = table([0, 2], [5, 118])
    places = np.repeat([[0, 1], [1, 0], [1, 1]], [2, 5, 118], axis=0)
    assert float(percent_agreement(paradox)) == pytest.approx(0.944, abs=5e-7)
    assert float(cohen_kappa(paradox)) == pytest.approx(-0.0234, abs=5e-5)
    assert float(gwet(sums_of(places, 2))) == pytest.approx(0.9408, abs=5e-5)


def test_mcnemar_of_airway_hyperresponsiveness():
    """Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91, table 1: exact p 0.070, corrected
    asymptotic p 0.077 (1 child lost, 7 gained)."""
    statistic, p_value = corrected_chi_square(7, 1)
    assert exact_p(7, 1) == pytest.approx(0.070, abs=5e-4)
    assert (statistic, p_value) == (pytest.approx(3.125), pytest.approx(0.077, abs=5e-4))


def test_model_figures_of_a_textbook_table():
    """Altman and Bland, BMJ 1994;308:1552 and 309:102: liver scans of 344 patients (231 of 258 abnormal livers found,
    54 of 86 normal ones); sensitivity 0.90, specificity 0.63, PPV 0.88, NPV 0.67."""
    sums = table([54, 32], [27, 231]).reshape(4, 1)
    figures = [float(formula.of(sums)[0]) for formula in (SENSITIVITY, SPECIFICITY, PPV, NPV)]
    assert figures == [pytest.approx(value, abs=5e-3) for value in (0.90, 0.63, 0.88, 0.67)]
    assert [tuple(int(count[0]) for count in formula.fraction(sums))
            for formula in (SENSITIVITY, SPECIFICITY, PPV, NPV)] == [(231, 258), (54, 86), (231, 263), (54, 81)]
