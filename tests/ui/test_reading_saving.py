"""What a reader says holds until the library has it: while it is loaded again, and where a save was refused."""

from typing import Any

import pytest
from reading_cases import ELSEWHERE, HERE, READER, Desk, draft

from peace_desktop.review.reading import ReadingState


@pytest.fixture
def desk(qtbot: Any) -> Desk:
    return Desk()


def test_what_is_said_while_a_recording_is_loaded_again_stays_and_is_gone_on_with(desk: Desk) -> None:
    told, readings = draft("before"), desk.readings
    desk.library.stored[told.reading_id] = told
    readings.take(HERE, (told,), reader=READER)
    readings.comment("meanwhile", reader=READER)
    readings.take(HERE, (told,), reader=READER)
    assert readings.reading.comment == "meanwhile"
    assert readings.can_undo
    readings.confidence(4, reader=READER)
    desk.lane.work()
    stored = desk.library.stored[told.reading_id]
    assert (stored.comment, stored.confidence, readings.unsaved) == ("meanwhile", 4, 0)
    later = draft("from another window")
    readings.take(HERE, (later,), reader=READER)
    assert readings.reading == later, "what the library has in the meantime holds again"


def test_a_draft_begun_while_a_recording_is_loaded_again_stays(desk: Desk) -> None:
    desk.readings.take(HERE, (), reader=READER)
    desk.readings.comment("first words", reader=READER)
    desk.readings.take(HERE, (), reader=READER)
    assert desk.readings.reading.comment == "first words"
    desk.readings.take(HERE, (), reader="Dr B")
    assert desk.readings.reading is None, "nobody else's"


def test_nothing_is_written_in_a_draft_that_is_being_signed_while_it_is_loaded_again(desk: Desk) -> None:
    told, readings = draft(), desk.readings
    desk.library.stored[told.reading_id] = told
    readings.take(HERE, (told,), reader=READER)
    readings.sign()
    readings.take(HERE, (told,), reader=READER)
    assert not readings.editable
    desk.lane.work()
    assert readings.reading.state is ReadingState.FINAL


def test_a_refused_change_is_kept_with_its_reading_and_tried_again_with_the_next(desk: Desk) -> None:
    readings, said, failed = desk.readings, list[bool](), list[str]()
    readings.saved.connect(said.append)
    readings.failed.connect(lambda words, _error: failed.append(words))
    readings.take(HERE, (), reader=READER)
    desk.library.refused = {HERE}
    readings.comment("a finding", reader=READER)
    desk.lane.work()
    kept = readings.reading
    assert (readings.unsaved, said[-1], len(failed)) == (1, False, 1)

    readings.take(ELSEWHERE, (), reader=READER)
    readings.comment("another child", reader=READER)
    desk.lane.work()
    assert [item.comment for item in desk.library.writes] == ["another child"]
    assert (readings.unsaved, True in said) == (1, False), "not everything is saved while one is refused"

    readings.take(HERE, (), reader=READER)
    assert readings.reading == kept, "shown as it was said"
    desk.library.refused = set()
    readings.save_again()
    desk.lane.work()
    assert (desk.library.stored[kept.reading_id], readings.unsaved, said[-1]) == (kept, 0, True)


def test_a_signature_takes_with_it_what_was_refused_before(desk: Desk) -> None:
    readings = desk.readings
    readings.take(HERE, (), reader=READER)
    desk.library.refused = {HERE}
    readings.comment("a finding", reader=READER)
    desk.lane.work()
    desk.library.refused = set()
    readings.sign()
    desk.lane.work()
    assert (readings.reading.state, readings.unsaved) == (ReadingState.FINAL, 0)
