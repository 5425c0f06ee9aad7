"""Every recording gets a result of its own, written whole, never onto the recording."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peace_desktop.jobs.result_files import ResultError, ResultNames, result_names, write_whole
from peace_model.ecg.formats.registry import FoundFile


def found(*relatives: str) -> list[FoundFile]:
    return [FoundFile(Path("/data", relative), "wfdb", Path(relative)) for relative in relatives]


def names(*relatives: str) -> list[str]:
    return [name.as_posix() for name in result_names(found(*relatives))]


def test_a_name_of_its_own_stays_short() -> None:
    assert names("ward/a.hea", "clinic/b.hea") == ["a", "b"]


def test_equal_names_take_their_relative_path() -> None:
    assert names("ward/a.hea", "clinic/a.hea", "b.hea") == ["ward/a", "clinic/a", "b"]


def test_files_named_one_by_one_take_their_folders_name() -> None:
    files = [FoundFile(Path("/data", folder, "a.hea"), "wfdb", Path("a.hea")) for folder in ("ward", "clinic")]
    assert [name.as_posix() for name in result_names(files)] == ["ward/a", "clinic/a"]


def test_names_that_differ_by_case_or_suffix_alone_stay_apart() -> None:
    assert len({name.casefold() for name in names("x/a.hea", "x/A.hea", "x/a.csv")}) == 3


def test_the_same_relative_path_below_two_folders_is_numbered() -> None:
    assert len(set(names("a.hea", "a.hea"))) == 2


_PART = st.sampled_from(["a", "A", "b", "a-1", "a_hea"])


@given(st.lists(st.tuples(st.lists(_PART, max_size=2), _PART, st.sampled_from([".hea", ".csv"])), max_size=12))
def test_no_two_recordings_share_a_result(parts: list[tuple[list[str], str, str]]) -> None:
    relatives = ["/".join([*folders, name + suffix]) for folders, name, suffix in parts]
    result = names(*relatives)
    assert len(result) == len(relatives)
    assert len({name.casefold() for name in result}) == len(result)


def test_a_result_is_replaced_in_one_step_and_nothing_else_is_left(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "a.json"
    for text in ("first", "second"):
        write_whole(target, lambda path, text=text: path.write_text(text) and None, inputs=())
    assert target.read_text() == "second"
    assert [path.name for path in target.parent.iterdir()] == ["a.json"]


def test_a_failed_write_leaves_the_earlier_result(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    target.write_text("earlier")

    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(ResultError, match=r"a\.json cannot be written \(No space left"):
        write_whole(target, fail, inputs=())
    assert target.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [target]


def test_the_recording_itself_is_never_written(tmp_path: Path) -> None:
    recording = tmp_path / "a.json"
    recording.write_text("the recording")
    with pytest.raises(ResultError, match="the recording itself"):
        write_whole(tmp_path / "." / "a.json", lambda path: path.write_text("x") and None, inputs=(recording,))
    assert recording.read_text() == "the recording"


@given(st.lists(st.tuples(st.lists(_PART, max_size=2), _PART, st.sampled_from([".hea", ".csv"])), max_size=8),
       st.lists(st.integers(1, 3), max_size=8))
def test_results_written_while_others_are_found_end_under_the_names_all_of_them_get(
        parts: list[tuple[list[str], str, str]], steps: list[int]) -> None:
    """Found a few at a time; what is in a result stays what it was."""
    everything = found(*("/".join([*folders, name + suffix]) for folders, name, suffix in parts))
    so_far: list[FoundFile] = []
    with TemporaryDirectory() as place:
        out = Path(place)
        names = ResultNames(out, so_far)
        for index in range(len(everything)):
            more = steps[index % len(steps)] if steps else 1
            so_far[:] = everything[:max(index + 1, min(len(everything), len(so_far) + more))]
            name = names.of(index)
            write_whole(out / f"{name}.json", lambda path, text=str(index): path.write_text(text) and None, inputs=())
            names.written(index, name)
        names.settle()
        there = {path.relative_to(out).as_posix(): path.read_text() for path in out.rglob("*") if path.is_file()}
    assert there == {f"{name.as_posix()}.json": str(index) for index, name in enumerate(result_names(everything))}


def test_a_result_of_an_earlier_run_is_not_taken_for_one_that_bears_a_hash(tmp_path: Path) -> None:
    """The name held something of the person, so its result stands under the hash; what stood there before stays."""
    so_far = found("ward/a.hea")
    names = ResultNames(tmp_path, so_far)
    (tmp_path / "a.json").write_text("earlier run")
    assert names.of(0) == Path("a")
    (tmp_path / "0123.json").write_text("{}")
    names.written(0, Path("0123"))
    so_far += found("clinic/a.hea")
    assert names.of(1) == Path("clinic/a")
    assert (tmp_path / "a.json").read_text() == "earlier run"
    assert (tmp_path / "0123.json").is_file()
