"""Chinese where the system has no face for it: names and comments may be Chinese in any language of the interface."""

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from peace_model.resources import resource

_CHINESE = QFontDatabase.WritingSystem.SimplifiedChinese


def lend_han_face(application: QApplication) -> None:
    """The reports' face stands in for Han characters, unless the system has faces of its own."""
    if QFontDatabase.families(_CHINESE):
        return
    place = QFontDatabase.addApplicationFont(str(resource("fonts", "DroidSansFallback.ttf")))
    for family in QFontDatabase.applicationFontFamilies(place):
        QFont.insertSubstitution(application.font().family(), family)
