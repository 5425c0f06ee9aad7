"""`peace-desktop analyze` as a person runs it: files in, one JSON and PDF each out, every failure named."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import jsonschema
import numpy as np
import pypdf
import pytest

pytest.importorskip("onnx", reason="the bundle of these tests is made with the onnx package (extra train)")

from identified_files import AT, VALUES, write_identified
from tiny_bundle import write_bundle

from peace_desktop import analyze, paths
from peace_desktop.jobs import walking
from peace_desktop.paths import Places
from peace_desktop.texts import use_language
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.formats.registry import FORMATS, walk_recordings
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Recording, Source, roles_of
from peace_model.resources import resource

SCHEMA = json.loads(resource("schema", "analyze-1.json").read_text(encoding="utf-8"))


def write_recording(folder: Path, name: str, *, age_days: int | None = 400, fs_hz: float = 500.0,
                    duration_s: float = 10.0, leads: tuple[str, ...] = STANDARD_12) -> Path:
    """A recording with narrow beats at 120 bpm, a different height in every lead."""
    time_s = np.arange(round(duration_s * fs_hz)) / fs_hz
    beat = np.exp(-0.5 * (((time_s % 0.5) - 0.25) / 0.012) ** 2)
    heights_mv = {lead: 0.4 + 0.1 * index for index, lead in enumerate(leads)}
    heights_mv |= {"III": heights_mv["II"] - heights_mv["I"], "aVR": -(heights_mv["I"] + heights_mv["II"]) / 2,
                   "aVL": heights_mv["I"] - heights_mv["II"] / 2, "aVF": heights_mv["II"] - heights_mv["I"] / 2}
    signal_mv = np.stack([heights_mv[lead] * beat for lead in leads]).astype(np.float32)
    age = Age(age_days, Precision.DAY, "test") if age_days is not None else None
    folder.mkdir(parents=True, exist_ok=True)
    return write_wfdb(
        Recording(signal_mv=signal_mv, fs_hz=fs_hz, leads=leads, roles=roles_of(leads), age=age, sex="F",
                  recorded_at=None, patient_key="", source=Source(Path("x"), "wfdb", "0" * 64, ())), folder, name)


@pytest.fixture(scope="module")
def bundle_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundle(tmp_path_factory.mktemp("bundle") / "tiny")


@pytest.fixture
def run(bundle_folder: Path, tmp_path: Path):
    """run(*arguments) -> exit status; results go to tmp_path / "out"."""
    def run_command(*arguments: object) -> int:
        return analyze.main([*map(str, arguments), "--out", str(tmp_path / "out"), "--bundle", str(bundle_folder),
                             "--provider", "cpu"])
    return run_command


def record_of(path: Path) -> dict:
    record = json.loads(path.read_text(encoding="utf-8"), parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    jsonschema.validate(record, SCHEMA)
    return record


def results(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_section_of_a_long_recording_is_chosen_and_a_short_one_stays_whole(
        run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_recording(tmp_path / "in", "night", fs_hz=100.0, duration_s=660.0, leads=("I", "II"))
    write_recording(tmp_path / "in", "page")
    assert run(tmp_path / "in", "--json", "--section", "5:30") == 0
    assert record_of(tmp_path / "out" / "night.json")["section"] == {"start_s": 330.0, "end_s": 390.0}
    assert record_of(tmp_path / "out" / "page.json")["section"] is None
    assert run(tmp_path / "in", "--json", "--section", "650") == 0
    assert record_of(tmp_path / "out" / "night.json")["section"] == {"start_s": 600.0, "end_s": 660.0}
    capsys.readouterr()
    assert run(tmp_path / "in", "--json", "--section", "0:11:00") == 1
    assert "night.hea: ends at 0:11:00, before the section that was asked for" in capsys.readouterr().err
    assert run(tmp_path / "in", "--section", "noon") == 2
    assert "such as 1:02:03" in capsys.readouterr().err


def test_reports_are_written_in_chinese_where_that_is_asked_for(run, tmp_path: Path) -> None:
    write_recording(tmp_path / "in", "a")
    try:
        assert run(tmp_path / "in", "--json", "--pdf", "--language", "zh_CN") == 0
    finally:
        use_language("en")
    page = pypdf.PdfReader(tmp_path / "out" / "a.pdf").pages[0].extract_text()
    assert "仅供研究" in page
    assert "Research use only" not in page
    record_of(tmp_path / "out" / "a.json")


def test_occlusion_adds_a_map_lead_by_time_of_the_labels_that_were_named(
        run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_recording(tmp_path / "in", "a", leads=STANDARD_12[:9])
    assert run(tmp_path / "in", "--json", "--occlusion", "RVH,NORM,RVH") == 0
    maps = record_of(tmp_path / "out" / "a.json")["explanations"]
    assert set(maps["RVH"]) == set(maps["NORM"]) == {"gradcam", "attention", "occlusion"}
    assert "occlusion" not in maps["LQTS"]
    found = maps["RVH"]["occlusion"]
    assert found["lead"] == list(STANDARD_12[:9])
    assert [len(row) for row in found["values"]] == [50] * 9
    assert max(found["values"][1]) == 1
    assert not any(found["values"][0]), "the tiny graph looks for RVH in lead II alone"
    assert (found["step_s"], found["verdict"]) == (0.2, "not tested")
    assert "patches of 200 ms" in found["trust"][1]

    assert run(tmp_path / "in", "--occlusion", "AFIB") == 2
    assert "AFIB is not a label of this bundle; it has NORM, RVH, LQTS" in capsys.readouterr().err


def test_every_recording_gives_a_json_and_a_pdf(run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_recording(tmp_path / "in", "a")
    write_recording(tmp_path / "in" / "deep", "b", age_days=None, leads=STANDARD_12[:9], duration_s=23)
    assert run(tmp_path / "in") == 0
    assert results(tmp_path / "out") == ["a.json", "a.pdf", "b.json", "b.pdf"]
    assert (tmp_path / "out" / "a.pdf").read_bytes().startswith(b"%PDF")
    first, second = record_of(tmp_path / "out" / "a.json"), record_of(tmp_path / "out" / "b.json")

    assert first["recording"]["age_days"] == 400
    assert first["recording"]["sex"] == "F"
    assert [item["label"] for item in first["predictions"]] == ["NORM", "RVH", "LQTS"]
    assert first["predictions"][0]["reasons"][0]["code"] == "adult_trained"
    assert set(first["explanations"]["RVH"]) == {"gradcam", "attention"}
    grad_cam = first["explanations"]["RVH"]["gradcam"]
    assert len(grad_cam["values"]) * grad_cam["step_s"] == pytest.approx(10)
    assert max(grad_cam["values"]) == 1
    assert first["versions"]["bundle"]["name"] == "tiny"

    assert second["recording"]["age_days"] is None
    assert second["recording"]["source_file"] == "deep/b.hea"
    assert [lead["name"] for lead in second["recording"]["leads"] if lead["role"] == "absent"] == ["V4", "V5", "V6"]
    assert {"age_unknown", "missing_leads"} <= {reason["code"] for reason in second["predictions"][0]["reasons"]}
    assert second["windows_s"] == [[0, 10], [10, 20]]
    out, err = capsys.readouterr()
    assert "2 of 2 recordings analysed" in out
    assert "2/2" in err


def test_what_cannot_be_read_is_named_in_a_line_and_the_others_are_done(
        run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "in"
    for name in ("good", "short", "gainless", "lonely"):
        write_recording(folder, name)
    (folder / "text.hea").write_text("Dear colleague,\nplease find the ECG attached.\n")
    (folder / "empty.hea").write_bytes(b"")
    data = (folder / "short.dat").read_bytes()
    (folder / "short.dat").write_bytes(data[:len(data) // 2])
    header = (folder / "gainless.hea").read_text().splitlines()
    header[1] = " ".join(["gainless.dat", "16", "0/mV", *header[1].split()[3:]])
    (folder / "gainless.hea").write_text("\n".join(header) + "\n")
    (folder / "lonely.dat").unlink()

    assert run(folder) == 1
    assert results(tmp_path / "out") == ["good.json", "good.pdf"]
    lines = [line for line in capsys.readouterr().err.splitlines() if ".hea" in line]
    assert [line.split(":")[0] for line in lines] == ["empty.hea", "gainless.hea", "lonely.hea", "short.hea",
                                                      "text.hea"]
    assert all("unexpected" not in line and line.count(";") >= 1 for line in lines)


def test_age_and_sex_of_the_command_line_stand_in_place_of_the_files(run, tmp_path: Path) -> None:
    write_recording(tmp_path / "in", "a")
    assert run(tmp_path / "in", "--json", "--age-days", 20 * 366, "--sex", "M") == 0
    assert results(tmp_path / "out") == ["a.json"]
    record = record_of(tmp_path / "out" / "a.json")
    assert (record["recording"]["age_days"], record["recording"]["sex"]) == (20 * 366, "M")
    assert record["recording"]["age_origin"] == "command line"
    assert "adult_trained" not in {reason["code"] for reason in record["predictions"][0]["reasons"]}


def test_a_second_run_replaces_the_results_and_pdf_alone_is_possible(run, tmp_path: Path) -> None:
    write_recording(tmp_path / "in", "a")
    assert run(tmp_path / "in", "--pdf") == 0
    (tmp_path / "out" / "a.pdf").write_bytes(b"old")
    assert run(tmp_path / "in", "--pdf") == 0
    assert results(tmp_path / "out") == ["a.pdf"]
    assert (tmp_path / "out" / "a.pdf").read_bytes().startswith(b"%PDF")


def test_a_csv_is_read_once_its_rate_and_unit_are_given(
        run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    time_s = np.arange(5000) / 500
    rows = 1000 * np.exp(-0.5 * (((time_s % 0.5) - 0.25) / 0.012) ** 2)
    table = tmp_path / "table.csv"
    table.write_text("I,II\n" + "".join(f"{value:.1f},{value:.1f}\n" for value in rows))
    assert run(table, "--json") == 1
    assert "--unit mV" in capsys.readouterr().err
    assert run(table, "--json", "--unit", "uV") == 1
    assert "--fs HZ" in capsys.readouterr().err
    assert run(table, "--json", "--fs", 500, "--unit", "uV") == 0
    record = record_of(tmp_path / "out" / "table.json")
    assert record["recording"]["fs_hz"] == 500


def test_folders_without_recordings_and_missing_paths_count_as_failed(
        run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "nothing").mkdir()
    write_recording(tmp_path / "in", "a")
    assert run(tmp_path / "nothing", tmp_path / "gone.hea", tmp_path / "in", "--json") == 1
    assert results(tmp_path / "out") == ["a.json"]
    err = capsys.readouterr().err
    told = next(line for line in err.splitlines() if line.startswith("nothing: no recordings in this folder"))
    assert [form.title for form in FORMATS if form.title not in told] == []
    assert "gone.hea: " in err


@pytest.mark.parametrize("arguments", [
    [], ["--json"], ["x.hea", "--age-days", "-1"], ["x.hea", "--age-days", "young"], ["x.hea", "--sex", "X"],
    ["x.hea", "--fs", "0"], ["x.hea", "--fs", "nan"], ["x.hea", "--provider", "abacus"], ["x.hea", "--colour"],
])
def test_wrong_usage_exits_with_2(run, arguments: list[str]) -> None:
    assert run(*arguments) == 2


def test_a_bundle_or_result_folder_that_cannot_be_used_exits_with_2(
        tmp_path: Path, bundle_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert analyze.main([str(tmp_path), "--out", str(tmp_path / "out"), "--bundle", str(tmp_path)]) == 2
    assert "bundle.json" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert analyze.main([str(tmp_path), "--out", str(tmp_path / "file"), "--bundle", str(bundle_folder)]) == 2
    assert "--out" in capsys.readouterr().err


def test_a_side_car_table_serves_a_mixed_batch_and_a_foreign_one_is_wrong_usage(
        run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("listed", "other"):
        write_recording(tmp_path / "in", name, age_days=None)
    table = tmp_path / "table.csv"
    head = "filename_lr,filename_hr,patient_id,age,sex\n"
    table.write_text(head + "listed,listed_hr,7,4,1\n")
    assert run(tmp_path / "in", "--sidecar", table, "--json") == 0
    ages = {name: record_of(tmp_path / "out" / f"{name}.json")["recording"]["age_days"] for name in ("listed", "other")}
    assert ages == {"listed": 1461, "other": None}
    findings = record_of(tmp_path / "out" / "other.json")["findings"]
    assert "sidecar_silent" in [finding["code"] for finding in findings]
    capsys.readouterr()
    table.write_text(head + "elsewhere,elsewhere_hr,7,4,1\n")
    assert run(tmp_path / "in", "--sidecar", table, "--json") == 2
    assert "lists none of the recordings" in capsys.readouterr().err
    assert run(tmp_path / "in", "--sidecar", tmp_path / "nowhere.csv", "--json") == 2


def test_a_blink_of_a_recording_gets_no_prediction_and_a_sentence(run, tmp_path: Path) -> None:
    path = write_recording(tmp_path / "in", "blink", duration_s=1.0)
    assert run(path, "--json") == 0
    record = record_of(tmp_path / "out" / "blink.json")
    assert record["predictions"] == []
    assert "shorter than two seconds" in record["prediction_error"]


def test_help_explains_the_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert analyze.main(["--help"]) == 0
    assert "exit status" in capsys.readouterr().out


def test_neither_qt_nor_anything_slow_is_needed(tmp_path: Path, bundle_folder: Path) -> None:
    write_recording(tmp_path / "in", "a")
    arguments = [str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--bundle", str(bundle_folder)]
    script = (
        "import sys\n"
        "import peace_desktop.analyze as analyze\n"
        "slow = {'scipy', 'wfdb', 'pandas', 'reportlab', 'sqlalchemy', 'alembic', 'PySide6', 'torch'}\n"
        "assert not slow & set(sys.modules), slow & set(sys.modules)\n"
        f"assert analyze.main({arguments!r}) == 0\n"
        "never = {'PySide6', 'pyqtgraph', 'torch', 'sqlalchemy'}\n"
        "assert not never & set(sys.modules), never & set(sys.modules)\n")
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_first_recording_is_done_while_others_are_still_found(
        run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl+C in the middle of the walk: what is done stays, and it is said that not all was found."""
    for folder in ("x", "y"):
        write_recording(tmp_path / "in" / folder, "a")
    out = tmp_path / "out"
    def waiting(*given: object, **named: object) -> Iterator[object]:
        found = [one for one in walk_recordings(*given, **named) if one is not None]
        yield found[0]
        while not (out / "a.json").is_file():
            yield None
        yield found[1]
        while not (out / "y" / "a.json").is_file():
            yield None
        raise KeyboardInterrupt

    monkeypatch.setattr(walking, "walk_recordings", waiting)
    assert run(tmp_path / "in", "--json") == 1
    assert results(out) == ["x/a.json", "y/a.json"]
    told = capsys.readouterr()
    assert "stopped; the recordings finished so far are complete" in told.err
    assert "of those found so far" in told.out


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C cannot be sent to one process on Windows")
def test_ctrl_c_leaves_whole_results(tmp_path: Path, bundle_folder: Path) -> None:
    for number in range(40):
        write_recording(tmp_path / "in", f"a{number:02d}")
    out = tmp_path / "out"
    process = subprocess.Popen(
        # A process started in the background inherits that Ctrl+C is ignored; a person's terminal does not do that.
        [sys.executable, "-c", "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
         "from peace_desktop import analyze; sys.exit(analyze.main(sys.argv[1:]))",
         str(tmp_path / "in"), "--out", str(out), "--json", "--bundle", str(bundle_folder)],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    while process.poll() is None and not (out.is_dir() and any(out.glob("*.json"))):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 1
    assert "stopped" in err
    assert "Traceback" not in err
    names = results(out)
    assert 0 < len(names) < 40
    for name in names:
        record_of(out / name)


def pdf_text(path: Path) -> str:
    """Everything a reader or a program finds written in a PDF: its pages, its metadata and its bytes."""
    from pypdf import PdfReader

    document = PdfReader(path)
    return "\n".join((*(page.extract_text() for page in document.pages), str(document.metadata),
                      path.read_bytes().decode("latin-1")))


def test_results_hold_nothing_of_the_person_unless_it_is_asked_for(
        run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = write_identified(tmp_path / "in" / "Musterfrau_Erika.dcm")
    write_identified(tmp_path / "in" / "second.dcm", seed=2, at=AT + timedelta(days=30))
    assert run(tmp_path / "in") == 0
    results = sorted(path.name for path in (tmp_path / "out").iterdir())
    hashed = hashlib.sha256(first.read_bytes()).hexdigest()[:16]
    assert results == sorted([f"{hashed}.json", f"{hashed}.pdf", "second.json", "second.pdf"])
    texts = [path.read_text("utf-8") if path.suffix == ".json" else pdf_text(path)
             for path in (tmp_path / "out").iterdir()]
    texts += ["\n".join(capsys.readouterr())]
    assert [value for value in VALUES for text in texts if value in text.casefold()] == []
    one, two = record_of(tmp_path / "out" / f"{hashed}.json"), record_of(tmp_path / "out" / "second.json")
    jsonschema.validate(one, SCHEMA)
    assert one["recording"]["patient_key"] == two["recording"]["patient_key"]
    assert one["recording"]["date_shifted"]
    apart = [datetime.fromisoformat(record["recording"]["recorded_at"]) for record in (two, one)]
    assert apart[0] - apart[1] == timedelta(days=30)
    assert one["recording"]["age_days"] == (AT.date() - date(2019, 2, 3)).days


def test_identified_results_keep_number_date_and_name_of_the_file(run, tmp_path: Path) -> None:
    write_identified(tmp_path / "in" / "Musterfrau.dcm")
    assert run(tmp_path / "in", "--identified", "--json") == 0
    recording = record_of(tmp_path / "out" / "Musterfrau.json")["recording"]
    assert (recording["patient_key"], recording["recorded_at"], recording["date_shifted"]) == (
        "MRN471108", AT.isoformat(), False)


def test_a_secret_that_cannot_be_read_is_wrong_usage(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                     capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(paths, "places", lambda: Places(tmp_path, tmp_path))
    write_recording(tmp_path / "in", "one")
    (tmp_path / "patient-secret").write_text("short\n", "ascii")
    assert run(tmp_path / "in") == 2
    assert "patient-secret" in capsys.readouterr().err
    assert run(tmp_path / "in", "--identified", "--json") == 0
