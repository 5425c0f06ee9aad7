"""At the start after a run that did not end well: that it happened, what is safe, and safe mode offered."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout

from peace_desktop.texts import _
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.theme import mark_kind

_WIDTH_PX = 620


def safe_mode_words() -> str:
    """What safe mode is."""
    return _("Safe mode starts without the model and with the display as in a fresh installation. The library opens as "
             "always; your settings are back at the next ordinary start.")


class AfterCrash(QDialog):
    """safe_mode: which of the two buttons was pressed; closing is starting as usual."""

    def __init__(self, crash_file: Path) -> None:
        super().__init__()
        self.setObjectName("after_crash")
        self.setWindowTitle(_("The last run did not end well"))
        self.setMinimumWidth(_WIDTH_PX)
        self.safe_mode = False
        usual = QPushButton(_("Start as usual"))
        usual.setObjectName("start_usual")
        usual.setDefault(True)
        mark_kind(usual, main=True)
        safe = QPushButton(_("Start in safe mode"))
        safe.setObjectName("start_safe")
        copy = QPushButton(_("Copy the crash file"))
        copy.setAutoDefault(False)
        buttons = QDialogButtonBox()
        buttons.addButton(usual, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(safe, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ResetRole)
        buttons.accepted.connect(self.accept)
        safe.clicked.connect(self._start_safe)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(crash_file.read_text("utf-8")))
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(text_label(_(
            "The application was stopped last time before it was closed: by a fault, by the computer, or by somebody. "
            "Drafts and signatures are saved as they are made; nothing of them is lost but, at most, the last words "
            "that were being typed.")))
        layout.addWidget(text_label(safe_mode_words()))
        layout.addWidget(text_label(_("What is known, without patient data: {file}").format(file=crash_file),
                                    muted=True))
        layout.addWidget(buttons)
        usual.setFocus()

    def _start_safe(self) -> None:
        self.safe_mode = True
        self.accept()


def ask_after_crash(crash_file: Path) -> bool:
    """Whether to start in safe mode."""
    dialog = AfterCrash(crash_file)
    dialog.exec()
    safe_mode = dialog.safe_mode
    dialog.deleteLater()
    return safe_mode
