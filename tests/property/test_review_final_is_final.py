"""No sequence of operations changes a final reading: a machine that tries them all in any order."""

from datetime import UTC, datetime

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from peace_desktop.library.canonical import reading_document, sha256_of
from peace_desktop.review.errors import ReadingError
from peace_desktop.review.reading import (
    SIGNED_STATES,
    Reading,
    ReadingState,
    amend,
    new_draft,
    shown_state,
    sign,
    with_comment,
    with_confidence,
    with_statement,
    without_statement,
)
from peace_desktop.review.statements import Presence, Statement, agree, disagree

LABELS = st.sampled_from(["RVH", "LVH", "WPW"])
STATEMENTS = st.one_of(
    st.builds(Statement, LABELS, st.sampled_from(Presence)),
    st.builds(lambda how, label, positive: how(label, positive, "b" * 64),
              st.sampled_from([agree, disagree]), LABELS, st.booleans()))
TEXTS = st.sampled_from(["", " ", "normal", "ÄÖÜ 心电图"])
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


class Readings(RuleBasedStateMachine):
    """Applies any operation to any reading made so far; a refusal must be a ReadingError and leave it as it was."""

    known = Bundle("known")

    def __init__(self) -> None:
        super().__init__()
        self.signed: dict[str, tuple[Reading, str]] = {}
        self.every: list[Reading] = []

    def keep(self, reading: Reading) -> Reading:
        self.every.append(reading)
        if reading.state in SIGNED_STATES:
            self.signed[reading.reading_id + str(len(self.every))] = (reading, sha256_of(reading_document(reading)))
        return reading

    @initialize(target=known, reader=st.sampled_from(["Dr A", "Dr B"]))
    def start(self, reader: str) -> Reading:
        return self.keep(new_draft("a" * 64, reader))

    def attempt(self, reading: Reading, operation) -> Reading:
        try:
            after = operation(reading)
        except ReadingError:
            return reading
        assert reading.state not in SIGNED_STATES or after.amends == reading.reading_id
        return self.keep(after)

    @rule(target=known, reading=known, statement=STATEMENTS)
    def say(self, reading: Reading, statement: Statement) -> Reading:
        return self.attempt(reading, lambda r: with_statement(r, statement))

    @rule(target=known, reading=known, label=LABELS)
    def take_back(self, reading: Reading, label: str) -> Reading:
        return self.attempt(reading, lambda r: without_statement(r, label))

    @rule(target=known, reading=known, text=TEXTS)
    def comment(self, reading: Reading, text: str) -> Reading:
        return self.attempt(reading, lambda r: with_comment(r, text))

    @rule(target=known, reading=known, confidence=st.none() | st.integers(-1, 7))
    def confide(self, reading: Reading, confidence: int | None) -> Reading:
        return self.attempt(reading, lambda r: with_confidence(r, confidence))

    @rule(target=known, reading=known, reader=st.sampled_from(["Dr A", "Dr B", ""]),
          meaning=st.sampled_from(["read", "amended", "other"]), at=TIMES)
    def attest(self, reading: Reading, reader: str, meaning: str, at: datetime) -> Reading:
        return self.attempt(reading, lambda r: sign(r, reader=reader, meaning=meaning, at=at))

    @rule(target=known, reading=known, reason=TEXTS)
    def correct(self, reading: Reading, reason: str) -> Reading:
        return self.attempt(reading, lambda r: amend(r, reason=reason))

    @invariant()
    def final_readings_are_as_they_were_signed(self) -> None:
        for reading, digest in self.signed.values():
            assert reading.state is ReadingState.FINAL
            assert sha256_of(reading_document(reading)) == digest
            assert reading.signed_at is not None

    @invariant()
    def amended_is_shown_exactly_where_a_signed_amendment_stands(self) -> None:
        for reading, _ in self.signed.values():
            superseded = any(other.amends == reading.reading_id for other, _ in self.signed.values())
            assert (shown_state(reading, self.every) is ReadingState.AMENDED) == superseded


TestReadings = Readings.TestCase
