"""The intended use, as it is accepted at the first start, and the page about the application."""

import hashlib

from PySide6.QtWidgets import QDialogButtonBox, QWidget

from peace_desktop.jobs.model import ModelStatus
from peace_desktop.texts import _
from peace_desktop.ui.panel import text_label, with_short_words
from peace_desktop.ui.status_line import model_words, provider_words, research_use
from peace_desktop.ui.text_dialog import TextDialog

_WIDTH_PX, _LETTERS = 600, 48


def intended_use() -> str:
    return _(
        "PEACE Desktop is research software for reviewing children's ECGs. It is not a medical device and must not be "
        "used for clinical decisions.\n\n"
        "Its model was trained on adults' recordings. How well it works in children is unknown; its numbers and maps "
        "are hypotheses to be judged, never findings.\n\n"
        "Everything stays on this computer. Every statement, signature and correction is written to an audit trail "
        "with the reader's name.")


def notice_sha256() -> str:
    """Hash of the text as it was shown, for the audit trail."""
    return hashlib.sha256(intended_use().encode("utf-8")).hexdigest()


class AboutDialog(TextDialog):
    """Versions, bundle, licence and the intended use."""

    def __init__(self, *, version: str, status: ModelStatus | None, library_folder: str,
                 log_folder: str, parent: QWidget | None = None) -> None:
        super().__init__(_WIDTH_PX, parent)
        self.setWindowTitle(_("About PEACE Desktop"))
        bundle = status.bundle_sha256 if status is not None else ""
        lines = [
            f"PEACE Desktop {version}", _("Licence: Apache-2.0"), model_words(status),
            _("SHA-256 of the graph: {hash}").format(hash=bundle) if bundle else "",
            provider_words(status), _("Library folder: {folder}").format(folder=library_folder),
            _("Log and crash files: {folder}").format(folder=log_folder)]
        versions = text_label(with_short_words("\n".join(line for line in lines if line), _LETTERS),
                              name="about_versions")
        for part in (research_use(), versions, text_label(intended_use())):
            self.words.addWidget(part)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self.below.addWidget(buttons)
