"""Room on the page: nothing overflows, nothing disappears without a word; the file stays small and the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_samples import content_of, draft, finding, prediction, printed_text, signed, spikes

from peace_desktop.report.blocks import columns
from peace_desktop.report.flow import Text, text_width
from peace_desktop.report.fonts import REPLACEMENT, printable, wrapped
from peace_desktop.report.frame import frame_for
from peace_desktop.report.header import footer, header, legend
from peace_desktop.report.paper import LayoutKind
from peace_desktop.report.pdf import frame_of, write_pdf
from peace_desktop.review.statements import Presence, Statement
from peace_model.ecg.leads import PEDIATRIC_15
from peace_model.labels import READERS_PROFILE, load_profile

LABELS = load_profile(READERS_PROFILE).codes
STATED = LABELS[:12]
LONG = "The samples of these leads lie on the recorder's rail for most of the recording; voltages are too small. "
PAPER = st.sampled_from(["A4", "letter"])


def full_page(comment: str, n_findings: int):
    statements = tuple(Statement(label, Presence.NOT_ASSESSABLE) for label in STATED)
    return content_of(
        spikes(PEDIATRIC_15, simulated=True),
        findings=tuple(finding(f"{k}. {LONG}", "V1") for k in range(n_findings)),
        result=prediction(LABELS), selected=("RVH", "attention"),
        reading=signed(comment, statements=statements),
        title="Follow-up after surgery, " * 5,
    )


def assert_inside(items, width, height):
    assert sum(item.height for item in items) <= height + 1e-6
    for item in items:
        for mark in item.marks:
            assert -0.01 <= mark.down <= item.height + 0.6
            assert mark.x >= -0.01
            if isinstance(mark, Text):
                wide = text_width(mark.text, mark.size_pt, bold=mark.bold)
                left = mark.x - wide if mark.anchor == "right" else mark.x
                assert left >= -0.01
                assert left + wide <= width + 0.05
                assert mark.size_pt >= 3.9


@settings(max_examples=25)
@given(comment=st.text(max_size=2500) | st.text(alphabet="ab \n", max_size=9000), n_findings=st.integers(0, 14),
       paper=PAPER)
def test_no_block_leaves_its_area(comment, n_findings, paper):
    content = full_page("x" + comment, n_findings)
    frame = frame_of(content, paper)
    made = columns(content, frame.blocks.width, frame.blocks.height)
    for left, right in zip(made, made[1:], strict=False):
        assert left.x + left.width < right.x
    for column in made:
        assert_inside(column.items, column.width, frame.blocks.height)
    assert_inside([header(content, frame.header.width, frame.header.height)], frame.header.width, frame.header.height)
    assert_inside([legend(content, frame.legend.width, frame.legend.height, cut=PEDIATRIC_15)], frame.legend.width,
                  frame.legend.height)
    assert_inside(footer(content, frame.footer.width), frame.footer.width, frame.footer.height)


@pytest.mark.parametrize("paper", ["A4", "letter"])
@pytest.mark.parametrize("layout", list(LayoutKind))
def test_areas_never_overlap(layout, paper):
    frame = frame_for(content_of(layout=layout).trace.page, paper)
    areas = (frame.header, frame.ecg, frame.legend, frame.blocks, frame.footer)
    assert frame.header.top <= frame.sheet.height - 5
    assert frame.footer.y >= 5
    for upper, lower in zip(areas, areas[1:], strict=False):
        assert lower.top <= upper.y + 1e-9
    for area in areas:
        assert area.x >= 4
        assert area.right <= frame.sheet.width - 4
        assert area.height > 0


def test_a_comment_of_1800_characters_is_printed_whole_beside_twelve_statements(tmp_path):
    comment = " ".join(f"word{k:03d}" for k in range(225))
    statements = tuple(Statement(label, Presence.NOT_ASSESSABLE) for label in STATED)
    content = content_of(result=prediction(LABELS), reading=signed(comment, statements=statements))
    text = printed_text(tmp_path, content)
    assert [word for word in comment.split() if word not in text] == []
    assert text.count("Not assessable") == 12
    assert "COMMENT, CONTINUED" in text


def test_what_does_not_fit_is_said(tmp_path):
    text = printed_text(tmp_path, full_page("lorem " * 2000, 14))
    assert "continued in the record" in text
    assert "more in the record" in text
    for kept in ("Dr. Müller", "7 years 6 months", "trained on adults only", "Signed 2026-03-04"):
        assert kept in text
    assert text.count("Not assessable") == 12


def test_characters_the_font_has_not_are_boxes_and_said(tmp_path):
    text = printed_text(tmp_path, content_of(reading=draft("Übertragung größer, ñ, Ω, α; 心电图 ཀཁག")))
    assert f"Übertragung größer, ñ, Ω, α; 心电图 {REPLACEMENT * 3}" in text
    assert "stands for a character this report cannot write" in text
    assert "cannot write" not in printed_text(tmp_path, content_of(reading=draft("Größer")))


@given(st.text(max_size=60))
def test_printable_text_stays_printable(text):
    once = printable(text)
    assert printable(once) == once
    assert "\u202e" not in once


@given(text=st.text(alphabet=st.characters(codec="latin-1"), max_size=300), width=st.floats(5, 80))
def test_wrapping_loses_no_letter(text, width):
    lines = wrapped(printable(text), width, 7.0)
    assert "".join("".join(lines).split()) == "".join(printable(text).split())
    assert all(text_width(line, 7.0) <= width + 1e-6 or len(line) == 1 for line in lines)


@pytest.mark.parametrize("layout", list(LayoutKind))
def test_a_noisy_page_stays_under_500_kb(tmp_path, layout):
    noise = np.random.default_rng(3).normal(0, 0.1, (12, 20_000)).astype(np.float32)
    content = content_of(spikes(fs_hz=2000.0, signal_mv=noise), result=prediction(LABELS), reading=signed("x " * 900),
                         selected=("RVH", "gradcam"), layout=layout)
    path = tmp_path / "noise.pdf"
    write_pdf(content, path)
    assert path.stat().st_size < 500_000


def test_the_same_content_gives_the_same_bytes(tmp_path):
    paths = [tmp_path / name for name in ("a.pdf", "b.pdf")]
    for path in paths:
        write_pdf(content_of(result=prediction(), reading=signed()), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert sorted(tmp_path.iterdir()) == paths


def test_fonts_are_embedded(tmp_path):
    from pypdf import PdfReader

    path = tmp_path / "fonts.pdf"
    write_pdf(content_of(), path)
    fonts = PdfReader(path).pages[0]["/Resources"]["/Font"]
    used = [font.get_object() for font in fonts.values()]
    assert len(used) == 2
    assert all("/FontFile2" in font["/FontDescriptor"] for font in used)
