"""Agreement formulas against statsmodels on random answers."""

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa
from statsmodels.stats.inter_rater import fleiss_kappa as fleiss_kappa_of_statsmodels

from peace_desktop.review.statistics.formulas import agreement_weights
from peace_desktop.review.statistics.many_raters import Sums, contributions, fleiss_kappa
from peace_desktop.review.statistics.mcnemar import corrected_chi_square, exact_p
from peace_desktop.review.statistics.two_raters import cohen_kappa

TABLES = np.random.default_rng(20).integers(0, 12, (5, 3, 3)).astype(np.float64)


@pytest.mark.parametrize("table", TABLES)
def test_cohen_kappa(table):
    assert float(cohen_kappa(table)) == pytest.approx(cohens_kappa(table).kappa)
    for kind in ("linear", "quadratic"):
        weighted = cohens_kappa(table, weights=np.arange(3), wt=kind).kappa
        assert float(cohen_kappa(table, agreement_weights(kind, 3))) == pytest.approx(weighted)


@pytest.mark.parametrize("raters", [2, 3, 7])
def test_fleiss_kappa(raters):
    places = np.random.default_rng(raters).integers(0, 3, (40, raters))
    counts, _ = aggregate_raters(places, n_cat=3)
    ours = fleiss_kappa(Sums.of(contributions(places.astype(np.int8), 3).sum(axis=0), 3))
    assert float(ours) == pytest.approx(fleiss_kappa_of_statsmodels(counts))


@pytest.mark.parametrize(("gained", "lost"), [(1, 0), (6, 16), (16, 6), (9, 9), (0, 30), (200, 151)])
def test_mcnemar(gained, lost):
    table = [[50, gained], [lost, 50]]
    assert exact_p(gained, lost) == pytest.approx(mcnemar(table, exact=True).pvalue)
    if gained != lost:  # statsmodels corrects a difference of nothing to one of -1
        theirs = mcnemar(table, exact=False, correction=True)
        assert corrected_chi_square(gained, lost) == (pytest.approx(theirs.statistic), pytest.approx(theirs.pvalue))
