"""The worklist's SQL lists what plain Python would list, in the same order, on any small library."""

import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from library_cases import open_at
from worklist_cases import Line, add_lines

from peace_desktop.library.recordings import QUIET_FINDINGS
from peace_desktop.library.repository import Library
from peace_desktop.library.worklist import Worklist
from peace_desktop.library.worklist_filter import (
    BAND_CODES,
    NONE,
    SOME,
    UNKNOWN_AGE,
    Order,
    SortBy,
    WorklistFilter,
    filter_document,
    filter_from,
)
from peace_desktop.library.worklist_query import STATE_RANKS
from peace_desktop.review.reading import ReadingState, amend, new_draft, sign, with_comment
from peace_model.ecg.age import age_band

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ME, OTHER = "Dr A", "Dr B"
WORDS = ("Ärztin", "night 7", "STRASSE", "straße", "100%", "a_b", "P7", "wfdb", "Z")
CODES = ("saturated", "missing_leads", "simulated", "leads")
LINES = st.lists(st.builds(
    Line, title=st.sampled_from(WORDS), patient_key=st.sampled_from(("", "P7", "p8")),
    source_format=st.sampled_from(("wfdb", "dicom")),
    age_days=st.none() | st.sampled_from((0, 10, 11, 1095, 1096, 7000)),
    sex=st.sampled_from(("F", "M", None)), codes=st.lists(st.sampled_from(CODES), unique=True, max_size=3).map(tuple),
    recorded_at=st.none() | st.sampled_from((datetime(2020, 1, 1), datetime(2021, 1, 1))), simulated=st.booleans()),
    min_size=1, max_size=8).map(lambda lines: [
        replace(line, title=f"{line.title}{place}") for place, line in enumerate(lines)])
MADE = (None, ReadingState.DRAFT, ReadingState.FINAL, ReadingState.AMENDED)
FILTERS = st.builds(
    WorklistFilter, text=st.sampled_from(("", "ärztin", "NIGHT 7", "strasse", "%", "_", "p7 wfdb", "nothing")),
    states=st.frozensets(st.sampled_from(MADE), max_size=2),
    bands=st.frozensets(st.sampled_from(BAND_CODES), max_size=4),
    sexes=st.frozensets(st.sampled_from(("F", "M", None)), max_size=2),
    sources=st.frozensets(st.sampled_from(("wfdb", "dicom", "scp")), max_size=1),
    finding=st.sampled_from(("", SOME, NONE, *CODES)), flagged=st.none() | st.booleans(),
    simulated=st.none() | st.booleans())
ORDERS = st.builds(Order, st.sampled_from(SortBy), st.booleans())


def put(library: Library, line: Line, state: ReadingState | None, reader: str) -> None:
    if state is None:
        return
    draft = library.save_reading(with_comment(new_draft(line.sha256, reader), "seen"))
    if state is ReadingState.DRAFT:
        return
    final = library.sign_reading(sign(draft, reader=reader, meaning="read", at=NOW))
    if state is ReadingState.AMENDED:
        correction = library.save_reading(amend(final, reason="typo"))
        library.sign_reading(sign(correction, reader=reader, meaning="amended", at=NOW))


def fits(line: Line, state: ReadingState | None, flagged: bool, chosen: WorklistFilter) -> bool:
    words = f"{line.title}\n{line.patient_key}\n{line.source_format}".casefold()
    band = UNKNOWN_AGE if line.age_days is None else age_band(line.age_days).code
    notable = set(line.codes) - QUIET_FINDINGS
    finding = {"": True, SOME: bool(notable), NONE: not notable}.get(chosen.finding, chosen.finding in line.codes)
    return (all(word in words for word in chosen.text.casefold().split()) and finding
            and (not chosen.states or state in chosen.states) and (not chosen.bands or band in chosen.bands)
            and (not chosen.sexes or line.sex in chosen.sexes)
            and (not chosen.sources or line.source_format in chosen.sources)
            and chosen.flagged in (None, flagged) and chosen.simulated in (None, line.simulated))


def key(order: Order, line: Line, state: ReadingState | None, flagged: bool) -> object:
    return {SortBy.IMPORTED: 0, SortBy.TITLE: line.title.casefold().encode(), SortBy.AGE: line.age_days,
            SortBy.SEX: line.sex, SortBy.SOURCE: line.source_format, SortBy.RECORDED: line.recorded_at,
            SortBy.FINDINGS: len(set(line.codes) - QUIET_FINDINGS), SortBy.STATE: STATE_RANKS.index(state),
            SortBy.FLAG: not flagged}[order.by]


def in_order(lines: list[tuple[Line, object]], order: Order) -> list[str]:
    known = sorted((item for item in lines if item[1] is not None), key=lambda item: item[1])
    unknown = [item for item in lines if item[1] is None]
    if order.descending:
        # Equal ones, too, stand the other way round.
        known.reverse()
        unknown.reverse()
    return [line.sha256 for line, _key in (*known, *unknown)]


@settings(max_examples=8)
@given(lines=LINES, data=st.data())
def test_order_and_filter_are_those_of_a_plain_list(lines: list[Line], data: st.DataObject) -> None:
    mine = [data.draw(st.sampled_from(MADE)) for _line in lines]
    flags = [data.draw(st.booleans()) for _line in lines]
    with ExitStack() as stack:
        library = stack.enter_context(open_at(Path(stack.enter_context(TemporaryDirectory()))))
        add_lines(library, lines)
        worklist = Worklist(library)
        for place, line in enumerate(lines):
            put(library, line, mine[place], ME)
            put(library, line, MADE[place % 3], OTHER)
            worklist.flag(line.sha256, reader=OTHER, flagged=place % 2 == 0)
            worklist.flag(line.sha256, reader=ME, flagged=flags[place])
        for _query in range(20):
            chosen, order = data.draw(FILTERS), data.draw(ORDERS)
            expected = in_order([
                (line, key(order, line, state, flagged))
                for line, state, flagged in zip(lines, mine, flags, strict=True)
                if fits(line, state, flagged, chosen)], order)
            rows = worklist.rows(worklist.numbers(chosen, order, reader=ME), reader=ME)
            assert [row.sha256 for row in rows] == expected
        rows = worklist.rows(worklist.numbers(), reader=ME)
        assert [(row.reading_state, row.flagged, row.others_signed) for row in rows] == [
            (state, flagged, int(place % 3 == 2))
            for place, (state, flagged) in enumerate(zip(mine, flags, strict=True))]
        assert worklist.titles(worklist.numbers()) == {line.sha256: line.title for line in lines}


@given(chosen=FILTERS)
def test_a_kept_filter_comes_back_as_it_was(chosen: WorklistFilter) -> None:
    assert filter_from(json.loads(json.dumps(filter_document(chosen)))) == chosen
