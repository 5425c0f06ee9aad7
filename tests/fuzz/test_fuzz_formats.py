"""A few hundred spoilt recordings of every format; `python tests/fuzz/run.py` reads thousands, under guard."""

import os
import signal
import sys
import tempfile
from pathlib import Path

import fuzz_guard
import pytest
import run
from fuzz_case import OUTSIDE, Case, Meaning, Outcome, outcome
from fuzz_cases import case_of, format_names, own_files, whole
from fuzz_escapes import escape
from fuzz_structures import STRATEGIES
from hypothesis import given, settings
from hypothesis import strategies as st

from peace_model.ecg.formats.registry import find_recordings

CASES = 20
guarded = pytest.mark.skipif(sys.platform != "linux", reason="the guard reads memory from Linux's /proc")


def read(case: Case) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        return outcome(case, case.lay_down(Path(folder)))


@pytest.mark.parametrize("name", format_names())
def test_what_is_whole_opens_as_it_states(name: str, tmp_path: Path) -> None:
    """Else nothing would be learnt from what is spoilt."""
    for place, case in enumerate(own_files(name)):
        folder = tmp_path / str(place)
        folder.mkdir()
        path = case.lay_down(folder)
        assert outcome(case, path) == Outcome(True)
        assert [found.format for found in find_recordings([path])] == [name]


@pytest.mark.parametrize("name", format_names())
def test_spoilt_recordings_are_refused_or_read_as_they_state(name: str) -> None:
    numbers = [number for number in range(CASES * 6 // 5) if number % 6]
    found = [(number, read(case_of(name, 0, number, real=False))) for number in numbers]
    assert [one for one in found if one[1].faults] == []
    assert len({outcome.opened for _number, outcome in found}) == 2


@pytest.mark.parametrize("name", format_names())
def test_files_built_of_extremes(name: str) -> None:
    @settings(max_examples=5)
    @given(STRATEGIES[name])
    def check(case: Case) -> None:
        assert read(case).faults == ()

    check()


@settings(max_examples=30)
@given(st.sampled_from(["wfdb", "muse", "sierra", "aecg", "mortara", "cardiosoft", "schiller"]),
       st.randoms(use_true_random=False))
def test_no_file_leads_out_of_its_folder_or_grows(name: str, random_: object) -> None:
    case = escape(whole(name), random_)
    assert case is not None
    assert read(case).faults == ()


def test_the_same_number_gives_the_same_files() -> None:
    for name in format_names():
        for number in (1, 4):
            assert case_of(name, 7, number).files == case_of(name, 7, number).files


def test_a_reader_that_keeps_the_old_values_is_found(tmp_path: Path) -> None:
    """The judgement itself: another gain, another order of leads, a missing warning."""
    case = whole("schiller")
    truth = case.meaning.truth
    doubled = Meaning(type(truth)(truth.fs_hz, truth.leads, 2 * truth.signal_mv))
    turned = Meaning(type(truth)(truth.fs_hz, truth.leads[::-1], truth.signal_mv))
    for place, (meaning, words) in enumerate((
            (doubled, "are stated"), (turned, "leads"), (Meaning(truth, ("checksum_differs",)), "no warning"),
            (Meaning(), "must be refused"))):
        folder = tmp_path / str(place)
        folder.mkdir()
        (fault,) = outcome(Case(case.files, "", meaning), case.lay_down(folder)).faults
        assert words in fault


def _computes(_case: Case, _path: Path) -> Outcome:
    while True:
        pass


def _fills_memory(_case: Case, _path: Path) -> Outcome:
    return Outcome(len(b"x" * 60_000_000) > 0)


def _looks_outside(_case: Case, path: Path) -> Outcome:
    (path.parent.parent / OUTSIDE / "x").write_bytes(path.read_bytes())
    return Outcome(True)


def _dies(_case: Case, _path: Path) -> Outcome:
    os.kill(os.getpid(), signal.SIGKILL)
    return Outcome(True)


@guarded
@pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning")
@pytest.mark.parametrize(("judge", "words"), [
    (_computes, "takes more than"), (_fills_memory, "MB"), (_looks_outside, "opens "), (_dies, "SIGKILL")])
def test_the_guard_sees_it_and_goes_on(judge: fuzz_guard.Judge, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if judge is _computes:
        monkeypatch.setattr(fuzz_guard, "MOST_SECONDS", 0.1)
    monkeypatch.setattr(fuzz_guard, "MOST_BYTES", 20_000_000)
    case_of("csv", 1, 0)  # Drawn once, before the processes part.
    reports = [report for _name, report in run.run(["csv"], cases=3, seed=1, jobs=1, judge=judge)]
    assert [report.number for report in reports] == [0, 1, 2]
    assert all(words in report.faults[0] for report in reports)
