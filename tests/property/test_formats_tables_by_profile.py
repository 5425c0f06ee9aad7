"""Any table that a profile describes reads back as it was written; a profile survives being kept."""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peace_model.ecg.formats.contract import mv_per_unit
from peace_model.ecg.formats.csv_profile import (
    COUNTS,
    ENCODINGS,
    SEPARATORS,
    UNITS,
    CsvProfile,
    load_profile,
    profile_text,
)
from peace_model.ecg.formats.registry import ReadOptions, read_recording
from peace_model.ecg.leads import PEDIATRIC_15
from peace_model.ecg.recording import RecordingError

names = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20)


@st.composite
def profiles(draw: st.DrawFn) -> CsvProfile:
    leads = draw(st.lists(st.sampled_from(PEDIATRIC_15), min_size=1, max_size=6, unique=True))
    ignored = [""] * draw(st.integers(0, 2))
    time = ["time"] * draw(st.booleans())
    unit = draw(st.sampled_from((*UNITS, COUNTS)))
    separator, decimal = draw(st.sampled_from(
        [(separator, decimal) for separator in SEPARATORS for decimal in ".," if separator != decimal]))
    return CsvProfile(
        name=draw(names), columns=tuple(draw(st.permutations(leads + ignored + time))), separator=separator,
        decimal=decimal, header=draw(st.booleans()), skip_rows=draw(st.integers(0, 3)),
        encoding=draw(st.sampled_from(ENCODINGS)), unit=unit,
        counts_per_mv=draw(st.floats(1, 5000)) if unit == COUNTS else None,
        fs_hz=draw(st.sampled_from([100.0, 250.0, 360.5, 1000.0])), transposed=draw(st.booleans()),
        time_unit=draw(st.sampled_from(["s", "ms", "us"])) if time else "")


def table_of(profile: CsvProfile, values: dict[str, list[float]], *, n_samples: int) -> bytes:
    """The text a recorder with these habits would write; ignored columns hold words where blanks do not separate."""
    per_second = {"s": 1.0, "ms": 1e3, "us": 1e6, "": 1.0}[profile.time_unit]
    columns = []
    for role in profile.columns:
        if role == "time":
            numbers = [f"{row / (profile.fs_hz or 1) * per_second:.9f}" for row in range(n_samples)]
        else:
            numbers = [f"{value:.9g}" for value in values[role]] if role else ["7"] * n_samples
        name = [role or "beat"] if profile.header else []
        columns.append(name + [number.replace(".", profile.decimal) for number in numbers])
    rows = columns if profile.transposed else list(map(list, zip(*columns, strict=True)))
    lines = ["# made; by, a|cart"] * profile.skip_rows + [profile.separator.join(row) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode(profile.encoding)


@settings(max_examples=150)
@given(profiles(), st.integers(2, 30), st.integers(0, 2**32 - 1))
def test_a_written_table_reads_back(profile: CsvProfile, n_samples: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    values = {lead: [round(float(value), 4) for value in random.normal(scale=100, size=n_samples)]
              for lead in profile.leads}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.txt")
        path.write_bytes(table_of(profile, values, n_samples=n_samples))
        recording = read_recording(path, options=ReadOptions(profile=profile))
    each_mv = 1 / profile.counts_per_mv if profile.counts_per_mv else mv_per_unit(profile.unit)
    assert recording.recorded_leads == tuple(lead for lead in profile.columns if lead in values)
    assert abs(recording.fs_hz - (profile.fs_hz or 0)) < 1e-3 * recording.fs_hz
    for lead, written in values.items():
        np.testing.assert_allclose(recording.lead(lead), np.array(written) * each_mv, rtol=1e-5)


@settings(max_examples=60)
@given(profiles())
def test_a_kept_profile_comes_back(profile: CsvProfile) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "profile.json")
        path.write_text(profile_text(profile), "utf-8")
        assert load_profile(path) == profile


@settings(max_examples=60)
@given(profiles(), st.integers(2, 20))
def test_a_profile_never_reads_a_table_with_another_number_of_columns(profile: CsvProfile, n_samples: int) -> None:
    values = {lead: [1.5] * n_samples for lead in (*profile.leads, "V9")}
    wider = replace(profile, columns=(*profile.columns, "V9"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.txt")
        path.write_bytes(table_of(wider, values, n_samples=n_samples))
        with pytest.raises(RecordingError) as caught:
            read_recording(path, options=ReadOptions(profile=profile))
    assert caught.value.field == "profile"
