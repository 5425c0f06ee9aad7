"""A study's statistics as a document for files: JSON and the long table of a CSV file, one figure a row."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from peace_desktop.review.statistics import many_raters, mcnemar, model_figures, two_raters
from peace_desktop.review.statistics.formulas import Formula, Reason
from peace_desktop.review.statistics.intervals import LEVEL, MOST_UNDEFINED, Figure
from peace_desktop.review.statistics.rows import ChangeOfMind, Comparison, Kind, Row
from peace_desktop.review.statistics.summary import StudyStatistics

DOCUMENT_VERSION = 1
DECIMALS = 6
COUNTING = {
    "binary": "present and absent count; uncertain, not assessable and missing are left out",
    "ordinal": "absent < uncertain < present; not assessable and missing are left out",
    "compared": "recordings with a counting answer from each of two raters, from at least two of many",
    "floor": "figures need so many compared recordings; chance-corrected coefficients so many of them with each "
             "answer, shares so many in the denominator",
    "change": "toward and away on the way from absent over uncertain to present",
    "mcnemar": "takes recordings for independent; with fewer patients than recordings go by the interval of the change",
}

CSV_COLUMNS = ("label", "grouping", "group", "kind", "reader_1", "reader_2", "scale", "recordings", "patients",
               "figure", "value", "low", "high", "numerator", "denominator", "reason", "interval_reason",
               "undefined_draws")
CsvRow = tuple[str | int | float | None, ...]


def to_document(statistics: StudyStatistics) -> dict[str, Any]:
    """For JSON: keys and rows in a stable order, numbers to six decimals, null with a reason for what is not there."""
    resampling = statistics.resampling
    document = {
        "version": DOCUMENT_VERSION,
        "labels": statistics.labels, "readers": statistics.readers,
        "recordings": statistics.recordings, "patients": statistics.patients,
        "interval": {"method": "cluster bootstrap over patients, percentile", "level": LEVEL, "draws": resampling.draws,
                     "seed": resampling.seed, "most_undefined": MOST_UNDEFINED},
        "floor": asdict(statistics.floor),
        "counting": COUNTING,
        "formulas": {formula.name: formula.source for formula in _formulas()},
        "rows": [asdict(row) for row in statistics.rows],
    }
    return {key: plain(value) for key, value in document.items()}


def _formulas() -> list[Formula]:
    groups = (*two_raters.FORMULAS.values(), *many_raters.FORMULAS.values(), model_figures.FORMULAS,
              tuple(mcnemar.CHANGES.values()))
    return [formula for group in groups for formula in group]


def plain(value: Any) -> Any:
    """The value in JSON's own types."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, float):
        return round(value, DECIMALS)
    return str(value) if isinstance(value, str) else value


def to_csv_rows(statistics: StudyStatistics) -> list[CsvRow]:
    """The columns' names, then one row a count, figure or test; a comparison below the floor keeps a row with its n."""
    return [CSV_COLUMNS, *((row.label, row.grouping, row.group, *plain(entry))
                           for row in statistics.rows for entry in _entries(row))]


def _entries(row: Row) -> Iterator[CsvRow]:
    for given in row.given:
        for answer, count in asdict(given.tally).items():
            yield (f"answers_{given.by}", given.name, "", "", row.recordings, row.patients,
                   *_cells(answer, numerator=count, denominator=row.recordings))
    for comparison in row.comparisons:
        yield from _of_comparison(comparison)
    for change in row.changes:
        yield from _of_change(change)


def _cells(figure: str, value: float | None = None, *, numerator: int | None = None, denominator: int | None = None,
           reason: str | None = None) -> CsvRow:
    """The columns from the figure's name on, for what has no interval."""
    return figure, value, None, None, numerator, denominator, reason, None, None


def _figure_cells(figure: Figure) -> CsvRow:
    return (figure.name, figure.value, figure.low, figure.high, figure.numerator, figure.denominator, figure.reason,
            figure.interval_reason, figure.undefined_draws)


def _of_comparison(comparison: Comparison) -> Iterator[CsvRow]:
    named = comparison.readers if comparison.kind is not Kind.READERS else ()
    first, second = (*named, "", "")[:2]
    lead = (comparison.kind, first, second, comparison.scale, comparison.recordings, comparison.patients)
    if comparison.too_small:
        yield (*lead, *_cells("", reason=Reason.TOO_SMALL))
    for figure in comparison.figures:
        yield (*lead, *_figure_cells(figure))


def _of_change(change: ChangeOfMind) -> Iterator[CsvRow]:
    who = ("change_of_mind", change.reader, "", "")
    compared = change.directions.compared
    for name in ("unchanged", "toward", "away", "neither"):
        yield (*who, compared, None, *_cells(name, numerator=getattr(change.directions, name), denominator=compared))
    yield (*who, compared, None, *_cells("one_missing", numerator=change.directions.one_missing))
    for outcome in change.outcomes:
        test = outcome.test
        tested = (("exact_p", test.p_exact, test.reason), ("chi_square", test.chi_square, None),
                  ("chi_square_p", test.p_chi_square, None))
        for name, value, reason in tested:
            if value is not None or reason is not None:
                yield (*who, test.recordings, test.patients, *_cells(
                    f"mcnemar_{name}_{test.outcome}", value, numerator=test.gained,
                    denominator=test.gained + test.lost, reason=reason))
        if outcome.change is not None:
            yield (*who, test.recordings, test.patients, *_figure_cells(outcome.change))
