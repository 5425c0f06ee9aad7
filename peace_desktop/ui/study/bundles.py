"""A study's bundle out of the library and another site's in."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QMainWindow, QWidget

from peace_desktop.jobs.agreement import join_bundle, write_bundle
from peace_desktop.library.key_file import PassphraseNeeded
from peace_desktop.library.study_bundle import WrittenBundle
from peace_desktop.library.study_merge import Merged
from peace_desktop.texts import _, ngettext
from peace_desktop.ui.access.ask_passphrase import AskPassphrase
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.export import file_name
from peace_desktop.ui.message_area import Message
from peace_desktop.ui.services import Services
from peace_desktop.ui.study.bundle_dialog import BundleDialog


class StudyBundles(QObject):
    """joined: something came into the library."""

    joined = Signal()
    said = Signal(object)
    failed = Signal(str, object)

    def __init__(self, services: Services, bridge: Bridge, *, window: QMainWindow, reader: Callable[[], str]) -> None:
        super().__init__(window)
        self._services, self._bridge, self._window, self._reader = services, bridge, window, reader
        self.asking: AskPassphrase[Merged] | None = None
        """The newest question for the passphrase of a sealed bundle."""

    def send(self, study_id: str, study: str) -> None:
        """Ask what goes along and where to, then write the bundle."""
        dialog = BundleDialog(study, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            chosen, _filter = QFileDialog.getSaveFileName(
                self._window, _("Export bundle"), file_name(study).removesuffix(".pdf") + ".zip", "*.zip")
            if chosen:
                self.write(study_id, Path(chosen), with_names=dialog.with_names, with_free_text=dialog.with_free_text)
        dialog.deleteLater()

    def write(self, study_id: str, to: Path, *, with_names: bool, with_free_text: bool) -> None:
        """Write the bundle beside the imports; what is in it is said."""
        def told(done: int, total: int, _text: str) -> None:
            self.said.emit(Message(_("Counting for the bundle: {done} of {total} labels").format(
                done=done, total=total), "", calm=True))

        def written(done: WrittenBundle) -> None:
            self.said.emit(Message(_("Bundle written: {file}, {readings} readings, {decisions} decisions.").format(
                file=done.file.name, readings=done.readings, decisions=done.decisions), "", calm=True))

        self._bridge.watch(self._services.lanes.imports.submit(
            write_bundle, self._services.library, study_id, to, reader=self._reader(), with_names=with_names,
            with_free_text=with_free_text, progress=self._bridge.listener(told)), done=written,
            failed=lambda error: self.failed.emit(_("The bundle was not written."), error))

    def bring(self, parent: QWidget) -> None:
        """Ask for a bundle and join it to this library."""
        chosen, _filter = QFileDialog.getOpenFileName(parent, _("Import bundle"), "", "*.zip")
        if chosen:
            self.join(Path(chosen))

    def join(self, file: Path) -> None:
        """Join a bundle; what contradicts this library is told and left out. A sealed one's passphrase is asked for."""
        def failed(error: BaseException) -> None:
            if isinstance(error, PassphraseNeeded):
                self._unseal(file)
            else:
                self.failed.emit(_("The bundle was not imported."), error)

        self._bridge.watch(self._services.lanes.library.submit(join_bundle, self._services.library, file),
                           done=self._joined, failed=failed)

    def _unseal(self, file: Path) -> None:
        library, lane = self._services.library, self._services.lanes.library
        asking = AskPassphrase(
            lambda _name, passphrase: join_bundle(library, file, passphrase=passphrase), lane=lane, bridge=self._bridge,
            title=_("Import bundle"), words=_("This bundle was written by an encrypted library. It opens with the "
                                              "passphrase of that library."),
            forgotten=_("Ask for the passphrase where the bundle was written, by another way than the bundle came, or "
                        "for a bundle from a library that is not encrypted."),
            confirm=_("Import"), refuse=_("Cancel"), parent=self._window)

        def ended(_result: int) -> None:
            if asking.answer is not None:
                self._joined(asking.answer)
            asking.deleteLater()

        asking.finished.connect(ended)
        self.asking = asking
        asking.open()

    def _joined(self, done: Merged) -> None:
        words = _("{study}: {added} readings new, {moved} went on, {known} known, {decisions} decisions new.").format(
            study=done.study, added=done.added, moved=done.moved_on, known=done.known, decisions=done.decisions)
        if done.conflicts:
            words += " " + ngettext("{n} thing differs here and was left as it is.",
                                    "{n} things differ here and were left as they are.", len(done.conflicts)).format(
                                        n=len(done.conflicts))
        self.said.emit(Message(words, "\n".join(done.conflicts), calm=not done.conflicts))
        self.joined.emit()
