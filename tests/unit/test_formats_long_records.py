"""Long records: read in blocks that leave no seam, held in a file that takes no memory, limits of a day."""

import importlib
import subprocess
import sys
import tracemalloc
import warnings
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from peace_model.ecg.formats import large
from peace_model.ecg.formats.registry import read_recording
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.leads import LIMB_FROM_I_AND_II, STANDARD_12
from peace_model.ecg.mapped import mapped_file
from peace_model.ecg.recording import Recording, RecordingError, Source, roles_of
from peace_model.ecg.signal.lead_truth import broken_limb_leads, duplicate_leads, flat_leads


def write(folder: Path, storage: str, digits: NDArray[np.int64], leads: tuple[str, ...]) -> Path:
    """A record through the wfdb package, which warns of its own tables."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wfdb = importlib.import_module("wfdb")
        wfdb.wrsamp("rec", fs=250, units=["mV"] * len(leads), sig_name=list(leads), d_signal=digits,
                    fmt=[storage] * len(leads), adc_gain=[200.0] * len(leads), baseline=[0] * len(leads),
                    write_dir=str(folder))
    return folder / "rec.hea"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is long: blocks of a few samples, and every signal in a file."""
    monkeypatch.setattr(large, "BLOCK_VALUES", 21)
    monkeypatch.setattr(large, "IN_MEMORY_VALUES", 100)


@pytest.mark.parametrize("storage", ["16", "24", "32", "80", "212"])
@pytest.mark.parametrize("n_signals", [1, 2, 3])
def test_blocks_leave_no_seam(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, storage: str, n_signals: int) -> None:
    digits = np.random.default_rng(3).integers(-100, 100, size=(230, n_signals))
    path = write(tmp_path, storage, digits, ("I", "V1", "V2")[:n_signals])
    whole = read_recording(path).signal_mv
    np.testing.assert_allclose(whole, digits.T / 200, rtol=1e-6)
    monkeypatch.setattr(large, "BLOCK_VALUES", 7 * n_signals)
    recording = read_recording(path)
    np.testing.assert_array_equal(recording.signal_mv, whole)
    assert recording.warnings == ()


@pytest.mark.usefixtures("small")
def test_a_long_recording_is_the_same_in_a_file(tmp_path: Path) -> None:
    digits = np.random.default_rng(4).integers(-400, 400, size=(3, 197))
    leads = ("I", "II", "V1")
    recording = Recording((digits / 200).astype(np.float32), 250.0, leads, roles_of(leads), None, None, None, "",
                          Source(Path("made"), "made", "0" * 64, (), quantum_mv=(0.005,) * 3))
    back = read_recording(write_wfdb(recording, tmp_path, "rec"))
    assert mapped_file(back.signal_mv) is not None
    assert type(back.signal_mv) is np.ndarray
    assert not back.signal_mv.flags.writeable
    np.testing.assert_array_equal(back.signal_mv[:3], recording.signal_mv)
    for lead, (of_one, of_two) in LIMB_FROM_I_AND_II.items():
        expected = of_one * recording.lead("I").astype(float) + of_two * recording.lead("II")
        np.testing.assert_allclose(back.lead(lead), expected, rtol=1e-6, atol=1e-7)


def test_what_is_seen_of_leads_does_not_depend_on_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(5)
    signal = random.normal(0, 0.3, (12, 1500)).astype(np.float32)
    signal[8] = signal[7]
    signal[10] = 0.25
    signal[4, 100:300] = np.nan
    recording = Recording(signal, 500.0, STANDARD_12, roles_of(STANDARD_12), None, None, None, "",
                          Source(Path("made"), "made", "0" * 64, ()))
    whole = flat_leads(recording), duplicate_leads(recording), broken_limb_leads(recording)
    monkeypatch.setattr("peace_model.ecg.signal.lead_truth._BLOCK_VALUES", 50)
    assert (flat_leads(recording), duplicate_leads(recording), broken_limb_leads(recording)) == whole
    assert whole[:2] == (("V5",), {"V3": "V2"})


def test_half_an_hour_of_three_leads_opens_without_standing_in_memory(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    n_samples = 1800 * 250
    (tmp_path / "warm").mkdir()
    (tmp_path / "rec.dat").write_bytes(bytes(6 * n_samples))
    lines = [f"rec 3 250 {n_samples}", *(f"rec.dat 16 200(0)/mV 16 0 0 0 0 {lead}" for lead in ("V1", "V3", "V5"))]
    (tmp_path / "rec.hea").write_text("\n".join(lines))
    monkeypatch.setattr(large, "IN_MEMORY_VALUES", 1_000_000)
    monkeypatch.setattr(large, "BLOCK_VALUES", 60_000)
    monkeypatch.setattr("peace_model.ecg.signal.lead_truth._BLOCK_VALUES", 60_000)
    read_recording(write(tmp_path / "warm", "16", np.zeros((300, 1), dtype=np.int64), ("V1",)))
    tracemalloc.start()
    recording = read_recording(tmp_path / "rec.hea")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert recording.duration_s == 1800
    assert peak < recording.signal_mv.nbytes


OPEN_AND_TELL = """
import sys
from pathlib import Path
from peace_model.ecg.formats import large
from peace_model.ecg.formats.registry import read_recording
from peace_model.ecg.signal import lead_truth

def most_resident_kb():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])

large.IN_MEMORY_VALUES = 1_000_000
large.BLOCK_VALUES = lead_truth._BLOCK_VALUES = 200_000
read_recording(Path(sys.argv[1]))
before = most_resident_kb()
signal_mv = read_recording(Path(sys.argv[2])).signal_mv
print(signal_mv.nbytes // 1024, most_resident_kb() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux how much of the file stood in memory")
def test_what_was_looked_at_is_given_back_while_a_long_recording_is_opened(tmp_path: Path) -> None:
    """Pages of the file count as the process's memory as long as nobody gives them back."""
    n_samples, leads = 2_000_000, ("V1", "V3", "V5", "V6", "V7", "V8")
    digits = np.random.default_rng(6).integers(-200, 200, size=(40_000, len(leads))).astype("<i2")
    (tmp_path / "rec.dat").write_bytes(digits.tobytes() * (n_samples // len(digits)))
    lines = [f"rec {len(leads)} 500 {n_samples}", *(f"rec.dat 16 200(0)/mV 16 0 0 0 0 {lead}" for lead in leads)]
    (tmp_path / "rec.hea").write_text("\n".join(lines))
    (tmp_path / "warm").mkdir()
    warm = write(tmp_path / "warm", "16", np.zeros((300, 1), dtype=np.int64), ("V1",))
    told = subprocess.run([sys.executable, "-c", OPEN_AND_TELL, str(warm), str(tmp_path / "rec.hea")],
                          capture_output=True, text=True, check=True)
    signal_kb, grown_kb = map(int, told.stdout.split())
    assert grown_kb < 0.6 * signal_kb


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leads = ("V1",)
    recording = Recording(np.zeros((1, 500), dtype=np.float32), 250.0, leads, roles_of(leads), None, None, None, "",
                          Source(Path("made"), "made", "0" * 64, ()))
    path = write_wfdb(recording, tmp_path, "rec")
    monkeypatch.setattr(large, "IN_MEMORY_VALUES", 100)
    monkeypatch.setattr("peace_model.ecg.formats.large.shutil.disk_usage", lambda _: type("Usage", (), {"free": 10}))
    with pytest.raises(RecordingError, match="room"):
        read_recording(path)
