"""The bar is redrawn in place on a terminal and stays out of the way of sentences; elsewhere lines are plain."""

import io

from peace_desktop.analyze.progress_bar import ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def on_screen(written: str) -> str:
    """What is left on the line after every return to its start."""
    line = ""
    for part in written.split("\r"):
        line = part + line[len(part):]
    return line.rstrip()


def test_a_terminal_shows_one_line_that_is_redrawn_and_can_be_cleared() -> None:
    stream = Terminal()
    bar = ProgressBar(stream, total=4)
    bar.show(0, "a_rather_long_name.hea")
    bar.show(3, "b.hea")
    assert on_screen(stream.getvalue()) == "[##################......] 3/4 b.hea"
    bar.clear()
    assert on_screen(stream.getvalue()) == ""
    assert "\n" not in stream.getvalue()


def test_elsewhere_a_plain_count_comes_now_and_then_without_names() -> None:
    stream = io.StringIO()
    bar = ProgressBar(stream, total=1000)
    for done in range(1001):
        bar.show(done, f"record{done}.hea")
    bar.clear()
    assert stream.getvalue() == "".join(f"{done}/1000\n" for done in range(100, 1001, 100))


def test_nothing_to_do_is_no_error() -> None:
    bar = ProgressBar(io.StringIO(), total=0)
    bar.show(0, "")
    bar.clear()


def test_while_the_number_is_not_known_only_what_is_behind_is_counted() -> None:
    terminal, log = Terminal(), io.StringIO()
    for stream in (terminal, log):
        bar = ProgressBar(stream, total=0)
        bar.show(7, "a.hea")
    assert on_screen(terminal.getvalue()) == "7 a.hea"
    assert log.getvalue() == ""
