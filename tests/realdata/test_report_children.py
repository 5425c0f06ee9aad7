"""Reports of real children: a page of traces and one of details, the right age, the file small."""

from datetime import UTC, datetime

import pytest

from peace_desktop.report.content import build_content
from peace_desktop.report.paper import Gain, LayoutKind
from peace_desktop.report.pdf import write_pdf
from peace_model.ecg.age import age_text
from peace_model.ecg.formats.registry import find_recordings, read_recording
from peace_model.ecg.measurement import measure
from peace_model.ecg.signal.quality import input_findings


@pytest.fixture(scope="module")
def analysed(data_dir):
    """File, recording, findings and measurements of every child, made once for both layouts."""
    found = find_recordings([data_dir / "zzu_pecg"])
    assert len(found) >= 11
    recordings = [(file, read_recording(file.path)) for file in found]
    return [(file, recording, input_findings(recording), measure(recording)) for file, recording in recordings]


@pytest.mark.parametrize("layout", [LayoutKind.THREE_BY_FOUR_RHYTHM, LayoutKind.CABRERA])
def test_every_child_gets_a_page(analysed, tmp_path, layout):
    from pypdf import PdfReader

    for number, (file, recording, findings, measured) in enumerate(analysed):
        content = build_content(
            recording, findings, measured, None, reading=None, title=file.path.stem,
            audit_head="", application_version="0", printed_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC), layout=layout,
            gain=Gain(precordial_half=number % 2 == 0))
        path = tmp_path / f"{file.path.stem}.pdf"
        write_pdf(content, path)
        assert path.stat().st_size < 500_000
        pages = PdfReader(path).pages
        assert len(pages) == 2
        if layout is LayoutKind.THREE_BY_FOUR_RHYTHM:
            text = " ".join(pages[0].extract_text().split())
            assert recording.age is not None
            assert age_text(recording.age) in text
            assert recording.patient_key in text
