"""What the readers of files say of formats and of profiles, in the reader's language."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from peace_desktop import texts
from peace_desktop.report.about import format_words
from peace_model.ecg.formats.csv_profile import CsvProfile, ProfileError, TableDraft, load_profile
from peace_model.ecg.formats.registry import read_recording
from peace_model.ecg.recording import RecordingError, Source


@pytest.fixture
def chinese() -> Iterator[None]:
    assert texts.use_language("zh_CN") == "zh_CN"
    yield
    texts.use_language("en")


def source(name: str) -> Source:
    return Source(Path("a"), name, "0" * 64, ())


@pytest.mark.usefixtures("chinese")
def test_a_format_is_called_what_the_reader_calls_it() -> None:
    assert format_words(source("wfdb")) == "WFDB 记录"
    assert format_words(replace(source("csv"), version="2")) == "CSV 表格, 2"


@pytest.mark.usefixtures("chinese")
def test_a_refused_file_is_told_the_formats_in_the_readers_language(tmp_path: Path) -> None:
    path = tmp_path / "letter.doc"
    path.write_bytes(bytes(range(256)))
    with pytest.raises(RecordingError) as refused:
        read_recording(path)
    words = texts.error_words(refused.value)
    assert "WFDB 记录、" in words
    assert "MATLAB 文件" in words
    assert "record" not in words


@pytest.mark.usefixtures("chinese")
def test_what_is_wrong_with_a_profile_is_said_in_the_readers_language(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as refused:
        TableDraft(columns=("I", "I"), unit="mV", name="ward 3").profile()
    assert texts.error_words(refused.value) == "ward 3：同一导联对应了两列"
    with pytest.raises(ProfileError) as refused:
        CsvProfile(columns=("I",), unit="mV", encoding="ebcdic")
    assert texts.error_words(refused.value) == "编码不是 utf-8、utf-16、cp1252、gb18030 之一"
    damaged = tmp_path / "lab.json"
    damaged.write_text("{}")
    with pytest.raises(ProfileError) as refused:
        load_profile(damaged)
    assert texts.error_words(refused.value).startswith("lab.json：这不是")
