"""A study's protocol, its assignment, and who decides where readers differ."""

from collections import Counter
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from study_cases import BUNDLE, NOW, drafted, locked, protocol, signed_after_reveal

from peace_desktop.review.adjudication import (
    Adjudication,
    agreed,
    open_cases,
    reference_of,
    refuse_own_case,
)
from peace_desktop.review.assignment import assign
from peace_desktop.review.errors import StudyError
from peace_desktop.review.statements import Presence
from peace_desktop.review.study import Rule, progress_of

P, A, U, N = Presence.PRESENT, Presence.ABSENT, Presence.UNCERTAIN, Presence.NOT_ASSESSABLE
RECORDINGS = [f"{number:064x}" for number in range(20)]


@pytest.mark.parametrize(("field", "value", "match"), [
    ("name", " ", "name"), ("labels", (), "label"), ("labels", ("RVH", "RVH"), "each once"), ("readers", (), "reader"),
    ("readers", ("Dr A", "Dr A"), "named once"), ("readers_per_recording", 0, "1 to 3"),
    ("readers_per_recording", 4, "1 to 3"), ("created_by", "", "who made it"),
    ("created_at", NOW.replace(tzinfo=None), "time zone")])
def test_a_protocol_that_contradicts_itself_is_refused(field, value, match) -> None:
    with pytest.raises(StudyError, match=match):
        protocol(**{field: value})


@given(n=st.integers(1, 40), readers=st.integers(1, 6), data=st.data(), seed=st.integers(0, 10**9))
def test_each_recording_goes_to_as_many_readers_as_agreed_and_loads_are_even(n, readers, data, seed) -> None:
    each = data.draw(st.integers(1, readers))
    study = protocol(readers=tuple(f"Dr {letter}" for letter in "ABCDEF"[:readers]), readers_per_recording=each,
                     order_seed=seed)
    recordings = [f"{number:064x}" for number in range(n)]
    given_out = assign(study, recordings)
    assert Counter(Counter(item.recording_sha256 for item in given_out).values()) == {each: n}
    assert len({(item.reader, item.recording_sha256) for item in given_out}) == len(given_out)
    loads = [sum(item.reader == reader for item in given_out) for reader in study.readers]
    assert max(loads) - min(loads) <= 1
    for reader in study.readers:
        mine = [item.position for item in given_out if item.reader == reader]
        assert mine == list(range(1, len(mine) + 1))
    assert given_out == assign(study, reversed(recordings)), "the order of the list says nothing"


def test_readers_have_orders_of_their_own_that_another_seed_changes() -> None:
    study = protocol(readers_per_recording=3)
    orders = {reader: [item.recording_sha256 for item in assign(study, RECORDINGS) if item.reader == reader]
              for reader in study.readers}
    assert len({tuple(order) for order in orders.values()}) == 3
    assert assign(protocol(readers_per_recording=3, order_seed=8), RECORDINGS) != assign(study, RECORDINGS)


def test_an_assignment_is_the_same_on_every_computer() -> None:
    first = [(item.reader, item.position, int(item.recording_sha256, 16)) for item in assign(protocol(), RECORDINGS)]
    # Written down when the order was first defined: studies that run depend on it.
    assert first[:4] == [("Dr A", 1, 16), ("Dr A", 2, 7), ("Dr A", 3, 19), ("Dr A", 4, 10)]


@pytest.mark.parametrize(("answers", "rule", "shared"), [
    ((P, P), Rule.ANY, P), ((P, A), Rule.ANY, None), ((P, P, A), Rule.ANY, None), ((P, P, A), Rule.MAJORITY, P),
    ((P, A), Rule.MAJORITY, None), ((P, A, U), Rule.MAJORITY, None), ((N, N), Rule.ANY, N), ((A,), Rule.ANY, A),
    ((P, P, A, A), Rule.MAJORITY, None)])
def test_what_readers_share_does_not_hang_on_their_order(answers, rule, shared) -> None:
    assert {agreed(order, rule) for order in permutations(answers)} == {shared}


def test_only_disagreements_of_which_all_answers_are_locked_wait_for_another_than_their_readers() -> None:
    study = protocol(labels=("RVH",))
    one, two, three = RECORDINGS[:3]
    assigned = dict.fromkeys((one, two, three), ("Dr A", "Dr B"))
    readings = {
        one: (locked(one, "Dr A", {"RVH": P}, study), locked(one, "Dr B", {"RVH": A}, study)),
        two: (locked(two, "Dr A", {"RVH": P}, study), drafted(two, "Dr B", {"RVH": A}, study)),
        three: (locked(three, "Dr A", {"RVH": P}, study), locked(three, "Dr B", {"RVH": P}, study))}
    (case,) = open_cases(study, assigned, readings, (), adjudicator="Dr C")
    assert (case.recording_sha256, case.label, set(case.answers)) == (one, "RVH", {P, A})
    assert open_cases(study, assigned, readings, (), adjudicator="Dr A") == ()
    with pytest.raises(StudyError, match="never decides"):
        refuse_own_case("Dr A", assigned[one])
    decision = Adjudication("1", study.study_id, one, "RVH", P, "Dr C", NOW)
    assert open_cases(study, assigned, readings, (decision,), adjudicator="Dr C") == ()
    references = [reference_of(study, assigned[sha256], readings[sha256],
                               [decision] if sha256 == one else [], "RVH") for sha256 in (one, two, three)]
    assert references == [P, None, P]


def test_the_latest_decision_is_the_reference_in_whatever_order_decisions_came() -> None:
    study = protocol(labels=("RVH",))
    earlier, later, tied = (Adjudication(name, study.study_id, RECORDINGS[0], "RVH", presence, "Dr C",
                                         NOW + timedelta(minutes=minute))
                            for name, presence, minute in (("3", P, 0), ("1", A, 1), ("2", U, 1)))
    for came in ((earlier, later, tied), (tied, later, earlier), (later, tied, earlier)):
        assert reference_of(study, (), (), came, "RVH") is U
        assert reference_of(study, (), (), [item for item in came if item is not tied], "RVH") is A


def test_a_change_of_mind_after_the_reveal_changes_no_reference() -> None:
    study = protocol(labels=("RVH",))
    sha256 = RECORDINGS[0]
    first = locked(sha256, "Dr A", {"RVH": P}, study)
    changed = signed_after_reveal(first, drafted(sha256, "Dr A", {"RVH": A}, study).statements[0])
    other = locked(sha256, "Dr B", {"RVH": P}, study)
    assert changed.statement("RVH").presence is A
    assert reference_of(study, ("Dr A", "Dr B"), (changed, other), (), "RVH") is P


def test_progress_counts_every_assigned_recording_once() -> None:
    study = protocol()
    first = locked(RECORDINGS[0], "Dr A", {"RVH": P, "LVH": A}, study)
    states = [None, drafted(RECORDINGS[1], "Dr A", {}, study).state, first.state, signed_after_reveal(first).state]
    progress = progress_of("Dr A", states)
    assert (progress.assigned, progress.begun, progress.locked, progress.signed, progress.done) == (4, 1, 1, 1, False)
    assert signed_after_reveal(first).bundle_sha256 == BUNDLE
