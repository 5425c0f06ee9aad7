"""peace-model's command line: help for everything, one line for a missing extra."""

import subprocess
import sys

import pytest

from peace_model.__main__ import main
from peace_model.commands import card, command_names, load_command
from peace_model.datasets.store import StoreError


@pytest.mark.parametrize("command", command_names())
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"peace-model {command}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["fly"], [], ["prepare"], ["prepare", "--speed", "3"]])
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: peace-model" in capsys.readouterr().err


def test_the_overview_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    assert all(f"{name} {load_command(name).ABOUT}" in said for name in command_names())


@pytest.mark.parametrize(("raised", "code"), [
    (KeyboardInterrupt(), 130), (StoreError("no store here"), 1), (FileNotFoundError("no such file"), 1)])
def test_how_a_command_ends(
    raised: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(arguments: object) -> None:
        raise raised

    monkeypatch.setattr(card, "run", fail)
    assert main(["card", "--bundle", "b"]) == code
    assert capsys.readouterr().err == f"peace-model card: {'interrupted' if code == 130 else raised}\n"


def test_a_fault_of_the_program_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(card, "run", fail)
    with pytest.raises(ZeroDivisionError):
        main(["card", "--bundle", "b"])


@pytest.mark.parametrize("arguments", [
    ["train", "--store", "s", "--out", "r"], ["evaluate", "--store", "s", "--run", "r"],
    ["export", "--store", "s", "--run", "r", "--out", "o", "--version", "1"],
])
def test_a_missing_extra_is_named_in_one_line(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "needs the extra 'train': pip install 'peace-desktop[train]' (torch is missing)" in said


def test_help_does_not_wait_for_torch() -> None:
    code = ("import sys; from peace_model.__main__ import main\n"
            "try: main(['--help'])\nexcept SystemExit: pass\n"
            "sys.exit('torch' in sys.modules or 'scipy.signal' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
