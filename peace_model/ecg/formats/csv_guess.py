"""What a table looks like: a first draft of its profile, for a person to look at, correct and confirm.

Separator, decimal mark and header row show in the text; names in the header are taken as they stand. Rate, unit and the
leads of nameless columns show nowhere and are left open.
"""

import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from peace_model.ecg.formats.csv_header import split_name, time_of
from peace_model.ecg.formats.csv_profile import IGNORED, MAX_COLUMNS, SEPARATORS, TIME, TableDraft
from peace_model.ecg.formats.csv_text import encoding_of, is_number, lines_of, rows_of
from peace_model.ecg.leads import canonical_lead
from peace_model.ecg.recording import RecordingError

HEAD_BYTES = 200_000
_LINES = 300
_LINE_SIGNS = 3000
_SCORED_LINES = 30
_DATA_LINES = 3
"""So many lines of numbers under each other are samples, not a preamble."""
_BARE_LINES = 20
_WIDE_SIGNS = 2500
"""A line as long holds a lead, not the leads of one moment."""
_LEAD_WORD = re.compile(r"(?:abl(?:eitung|\.)?|lead|kanal|channel|d[eé]riv(?:ation|\.)?)[ _.:-]*", re.IGNORECASE)


def draft_of(raw: bytes) -> TableDraft:
    """raw: a table's first HEAD_BYTES, or all of a table with very long lines."""
    encoding = encoding_of(raw, cut=True).replace("utf-8-sig", "utf-8")
    lines = [line[:_LINE_SIGNS] for _n, line in zip(range(_LINES), lines_of(raw, encoding), strict=False)]
    separator, decimal = _separator_and_decimal(lines)
    if _are_wide(lines):
        skip = next(n for n, line in enumerate(lines) if len(line) > _WIDE_SIGNS)
        names = [cut(line, separator)[0] for line in lines[skip:] if line.strip()]
        header = not all(is_number(name.strip(), decimal) for name in names)
        return TableDraft(
            columns=roles_of_names(names) if header else (IGNORED,) * len(names), separator=separator,
            decimal=decimal, header=header, skip_rows=skip, encoding=encoding, transposed=True)
    first = _first_data_line(lines, separator, decimal)
    above = cut(lines[first - 1], separator) if first else []
    width = len(cut(lines[first], separator)) if lines else 0
    header = _trimmed(above) in (width, width - 1) and not all(is_number(cell.strip(), decimal) for cell in above)
    names = above[:width] if header else [""] * width
    return TableDraft(
        columns=roles_of_names(names[:MAX_COLUMNS]), separator=separator, decimal=decimal,
        header=header, skip_rows=first - 1 if header else first, encoding=encoding)


def looks_like_samples(head: bytes) -> bool:
    """Whether a file's first bytes are lines of numbers under a row that names leads, or lines of numbers alone."""
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    draft = draft_of(head)
    if any(role not in (TIME, IGNORED) for role in draft.columns):
        return True
    if draft.transposed:
        cells = [cell.strip() for cell in cut(next(lines_of(head, draft.encoding)), draft.separator)]
        return not draft.header and all(is_number(cell, draft.decimal) for cell in cells[:-1])
    if draft.header or draft.skip_rows:
        return False
    lines = [line for _n, line in zip(range(_BARE_LINES), lines_of(head, draft.encoding), strict=False)]
    rows = [[cell.strip() for cell in cut(line, draft.separator)] for line in lines[:-1]]
    return len(rows) >= _DATA_LINES and len(rows[0]) > 1 and all(
        is_number(cell, draft.decimal) for row in rows for cell in row)


def is_wide(raw: bytes) -> bool:
    """Whether every row of a table is a lead: its first lines are longer than the leads of one moment can be."""
    head = raw[:HEAD_BYTES]
    return _are_wide(list(islice(lines_of(head, encoding_of(head, cut=True)), _SCORED_LINES)))


def _are_wide(lines: list[str]) -> bool:
    lengths = [len(line) for line in lines[:_SCORED_LINES] if line.strip()]
    return bool(lengths) and sorted(lengths)[len(lengths) // 2] > _WIDE_SIGNS


def role_of(name: str) -> str:
    """A lead's canonical name, "time", or "" for a column whose name tells neither."""
    bare, unit = split_name(name)
    lead = canonical_lead(bare) or canonical_lead(_LEAD_WORD.sub("", bare.strip(), count=1))
    return lead or (TIME if time_of(bare, unit) is not None else IGNORED)


def cut(line: str, separator: str) -> list[str]:
    """The cells of one line; the whole line where its quotes do not close."""
    try:
        return next(iter(rows_of(Path(), [line], separator)), [])
    except RecordingError:
        return [line]


def _separator_and_decimal(lines: list[str]) -> tuple[str, str]:
    """The pair under which the last lines hold most numbers, and least besides."""
    scored = [line for line in lines if line.strip()][-_SCORED_LINES:]

    def score(pair: tuple[str, str]) -> float:
        cells = [cell.strip() for line in scored for cell in cut(line, pair[0])]
        numbers = sum(is_number(cell, pair[1]) for cell in cells if cell)
        return numbers * numbers / max(1, len(cells))

    pairs = [(separator, decimal) for separator in SEPARATORS for decimal in ".," if separator != decimal]
    return max(pairs, key=score)


def _first_data_line(lines: list[str], separator: str, decimal: str) -> int:
    """The first of some lines of numbers of equal width; 0 where there are none."""
    shapes = []
    for line in lines:
        cells = [cell.strip() for cell in cut(line, separator)]
        numbers = sum(is_number(cell, decimal) for cell in cells)
        shapes.append(len(cells) if cells and numbers * 2 > len(cells) else 0)
    for n in range(len(shapes) - _DATA_LINES + 1):
        run = shapes[n:n + _DATA_LINES]
        if run[0] and set(run) == {run[0]}:
            return n
    return 0


def _trimmed(cells: list[str]) -> int:
    return next((n for n in range(len(cells), 0, -1) if cells[n - 1].strip()), 0)


def roles_of_names(names: Sequence[str]) -> tuple[str, ...]:
    """Each role once: the second column of a name is left for the person to tell."""
    roles = [role_of(name) for name in names]
    return tuple(role if role not in roles[:n] else IGNORED for n, role in enumerate(roles))
