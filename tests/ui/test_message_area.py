"""The message area: words of what went well are not coloured like those of what failed."""

from typing import Any

from PySide6.QtWidgets import QApplication, QLabel

from peace_desktop.ui.message_area import Message, MessageArea
from peace_desktop.ui.theme import apply_theme


def test_only_what_failed_is_written_in_the_colour_of_an_alarm(qtbot: Any, qapp: QApplication) -> None:
    apply_theme(qapp, "system")
    area = MessageArea()
    qtbot.addWidget(area)
    label = area.findChild(QLabel, "message_text")
    colours = []
    for calm in (True, False, True):
        area.say(Message("1 recording imported", "", calm=calm))
        label.ensurePolished()
        colours.append(label.palette().color(label.foregroundRole()).name())
    assert colours[0] == colours[2] != colours[1]


def test_what_went_well_goes_when_the_reader_goes_on_and_what_failed_stays(qtbot: Any) -> None:
    area = MessageArea()
    qtbot.addWidget(area)
    for calm in (True, False):
        area.say(Message("said", "", calm=calm))
        area.go_on()
        assert area.isVisible() is not calm
