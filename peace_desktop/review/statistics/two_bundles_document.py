"""The comparison of two bundles as a document for files: JSON, and the long table of a CSV file, one figure a row."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from peace_desktop.review.statistics.document import plain
from peace_desktop.review.statistics.formulas import Reason
from peace_desktop.review.statistics.intervals import LEVEL, Figure
from peace_desktop.review.statistics.two_bundles import TwoBundlesRow, TwoBundlesStatistics

DOCUMENT_VERSION = 2
CSV_COLUMNS = ("label", "grouping", "group", "bundle", "recordings", "patients", "present", "figure", "value", "low",
               "high", "numerator", "denominator", "reason", "interval_reason")
CsvRow = tuple[str | int | float | None, ...]


@dataclass(frozen=True)
class NamedBundle:
    """What a file says of a bundle. sha256: of the graph. lists_seen: whether it names the recordings it has seen."""

    name: str
    version: str
    sha256: str
    learnt_from: str
    lists_seen: bool


def to_document(found: TwoBundlesStatistics, study_id: str, first: NamedBundle, second: NamedBundle) -> dict[str, Any]:
    """For JSON: numbers to six decimals, null with a reason for what is not there."""
    whole: dict[str, Any] = plain({
        "version": DOCUMENT_VERSION, "study_id": study_id, "first": asdict(first), "second": asdict(second),
        "recordings": found.recordings, "patients": found.patients, "left_out_as_seen": found.seen,
        "interval": {"method": "cluster bootstrap over patients, percentile", "level": LEVEL,
                     "draws": found.resampling.draws, "seed": found.resampling.seed},
        "floor": asdict(found.floor), "difference": "second less first", "rows": [asdict(row) for row in found.rows],
    })
    return whole


def to_csv_rows(found: TwoBundlesStatistics) -> list[CsvRow]:
    """The columns' names, then one row a figure; a label below the floor keeps a row with its n."""
    return [CSV_COLUMNS, *(plain(line) for row in found.rows for line in _lines(row))]


def _lines(row: TwoBundlesRow) -> Iterator[CsvRow]:
    where, counts = (row.label, row.grouping, row.group), (row.recordings, row.patients, row.present)
    for bundle, figures in (("first", row.first), ("second", row.second), ("difference", row.difference)):
        for figure in figures:
            yield (*where, bundle, *counts, *_cells(figure))
    if not row.first:
        yield (*where, "", *counts, "", None, None, None, None, None, Reason.TOO_SMALL, None)
    test = row.test
    yield (*where, "difference", *counts, "mcnemar_exact_p", test.p_exact, None, None, test.gained,
           test.gained + test.lost, test.reason, None)
    if row.change is not None:
        yield (*where, "difference", *counts, *_cells(row.change))


def _cells(figure: Figure) -> CsvRow:
    return (figure.name, figure.value, figure.low, figure.high, figure.numerator, figure.denominator, figure.reason,
            figure.interval_reason)
