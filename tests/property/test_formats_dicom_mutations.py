"""Damaged DICOM objects are recordings or refusals, never anything else."""

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
from dicom_cases import BIG_ENDIAN, DEFLATED, EXPLICIT, IMPLICIT, channel, code, ecg, group, ramp, write
from hypothesis import given, settings
from hypothesis import strategies as st

from peace_model.ecg.formats import dicom_files
from peace_model.ecg.formats.contract import ReadOptions
from peace_model.ecg.recording import RecordingError


@cache
def whole(syntax: str) -> bytes:
    """A small object with two groups, an annotation and a nested sequence."""
    leads = [channel("", source=code("2:1", "MDC", "Lead I")), channel("V1")]
    dataset = ecg([group(leads, ramp(40, 2), WaveformPaddingValue=b"\x00\x80"),
                   group(leads, ramp(20, 2), label="MEDIAN BEAT", originality="DERIVED")], PatientAge="002Y",
                  SpecificCharacterSet="ISO_IR 192")
    with tempfile.TemporaryDirectory() as folder:
        return write(dataset, Path(folder), syntax=syntax).read_bytes()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    content = bytearray(whole(draw(st.sampled_from([EXPLICIT, IMPLICIT, DEFLATED, BIG_ENDIAN]))))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(content) - 1))
        kind = draw(st.sampled_from(["put", "insert", "remove", "copy", "ones"]))
        span = draw(st.integers(1, 12))
        if kind == "put":
            content[place:place + 1] = draw(st.binary(min_size=1, max_size=1))
        elif kind == "insert":
            content[place:place] = draw(st.binary(min_size=1, max_size=12))
        elif kind == "remove" and len(content) > 200:
            del content[place:place + span]
        elif kind == "copy":
            other = draw(st.integers(0, len(content) - 1))
            content[place:place + span] = content[other:other + span]
        else:
            content[place:place + 4] = b"\xff\xff\xff\xff"
    return bytes(content[:draw(st.integers(0, len(content)))] if draw(st.integers(0, 5)) == 0 else content)


@settings(max_examples=100)
@given(damaged())
def test_no_damage_breaks_the_reader(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ecg.dcm")
        path.write_bytes(content)
        try:
            recording = dicom_files.read(path, ReadOptions())
        except RecordingError as refused:
            said = str(refused)
        else:
            said = ""
            assert not np.isinf(recording.signal_mv).any()
            assert recording.signal_mv.nbytes <= 4 * len(content)
    assert "\n" not in said
    assert "Doe" not in said
