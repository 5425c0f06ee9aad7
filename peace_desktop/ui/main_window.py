"""The window: worklist, ECG and side column, with everything a reader does wired to the state behind them."""

from pathlib import Path

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget

from peace_desktop.jobs.warm import warm_imports
from peace_desktop.settings import Settings, changed
from peace_desktop.texts import _
from peace_desktop.ui import theme
from peace_desktop.ui.access.commands import AccessCommands
from peace_desktop.ui.action_spec import ActionSpec
from peace_desktop.ui.actions import Actions, action_text
from peace_desktop.ui.backups.commands import BackupCommands
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.bundles.commands import BundleCommands
from peace_desktop.ui.case_panel import CasePanel, CaseView
from peace_desktop.ui.case_state import CaseState
from peace_desktop.ui.case_view import case_view
from peace_desktop.ui.closing import may_close
from peace_desktop.ui.compare.commands import CompareCommands
from peace_desktop.ui.display_commands import DisplayCommands
from peace_desktop.ui.export import Print
from peace_desktop.ui.export_commands import ExportCommands
from peace_desktop.ui.file_commands import FileCommands
from peace_desktop.ui.findings.later_correction import later_correction
from peace_desktop.ui.findings.measurement_view import edited_summary
from peace_desktop.ui.findings.prediction_view import said_words
from peace_desktop.ui.help_commands import HelpCommands
from peace_desktop.ui.measurements.commands import BeatCommands
from peace_desktop.ui.measurements.edits import MeasurementEdits
from peace_desktop.ui.message_area import Message, MessageArea, explain
from peace_desktop.ui.note_commands import NoteCommands
from peace_desktop.ui.occlusion import OcclusionMaps
from peace_desktop.ui.reading_commands import ReadingCommands
from peace_desktop.ui.reading_state import Readings
from peace_desktop.ui.services import Services
from peace_desktop.ui.settings_store import SettingsStore, WindowMemory
from peace_desktop.ui.shown_map import show_map
from peace_desktop.ui.stage import Stage
from peace_desktop.ui.status_line import StatusLine
from peace_desktop.ui.study.commands import StudyCommands
from peace_desktop.ui.study.desk import StudyDesk
from peace_desktop.ui.study.dialogs import StudyDialogs
from peace_desktop.ui.study.reading_list import StudyList
from peace_desktop.ui.study.surroundings import Surroundings
from peace_desktop.ui.toolbar import Toolbar
from peace_desktop.ui.trace.summary import rhythm_sentence
from peace_desktop.ui.window_layout import lay_out, remember, show_parts
from peace_desktop.ui.window_needs import coming_needs, met_needs
from peace_desktop.ui.window_wiring import connect, handlers
from peace_desktop.ui.worklist.commands import ListingCommands
from peace_desktop.ui.worklist.listing import Listing
from peace_desktop.ui.worklist.panel import WorklistPanel

_QUIET_MS = 60
"""Changes that come in a row make the worklist load once."""


class MainWindow(QMainWindow):
    """Everything slow runs in the lanes; a late answer fills the place that was kept for it, or is dropped."""

    def __init__(self, services: Services, store: SettingsStore, memory: WindowMemory, *, language: str) -> None:
        super().__init__()
        self.services = services
        self._store = store
        self._memory = memory
        self.selected = ""
        self._loaded: object = None
        self._ended = False
        self.bridge = Bridge(self)
        self.case = CaseState(services, self.bridge, reader=self._reader, parent=self)
        self.occlusion = OcclusionMaps(self.case, self)
        self.studies = StudyCommands(services, self.bridge, window=self, named=lambda: self.commands.named())
        self.desk = StudyDesk(self)
        self.surroundings = Surroundings(display=self.desk.display, person=self.desk.person,
                                         session=lambda: self.studies.session, versions=self.desk.versions,
                                         locked=lambda: self.access.locked, keep=self.desk.keep_visit, parent=self)
        self.readings = Readings(services, self.bridge, surrounding=self.surroundings.of, parent=self)
        self.edits = MeasurementEdits(services, self.bridge, case=self.case, readings=self.readings,
                                      reader=self._reader, parent=self)
        self.listing = Listing(services, self.bridge, reader=self._reader, parent=self)
        self.worklist = WorklistPanel(self.listing)
        self.study_list = StudyList()
        self.lists = QStackedWidget()
        self.side = CasePanel()
        self.messages = MessageArea()
        self.commands = ReadingCommands(self.case, self.readings, window=self, reader=self._reader,
                                        name_reader=self._name_reader, selected=lambda: self.selected,
                                        labels=services.labels, say=self.messages.say)
        self.listing_commands = ListingCommands(services, self.bridge, window=self, listing=self.listing,
                                                panel=self.worklist, reader=self._reader, named=self.commands.named)
        self.files = FileCommands(services, self.bridge, window=self, printed=self.print_content)
        self.helping = HelpCommands(services, window=self, settings=lambda: self.settings, take=self.take,
                                    status=lambda: self.case.model_status, language=language,
                                    focused=lambda: None if self.stage.shows_welcome else QApplication.focusWidget())
        self.access = AccessCommands(services, self.bridge, window=self, settings=lambda: self.settings, take=self.take,
                                     flush=self.flush, say=self.messages.say)
        self.backups = BackupCommands(services, self.bridge, window=self, flush=self.flush,
                                      say=self.messages.say, failed=self.fail)
        self.bundles = BundleCommands(services, self.bridge, window=self, settings=lambda: self.settings,
                                      take=self.take)
        self.actions_ = Actions(self, handlers(self), too_early=self.too_early)
        self.stage = Stage(self.actions_, is_demo=services.is_demo, leads_on=services.leads_on)
        self.display = DisplayCommands(self.stage.trace, services.lanes, self.bridge, window=self,
                                       settings=lambda: self.settings, take=self.take, failed=self.fail)
        self.beat = BeatCommands(services, self.bridge, window=self, case=self.case, readings=self.readings,
                                 edits=self.edits, named=self.commands.named, title=self._title,
                                 screen=self.stage.trace.screen_scale, say=self.messages.say, failed=self.fail)
        self.compare = CompareCommands(services, self.bridge, window=self, case=self.case, edits=self.edits,
                                       settings=lambda: self.settings, screen=self.stage.trace.screen_scale,
                                       failed=self.fail)
        self.exporting = ExportCommands(services, self.bridge, window=self, trace=self.stage.trace,
                                        shown=lambda: self.case.shown, title=self._title, reader=self._reader,
                                        listed=self.listing.with_titles)
        self.study_dialogs = StudyDialogs(services, self.bridge, window=self, named=self.commands.named,
                                          settings=lambda: self.settings, status=lambda: self.case.model_status,
                                          listed=self.listing.with_titles)
        self.notes = NoteCommands(self.stage.trace, self.readings, window=self, named=self.commands.named,
                                  asked=self.commands.asked, calipers_on=self.actions_["caliper_switch"].trigger,
                                  say=self.messages.say)
        self.toolbar = Toolbar(self.actions_)
        self.status = StatusLine(self.statusBar(), library_name=_("demo, temporary") if services.is_demo
                                 else services.library.folder.name)
        self.reload_soon = QTimer(self)
        self.reload_soon.setSingleShot(True)
        self.reload_soon.setInterval(_QUIET_MS)
        self.reload_soon.timeout.connect(self.reload_worklist)
        lay_out(self, memory)
        connect(self)
        self.take(store.settings)

    @property
    def is_demo(self) -> bool:
        return self.services.is_demo

    @property
    def settings(self) -> Settings:
        return self._store.settings

    def begin(self) -> None:
        """After the first paint: list the recordings and load the model."""
        self.worklist.focus_rows()
        self.side.predictions.make_ready(len(self.services.labels))
        self.reload_worklist()
        self._use_model(self.settings)
        self.bridge.watch(self.services.lanes.work.submit(warm_imports), done=lambda _none: None, failed=lambda error:
                          self.fail(_("A part of the application could not be loaded."), error))

    def take(self, settings: Settings) -> None:
        """Hold, keep and show new settings."""
        before = self.settings
        if settings != before:
            self._store.write(settings)
        if settings.theme != before.theme:
            theme.apply_theme(QApplication.instance(), settings.theme)  # type: ignore[arg-type]
        self.toolbar.show_settings(settings)
        self.stage.show_settings(settings)
        self.helping.show_settings(settings)
        self.actions_["half_standard"].setChecked(settings.half_standard)
        self.actions_["overlay"].setChecked(settings.layout == "overlay")
        if (settings.provider, settings.bundle) != (before.provider, before.bundle):
            self._use_model(settings)
        if settings.reader_name != before.reader_name:
            self.study_dialogs.close_all()
            self.studies.leave()
            self.case.open_again()
            self.reload_soon.start()
        self.refresh()

    def open_recording(self, sha256: str) -> None:
        """Show a recording; what is still being typed about the one before is saved first."""
        if sha256:
            self.flush()
            self.case.open(sha256)

    def flush(self) -> None:
        """Hand the library what is still being typed, and once more what it refused before."""
        self.side.reading.flush()
        self.readings.save_again()

    def step(self, rows: int) -> None:
        """The recording so many rows on, in the order of the worklist or of the study that is read."""
        if self.studies.session is None:
            self.listing.go(rows, self.open_recording)
        else:
            self.open_recording(self.studies.neighbour(self.case.shown, rows))

    def _prefetch(self) -> None:
        """Once this recording is analysed, the next is made ready."""
        following = self.listing.neighbour(1) if self.studies.session is None else self.studies.neighbour(
            self.case.shown, 1)
        if self.case.analysis is not None and following:
            self.case.prefetch(following)

    def _reader(self) -> str:
        return self.settings.reader_name

    def select_label(self, label: str) -> None:
        """Choose the label the keys act on; its map is laid behind the traces."""
        self.selected = label
        self.refresh()

    def select_place(self, place: int) -> None:
        """Choose the label with the key at this place of the key row."""
        labels = self.desk.labels()
        if place < len(labels):
            self.select_label(labels[place].code)

    def sign(self) -> None:
        """The next step of the reading, to the signature, after a last look at whose recording it is."""
        self.flush()
        row, reading = self.worklist.recording(self.case.shown), self.readings.reading
        if reading is None:
            return
        person = " \N{MIDDLE DOT} ".join(part for part in (row.title if row is not None else "",
                                                          self.side.age_card.headline) if part)
        edited = edited_summary(self.edits.measurements or ())
        self.commands.finish(person, said_words(self.side.predictions.rows, reading.comment, edited))
        if self.readings.final:
            self.worklist.focus_rows()

    def about_recording(self) -> None:
        """Show how the recording was made and read, also where the side column is hidden."""
        if not self.actions_["show_case"].isChecked():
            self.actions_["show_case"].setChecked(True)
            show_parts(self)
        self.side.show_about()

    def too_early(self, spec: ActionSpec) -> None:
        """Say that a key was struck before what it acts on was there: nothing is answered about an ECG unseen."""
        words = (_("Too early, and not done: {action}. The recording is still being opened.")
                 if self.case.loaded is None else _("Too early, and not done: {action}. The model is still looking."))
        self.messages.say(Message(words.format(action=action_text(spec)), "", calm=True))

    def reload_worklist(self) -> None:
        self.listing.read()

    def fail(self, what: str, error: BaseException) -> None:
        self.messages.say(explain(what, error))

    def refresh(self) -> None:
        """Show what stands now."""
        view = self._view()
        self.side.show_case(view)
        self._show_stage(view.person.headline if view.person is not None else "")
        self.desk.note(show_map(self, banner=view.banner))
        self._enable(view)
        blind = self.case.loaded is None or bool(self.case.loaded.blindness)
        self.stage.trace.set_told(view.quality, "" if blind else rhythm_sentence(view.measurements or ()))
        self.stage.trace.set_notes(self.notes.notes if view.there else ())
        recording = self.stage.trace.recording
        self.toolbar.show_leads(recording.leads if recording is not None else ())
        self.status.show_model(self.case.model_status)

    # Within

    def _view(self) -> CaseView:
        return case_view(self.case, self.readings, measurements=self.edits.measurements, labels=self.desk.labels(),
                         selected=self.selected, row=self.worklist.recording(self.case.shown), card=self.desk.card())

    def _enable(self, view: CaseView) -> None:
        self.actions_.enable(met_needs(self, view), coming=coming_needs(self, view))

    def _use_model(self, settings: Settings) -> None:
        self.case.use_model(settings.provider, settings.bundle)  # type: ignore[arg-type]  # the table's are providers

    def _show_stage(self, headline: str) -> None:
        if not self.case.shown:
            self.stage.show_welcome()
            return
        title = self._title()
        if self.case.loaded is not None:
            self.stage.show_recording(self.case.loaded.recording, title=title, details=headline)
        elif self.case.problem:
            self.stage.show_failed(self.case.problem, title=title, details="")
        else:
            self.stage.show_loading(title=title, details="")

    def listed(self) -> None:
        """The first recording is shown where none is yet; what is said of the shown one is said anew.

        An import is waited for: painting an ECG beside it would keep the window waiting.
        """
        if not self.case.shown:
            if not self.files.importing:
                self.listing.go(0, self.open_recording)
        else:
            self.refresh()
            self._prefetch()

    def case_changed(self) -> None:
        if self.case.loaded is not self._loaded:
            self._loaded = self.case.loaded
            self.desk.loaded()
            self.edits.take(self.case.loaded)
            if self._loaded is not None and self.stage.recording is None:
                # Nothing of another recording is in sight: the ECG first, what is said of it in the next turn, so that
                # neither keeps the window waiting long.
                self._show_stage("")
                QTimer.singleShot(0, self, self.case_changed)
                return
        self._prefetch()
        self.refresh()

    def opened(self, sha256: str) -> None:
        """Nothing is chosen or written until the recording is there."""
        self.selected = ""
        self._loaded = None
        self.side.look_at_top()
        for dialog in (self.compare.dialog, self.beat.dialog, self.commands.dialog):
            if dialog is not None:
                dialog.reject()
        self.desk.opened(sha256)
        self.edits.take(None)
        self.worklist.select(sha256)
        self._enable(self._view())

    def _title(self) -> str:
        row = self.worklist.recording(self.case.shown)
        return row.title if row is not None else ""

    def _name_reader(self, name: str) -> None:
        self.take(changed(self.settings, "reader_name", name))

    def print_content(self) -> Print | None:
        analysis, loaded = self.edits.applied(), self.case.loaded
        if analysis is None:
            return None
        method = self.settings.map_method
        selected = (self.selected, method) if self.selected and method != "off" else None
        return Print(title=self._title(), analysis=analysis,
                     reading=self.readings.reading, others=self.readings.others, settings=self.settings,
                     selected=selected, start_s=self.stage.trace.start_s,
                     own_gains=self.stage.trace.gain.own, version=self.services.version,
                     blind=loaded is not None and bool(loaded.blindness),
                     corrected=later_correction(loaded.history, self.readings.reading) if loaded is not None else None,
                     gestational_age_weeks=loaded.person.gestational_age_weeks if loaded is not None else None)

    # Qt's own

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        if paths:
            event.acceptProposedAction()
            self.files.import_paths(paths)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ThemeChange:
            self.actions_.refresh_icons()

    def closeEvent(self, event: QCloseEvent) -> None:
        """What is still being typed goes into the library first; where that refuses it, the reader is asked."""
        if self._ended:
            return
        self.flush()
        if not may_close(self.readings, self):
            event.ignore()
            return
        self._ended = True
        self.surroundings.end()
        self.reload_soon.stop()
        self.bridge.close()
        remember(self, self._memory)
        super().closeEvent(event)
