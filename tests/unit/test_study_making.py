"""Making a study and going through it: seeds and loads, indications from a table, order, who may decide, time."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from library_cases import with_recordings
from PySide6.QtGui import QGuiApplication
from study_cases import BUNDLE, LABELS, NOW, locked, protocol, signed_after_reveal, surrounding

from peace_desktop.jobs.adjudicating import case_recording, cases_to_decide, decide
from peace_desktop.jobs.agreement import fetch, still_blind
from peace_desktop.jobs.blindness import blindness_of
from peace_desktop.jobs.study_draft import StudyDraft, close_study, keep_study, planned, read_indications
from peace_desktop.jobs.study_session import open_session, overviews
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.blind_reading import reveal
from peace_desktop.review.circumstances import NOTHING_SHOWN, Display, Versions, Visit
from peace_desktop.review.errors import StudyError
from peace_desktop.review.reading import ReadingState
from peace_desktop.review.statements import Presence
from peace_desktop.review.study import Rule
from peace_desktop.ui.study import surroundings
from peace_desktop.ui.study.surroundings import Surroundings

P, A = Presence.PRESENT, Presence.ABSENT
READERS = ("Dr A", "Dr B")


def draft(shas: tuple[str, ...], **changes: object) -> StudyDraft:
    values: dict[str, object] = {
        "name": "Ventricles", "labels": LABELS, "mode": "blind", "readers": READERS, "readers_per_recording": 2,
        "order_seed": 7, "rule": Rule.ANY, "indication_shown": True, "bundle_sha256": BUNDLE, "recordings": shas,
        "indications": {}}
    return StudyDraft(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def made(tmp_path: Path):
    library, shas = with_recordings(tmp_path, 4)
    plan = planned(draft(shas, indications={shas[0]: "murmur"}), created_by="Dr Chief", at=NOW, study_id="s" * 32)
    keep_study(library, plan)
    with library:
        yield library, shas, plan


def answer(library, sha256, reader, answers, study):
    reading = locked(sha256, reader, answers, study)
    return StudyRoom(library).lock(reading, surrounding(reading))


def test_the_same_seed_gives_the_same_plan_and_another_one_another_order() -> None:
    shas = tuple(f"{place:064d}" for place in range(12))
    first, again = (planned(draft(shas), created_by="Dr Chief", at=NOW) for _time in range(2))
    assert first.assignments[0].study_id != again.assignments[0].study_id
    assert [(item.reader, item.recording_sha256) for item in first.assignments] == [
        (item.reader, item.recording_sha256) for item in again.assignments]
    assert first.loads == (("Dr A", 12), ("Dr B", 12))
    other = planned(draft(shas, order_seed=8), created_by="Dr Chief", at=NOW)
    assert [item.recording_sha256 for item in other.assignments] != [
        item.recording_sha256 for item in first.assignments]
    with pytest.raises(StudyError, match="name"):
        planned(draft(shas, name=" "), created_by="Dr Chief", at=NOW)


@pytest.mark.parametrize("text", ["R1,murmur\nR2,syncope\n", "\ufeffR1;murmur\n\n" + "2" * 12 + ";syncope\n",
                                  "R1\tmurmur\nR2\tsyncope"])
def test_indications_come_from_a_table_by_title_or_hash(tmp_path: Path, text: str) -> None:
    titles = {"1" * 64: "R1", "2" * 64: "R2"}
    file = tmp_path / "why.csv"
    file.write_text(text, encoding="utf-8")
    found = read_indications(file, titles)
    assert (dict(found.words), found.unknown) == ({"1" * 64: "murmur", "2" * 64: "syncope"}, ())


@pytest.mark.parametrize(("text", "why"), [
    ("R1,murmur\nR1,syncope\n", "second indication"), ("R1\n", "one column"), ("Twice,murmur\n", "several recordings")])
def test_a_table_that_leaves_something_open_is_refused(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "why.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=why):
        read_indications(file, {"1" * 64: "R1", "2" * 64: "Twice", "3" * 64: "Twice"})


def test_lines_of_other_recordings_are_told(tmp_path: Path) -> None:
    file = tmp_path / "why.csv"
    file.write_text("title,indication\nR1,murmur\n")
    found = read_indications(file, {"1" * 64: "R1"})
    assert found.unknown == ("title",)


def test_a_reader_goes_through_the_study_in_order(made) -> None:
    library, shas, plan = made
    session = open_session(library, plan.protocol.study_id, "Dr A")
    order = [item.sha256 for item in session.items]
    assert order == [item.recording_sha256 for item in plan.assignments if item.reader == "Dr A"]
    assert {item.sha256: item.indication for item in session.items}[shas[0]] == "murmur"
    assert session.next_to_read() == order[0]
    assert [session.neighbour(order[0], step) for step in (-1, 1, 4)] == ["", order[1], ""]
    reading = answer(library, order[0], "Dr A", {"RVH": P, "LVH": A}, plan.protocol)
    assert open_session(library, plan.protocol.study_id, "Dr A").items[0].state is ReadingState.LOCKED
    StudyRoom(library).reveal(reveal(reading, bundle_sha256=BUNDLE))
    final = signed_after_reveal(reading)
    library.sign_reading(replace(final, revision=final.revision + 1), surrounding(final, "signed"))
    assert open_session(library, plan.protocol.study_id, "Dr A").next_to_read() == order[1]
    (overview,) = overviews(library)
    assert [(item.reader, item.signed, item.assigned) for item in overview.progress] == [
        ("Dr A", 1, 4), ("Dr B", 0, 4)]


def test_who_has_still_to_read_blind_gets_no_figures(made) -> None:
    library, shas, plan = made
    study = StudyRoom(library).study(plan.protocol.study_id)
    assert [still_blind(study, reader) for reader in ("Dr A", "Dr Chief", "")] == [4, 0, 8]
    with pytest.raises(LibraryError, match="4 recordings of this study blind"):
        fetch(library, plan.protocol.study_id, reader="Dr A")
    assert fetch(library, plan.protocol.study_id, reader="Dr Chief").study == study
    close_study(library, plan.protocol.study_id, actor="Dr Chief")
    assert fetch(library, plan.protocol.study_id, reader="Dr A").study.closed_at is not None
    assert not blindness_of(library, shas[0], "Dr A")


def test_an_adjudicator_sees_neither_own_cases_nor_what_is_still_blind(made) -> None:
    library, shas, plan = made
    for sha256 in shas[:2]:
        answer(library, sha256, "Dr A", {"RVH": P, "LVH": A}, plan.protocol)
        answer(library, sha256, "Dr B", {"RVH": A, "LVH": A}, plan.protocol)
    again = protocol(study_id="t" * 32, readers=("Dr C",), readers_per_recording=1)
    keep_study(library, planned(draft((shas[0],), readers=("Dr C",), readers_per_recording=1, name="Again"),
                                created_by="Dr Chief", at=NOW, study_id=again.study_id))
    study_id = plan.protocol.study_id
    assert cases_to_decide(library, study_id, "Dr A").cases == ()
    (case,) = cases_to_decide(library, study_id, "Dr C").cases
    assert (case.recording_sha256, case.label, set(case.answers)) == (shas[1], "RVH", {P, A})
    assert len(cases_to_decide(library, study_id, "Dr D").cases) == 2
    shown = case_recording(library, case, "Dr C")
    assert library.load_recording(shas[1]).source_statements
    assert shown.recording.source_statements == ()
    decide(library, case, A, adjudicator="Dr C", reason=" seen twice ")
    assert cases_to_decide(library, study_id, "Dr C").cases == ()
    assert StudyRoom(library).study(study_id).adjudications[0].reason == "seen twice"


def test_a_closed_study_takes_no_reading(made) -> None:
    library, shas, plan = made
    close_study(library, plan.protocol.study_id, actor="Dr Chief")
    assert open_session(library, plan.protocol.study_id, "Dr A").closed


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def surroundings_of(clock: Clock, kept: list[tuple[object, ...]], *, locked: Callable[[], bool] = lambda: False
                    ) -> Surroundings:
    return Surroundings(display=lambda: Display("3x4+rhythm", 25.0, 10.0, False, "off"), session=lambda: None,
                        person=lambda: None,
                        now_s=clock, locked=locked, keep=lambda *visit: kept.append(visit),
                        versions=lambda: Versions("0.1.0", BUNDLE, "1", "1", "a" * 64))


def test_time_before_a_restart_counts_and_is_kept_before_it_is_worth_much(
        qtbot: object, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, kept = Clock(), []
    monkeypatch.setattr(surroundings, "_in_front", lambda: True)
    told = surroundings_of(clock, kept)
    reading = locked("a" * 64, "Dr A", {"RVH": P, "LVH": A}, protocol())
    told.open(reading.recording_sha256, reader="Dr A", study_id=reading.study_id)
    clock.now_s += 5
    told.keep()
    assert kept == [], "nothing is kept over what the library has"
    told.resume({reading.study_id: Visit(30.0, replace(NOTHING_SHOWN, earlier_recordings=True)), "": Visit(500.0)})
    told.keep()
    told.keep()
    assert [(visit.seconds, *of) for visit, *of in kept] == [(35.0, "a" * 64, "Dr A", reading.study_id)]
    clock.now_s += 2
    told.open("b" * 64, reader="Dr A", study_id=reading.study_id)
    assert kept[-1][0] == Visit(37.0, replace(NOTHING_SHOWN, earlier_recordings=True))
    told.resume({})
    told.open(reading.recording_sha256, reader="Dr A", study_id=reading.study_id)
    told.resume({reading.study_id: kept[-1][0]})
    assert told.of(reading, "locked").seconds == 37, "what this run counted itself is not added again"
    told.closed(signed_after_reveal(reading))
    clock.now_s += 3
    assert told.of(reading, "signed").seconds == 3, "an amendment's time begins anew"


def test_only_time_in_front_of_the_reading_counts(qtbot: object, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, front, locked_now = Clock(), [True], [False]
    monkeypatch.setattr(surroundings, "_in_front", lambda: front[0])
    told = surroundings_of(clock, [], locked=lambda: locked_now[0])
    application = QGuiApplication.instance()

    def pass_time(seconds: float, *, in_front: bool) -> None:
        clock.now_s += seconds
        front[0] = in_front
        application.applicationStateChanged.emit(application.applicationState())

    reading = locked("a" * 64, "Dr A", {"RVH": P, "LVH": A}, protocol())
    told.open("a" * 64, reader="Dr A", study_id=reading.study_id)
    pass_time(10, in_front=False)
    pass_time(100, in_front=True)
    pass_time(5, in_front=True)
    told.open("b" * 64, reader="Dr A", study_id=reading.study_id)
    clock.now_s += 50
    told.open("a" * 64, reader="Dr A", study_id=reading.study_id)
    clock.now_s += 2
    told.count()
    locked_now[0] = True
    clock.now_s += 300
    told.count()
    locked_now[0] = False
    told.count()
    told.note(replace(NOTHING_SHOWN, age=True))
    told.note(replace(NOTHING_SHOWN, sex=True, maps=("RVH/gradcam",)))
    kept = told.of(reading, "locked")
    assert kept.seconds == 17
    assert (kept.shown.age, kept.shown.sex, kept.shown.maps) == (True, True, ("RVH/gradcam",))
    assert kept.versions.bundle_sha256 == "", "nothing of the model was shown"
    assert (kept.position, kept.display.speed_mm_per_s) == (None, 25.0)
