"""What is done about readers: switch, lock, look after them; each wish goes to the library, which decides."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from peace_desktop.library.access import Access
from peace_desktop.library.library_passphrase import change_library_passphrase
from peace_desktop.review.access import Reader, Right, Role, may
from peace_desktop.settings import Settings, changed
from peace_desktop.texts import _
from peace_desktop.ui.access.ask_passphrase import AskPassphrase
from peace_desktop.ui.access.lock_screen import Cover, IdleWatch, cover_all
from peace_desktop.ui.access.new_passphrase import NewPassphrase
from peace_desktop.ui.access.readers_page import ReadersPage
from peace_desktop.ui.access.start import sign_in_dialog
from peace_desktop.ui.access.words import first_passphrase
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.findings.sign_dialog import NameDialog
from peace_desktop.ui.message_area import Message
from peace_desktop.ui.services import Services


class AccessCommands(QObject):
    """page: the readers page while it is open. asking: the dialog that unlocks or switches, while it stands."""

    def __init__(self, services: Services, bridge: Bridge, *, window: QWidget, settings: Callable[[], Settings],
                 take: Callable[[Settings], None], flush: Callable[[], None], say: Callable[[Message], None]) -> None:
        """flush: hands over what is still being typed."""
        super().__init__(window)
        self._services, self._bridge, self._window = services, bridge, window
        self._settings, self._take, self._flush, self._say = settings, take, flush, say
        self._access = Access(services.library)
        self._lane = services.lanes.library
        self._covers: list[Cover] = []
        self.page: ReadersPage | None = None
        self.asking: AskPassphrase[Reader] | None = None
        self.watch = IdleWatch(self, minutes=self._lock_after)
        self.watch.idle.connect(self.lock)

    @property
    def locked(self) -> bool:
        return bool(self._covers)

    def switch_reader(self) -> None:
        """Another reader goes on; without passphrases it is enough to say the name."""
        self._flush()
        if not self._access.guarded:
            dialog = NameDialog(self._window)
            if dialog.exec() == QDialog.DialogCode.Accepted:
                self._take(changed(self._settings(), "reader_name", dialog.name))
            dialog.deleteLater()
            return
        self._sign_in(refuse=_("Cancel"))

    def lock(self) -> None:
        """Cover everything until a passphrase is given; what was being typed is saved first."""
        if self.locked:
            return
        if not self._me:
            self._say(Message(_("The window locks where readers have passphrases. Set the first one under Reading, "
                                "Readers."), "", calm=True))
            return
        self._flush()
        self._covers = cover_all()
        self._sign_in(refuse="", words=_("Locked. What was typed is saved; another reader may go on here."))
        for cover in self._covers:
            cover.deleteLater()
        self._covers = []
        self.watch.touch()

    def readers(self) -> None:
        """Show the readers and what may be done about them."""
        if self.page is not None:
            self.page.raise_()
            return
        page = ReadersPage(self._window)
        page.begin.connect(self._begin)
        page.add.connect(self._add)
        page.reset.connect(self._reset)
        page.role_chosen.connect(lambda name, role: self._wish(
            lambda: self._access.set_role(name, role, by=self._me)))
        page.active_chosen.connect(lambda name, active: self._wish(
            lambda: self._access.set_active(name, active=active, by=self._me)))
        page.own.connect(self._change_own)
        page.finished.connect(self._page_closed)
        self.page = page
        self._show_readers()
        page.show()

    def library_passphrase(self) -> None:
        """Another passphrase for an encrypted library."""
        if not self._services.library.at_rest.encrypted:
            self._say(Message(_("This library is not encrypted. Encryption is chosen when a library is made, at the "
                                "first start in an empty folder."), "", calm=True))
            return
        dialog = NewPassphrase(
            title=_("Passphrase of the library"), confirm=_("Change"), old=True, parent=self._window,
            words=_("The library's passphrase opens it, whoever reads. Recordings and backups in the library's folder "
                    "open with the new one from now on; backups made elsewhere keep the one they were made under."))
        if dialog.exec() == QDialog.DialogCode.Accepted:
            old, new, by = dialog.old, dialog.passphrase, self._services.library.signed_in
            self._bridge.watch(
                self._lane.submit(self._change_library, old, new, by),
                done=lambda _none: self._say(Message(_("The library's passphrase is changed."), "", calm=True)),
                failed=lambda error: self._say(Message(str(error), "")))
        dialog.deleteLater()

    # Within

    @property
    def _me(self) -> str:
        return self._access.signed_in

    def _lock_after(self) -> float:
        return self._settings().lock_after_minutes if self._me else 0.0

    def _change_library(self, old: str, new: str, by: str) -> None:
        library = self._services.library
        if by:
            change_library_passphrase(library, old=old, new=new, by=by)
        else:
            change_library_passphrase(library, old=old, new=new)

    def _sign_in(self, *, refuse: str, words: str = "") -> None:
        dialog = sign_in_dialog(self._access, self._me, lane=self._lane, bridge=self._bridge, refuse=refuse,
                                words=words)
        self.asking = dialog
        if dialog.exec() == QDialog.DialogCode.Accepted and dialog.answer is not None:
            self._take(changed(self._settings(), "reader_name", dialog.answer.name))
            self._show_readers()
        self.asking = None
        dialog.deleteLater()

    def _begin(self) -> None:
        dialog = NewPassphrase(
            title=_("First passphrase"), name=self._settings().reader_name, confirm=_("Become administrator"),
            words=first_passphrase(), parent=self.page)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            name, words = dialog.name, dialog.passphrase
            self._wish(lambda: self._access.begin(name, words), then=lambda: self._take(
                changed(self._settings(), "reader_name", name)))
        dialog.deleteLater()

    def _add(self) -> None:
        dialog = NewPassphrase(title=_("Add a reader"), name="", role=Role.READER, confirm=_("Add"), parent=self.page,
                               words=_("Tell the reader this passphrase; it can be changed under Readers."))
        if dialog.exec() == QDialog.DialogCode.Accepted:
            name, role, words = dialog.name, dialog.role, dialog.passphrase
            self._wish(lambda: self._access.add(name, role, words, by=self._me))
        dialog.deleteLater()

    def _reset(self, name: str) -> None:
        dialog = NewPassphrase(title=_("New passphrase for {name}").format(name=name), confirm=_("Set"),
                               words=_("The one until now ends, and so does any wait after wrong ones."),
                               parent=self.page)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            words = dialog.passphrase
            self._wish(lambda: self._access.reset_passphrase(name, words, by=self._me))
        dialog.deleteLater()

    def _change_own(self) -> None:
        name = self._me
        dialog = NewPassphrase(title=_("Change my passphrase"), confirm=_("Change"), old=True, parent=self.page,
                               words=_("Signed in: {name}.").format(name=name))
        if dialog.exec() == QDialog.DialogCode.Accepted:
            old, new = dialog.old, dialog.passphrase
            self._wish(lambda: self._access.change_own(name, old, new))
        dialog.deleteLater()

    def _wish(self, wish: Callable[[], None], *, then: Callable[[], None] = lambda: None) -> None:
        """Ask the library off the window's thread; a refusal is a sentence on the page."""

        def done(_none: None) -> None:
            then()
            self._show_readers()
            self._page_says("")

        def failed(error: BaseException) -> None:
            self._show_readers()
            self._page_says(str(error))

        self._bridge.watch(self._lane.submit(wish), done=done, failed=failed)

    def _page_says(self, sentence: str) -> None:
        if self.page is not None:
            self.page.say(sentence)

    def _show_readers(self) -> None:
        if self.page is not None:
            me = self._access.reader(self._me) if self._me else None
            self.page.show_readers(self._access.readers(), guarded=self._access.guarded,
                                   may_manage=me is not None and may(me.role, Right.MANAGE_READERS))

    def _page_closed(self) -> None:
        if self.page is not None:
            self.page.deleteLater()
        self.page = None
