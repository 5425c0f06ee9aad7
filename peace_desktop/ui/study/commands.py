"""Reading for a study: which study is read, its list in the place of the worklist, and the dialogs about studies."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow

from peace_desktop.jobs.opened_case import LoadedCase
from peace_desktop.jobs.study_session import StudyItem, StudySession, open_session
from peace_desktop.review.study import Protocol
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.services import Services
from peace_desktop.ui.study.card_view import barred_words


class StudyCommands(QObject):
    """session: the study that is read, None for the worklist. reader: asked for where nobody is named yet."""

    began = Signal(str)
    """The hash of the recording to go on with."""
    ended = Signal()
    changed = Signal()
    """Where the reader stands in the study."""
    failed = Signal(str, object)

    def __init__(self, services: Services, bridge: Bridge, *, window: QMainWindow, named: Callable[[], str]) -> None:
        super().__init__(window)
        self._services = services
        self._bridge = bridge
        self._named = named
        self.session: StudySession | None = None

    def item(self, sha256: str) -> StudyItem | None:
        """The line of a recording in the study that is read."""
        return self.session.item(sha256) if self.session is not None else None

    def protocol_of(self, sha256: str) -> Protocol | None:
        """What a recording is read for: the study's protocol, None outside it."""
        return self.session.protocol if self.session is not None and self.item(sha256) is not None else None

    def barred(self, loaded: LoadedCase | None) -> str:
        """Why nothing may be written about a recording now, "" where it may."""
        if loaded is None:
            return ""
        protocol = self.protocol_of(loaded.sha256)
        if protocol is not None and self.session is not None and self.session.closed:
            return _("This study is closed; nothing more is read for it.")
        return barred_words(loaded.blindness, protocol.study_id if protocol is not None else None)

    def neighbour(self, sha256: str, step: int) -> str:
        """The recording `step` places on in the reader's order, "" at its ends."""
        return self.session.neighbour(sha256, step) if self.session is not None else ""

    def read(self, study_id: str) -> None:
        """Begin or go on reading a study, at the first recording that is not signed."""
        reader = self._named()
        if not reader:
            return

        def opened(session: StudySession) -> None:
            self.session = session
            self.began.emit(session.next_to_read())

        self._bridge.watch(
            self._services.lanes.library.submit(open_session, self._services.library, study_id, reader), done=opened,
            failed=lambda error: self.failed.emit(_("The study could not be opened."), error))

    def look_again(self) -> None:
        """Something was stored: show where the reader stands now."""
        session = self.session
        if session is None:
            return

        def opened(now: StudySession) -> None:
            if now != self.session:
                self.session = now
                self.changed.emit()

        self._bridge.watch(
            self._services.lanes.library.submit(open_session, self._services.library, session.protocol.study_id,
                                                session.reader),
            done=opened, wanted=lambda: self.session is session, failed=lambda error: self.failed.emit(
                _("The study could not be opened."), error))

    def leave(self) -> None:
        """Back to the worklist."""
        if self.session is not None:
            self.session = None
            self.ended.emit()
