"""What the window's tests share: an application in a folder of its own, a small stand-in for the model, recordings."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QPushButton

from peace_desktop.app import Application, Options
from peace_desktop.jobs.model import Model
from peace_desktop.settings import changed
from peace_desktop.ui import reading_commands
from peace_desktop.ui.import_.dialog import ImportDialog
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.worklist.row_view import WorklistRow
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.recording import Recording
from peace_model.ecg.simulation import SimulationSpec, simulate
from peace_model.inference.prediction import Explanation, Prediction, PredictionResult, Reason
from peace_model.labels.profile import READERS_PROFILE, load_profile

SHA256 = "ab" * 32
READER = "Dr. Reader"


class SmallPredictor:
    """Answers at once: the first label is positive in children. `gate` holds answers back while it is clear."""

    def __init__(self) -> None:
        self.bundle = SimpleNamespace(
            name="small", version="1", sha256=SHA256, explanation_checks={}, pipeline=SimpleNamespace(fs_hz=100.0),
            tokens=SimpleNamespace(samples_per_token=8), abnormalities=())
        self.provider, self.fallback = "cpu", ""
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[int | None] = []

    def predict(self, recording: Recording, _findings: object = None) -> PredictionResult:
        days = recording.age.days if recording.age is not None else None
        self.asked.append(days)
        assert self.gate.wait(60)
        child = days is not None and days < 18 * 365
        first = 0.9 if child else 0.2
        labels = load_profile(READERS_PROFILE).labels
        numbers = [first, *np.linspace(0.6, 0.05, len(labels) - 1)]
        reason = Reason("few_records", "Few records at {band}.", (("band", "3 months"),))
        general = (Reason("adult_trained", "The model was trained on adults only."),) if child else ()
        values = np.linspace(0, 1, 125, dtype=np.float32)
        return PredictionResult(
            predictions=tuple(
                Prediction(label.code, label.name, float(number), 0.5, float(number) >= 0.5, (reason,))
                for label, number in zip(labels, numbers, strict=True)),
            explanations=tuple(Explanation(label.code, method, values, 0.0, 0.08)
                               for label in labels for method in ("gradcam", "attention")),
            general_reasons=general, bundle_name="small", bundle_version="1", bundle_sha256=SHA256,
            pipeline_version="1", provider="cpu", windows_s=((0.0, 10.0),))


def start(folder: Path, predictor: object, *, reader: str = READER) -> Application:
    """The application with its data under `folder`, its window shown."""
    options = Options(data_dir=folder)

    def accept(store: object) -> bool:
        store.write(changed(store.settings, "reader_name", reader))  # type: ignore[attr-defined]
        store.write(changed(store.settings, "intended_use_accepted", True))  # type: ignore[attr-defined]
        return True

    application = Application(options, ask_first=accept,
                              make_model=lambda _provider: Model(lambda: predictor))  # type: ignore[arg-type,return-value]
    application.show(options)
    return application


@pytest.fixture(autouse=True)
def no_lane_is_left() -> Iterator[None]:
    """A lane that outlives its test is a leak: name it and where it stands."""
    yield
    left = [thread.name for thread in threading.enumerate() if thread.name.endswith("-lane")]
    assert not left, f"lanes still running after the test: {left}"


@pytest.fixture
def predictor() -> SmallPredictor:
    return SmallPredictor()


@pytest.fixture
def begin(qtbot: object, tmp_path: Path, predictor: SmallPredictor) -> Iterator[Callable[[], Application]]:
    """Starts the application on this test's data; what still runs at the end is closed."""
    begun: list[Application] = []

    def one_more() -> Application:
        begun.append(start(tmp_path / "data", predictor))
        return begun[-1]

    yield one_more
    predictor.gate.set()
    for application in begun:
        application.close()


@pytest.fixture
def running(begin: Callable[[], Application]) -> Application:
    return begin()


@pytest.fixture
def children(tmp_path: Path) -> Path:
    """A folder with three recordings: 3 months, 42 years, unknown age."""
    folder = tmp_path / "night"
    folder.mkdir()
    for name, days, known in (("infant", 100, True), ("mother", 15_350, True), ("nameless", 400, False)):
        spec = SimulationSpec(age_days=days, sex="F", seed=days, age_known=known)
        write_wfdb(simulate(spec).recording, folder, name)
    return folder


@pytest.fixture
def confirm(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Answers every question of a reading with yes; a reason or name that is asked for is the given text."""
    words = ["because"]

    def ask(dialog: QDialog) -> bool:
        for field in dialog.findChildren(QPlainTextEdit):
            field.setPlainText(words[0])
        for line in dialog.findChildren(QLineEdit):
            if line.objectName() in ("reader_name", "correction_reason"):
                line.setText(words[0])
        return True

    def say(text: str) -> None:
        words[0] = text

    monkeypatch.setattr(reading_commands, "ask", ask)
    return say


def look_at(qtbot: object, window: MainWindow, *paths: Path) -> ImportDialog:
    """Open files and folders and wait until the preview stands, or the end where there is nothing to ask."""
    window.files.import_paths(paths)
    dialog = window.files.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.looked or dialog.ended, timeout=60_000)  # type: ignore[attr-defined]
    return dialog


def say_yes(qtbot: object, dialog: ImportDialog) -> None:
    """Import what the preview shows and wait for the end."""
    yes = dialog.findChild(QPushButton, "import_yes")
    assert yes is not None
    yes.click()
    qtbot.waitUntil(lambda: dialog.ended, timeout=60_000)  # type: ignore[attr-defined]


def import_all(qtbot: object, window: MainWindow, *paths: Path) -> None:
    """Import and wait until the import has ended and the worklist shows it."""
    dialog = look_at(qtbot, window, *paths)
    if dialog.looked:
        say_yes(qtbot, dialog)
    qtbot.waitUntil(lambda: window.bridge.idle and not window.reload_soon.isActive(), timeout=60_000)  # type: ignore[attr-defined]
    dialog.close()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=60_000)  # type: ignore[attr-defined]


def settled(qtbot: object, window: MainWindow) -> None:
    """Nothing works any more, and the list has been read again where something changed it."""
    qtbot.waitUntil(lambda: window.bridge.idle and not window.reload_soon.isActive(),  # type: ignore[attr-defined]
                    timeout=60_000)


def listed_rows(window: MainWindow) -> list[WorklistRow]:
    """What the worklist shows, top to bottom; of a short one all rows are there."""
    return [row for place in range(window.worklist.model.rowCount())
            if (row := window.worklist.model.row(place)) is not None]


def open_titled(qtbot: object, window: MainWindow, title: str) -> None:
    """Open a recording by its title and wait for its analysis, and until it can be worked on."""
    row = next(row for row in listed_rows(window) if row.title == title)
    window.open_recording(row.sha256)
    qtbot.waitUntil(lambda: window.case.analysis is not None  # type: ignore[attr-defined]
                    and window.actions_["about_recording"].isEnabled(), timeout=60_000)
