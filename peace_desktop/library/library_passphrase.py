"""Another passphrase for an encrypted library that is open, with its entry in the audit trail."""

from peace_desktop.library.audit import APPLICATION, append
from peace_desktop.library.key_file import rewrap
from peace_desktop.library.repository import Library
from peace_desktop.review.access import Right


def change_library_passphrase(library: Library, *, old: str, new: str, by: str = APPLICATION) -> None:
    """Raises as `key_file.rewrap` does, and NotAllowed where readers have passphrases and `by` is no administrator."""
    right = Right.READ if by == APPLICATION else Right.MANAGE_READERS
    with library.write(by, right=right) as (session, act):
        append(session, act, action="library.passphrase_changed", subject="library", payload={})
        # Within the transaction: where the passphrase is refused, no entry says that it was changed.
        rewrap(library.folder, old=old, new=new)
