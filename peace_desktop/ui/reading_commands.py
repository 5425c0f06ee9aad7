"""What a reader does to a reading: handlers of the statement, signature and person actions, with their questions."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from peace_desktop.review.statements import Presence
from peace_desktop.texts import _
from peace_desktop.ui.case_state import CaseState
from peace_desktop.ui.findings.person_dialog import PersonDialog
from peace_desktop.ui.findings.sign_dialog import AmendDialog, NameDialog, SignDialog
from peace_desktop.ui.reading_state import Readings
from peace_model.inference.prediction import Prediction, PredictionResult

AskPerson = Callable[[PersonDialog], bool]


def ask(dialog: QDialog) -> bool:
    """Show a dialog and wait; True when it was confirmed."""
    return dialog.exec() == QDialog.DialogCode.Accepted


class ReadingCommands(QObject):
    """selected: the label the keys act on. reader: name of the reader, "" until it is asked for."""

    def __init__(self, case: CaseState, readings: Readings, *, window: QWidget, reader: Callable[[], str],
                 name_reader: Callable[[str], None], selected: Callable[[], str]) -> None:
        super().__init__(window)
        self._case = case
        self._readings = readings
        self._window = window
        self._reader = reader
        self._name_reader = name_reader
        self._selected = selected

    @property
    def prediction(self) -> PredictionResult | None:
        return self._case.analysis.prediction if self._case.analysis is not None else None

    def prediction_of(self, label: str) -> Prediction | None:
        result = self.prediction
        found = [item for item in result.predictions if item.label == label] if result is not None else []
        return found[0] if found else None

    def answer(self, label: str, *, agrees: bool) -> None:
        """Agree or disagree with the model on a label."""
        result, prediction = self.prediction, self.prediction_of(label)
        reader = self.named()
        if result is not None and prediction is not None and reader:
            self._readings.answer(prediction, agrees=agrees, reader=reader, bundle_sha256=result.bundle_sha256)

    def agree(self) -> None:
        self.answer(self._selected(), agrees=True)

    def disagree(self) -> None:
        self.answer(self._selected(), agrees=False)

    def state(self, presence: Presence) -> None:
        """State the selected label."""
        label, result = self._selected(), self.prediction
        reader = self.named() if label else ""
        if reader:
            self._readings.state(label, presence, reader=reader, prediction=self.prediction_of(label),
                                 bundle_sha256=result.bundle_sha256 if result is not None else None)

    def clear(self) -> None:
        self._readings.clear(self._selected())

    def comment(self, text: str) -> None:
        known = self._readings.reading.comment if self._readings.reading is not None else ""
        if text == known:
            return
        reader = self.named()
        if reader:
            self._readings.comment(text, reader=reader)

    def confidence(self, confidence: int | None) -> None:
        reader = self.named()
        if reader:
            self._readings.confidence(confidence, reader=reader)

    def sign(self, person: str, said: str) -> None:
        """Sign after a last look. person: title and age, so that the right child is signed; said: what is signed."""
        reading = self._readings.reading
        if reading is None or not self._readings.signable:
            return
        meaning = _("I have read this recording") if reading.amends is None else _("I have amended my reading")
        if ask(SignDialog(reader=reading.reader, person=person, said=said, meaning=meaning, parent=self._window)):
            self._readings.sign()

    def amend(self) -> None:
        dialog = AmendDialog(self._window)
        if self._readings.final and ask(dialog):
            self._readings.amend(reason=dialog.reason)

    def edit_person(self) -> None:
        """Enter or correct age and sex of the shown recording."""
        loaded = self._case.loaded
        reader = self.named() if loaded is not None else ""
        if loaded is None or not reader:
            return
        # A birth date with a shifted date of recording would give a wrong age: the reader enters the true one.
        recorded_at = None if loaded.recording.date_shifted else loaded.recording.recorded_at
        dialog = PersonDialog(loaded.person, recorded_at=recorded_at, parent=self._window)
        if ask(dialog) and self._case.loaded is loaded:
            self._case.correct_person(age=dialog.age, sex=dialog.sex, reader=reader, reason=dialog.reason)

    def named(self) -> str:
        """The reader's name, asked for the first time it is needed; "" when the reader would not say."""
        if not self._reader():
            dialog = NameDialog(self._window)
            if ask(dialog):
                self._name_reader(dialog.name)
        return self._reader()
