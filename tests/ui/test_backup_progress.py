"""A backup by hand: beside the work of the window, recording by recording, ended between two of them."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from library_cases import make_recording, open_at
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QProgressDialog, QPushButton, QWidget
from reading_cases import HeldLane

from peace_desktop.jobs.operation import Cancelled
from peace_desktop.library.backup import Backup
from peace_desktop.ui.backups.commands import BackupCommands
from peace_desktop.ui.bridge import Bridge


class Making:
    """Backup commands over a library of three recordings; look: called while each is copied."""

    def __init__(self, qtbot: Any, look: Callable[[QProgressDialog], None]) -> None:
        self.lane, self.said, self.copied, self._look = HeldLane(), list[str](), 0, look
        window = QWidget()
        qtbot.addWidget(window)
        services: Any = SimpleNamespace(library=SimpleNamespace(backup=self.backup),
                                        lanes=SimpleNamespace(imports=self.lane))
        self.commands = BackupCommands(services, Bridge(), window=window, flush=lambda: None,
                                       say=lambda message: self.said.append(message.text), failed=lambda *_error: None)

    def backup(self, folder: Path, *, progress: Callable[[int, int, str], None]) -> Backup:
        for done in range(3):
            progress(done, 3, "")
            QCoreApplication.processEvents()
            self._look(self.commands.progress)
            self.copied += 1
        return Backup(folder / "library.sqlite", self.copied)


def test_every_recording_is_counted_while_it_is_copied(qtbot: Any) -> None:
    seen: list[tuple[int, int, str]] = []
    making = Making(qtbot, lambda dialog: seen.append((dialog.value(), dialog.maximum(), dialog.labelText())))
    making.commands.back_up_to(Path("disk"))
    assert making.commands.progress.isVisible()
    making.lane.work()
    assert seen == [(n, 3, f"Copying recording {n + 1} of 3 into disk…") for n in range(3)]
    assert making.said == ["Backup written and checked: library.sqlite (recordings copied: 3)"]
    assert making.commands.progress is None


def test_cancel_ends_it_before_the_next_recording(qtbot: Any) -> None:
    making = Making(qtbot, lambda dialog: dialog.findChild(QPushButton).click())
    making.commands.back_up_to(Path("disk"))
    making.lane.work()
    assert (making.copied, making.commands.progress) == (1, None)
    assert [words.split(",")[0] for words in making.said] == ["The backup was cancelled"]


def test_a_backup_that_was_ended_is_none_and_the_next_goes_on_from_it(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    def tell(done: int, total: int, _text: str) -> None:
        told.append((done, total))
        if len(told) == 2:
            raise Cancelled

    with open_at(tmp_path / "library") as library:
        for seed in range(3):
            library.add_recording(make_recording(tmp_path / "source", seed=seed), origin_path_name="x")
        with pytest.raises(Cancelled):
            library.backup(tmp_path / "backup", progress=tell)
        assert list((tmp_path / "backup").glob("*.sqlite")) == []
        assert library.backup(tmp_path / "backup", progress=tell).copied == 2
    assert told == [(0, 3), (1, 3), (0, 2), (1, 2)]
