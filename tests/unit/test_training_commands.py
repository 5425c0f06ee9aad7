"""peace-model's command line: help for everything, one line for a missing extra."""

import subprocess
import sys

import pytest

from peace_model.__main__ import main

COMMANDS = ("prepare", "train", "evaluate", "export", "card", "describe")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"peace-model {command}" in capsys.readouterr().out


def test_wrong_usage_exits_with_2() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fly"])
    assert ended.value.code == 2


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
