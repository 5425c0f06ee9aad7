"""How the application speaks and looks, before any window or dialog of it stands."""

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from peace_desktop.settings import Settings
from peace_desktop.texts import use_language
from peace_desktop.ui import theme
from peace_desktop.ui.han_face import lend_han_face
from peace_model.resources import resource

_QT_WORDS = "qt_words"


def qt_application() -> QApplication:
    """The one there is, or a new one."""
    running = QApplication.instance()
    application = running if isinstance(running, QApplication) else QApplication(["peace-desktop"])
    application.setApplicationName("peace-desktop")
    application.setApplicationDisplayName("PEACE Desktop")
    application.setDesktopFileName("peace-desktop")
    application.setWindowIcon(QIcon(str(resource("icons", "peace-desktop.svg"))))
    return application


def dress(application: QApplication, settings: Settings) -> str:
    """Language, colours and faces as the settings say; returns the language that is really spoken."""
    language = speak(application, settings.language)
    theme.apply_theme(application, settings.theme)
    lend_han_face(application)
    return language


def speak(application: QApplication, language: str) -> str:
    """The application's own words and Qt's; returns the language that is really spoken."""
    spoken = use_language(language)
    for before in application.findChildren(QTranslator, _QT_WORDS):
        application.removeTranslator(before)
        before.deleteLater()
    translator = QTranslator(application)
    translator.setObjectName(_QT_WORDS)
    if translator.load(f"qtbase_{spoken}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(translator)
    return spoken
