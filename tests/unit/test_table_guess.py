"""What a table looks like before anybody has told anything: cut rightly, named as its header says, nothing made up."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from peace_desktop.jobs.table_check import check, look
from peace_desktop.jobs.table_profiles import TableProfiles
from peace_desktop.ui.import_.wizard_words import check_words, doubt_words
from peace_model.ecg.formats.csv_guess import draft_of
from peace_model.ecg.formats.csv_profile import CsvProfile, ProfileError, TableDraft, profile_text
from peace_model.ecg.leads import STANDARD_12

TIME_S = np.arange(5000) / 500
BEAT_MV = 1.6 * np.exp(-0.5 * (((TIME_S % 0.5) - 0.25) / 0.012) ** 2)
DATA_MV = np.outer(BEAT_MV, np.linspace(0.3, 1, 12))


def rows(values: np.ndarray, separator: str, decimal: str = ".", form: str = "{:.3f}") -> str:
    return "".join(separator.join(form.format(v).replace(".", decimal) for v in row) + "\n" for row in values)


@pytest.mark.parametrize(("text", "told"), [
    (rows(DATA_MV, ";", ","), {"separator": ";", "decimal": ",", "header": False, "columns": ("",) * 12}),
    (rows(DATA_MV * 1000, " ", form="{:5.0f}"), {"separator": " ", "header": False, "skip_rows": 0}),
    (rows(DATA_MV, "\t", ","), {"separator": "\t", "decimal": ","}),
    (rows(DATA_MV, "|"), {"separator": "|", "decimal": "."}),
    (",".join(STANDARD_12) + "\n" + rows(DATA_MV, ","), {"separator": ",", "columns": STANDARD_12, "header": True}),
    ("Device;B\nDate;1.2.2024\n\nZeit;Abl. I;Abl. II;note;\n" + rows(DATA_MV[:, :4], ";", ","),
     {"skip_rows": 3, "header": True, "columns": ("time", "I", "II", ""), "decimal": ","}),
    ("t,ch1,ch2\n" + rows(DATA_MV[:, :3], ","), {"columns": ("time", "", ""), "header": True}),
    ("I,I,II\n" + rows(DATA_MV[:, :3], ","), {"columns": ("I", "", "II")}),
    (rows(DATA_MV[:, :1], ","), {"columns": ("",), "header": False}),
    ("\n".join(lead + "," + rows(DATA_MV[:, :1].T, ",").strip() for lead in ("I", "II", "V1")),
     {"transposed": True, "header": True, "columns": ("I", "II", "V1"), "separator": ","}),
    ("made by a lab\n" + rows(DATA_MV.T, "\t"), {"transposed": True, "header": False, "skip_rows": 1}),
])
def test_the_text_shows_how_it_is_cut(text: str, told: dict[str, object]) -> None:
    draft = draft_of(text.encode())
    assert {key: getattr(draft, key) for key in told} == told
    assert (draft.unit, draft.fs_hz, draft.counts_per_mv) == ("", None, None)


@pytest.mark.parametrize("raw", [
    b"", b"\n\n", b"\xff\xfe", b"\0\1\2", b"a letter\nto a colleague\n", b'"open\n1,2\n', b"1"])
def test_what_is_no_table_gives_a_draft_that_reads_nothing(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(raw)
    seen = look(tmp_path / "a.csv", None)
    assert seen.check.problem


def test_the_check_says_what_a_profile_makes_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(rows(DATA_MV * 1000, " ", form="{:.0f}"), "utf-8")
    seen = look(path, None)
    assert check_words(seen.check) == "Still open: which column is which lead."
    profile = CsvProfile(name="", columns=STANDARD_12, separator=" ", header=False)
    assert check_words(check(path, profile)) == "Still open: the unit of the samples."
    told: dict[str, Any] = {"name": "", "columns": STANDARD_12, "separator": " ", "header": False}
    assert "sampling rate" in check_words(check(path, CsvProfile(**told, unit="uV")))
    good = check(path, CsvProfile(**told, unit="uV", fs_hz=500))
    assert check_words(good) == "12 leads, 500 Hz, 10.0 s, largest QRS 1.6 mV (V6)"
    assert doubt_words(good) == ""
    wrong = check(path, CsvProfile(**told, unit="mV", fs_hz=500))
    assert "1600 mV is implausible" in doubt_words(wrong)
    assert "a thousand times smaller it would be 1.6 mV" in doubt_words(wrong)
    path.write_text(rows(DATA_MV, " "), "utf-8")
    small = check(path, CsvProfile(**told, unit="uV", fs_hz=500))
    assert "thousand times larger it would be 1.6 mV" in doubt_words(small)
    other = check(path, CsvProfile(**{**told, "separator": ";"}, unit="uV", fs_hz=500))
    assert "does not fit" in check_words(other)
    path.write_text(rows(0 * DATA_MV, " "), "utf-8")
    assert "flat" in doubt_words(check(path, CsvProfile(**told, unit="uV", fs_hz=500)))


def test_a_kept_profile_is_not_made_to_fit(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(STANDARD_12) + "\n" + rows(DATA_MV, ","), "utf-8")
    nine = TableDraft(name="nine", columns=STANDARD_12[:9], unit="mV", fs_hz=500)
    assert "'nine' does not fit: the table has 12 columns" in look(path, nine).check.problem
    assert look(path, replace(nine, name="")).draft.columns == STANDARD_12


def test_long_tables_are_checked_by_their_beginning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text(rows(DATA_MV, ","), "utf-8")
    monkeypatch.setattr("peace_desktop.jobs.table_check.CHECKED_BYTES", 100_000)
    seen = check(path, CsvProfile(name="", columns=STANDARD_12, header=False, unit="mV", fs_hz=500))
    assert not seen.whole
    assert seen.duration_s == pytest.approx(10, rel=0.02)
    assert "about 10" in check_words(seen)


def test_profiles_are_kept_renamed_and_deleted(tmp_path: Path) -> None:
    kept = TableProfiles(tmp_path / "profiles")
    profile = CsvProfile(name="Ward 3 / Holter", columns=("I",), unit="mV", fs_hz=500)
    assert kept.all() == ()
    with pytest.raises(ProfileError):
        kept.save(CsvProfile(name=" ", columns=("I",)))
    path = kept.save(profile)
    assert path.parent == tmp_path / "profiles"
    kept.save(CsvProfile(name="ward 3 - holter", columns=("II",)))
    assert [one.name for one in kept.all()] == ["ward 3 - holter", "Ward 3 / Holter"]
    kept.rename("Ward 3 / Holter", "Cart B")
    with pytest.raises(ProfileError, match="another profile"):
        kept.rename("ward 3 - holter", "Cart B")
    assert kept.named("Cart B") == CsvProfile(name="Cart B", columns=("I",), unit="mV", fs_hz=500)
    file = kept.file_of("Cart B")
    assert file is not None
    assert file.read_text("utf-8") == profile_text(kept.all()[0])
    (tmp_path / "profiles" / "broken.json").write_text("{", "utf-8")
    kept.delete("Cart B")
    assert [one.name for one in kept.all()] == ["ward 3 - holter"]
