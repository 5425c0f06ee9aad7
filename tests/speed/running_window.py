"""A window on the demo library, with what the benchmark does to it."""

import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtWidgets import QApplication

from peace_desktop.app import Application, Options
from peace_desktop.library.worklist import Worklist
from peace_desktop.report.content import build_content
from peace_desktop.report.pdf import write_pdf
from peace_desktop.ui.trace.paper_view import PaperView

_PATIENCE_S = 120.0


def milliseconds(work: Callable[[], object], *, times: int) -> list[float]:
    """Wall time of each run."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append((time.perf_counter() - start) * 1000)
    return found


class RunningWindow:
    """The demo in a real window at 1600 x 1000; waits until the model has answered for the first recording."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        options = Options(is_demo=True)
        application = self._stack.enter_context(Application(options, ask_first=lambda _store: True))
        self.window = application.window
        self.window.resize(1600, 1000)
        application.show(options)
        self._until(lambda: len(self._recordings()) == 14 and self._analysed())
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))

    def __enter__(self) -> "RunningWindow":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._stack.close()

    def open_times(self) -> list[float]:
        """From the reader's key to the traces painted, recording after recording, each with what came before done."""
        found = []
        for sha256 in self._recordings()[1:]:
            self._until(lambda: self._analysed() and self.window.bridge.idle)
            start = time.perf_counter()
            self.window.open_recording(sha256)
            self._until(lambda sha256=sha256: self.window.case.shown == sha256 and self.window.case.loaded is not None)
            self.window.stage.trace.findChild(PaperView).viewport().repaint()
            QApplication.processEvents()
            found.append((time.perf_counter() - start) * 1000)
        return found

    def frame_times(self) -> list[float]:
        """Move the paper by a millimetre and paint it, a hundred times."""
        paper = self.window.stage.trace.findChild(PaperView)
        found = []
        for step in range(100):
            start = time.perf_counter()
            paper.move_by(1.0 if step % 50 < 25 else -1.0, 0.0)
            paper.viewport().repaint()
            QApplication.processEvents()
            found.append((time.perf_counter() - start) * 1000)
        return found

    def pdf_times(self) -> list[float]:
        return milliseconds(self._write_pdf, times=6)

    def _write_pdf(self) -> None:
        analysis = self.window.case.analysis
        assert analysis is not None
        content = build_content(
            analysis.recording, analysis.findings, analysis.measurements, analysis.prediction,
            prediction_error=analysis.prediction_error, reading=None, title="Speed", audit_head="", selected=None,
            application_version="", printed_at=datetime.now(UTC))
        write_pdf(content, self._folder / "speed.pdf")

    def memory_mb(self) -> float:
        """Greatest resident size so far, megabytes (Linux counts in kibibytes)."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6

    def _recordings(self) -> list[str]:
        worklist = Worklist(self.window.services.library)
        return list(worklist.titles(worklist.numbers()))

    def _analysed(self) -> bool:
        return self.window.case.analysis is not None and self.window.case.analysis.prediction is not None

    def _until(self, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not reached():
            QApplication.processEvents()
            if time.monotonic() > deadline:
                raise TimeoutError("the window did not answer in two minutes")
            time.sleep(0.0005)
