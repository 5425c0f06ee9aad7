"""The dialogs about studies: the list, a new one, adjudication, agreement, bundles out and in."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QMainWindow, QMessageBox

from peace_desktop.jobs.adjudicating import OpenCases, case_recording, cases_to_decide, decide
from peace_desktop.jobs.agreement import count, fetch, write_statistics
from peace_desktop.jobs.model import ModelStatus
from peace_desktop.jobs.operation import Operation
from peace_desktop.jobs.study_draft import Plan, close_study, keep_study
from peace_desktop.jobs.study_session import StudyOverview, overviews
from peace_desktop.library.study_answers import StudyMaterial
from peace_desktop.review.adjudication import Case
from peace_desktop.review.statements import Presence
from peace_desktop.review.statistics.summary import StudyStatistics
from peace_desktop.settings import Settings
from peace_desktop.texts import _, error_words
from peace_desktop.ui.action_table import action
from peace_desktop.ui.actions import keys_text
from peace_desktop.ui.adjudication.dialog import AdjudicationDialog
from peace_desktop.ui.agreement.dialog import AgreementDialog
from peace_desktop.ui.agreement.two_bundles_commands import TwoBundles
from peace_desktop.ui.bridge import Bridge, always
from peace_desktop.ui.message_area import Message, explain
from peace_desktop.ui.page_picture import write_drawn
from peace_desktop.ui.services import Services
from peace_desktop.ui.study.bundles import StudyBundles
from peace_desktop.ui.study.new_study import NewStudyDialog
from peace_desktop.ui.study.studies_dialog import (
    ADJUDICATE,
    AGREEMENT,
    CLOSE,
    EXPORT,
    READ,
    TRAINING,
    TWO_BUNDLES,
    StudiesDialog,
)
from peace_desktop.ui.study.training import TrainingExport

T = TypeVar("T")


class StudyDialogs(QObject):
    """dialog: the newest one, None before the first. One at a time: each is over the window and waits to be closed."""

    read = Signal(str)
    """A study's id: its reader wants to go on with it."""
    altered = Signal()
    """A study was made, closed or brought in: what is on the screen may be to be read blind now, or no longer."""
    opened = Signal(str)
    """A recording's hash: it is to be shown."""
    said = Signal(object)
    failed = Signal(str, object)

    def __init__(self, services: Services, bridge: Bridge, *, window: QMainWindow, named: Callable[[], str],
                 settings: Callable[[], Settings], status: Callable[[], ModelStatus | None],
                 listed: Callable[[Callable[[Mapping[str, str]], None]], None]) -> None:
        """named: the reader's name, asked for where it is needed. listed: calls back with what the worklist
        shows, and titles.
        """
        super().__init__(window)
        self._services, self._bridge, self._window = services, bridge, window
        self._named, self._settings, self._status, self._listed = named, settings, status, listed
        self._names = {label.code: _(label.name) for label in services.labels}
        self._counting: Operation[StudyStatistics] | None = None
        self.bundles = StudyBundles(services, bridge, window=window, reader=lambda: self._settings().reader_name)
        self.bundles.said.connect(self.said)
        self.bundles.failed.connect(self.failed)
        self.bundles.joined.connect(self._look_again)
        self.bundles.joined.connect(self.altered)
        self.two = TwoBundles(services, bridge, window=window, settings=settings,
                              show=lambda dialog: self._open(dialog, large=True))
        self.two.said.connect(self.said)
        self.two.failed.connect(self.failed)
        self.two.opened.connect(self.opened)
        self.training = TrainingExport(services, bridge, window=window, show=self._open)
        self.dialog: QDialog | None = None

    def close_all(self) -> None:
        """Another reader is at the window: what was open for the one before is closed."""
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.reject()

    def studies(self) -> None:
        """The list of studies."""
        reader = self._named()
        if not reader:
            return
        dialog = StudiesDialog(self._window)
        dialog.asked.connect(self._do)
        dialog.new.connect(self.new)
        dialog.bring.connect(lambda: self.bundles.bring(dialog))
        self._open(dialog)
        self._look_again()

    def _look_again(self) -> None:
        dialog = self.dialog
        if not isinstance(dialog, StudiesDialog):
            return

        def found(items: tuple[StudyOverview, ...]) -> None:
            dialog.show_studies(items, reader=self._settings().reader_name)

        self._ask_library(overviews, done=found, what=_("The studies could not be listed."),
                          wanted=lambda: self.dialog is dialog)

    def _do(self, what: str, study_id: str) -> None:
        dialog = self.dialog
        if what == CLOSE:
            if not self.sure(_("Nothing more is read or decided for a closed study, and what its readers have not "
                               "revealed is no longer hidden. A study cannot be opened again.")):
                return
            self._ask_library(close_study, study_id, self._settings().reader_name,
                              done=lambda _none: self._closed(), what=_("The study was not closed."))
            return
        overview = dialog.chosen if isinstance(dialog, StudiesDialog) else None
        name = overview.protocol.name if overview is not None else ""
        if what == EXPORT:
            self.bundles.send(study_id, name)
            return
        if dialog is not None:
            dialog.accept()
        reader = self._settings().reader_name
        {READ: self.read.emit, ADJUDICATE: self.adjudicate, AGREEMENT: self.agreement,
         TWO_BUNDLES: lambda study_id: self.two.open(study_id, reader),
         TRAINING: lambda study_id: self.training.open(study_id, name, reader)}[what](study_id)

    def sure(self, words: str) -> bool:
        """Ask before something that cannot be taken back."""
        return QMessageBox.question(self._window, _("Close the study"), words, QMessageBox.StandardButton.Close
                                    | QMessageBox.StandardButton.Cancel) is QMessageBox.StandardButton.Close

    def _closed(self) -> None:
        self.altered.emit()
        self._look_again()

    def new(self) -> None:
        """A study of what the worklist shows now."""
        reader = self._named()
        if reader:
            self._ask_library(lambda library: library.readers(), done=lambda readers: self._listed(
                lambda listed: self._make(reader, readers, listed)),
                              what=_("The readers could not be listed."))

    def _make(self, reader: str, readers: tuple[str, ...], listed: Mapping[str, str]) -> None:
        status = self._status()
        bundle = (status.bundle_sha256, f"{status.bundle_name} {status.bundle_version}") if (
            status is not None and status.there) else None
        dialog = NewStudyDialog(listed, labels=self._services.labels, readers=readers, created_by=reader,
                                bundle=bundle, parent=self._window)
        dialog.made.connect(self._keep)
        self._open(dialog)

    def _keep(self, plan: Plan) -> None:
        def kept(_study_id: str) -> None:
            self.altered.emit()
            self.said.emit(Message(_("Study made: {study}. {key} lists it.").format(
                study=plan.protocol.name, key=keys_text(action("studies"))), "", calm=True))

        self._ask_library(keep_study, plan, what=_("The study was not made."), done=kept)

    def adjudicate(self, study_id: str) -> None:
        """The cases of a study that this reader may decide."""
        reader = self._named()
        if reader:
            self._ask_library(cases_to_decide, study_id, reader, what=_("The cases could not be listed."),
                              done=lambda found: self._decide(found, reader))

    def _decide(self, found: OpenCases, reader: str) -> None:
        dialog = AdjudicationDialog(found, names=self._names, settings=self._settings(), parent=self._window)

        def fetch_case(case: Case) -> None:
            self._bridge.watch(
                self._services.lanes.library.submit(case_recording, self._services.library, case, reader),
                done=dialog.show_case, failed=lambda error: dialog.show_failed(error_words(error)),
                wanted=lambda: self.dialog is dialog and dialog.case == case)

        def keep(case: Case, presence: Presence, reason: str) -> None:
            self._bridge.watch(
                self._services.lanes.library.submit(decide, self._services.library, case, presence, adjudicator=reader,
                                                    reason=reason),
                done=lambda _kept: dialog.kept(case), wanted=lambda: self.dialog is dialog,
                failed=lambda error: dialog.refused(explain(_("The decision was not kept."), error).text))

        dialog.asked.connect(fetch_case)
        dialog.decided.connect(keep)
        self._open(dialog, large=True)
        if dialog.case is not None:
            fetch_case(dialog.case)

    def agreement(self, study_id: str) -> None:
        """A study's statistics: fetched, counted with progress, shown."""
        reader = self._named()
        if reader:
            self._ask_library(fetch, study_id, reader, what=_("The agreement cannot be shown."),
                              done=self._count)

    def _count(self, given: StudyMaterial) -> None:
        dialog = AgreementDialog(given.study.protocol.name, self._names, self._window)
        self._open(dialog, large=True)
        operation = self._counting = self._services.lanes.work.submit(
            count, given, progress=self._bridge.listener(dialog.show_progress))
        dialog.stopped.connect(lambda: operation.cancel())
        self._bridge.watch(operation, done=lambda found: self._show(dialog, found),
                           failed=lambda error: dialog.show_failed(explain(_("Nothing was counted."), error).text),
                           wanted=lambda: self.dialog is dialog)

    def _show(self, dialog: AgreementDialog, found: StudyStatistics) -> None:
        def written(path: Path) -> None:
            self.said.emit(Message(_("Written: {file}").format(file=path.name), "", calm=True))

        def failed(error: BaseException) -> None:
            self.failed.emit(_("The file was not written."), error)

        def save(path: str) -> None:
            self._bridge.watch(self._services.lanes.imports.submit(write_statistics, found, Path(path)), done=written,
                               failed=failed)

        def draw(path: str, content: bytes) -> None:
            self._bridge.watch(self._services.lanes.imports.submit(write_drawn, content, Path(path)), done=written,
                               failed=failed)

        dialog.saved.connect(save)
        dialog.drawn.connect(draw)
        dialog.show_statistics(found)

    # Within

    def _open(self, dialog: QDialog, *, large: bool = False) -> None:
        """Over the window, in place of the one before. large: as large as the window."""
        before, self.dialog = self.dialog, dialog
        if before is not None:
            before.close()
            before.deleteLater()
        if large:
            dialog.resize(self._window.size() * 0.95)
        dialog.open()

    def _ask_library(self, job: Callable[..., T], *given: object, done: Callable[[T], None], what: str,
                     wanted: Callable[[], bool] = always) -> None:
        """Do a job in the library lane; what: the sentence of its failure."""
        self._bridge.watch(self._services.lanes.library.submit(job, self._services.library, *given), done=done,
                           wanted=wanted, failed=lambda error: self.failed.emit(what, error))
