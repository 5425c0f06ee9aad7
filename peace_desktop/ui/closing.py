"""Before the window goes: what is on its way into the library is waited for, what it refused is asked about."""

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QMessageBox, QWidget

from peace_desktop.texts import _, ngettext
from peace_desktop.ui.reading_saving import ReadingSaving


def ask(unsaved: int, parent: QWidget) -> bool:
    """Whether the last changes of so many readings may be lost."""
    box = QMessageBox(QMessageBox.Icon.Warning, _("Not saved"), ngettext(
        "The last change to {n} reading could not be saved. It stands in this window only and is lost with it. "
        "Make room on the disk or wait until the library can be written again, then close once more.",
        "The last changes to {n} readings could not be saved. They stand in this window only and are lost with it. "
        "Make room on the disk or wait until the library can be written again, then close once more.",
        unsaved).format(n=f"{unsaved:,}"), parent=parent)
    stay = box.addButton(_("Stay"), QMessageBox.ButtonRole.RejectRole)
    lose = box.addButton(_("Close and lose it"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    lost = box.clickedButton() is lose
    box.deleteLater()
    return lost


def may_close(readings: ReadingSaving, parent: QWidget) -> bool:
    """Whether everything is in the library, or what is not may be lost. The window is painted meanwhile, no more."""
    readings.save_again()
    answered = QEventLoop()
    readings.saved.connect(answered.quit)
    while readings.on_the_way:
        answered.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    readings.saved.disconnect(answered.quit)
    return not readings.unsaved or ask(readings.unsaved, parent)
