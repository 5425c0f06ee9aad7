"""What a person sees of a running training, and the table of rates."""

import io

import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from peace_model.__main__ import main  # noqa: E402
from peace_model.commands.live import LiveDisplay, line_of  # noqa: E402
from peace_model.commands.progress import duration  # noqa: E402
from peace_model.training.log import Moment  # noqa: E402


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def moment(step: int, best: float | None = None) -> Moment:
    return Moment(step=step, steps=200, epoch=(step - 1) // 100, epochs=2, losses={"label": 0.0912, "align": 3.5},
                  gate=0.643, best=best, samples_per_s=96.4, remaining_s=6000)


def test_a_line_says_where_the_run_stands() -> None:
    assert line_of(moment(101, 0.95321)) == (
        "epoch 2/2  step 101/200  96.4 recordings/s  1 h 40 min left  label 0.091  align 3.500  gate 0.64  best 0.9532")
    assert "best" not in line_of(moment(1))


@pytest.mark.parametrize(("seconds", "text"), [(0, "0 s"), (59.4, "59 s"), (61, "1 min 01 s"), (3900, "1 h 05 min")])
def test_durations_have_two_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_file_gets_a_line_every_tenth_of_the_way() -> None:
    out = io.StringIO()
    display = LiveDisplay(out)
    for step in range(1, 201):
        display.watch(moment(step))
    lines = out.getvalue().splitlines()
    assert [line.split("step ")[1].split("/")[0] for line in lines] == [str(20 * part) for part in range(1, 11)]


def test_a_resumed_run_does_not_tell_again_what_lies_behind_it() -> None:
    out = io.StringIO()
    display = LiveDisplay(out)
    for step in range(151, 201):
        display.watch(moment(step))
    assert len(out.getvalue().splitlines()) == 3
    for step in range(1, 201):  # the next of several runs
        display.watch(moment(step))
    assert len(out.getvalue().splitlines()) == 13


def test_a_terminal_keeps_one_line_that_changes_and_lets_others_pass() -> None:
    out, clock = Terminal(), iter([0.0, 0.0, 0.1, 9.0, 9.0])
    display = LiveDisplay(out, lambda: next(clock))
    display.watch(moment(1))
    display.watch(moment(2))  # too soon to be drawn
    display.say("epoch 1 of 2: macro AUROC 0.9")
    display.watch(moment(200))
    text = out.getvalue()
    assert text.count("\r\x1b[K") == 3
    assert "step 2/" not in text
    assert text.split("\r\x1b[K")[2] == "epoch 1 of 2: macro AUROC 0.9\n"
    assert text.endswith("\n")


def test_rates_are_told_for_every_network_and_batch(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--encoders", "xresnet1d_tiny,s4d_tiny", "--batches", "1,4", "--rounds", "1", "--seconds",
                 "0"]) == 0
    head, columns, *rows = capsys.readouterr().out.splitlines()
    assert head.startswith("windows of 5 s at 100 Hz, cpu, 1 thread(s), float32, torch ")
    assert columns.split() == ["network", "encoder", "parameters", "batch", "training/s", "x", "inference/s", "x"]
    cells = [row.split() for row in rows]
    assert [(row[0], row[1], row[4]) for row in cells] == [
        (kind, encoder, batch) for kind in ("peace", "ecg_only") for encoder in ("xresnet1d_tiny", "s4d_tiny")
        for batch in ("1", "4")]
    assert [row[6] for row in cells[:2]] == ["1.00", "1.00"]
    assert all(float(row[5]) > 0 and float(row[7]) > 0 for row in cells)
    with pytest.raises(SystemExit):
        main(["bench", "--encoders", "magic"])
