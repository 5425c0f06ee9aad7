"""Whatever is asked of a library in whatever order: what it took it keeps, what it refused changed nothing."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from library_cases import BUNDLE, listed, make_recording, make_result, open_at

from peace_desktop.library.errors import LibraryError
from peace_desktop.library.repository import Library
from peace_desktop.review.errors import ReadingError
from peace_desktop.review.reading import (
    SIGNED_STATES,
    Reading,
    amend,
    new_draft,
    sign,
    with_comment,
    with_statement,
    without_statement,
)
from peace_desktop.review.statements import Presence, Statement, agree
from peace_model.ecg.age import Age, Precision

PICK = st.integers(0, 50)
LABELS = st.sampled_from(["RVH", "LVH"])
READERS = st.sampled_from(["Dr A", "Dr B"])
AGES = st.none() | st.builds(Age, st.integers(0, 6000), st.sampled_from(Precision), st.just("entered by reader"))


class LibraryMachine(RuleBasedStateMachine):
    """Keeps beside the library what it must hold: every reading by id as it was last taken, signed ones for good."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(mkdtemp())
        self.library: Library = open_at(self.place / "library")
        self.taken: dict[str, Reading] = {}
        self.offered: list[Reading] = []
        self.ages: dict[str, Age | None] = {}

    @initialize()
    def fill(self) -> None:
        for seed in (1, 2):
            recording = make_recording(self.place / "source", seed=seed, n_samples=20)
            self.ages[self.library.add_recording(recording, origin_path_name="x").sha256] = recording.age

    def offer(self, reading: Reading) -> None:
        """Saves or signs, as the reading's state asks for."""
        head = self.library.audit_head()
        self.offered.append(reading)
        try:
            keep = self.library.sign_reading if reading.state in SIGNED_STATES else self.library.save_reading
            self.taken[reading.reading_id] = keep(reading)
        except LibraryError:
            assert self.library.audit_head() == head

    @rule(pick=PICK, reader=READERS)
    def start(self, pick: int, reader: str) -> None:
        self.offer(new_draft(sorted(self.ages)[pick % len(self.ages)], reader, bundle_sha256=BUNDLE))

    @rule(pick=PICK, change=st.one_of(
        st.builds(lambda label, positive: lambda r: with_statement(r, agree(label, positive, BUNDLE)), LABELS,
                  st.booleans()),
        st.builds(lambda label, presence: lambda r: with_statement(r, Statement(label, presence)), LABELS,
                  st.sampled_from(Presence)),
        st.builds(lambda label: lambda r: without_statement(r, label), LABELS),
        st.builds(lambda text: lambda r: with_comment(r, text), st.text(max_size=5)),
        st.builds(lambda minutes: lambda r: sign(
            r, reader=r.reader, meaning="read" if r.amends is None else "amended",
            at=datetime(2026, 11, 21, tzinfo=UTC) + timedelta(minutes=minutes)), st.integers(0, 9)),
        st.just(lambda r: amend(r, reason="why")),
        st.just(lambda r: r)))
    def go_on(self, pick: int, change) -> None:
        """From any reading ever offered: the newest mostly, an old one now and then, as a stale window would."""
        if self.offered:
            try:
                self.offer(change(self.offered[-1 - pick % len(self.offered)]))
            except ReadingError:
                return

    @rule(pick=PICK, age=AGES)
    def correct(self, pick: int, age: Age | None) -> None:
        sha256 = sorted(self.ages)[pick % len(self.ages)]
        self.library.correct_person(sha256, age=age, sex=None, reader="Dr A", reason="asked")
        self.ages[sha256] = age

    @rule(pick=PICK, probability=st.floats(0, 1))
    def predict(self, pick: int, probability: float) -> None:
        self.library.save_prediction(sorted(self.ages)[pick % len(self.ages)], make_result(RVH=probability))

    @rule()
    def open_again(self) -> None:
        self.library.close()
        self.library = open_at(self.place / "library")

    @invariant()
    def everything_taken_is_there(self) -> None:
        stored = {reading.reading_id: reading for sha256 in self.ages for reading in self.library.readings(sha256)}
        assert stored == self.taken
        assert {row.sha256: row.age for row in listed(self.library)} == self.ages

    def teardown(self) -> None:
        report = self.library.verify()
        self.library.close()
        shutil.rmtree(self.place)
        assert report.problems == ()


TestLibrary = LibraryMachine.TestCase
TestLibrary.settings = settings(max_examples=8, stateful_step_count=25)
