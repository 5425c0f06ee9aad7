"""The dialog of settings beside a window in which settings change too: each says only what it changed itself."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from peace_desktop.settings import Settings
from peace_desktop.ui.help_commands import HelpCommands
from peace_desktop.ui.settings_dialog import SettingsDialog


class Desk:
    """What stands now, as a window holds it, with its dialog open."""

    def __init__(self, qtbot: Any) -> None:
        self.settings = Settings(reader_name="Dr. A", gain_mm_per_mv=10.0)
        self.library = SimpleNamespace(signed_in="")
        self._window = QWidget()
        qtbot.addWidget(self._window)
        services: Any = SimpleNamespace(library=self.library, home=SimpleNamespace(library=""), is_demo=False)
        self.helping = HelpCommands(services, window=self._window, settings=lambda: self.settings, take=self.take,
                                    status=lambda: None, focused=lambda: None, language="en")
        self.helping.settings()
        assert isinstance(self.helping.dialog, SettingsDialog)
        self.dialog = self.helping.dialog

    def take(self, settings: Settings) -> None:
        self.settings = settings
        self.helping.show_settings(settings)


@pytest.fixture
def desk(qtbot: Any) -> Desk:
    return Desk(qtbot)


def test_a_change_here_leaves_what_was_changed_elsewhere(desk: Desk) -> None:
    desk.take(replace(desk.settings, gain_mm_per_mv=20.0, half_standard=True))
    gain = desk.dialog.findChild(QComboBox, "setting_gain_mm_per_mv")
    half = desk.dialog.findChild(QCheckBox, "setting_half_standard")
    assert (gain.currentText(), half.isChecked()) == ("20 mm/mV", True), "the dialog shows what stands"
    half.click()
    assert desk.settings == Settings(reader_name="Dr. A", gain_mm_per_mv=20.0)
    name = desk.dialog.findChild(QLineEdit, "setting_reader_name")
    name.setText("Dr. Aa")
    name.editingFinished.emit()
    assert (desk.settings.reader_name, desk.dialog.isVisible()) == ("Dr. Aa", True)


@pytest.mark.parametrize(("name", "signed_in"), [("Dr. B", ""), ("Dr. A", "Dr. A")])
def test_another_reader_does_not_find_the_dialog_of_the_one_before(desk: Desk, name: str, signed_in: str) -> None:
    field = desk.dialog.findChild(QLineEdit, "setting_reader_name")
    field.setFocus()
    field.setText("half ty")
    desk.library.signed_in = signed_in
    desk.take(replace(desk.settings, reader_name=name))
    assert not desk.dialog.isVisible()
    assert desk.settings.reader_name == name
