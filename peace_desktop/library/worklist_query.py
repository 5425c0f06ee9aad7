"""The worklist's order as one SQL statement whose answer is a single text of row numbers.

A hundred thousand recordings are put in order and searched while a reader types. What is asked of the recordings
themselves is read from one index that holds all of it (`ix_recordings_worklist`), a plain order from an index of its
own; the rows with everything else stay untouched. Row numbers are SQLite's own, in the order of import; nothing
renumbers them while a library is open.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from peace_desktop.library.worklist_filter import NONE, SOME, UNKNOWN_AGE, Order, SortBy, WorklistFilter
from peace_desktop.review.reading import ReadingState
from peace_model.ecg.age import AGE_BANDS

STATE_RANKS: tuple[ReadingState | None, ...] = (
    None, ReadingState.DRAFT, ReadingState.LOCKED, ReadingState.REVEALED, ReadingState.FINAL, ReadingState.AMENDED)
"""The order in which states are sorted, what is still to be done first."""
AMENDED_OR_STATE = "CASE WHEN state = 'final' AND amends IS NOT NULL THEN 'amended' ELSE state END"
_COLUMNS = {SortBy.IMPORTED: "rowid", SortBy.TITLE: "search", SortBy.AGE: "age_days", SortBy.SEX: "sex",
            SortBy.SOURCE: "source_format", SortBy.RECORDED: "recorded_at", SortBy.FINDINGS: "n_findings"}
_NEWEST = f"""
    own(number, state) AS MATERIALIZED (
      SELECT recordings.rowid, {AMENDED_OR_STATE} FROM (
        SELECT recording_sha256, state, amends, max(position) FROM readings
        WHERE reader = :reader GROUP BY recording_sha256) AS newest
      JOIN recordings ON recordings.sha256 = newest.recording_sha256)"""
_FLAGGED = """SELECT r.rowid FROM flags JOIN recordings AS r ON r.sha256 = flags.recording_sha256
              WHERE flags.reader = :reader"""
_OF_STUDY = """SELECT r.rowid FROM study_recordings JOIN recordings AS r
               ON r.sha256 = study_recordings.recording_sha256 WHERE study_recordings.study_id = :study_id"""

Numbers = NDArray[np.int64]
Values = dict[str, str | int]


def order_query(chosen: WorklistFilter, order: Order, *, reader: str) -> tuple[str, Values]:
    """The statement and its values: row numbers in order, joined by commas, or NULL where there is none.

    An order by state is left to `by_state`; the numbers come in the order of import.
    """
    values: Values = {"reader": reader}
    own_columns = [part for part in (_text(chosen, values), _bands(chosen, values), _sexes(chosen, values),
                                     _sources(chosen, values), _finding(chosen, values), _simulated(chosen)) if part]
    others = [part for part in (_states(chosen), _flag(chosen), _study(chosen, values)) if part]
    where = " AND ".join(own_columns + others)
    return f"""
        {f"WITH {_NEWEST}" if chosen.states else ""}
        SELECT group_concat(number) FROM (
          SELECT rowid AS number FROM recordings {"INDEXED BY ix_recordings_worklist" if own_columns else ""}
          {f"WHERE {where}" if where else ""} ORDER BY {_ordering(order)})""", values


def _ordering(order: Order) -> str:
    down = "DESC" if order.descending else "ASC"
    if order.by in (SortBy.IMPORTED, SortBy.STATE):
        return f"rowid {down}"
    if order.by is SortBy.FLAG:
        return f"rowid NOT IN ({_FLAGGED}) {down}, rowid {down}"
    return f"{_COLUMNS[order.by]} {down} NULLS LAST, rowid {down}"


def states_query() -> str:
    """Of every recording :reader has read: row numbers and, in the same order, ranks of their states; two texts."""
    ranks = " ".join(f"WHEN '{state.value}' THEN {rank}" for rank, state in enumerate(STATE_RANKS) if state is not None)
    return f"WITH {_NEWEST} SELECT group_concat(number), group_concat(CASE state {ranks} END) FROM own"


def by_state(numbers: Numbers, read: Numbers, ranks: Numbers, *, descending: bool) -> Numbers:
    """Row numbers that stand in the order of import, put in the order of states; what was not read has rank 0.

    Where a state is looked up for each of a hundred thousand rows within the statement, that is most of its time.
    """
    known = np.zeros(int(max(numbers.max(initial=0), read.max(initial=0))) + 1, np.int8)
    known[read] = ranks
    wanted = known[numbers]
    return numbers[np.argsort(-wanted if descending else wanted, kind="stable")]


def _named(values: Values, kind: str, given: Iterable[str]) -> str:
    names = []
    for place, value in enumerate(given):
        values[f"{kind}_{place}"] = value
        names.append(f":{kind}_{place}")
    return ", ".join(names)


def _text(chosen: WorklistFilter, values: Values) -> str:
    words = chosen.text.casefold().split()
    _named(values, "word", words)
    return " AND ".join(f"instr(search, :word_{place})" for place in range(len(words)))


def _bands(chosen: WorklistFilter, values: Values) -> str:
    parts = ["age_days IS NULL"] if UNKNOWN_AGE in chosen.bands else []
    for place, band in enumerate(AGE_BANDS):
        if band.code in chosen.bands:
            values |= {f"from_{place}": band.min_days, f"to_{place}": band.max_days}
            parts.append(f"(age_days >= :from_{place} AND age_days < :to_{place})")
    return f"({' OR '.join(parts)})" if parts else ""


def _sexes(chosen: WorklistFilter, values: Values) -> str:
    parts = ["sex IS NULL"] if None in chosen.sexes else []
    known = _named(values, "sex", (sex for sex in chosen.sexes if sex is not None))
    parts += [f"sex IN ({known})"] if known else []
    return f"({' OR '.join(parts)})" if parts else ""


def _sources(chosen: WorklistFilter, values: Values) -> str:
    names = _named(values, "source", chosen.sources)
    return f"source_format IN ({names})" if names else ""


def _finding(chosen: WorklistFilter, values: Values) -> str:
    if chosen.finding in ("", SOME, NONE):
        return {"": "", SOME: "n_findings > 0", NONE: "n_findings = 0"}[chosen.finding]
    values["finding"] = f" {chosen.finding} "
    return "instr(' ' || finding_codes || ' ', :finding)"


def _simulated(chosen: WorklistFilter) -> str:
    return "" if chosen.simulated is None else f"simulated = {int(chosen.simulated)}"


def _states(chosen: WorklistFilter) -> str:
    parts = ["rowid NOT IN (SELECT number FROM own)"] if None in chosen.states else []
    names = ", ".join(f"'{state.value}'" for state in sorted(filter(None, chosen.states)))
    parts += [f"rowid IN (SELECT number FROM own WHERE state IN ({names}))"] if names else []
    return f"({' OR '.join(parts)})" if parts else ""


def _flag(chosen: WorklistFilter) -> str:
    return "" if chosen.flagged is None else f"rowid {'' if chosen.flagged else 'NOT'} IN ({_FLAGGED})"


def _study(chosen: WorklistFilter, values: Values) -> str:
    if not chosen.study_id:
        return ""
    values["study_id"] = chosen.study_id
    return f"rowid IN ({_OF_STUDY})"
