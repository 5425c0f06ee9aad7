"""What is said of passphrases in more than one place."""

from peace_desktop.texts import _


def first_passphrase() -> str:
    """What the first reader's passphrase means."""
    return _("From now on everybody signs in, and you give the others their passphrases. Write yours down where "
             "you find it again: nobody can read it back.")


def forgotten_reader() -> str:
    """What can be done when a reader's passphrase is forgotten, and what not."""
    return _("A forgotten passphrase cannot be read back by anybody. An administrator can give a new one under "
             "Reading, Readers. Where the last administrator forgot theirs, "
             "\"peace-desktop library forget-passphrases\" takes all readers' passphrases away; readings stay as they "
             "are, and the audit trail says that it was done.")


def forgotten_library() -> str:
    """What can be done when an encrypted library's passphrase is forgotten, and what not."""
    return _("Without its passphrase nobody can read an encrypted library, in no way; there is no second key. Look "
             "where it was written down, and try the layout of another keyboard. A backup made under an earlier "
             "passphrase opens with that one.")
