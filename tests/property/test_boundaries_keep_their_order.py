"""Whatever a reader does with the handles, the waves stay in order and inside the beat."""

from hypothesis import given
from hypothesis import strategies as st

from peace_model.ecg.boundaries import (
    BOUNDARIES,
    LEAST_WAVE_MS,
    OPTIONAL_WAVES,
    WAVES,
    Boundaries,
    Span,
    added,
    from_document,
    moved,
    without,
)

SPAN = Span(-450.0, 700.0)
START = Boundaries(-150.0, -70.0, -36.0, 40.0, 120.0, 300.0)
STEPS = st.one_of(
    st.tuples(st.sampled_from(BOUNDARIES), st.floats(-2000, 2000)),
    st.tuples(st.sampled_from(["add", "remove"]), st.sampled_from(OPTIONAL_WAVES)))


@given(st.lists(STEPS, max_size=30))
def test_the_order_of_the_waves_holds(steps) -> None:
    now = START
    for what, value in steps:
        before = now
        if what == "add":
            now = added(now, value, SPAN)
        elif what == "remove":
            now = without(now, value)
        else:
            now = moved(now, what, value, SPAN)
        if what in BOUNDARIES:
            assert all(now.at(name) == before.at(name) for name in BOUNDARIES if name != what)
        there = [at for name in BOUNDARIES if (at := now.at(name)) is not None]
        assert there == sorted(there)
        assert SPAN.first <= there[0]
        assert there[-1] <= SPAN.last
        for first, last in WAVES.values():
            on, off = now.at(first), now.at(last)
            assert (on is None) == (off is None)
            assert on is None or off - on >= LEAST_WAVE_MS - 1e-9
        assert from_document(now.document()) == now


@given(st.sampled_from(BOUNDARIES), st.floats(-2000, 2000), st.floats(-2000, 2000))
def test_a_handle_goes_where_it_is_sent_as_far_as_it_may(name, one_ms, other_ms) -> None:
    low, high = sorted((one_ms, other_ms))
    there = [moved(START, name, to_ms, SPAN) for to_ms in (low, high)]
    assert there[0].at(name) <= there[1].at(name)
    assert moved(there[0], name, low, SPAN) == there[0]
    assert moved(there[1], name, START.at(name), SPAN) == START
