"""The tables of an import that ask, one wizard after the other; an answer may serve all of them."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from peace_desktop.jobs.import_outcomes import Fate, Outcome
from peace_desktop.jobs.lanes import Lanes
from peace_desktop.jobs.table_profiles import TableProfiles
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.import_.wizard import TableWizard
from peace_model.ecg.formats.registry import TABLE_FORMATS, FoundFile


def asking_tables(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """The outcomes whose file is a table that a person can tell about."""
    return tuple(one for one in outcomes if one.fate is Fate.ASKS and one.found.format in TABLE_FORMATS)


def _alike(one: Outcome, other: Outcome) -> bool:
    """Whether an answer for one file may serve the other: the same kind of file, asking for the same.

    Whether it fits is seen when the file is read.
    """
    return (one.found.format, one.found.path.suffix.casefold(), one.field) == (
        other.found.format, other.found.path.suffix.casefold(), other.field)


class TableQuestions(QObject):
    """answered(files, CsvProfile): to be read again with this profile. A table left out is not asked for again."""

    answered = Signal(object, object)

    def __init__(self, lanes: Lanes, bridge: Bridge, kept: TableProfiles, parent: QWidget) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._bridge = bridge
        self._kept = kept
        self._window = parent
        self._left_out: set[FoundFile] = set()
        self.wizard: TableWizard | None = None

    def ask(self, outcomes: Sequence[Outcome], *, again: bool = False) -> bool:
        """Open the wizard for the first table that asks; False where there is none.

        again: also for those that were left out.
        """
        if again:
            self._left_out.clear()
        asking = [one for one in asking_tables(outcomes) if one.found not in self._left_out]
        if not asking:
            return False
        first = asking[0]
        like = [one for one in asking if _alike(one, first)]
        self.wizard = TableWizard(first.found.path, asked=first.said, others=len(like) - 1, lanes=self._lanes,
                                  bridge=self._bridge, kept=self._kept, parent=self._window)

        wizard = self.wizard

        def meant() -> tuple[FoundFile, ...]:
            return tuple(one.found for one in (like if wizard.for_all else like[:1]))

        def left_out() -> None:
            self._left_out.update(meant())
            self.ask(outcomes)

        wizard.answered.connect(lambda profile: self.answered.emit(meant(), profile))
        wizard.rejected.connect(left_out)
        wizard.open()
        return True
