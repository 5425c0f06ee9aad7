"""The pattern of a map without support stays inside its bands and goes on from one to the next."""

from hypothesis import given
from hypothesis import strategies as st

from peace_desktop.report.hatch import PITCH_MM, WIDE_PITCH_MM, hatch_lines
from peace_model.inference.prediction import Verdict

PLACE = st.floats(0, 250)
SIZE = st.floats(0.1, 60)
WITHOUT_SUPPORT = st.sampled_from([Verdict.NOT_TESTED, Verdict.UNSUPPORTED])
NEAR = 1e-6


@given(x=PLACE, y=PLACE, width=SIZE, height=SIZE, verdict=WITHOUT_SUPPORT)
def test_every_piece_lies_inside_on_a_line_of_the_sheet(
        x: float, y: float, width: float, height: float, verdict: Verdict) -> None:
    for x0, y0, x1, y1 in hatch_lines(x, y, width, height, verdict):
        assert x - NEAR <= x0 <= x1 <= x + width + NEAR
        assert all(y - NEAR <= end <= y + height + NEAR for end in (y0, y1))
        slope = 1 if y1 > y0 else -1
        lines = (y0 - slope * x0) / (WIDE_PITCH_MM if verdict is Verdict.NOT_TESTED else PITCH_MM)
        assert abs(lines - round(lines)) < 1e-3


@given(x=PLACE, y=PLACE, width=st.floats(2 * WIDE_PITCH_MM, 60), height=st.floats(2 * WIDE_PITCH_MM, 60))
def test_no_support_is_told_by_the_pattern_alone(x: float, y: float, width: float, height: float) -> None:
    crossed, single, none = (list(hatch_lines(x, y, width, height, verdict)) for verdict in (
        Verdict.UNSUPPORTED, Verdict.NOT_TESTED, Verdict.SUPPORTED))
    assert none == []
    assert {y1 > y0 for _x0, y0, _x1, y1 in single} == {True}
    assert {y1 > y0 for _x0, y0, _x1, y1 in crossed} == {True, False}
