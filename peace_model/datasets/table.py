"""Tables of the data sets (CSV): every error names file, row, column and remedy, and never repeats a cell's content."""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

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


def read_rows(path: Path, columns: Sequence[str], *, remedy: str) -> list[TableRow]:
    """All rows of a CSV table that has at least these columns. Raises RecordingError.

    remedy: what to do about a table that cannot be used, as in "use the table of PTB-XL 1.0.3".
    """
    if not path.is_file():
        raise RecordingError(path, "table", "not found", f"name the folder that holds {path.name}")
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise RecordingError(path, "columns", f"{', '.join(missing)} missing", remedy)
            rows = [(reader.line_num, cells) for cells in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise RecordingError(path, "table", "not a CSV file in UTF-8", remedy) from error
    for number, cells in rows:
        if None in cells or None in cells.values():
            raise RecordingError(path, f"row {number}", "more or fewer cells than columns", remedy)
    return [TableRow(path, number, cells, remedy) for number, cells in rows]
