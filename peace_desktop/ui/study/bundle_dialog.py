"""What goes along in a study's bundle: asked before it is written."""

from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.panel import text_label


class BundleDialog(QDialog):
    """Names and free text stay at home unless they are asked for."""

    def __init__(self, study: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bundle_dialog")
        self.setWindowTitle(_("Export bundle: {study}").format(study=study))
        self.setMinimumWidth(520)
        self._names = QCheckBox(_("Readers' names"))
        self._names.setObjectName("bundle_names")
        self._text = QCheckBox(_("Comments, reasons, notes and indications"))
        self._text.setObjectName("bundle_text")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(_("Choose a file…"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(text_label(_("One zip with protocol, locked and signed readings, decisions, predictions and "
                                      "statistics. Patients have keys that nobody can turn back. Drafts stay here.")))
        layout.addWidget(self._names)
        layout.addWidget(text_label(_("With names the bundle can be joined to the same study at another site. Without, "
                                      "readers are \"reader 1\" and so on."), muted=True))
        layout.addWidget(self._text)
        layout.addWidget(text_label(_("Somebody's name may stand in free text: look before you send it."), muted=True))
        layout.addWidget(buttons)

    @property
    def with_names(self) -> bool:
        return self._names.isChecked()

    @property
    def with_free_text(self) -> bool:
        return self._text.isChecked()
