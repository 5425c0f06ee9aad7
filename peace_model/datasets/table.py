"""Tables of the data sets (CSV): every error names file, row, column and remedy, and never repeats a cell's content."""

import csv
import gzip
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, TypeVar

from peace_model.ecg.recording import RecordingError

T = TypeVar("T")


@dataclass(frozen=True)
class TableRow:
    """One row; number: its line in the file, for the reader's eye (quoted cells may span lines)."""

    path: Path
    number: int
    cells: Mapping[str, str]
    remedy: str

    def text(self, column: str) -> str:
        """The cell without surrounding space; "" for an empty one."""
        return self.cells[column].strip()

    def needed(self, column: str) -> str:
        text = self.text(column)
        if not text:
            raise self.error(column, "empty")
        return text

    def number_in(self, column: str) -> float:
        """A finite number. Raises RecordingError."""
        try:
            value = float(self.text(column))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.error(column, "not a number")
        return value

    def whole(self, column: str) -> int:
        """A whole number, also when it is written with ".0". Raises RecordingError."""
        value = self.number_in(column)
        if value != int(value):
            raise self.error(column, "not a whole number")
        return int(value)

    def one_of(self, column: str, meanings: Mapping[str, T]) -> T:
        """What the cell's text stands for. Raises RecordingError for a text that is not among the meanings."""
        text = self.text(column)
        if text not in meanings:
            raise self.error(column, f"expected one of {', '.join(meaning or 'nothing' for meaning in meanings)}")
        return meanings[text]

    def error(self, column: str, problem: str) -> RecordingError:
        return RecordingError(self.path, f"row {self.number}, column {column}", problem, self.remedy)


def read_rows(
    path: Path, columns: Sequence[str], *, remedy: str,
    broken: Callable[[RecordingError, int], None] | None = None,
) -> Iterator[TableRow]:
    """The rows of a CSV table (or .csv.gz) that has at least these columns, one by one. Raises RecordingError.

    remedy: what to do about a table that cannot be used, as in "use the table of PTB-XL 1.0.3". broken: is told of
    a row with more or fewer cells than columns and of its line, and the rows behind it are read; without it such a row
    raises.
    """
    if not path.is_file():
        raise RecordingError(path, "table", "not found", f"name the folder that holds {path.name}")
    try:
        with _text_of(path) as file:
            reader = csv.DictReader(file, strict=True)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise RecordingError(path, "columns", f"{', '.join(missing)} missing", remedy)
            for cells in reader:
                if None in cells or None in cells.values():
                    error = RecordingError(path, f"row {reader.line_num}", "more or fewer cells than columns", remedy)
                    if broken is None:
                        raise error
                    broken(error, reader.line_num)
                    continue
                yield TableRow(path, reader.line_num, cells, remedy)
    except (UnicodeDecodeError, csv.Error, gzip.BadGzipFile, EOFError) as error:
        raise RecordingError(path, "table", "not a CSV file in UTF-8", remedy) from error


def _text_of(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8-sig", newline="")
    return path.open(newline="", encoding="utf-8-sig")
