"""What a reader does to a reading: handlers of the statement, signature and person actions, with their questions."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from peace_desktop.review.statements import Presence
from peace_desktop.texts import _
from peace_desktop.ui.case_state import CaseState
from peace_desktop.ui.findings.person_dialog import PersonDialog
from peace_desktop.ui.findings.prediction_view import LabelName
from peace_desktop.ui.findings.sign_dialog import AmendDialog, LockDialog, NameDialog, SignDialog
from peace_desktop.ui.message_area import Message
from peace_desktop.ui.reading_state import Readings
from peace_desktop.ui.study.card_view import missing_words
from peace_model.inference.prediction import Prediction, PredictionResult

AskPerson = Callable[[PersonDialog], bool]


def ask(dialog: QDialog) -> bool:
    """Show a dialog and wait; True when it was confirmed."""
    return dialog.exec() == QDialog.DialogCode.Accepted


class ReadingCommands(QObject):
    """selected: the label the keys act on. reader: name of the reader, "" until it is asked for.

    dialog: the question about the shown recording's reading or person while it stands, else None.
    """

    def __init__(self, case: CaseState, readings: Readings, *, window: QWidget, reader: Callable[[], str],
                 name_reader: Callable[[str], None], selected: Callable[[], str], labels: Sequence[LabelName],
                 say: Callable[[Message], None]) -> None:
        super().__init__(window)
        self._case = case
        self._readings = readings
        self._window = window
        self._reader = reader
        self._name_reader = name_reader
        self._selected = selected
        self._names = {label.code: label.name for label in labels}
        self._say = say
        self.dialog: QDialog | None = None

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

    def finish(self, person: str, said: str) -> None:
        """The next step to the end, after a last look: lock, reveal or sign.

        person: title and age, so that the right child is signed; said: what is signed.
        """
        if self._readings.revealable:
            self._reveal()
        elif not self._missing():
            if self._readings.lockable:
                self._lock(person, said)
            elif self._readings.signable:
                self._sign(person, said)

    def asked(self, dialog: QDialog) -> bool:
        """Whether a question was confirmed about what still stands. Where that changed meanwhile nothing is done."""
        about = self._readings.standing
        self.dialog = dialog
        confirmed = ask(dialog)
        self.dialog = None
        dialog.deleteLater()
        stands = self._readings.standing == about
        if not stands:
            self._say(Message(_("Not done: another reading stands now than the one that was asked about."), ""))
        return confirmed and stands

    def _missing(self) -> bool:
        """Whether an answer that the study asks for is missing, which is said."""
        study = self._readings.study
        names = {code: _(name) for code, name in self._names.items()}
        words = missing_words(self._readings.reading, study.labels, names) if study is not None else ""
        if words:
            self._say(Message(_("{missing} A label that cannot be judged is \"not assessable\".").format(missing=words),
                              "", calm=True))
        return bool(words)

    def _lock(self, person: str, said: str) -> None:
        reading = self._readings.reading
        if reading is not None and self.asked(LockDialog(reader=reading.reader, person=person, said=said,
                                                         parent=self._window)):
            self._readings.lock()

    def _reveal(self) -> None:
        """Show what was hidden, if the model that is to be shown is the study's."""
        study, status = self._readings.study, self._case.model_status
        loaded = status.bundle_sha256 if status is not None else ""
        if study is not None and study.bundle_sha256 is not None and study.bundle_sha256 != loaded:
            self._say(Message(_(
                "This study reveals the model {wanted}, and the one loaded here is {here}. The answers stay locked and "
                "count. Choose the study's model under Model, Bundles to reveal it.").format(
                    wanted=study.bundle_sha256[:12], here=loaded[:12] or _("none")), ""))
            return
        self._readings.reveal(bundle_sha256=study.bundle_sha256 if study is not None else None)

    def _sign(self, person: str, said: str) -> None:
        reading = self._readings.reading
        if reading is None:
            return
        meaning = _("I have read this recording") if reading.amends is None else _("I have amended my reading")
        if self.asked(SignDialog(reader=reading.reader, person=person, said=said, meaning=meaning,
                                 parent=self._window)):
            self._readings.sign()

    def amend(self) -> None:
        if self._readings.final:
            dialog = AmendDialog(self._window)
            if self.asked(dialog):
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
        if self.asked(dialog) and self._case.loaded is loaded:
            self._case.correct_person(age=dialog.age, sex=dialog.sex, reader=reader, reason=dialog.reason,
                                      gestational_age_weeks=dialog.gestational_age_weeks)

    def named(self) -> str:
        """The reader's name, asked for the first time it is needed; "" when the reader would not say."""
        if not self._reader():
            dialog = NameDialog(self._window)
            if ask(dialog):
                self._name_reader(dialog.name)
        return self._reader()
