"""Texts in the report's faces: nothing is dropped, lines keep to their width, Chinese is wrapped as Chinese."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peace_desktop.report.fonts import HAN, REPLACEMENT, faces, printable, runs, wrapped, wrapped_with_ends

CHINESE = "右心室肥厚，电轴右偏（+120°）。建议随访。"
TEXTS = st.text(st.sampled_from("abc XY-12.5\u00b0\u5fc3\u5ba4\u80a5\u539a\uff0c\u3002\uff08\uff09"), max_size=60)


def test_chinese_is_written_and_what_no_face_knows_becomes_a_box() -> None:
    assert printable(CHINESE) == CHINESE
    assert printable("\u5583\u741b\u9f98") == "\u5583\u741b\u9f98", "characters of names too"
    assert printable("\u1e920\N{TIBETAN LETTER KA}") == "\u1e920" + REPLACEMENT


def test_stretches_of_one_face_make_up_the_text() -> None:
    made = runs("QTc 430 ms：正常", bold=True)
    assert "".join(stretch for _name, stretch in made) == "QTc 430 ms：正常"
    assert [name for name, _stretch in made] == ["ReportSans-Bold", HAN]


@given(text=TEXTS, width_mm=st.floats(8, 80), bold=st.booleans())
def test_lines_keep_to_their_width_and_lose_nothing(text, width_mm, bold) -> None:
    lines = wrapped(text, width_mm, 9, bold=bold)
    assert all(faces()[bold].width_mm(line, 9) <= width_mm + 1e-6 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    ends = wrapped_with_ends(text, width_mm, 9, bold=bold)
    assert " ".join("".join(line + end for line, end in ends).split()) == " ".join(text.split())


@pytest.mark.parametrize("width_mm", range(21, 60, 3))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(width_mm) -> None:
    lines = wrapped(CHINESE, width_mm, 9)
    assert not [line for line in lines if line[0] in "，。）"]
    assert not [line for line in lines if line[-1] == "（"]
