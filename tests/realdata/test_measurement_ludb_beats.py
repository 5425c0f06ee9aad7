"""Beat detection against the beats that cardiologists marked in LUDB."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from peace_model.ecg.formats.registry import read_recording
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.measurement.beats import detect_r_peaks

NEAR_SAMPLES = 75
BEAT = 1
SKIP, SKIP_BYTES = 59, 6
STANDARD_12_LOWER = tuple(lead.lower() for lead in STANDARD_12)


def marked_beats(annotation: Path) -> list[int]:
    """Samples of the normal-beat marks of one lead (MIT annotation format: 6 bits of code, 10 bits of distance)."""
    words = np.fromfile(annotation, dtype="<u2")
    sample, beats, position = 0, [], 0
    while position < len(words) and words[position]:
        code, distance = int(words[position]) >> 10, int(words[position]) & 0x3FF
        if code == SKIP:
            sample += (int(words[position + 1]) << 16) + int(words[position + 2])
            position += SKIP_BYTES // 2
            continue
        if code < SKIP:
            sample += distance
        elif code == 63:
            position += (distance + 1) // 2
        if code == BEAT:
            beats.append(sample)
        position += 1
    return beats


def true_beats(record: Path) -> np.ndarray:
    """The median over the leads of each beat that at least half of them mark."""
    marks = np.sort(np.concatenate([marked_beats(record.with_suffix(f".{lead}")) for lead in STANDARD_12_LOWER]))
    groups = np.split(marks, np.flatnonzero(np.diff(marks) > 60) + 1)
    return np.array([np.median(group) for group in groups if len(group) >= 6])


@pytest.fixture(scope="module")
def ludb(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    archive = data_dir / "ludb.zip"
    if not archive.is_file():
        pytest.skip("ludb.zip is not in PEACE_DATA_DIR")
    folder = tmp_path_factory.mktemp("ludb")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    return sorted(folder.rglob("*.hea"))


def test_beats_are_found_and_not_invented(ludb: list[Path]) -> None:
    assert len(ludb) == 120
    hit = missed = invented = 0
    rate_errors = []
    for header in ludb:
        recording = read_recording(header)
        true, found = true_beats(header), detect_r_peaks(recording)
        # The first and last beats of a recording carry no marks in LUDB.
        judged = found[(found >= true[0] - 100) & (found <= true[-1] + 100)]
        near = [bool(len(judged)) and np.abs(judged - beat).min() <= NEAR_SAMPLES for beat in true]
        hit, missed = hit + sum(near), missed + len(near) - sum(near)
        invented += sum(np.abs(true - beat).min() > NEAR_SAMPLES for beat in judged)
        rate_errors.append(abs(np.median(np.diff(judged)) / np.median(np.diff(true)) - 1))
    assert hit / (hit + missed) >= 0.995
    assert hit / (hit + invented) >= 0.995
    assert np.percentile(rate_errors, 95) < 0.02
