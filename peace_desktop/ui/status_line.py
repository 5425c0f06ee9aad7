"""The foot of the window: saved, model with hash, processor, library, research use only."""

from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from peace_desktop.jobs.model import ModelStatus
from peace_desktop.texts import _, aside
from peace_desktop.ui.shortened import Shortened
from peace_desktop.ui.theme import mark_kind

HASH_DIGITS = 12


def model_words(status: ModelStatus | None) -> str:
    """The bundle by name, version and the first digits of its hash, or why there is none."""
    if status is None:
        return _("Model: loading…")
    if not status.there:
        return _("No model: {problem}").format(problem=status.problem)
    return _("Model: {name} {version}, {hash}").format(
        name=status.bundle_name, version=status.bundle_version, hash=status.bundle_sha256[:HASH_DIGITS])


def provider_words(status: ModelStatus | None) -> str:
    """The processor the model really runs on; a fallback is said."""
    if status is None or not status.there:
        return ""
    words = _("Runs on: {provider}").format(provider=status.provider.upper())
    return words + aside(status.fallback)


class StatusLine:
    """Permanent labels in the window's status bar."""

    def __init__(self, bar: QStatusBar, *, library_name: str) -> None:
        bar.setSizeGripEnabled(False)
        self._saved = QLabel()
        self._saved.setObjectName("status_saved")
        self._saved.setContentsMargins(6, 2, 14, 2)
        mark_kind(self._saved, muted=True)
        bar.addWidget(self._saved)
        self._model, self._provider, library = (
            Shortened(name=name) for name in ("status_model", "status_provider", "status_library"))
        for label in (self._model, self._provider, library):
            label.setContentsMargins(6, 2, 14, 2)
            mark_kind(label, muted=True)
            bar.addWidget(label)
        library.show_words(_("Library: {name}").format(name=library_name))
        use = QLabel(_("Research use only, not a medical device"))
        use.setObjectName("status_use")
        font = use.font()
        font.setBold(True)
        use.setFont(font)
        use.setContentsMargins(6, 2, 10, 2)
        bar.addPermanentWidget(use)
        self.show_saved(saved=True, unsaved=False)
        self.show_model(None)

    def show_saved(self, *, saved: bool, unsaved: bool) -> None:
        """saved: everything is in the library. unsaved: the library refused something, which is here only."""
        mark_kind(self._saved, muted=not unsaved)
        self._saved.setText(_("Not saved") if unsaved else _("Saved") if saved else _("Saving…"))

    def show_model(self, status: ModelStatus | None) -> None:
        self._model.show_words(model_words(status))
        self._provider.show_words(provider_words(status))


def research_use(parent: QWidget | None = None) -> QLabel:
    """The line that stands wherever something is shown for the first time."""
    label = QLabel(_("Research use only. Not a medical device, not for clinical decisions."), parent)
    label.setWordWrap(True)
    return label
