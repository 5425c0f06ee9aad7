"""`library.key`: an encrypted library's data key, wrapped with a key made of the library's passphrase.

A JSON object: format, version, kdf (scrypt with n, r, p and salt), nonce, wrapped_key (AES-256-GCM) and key_check, by
which two files can be told to hold the same data key without opening either. The data key never changes: another
passphrase wraps it anew, so that recordings and backups need not be written again.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from peace_desktop.library import passphrases
from peace_desktop.library.at_rest import PLAIN, AtRest
from peace_desktop.library.errors import LibraryError, plain_errors
from peace_desktop.library.files import sync_file, sync_folder
from peace_desktop.library.passphrases import Cost, derived, refuse_weak
from peace_desktop.texts import _

if TYPE_CHECKING:
    from peace_desktop.library.encryption import Encrypted

KEY_FILE, BACKUPS = "library.key", "backups"
FORMAT, VERSION = "peace-library-key", 1
_ASSOCIATED = f"{FORMAT} {VERSION}".encode()
_SALT_BYTES, _NONCE_BYTES, _CHECK_DIGITS = 16, 12, 32
_MAX_BYTES = 4096


class PassphraseNeeded(LibraryError):
    """The library is encrypted and no passphrase was given."""


class WrongPassphrase(LibraryError):
    """The passphrase does not open the library."""


class DamagedKey(LibraryError):
    """The key file is not one."""


@dataclass(frozen=True)
class WrappedKey:
    """What a key file says."""

    cost: Cost
    salt: bytes
    nonce: bytes
    wrapped: bytes
    key_check: str

    def text(self) -> str:
        """The JSON of the file."""
        return json.dumps({
            "format": FORMAT, "version": VERSION,
            "kdf": {"name": "scrypt", "n": self.cost.n, "r": self.cost.r, "p": self.cost.p, "salt": self.salt.hex()},
            "nonce": self.nonce.hex(), "wrapped_key": self.wrapped.hex(), "key_check": self.key_check}, indent=1) + "\n"


def wrapped_from(text: str) -> WrappedKey:
    """What a key file's text says. Raises ValueError, KeyError or TypeError for anything else."""
    document = json.loads(text)
    if (document["format"], document["version"], document["kdf"]["name"]) != (FORMAT, VERSION, "scrypt"):
        raise ValueError("format")
    kdf = document["kdf"]
    return WrappedKey(Cost(int(kdf["n"]), int(kdf["r"]), int(kdf["p"])), bytes.fromhex(kdf["salt"]),
                      bytes.fromhex(document["nonce"]), bytes.fromhex(document["wrapped_key"]),
                      str(document["key_check"]))


def read_key(file: Path) -> WrappedKey | None:
    """What the key file says, None where there is no such file. Raises DamagedKey for one that is not whole."""
    if not file.is_file():
        return None
    try:
        with plain_errors():
            return wrapped_from(file.read_bytes()[:_MAX_BYTES].decode("ascii"))
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedKey(_("The file \"{file}\" that this encrypted library is opened with is damaged. Nothing was "
                           "changed. Copy it from the library's folder \"backups\", or from a backup.").format(
                               file=file.name)) from error


def write_key(file: Path, key: WrappedKey) -> None:
    """Puts a key file in its place, whole or not at all, readable by its owner alone."""
    building = file.with_name(file.name + ".new")
    handle = os.open(building, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(key.text())
    sync_file(building)
    os.replace(building, file)
    sync_folder(file.parent)


def new_data_key() -> bytes:
    """A data key for a library that is being made."""
    return secrets.token_bytes(32)


def wrap(data_key: bytes, passphrase: str) -> WrappedKey:
    """A data key wrapped with a passphrase. Raises LibraryError for one that is too short, or without the extra."""
    require_extra()
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    refuse_weak(passphrase)
    cost, salt, nonce = passphrases.COST, secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    wrapped = AESGCM(derived(passphrase, salt, cost)).encrypt(nonce, data_key, _ASSOCIATED)
    return WrappedKey(cost, salt, nonce, wrapped, _check_of(data_key))


def unwrap(key: WrappedKey, passphrase: str) -> bytes:
    """The data key. Raises WrongPassphrase, or LibraryError without the extra."""
    require_extra()
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        data_key = AESGCM(derived(passphrase, key.salt, key.cost)).decrypt(key.nonce, key.wrapped, _ASSOCIATED)
    except InvalidTag as error:
        raise WrongPassphrase(_("This passphrase does not open the library. Nothing was changed.")) from error
    if not hmac.compare_digest(_check_of(data_key), key.key_check):
        raise DamagedKey(_("The file \"{file}\" that this encrypted library is opened with is damaged. Nothing was "
                           "changed. Copy it from the library's folder \"backups\", or from a backup.").format(
                               file=KEY_FILE))
    return data_key


def _check_of(data_key: bytes) -> str:
    return hmac.new(data_key, b"key check", hashlib.sha256).hexdigest()[:_CHECK_DIGITS]


def require_extra() -> None:
    """Raises LibraryError naming the extra where what encrypts is not installed."""
    try:
        import cryptography  # noqa: F401
        import sqlcipher3  # noqa: F401
    except ImportError as error:
        raise LibraryError(_("An encrypted library needs the extra \"encrypted\": "
                             "pip install 'peace-desktop[encrypted]'. Nothing was changed.")) from error


def opened_with(key: WrappedKey, passphrase: str) -> "Encrypted":
    """How the library's bytes are read with its passphrase. Raises as `unwrap` does."""
    data_key = unwrap(key, passphrase)
    from peace_desktop.library.encryption import Encrypted

    return Encrypted(data_key)


Unlock = Callable[[WrappedKey], AtRest]
"""What is asked when an encrypted library is opened. May raise LibraryError."""


def needs_passphrase(_key: WrappedKey) -> AtRest:
    """The answer of somebody who was given no passphrase."""
    raise PassphraseNeeded(_("This library is encrypted: it opens with its passphrase only. Nothing was changed."))


def with_passphrase(passphrase: str) -> Unlock:
    """The answer of somebody who knows the passphrase."""
    return lambda key: opened_with(key, passphrase)


def at_rest_in(folder: Path, unlock: Unlock) -> AtRest:
    """How the library in a folder lies on the disk: encrypted where there is a key file."""
    key = read_key(folder / KEY_FILE)
    if key is None:
        if (folder / BACKUPS / KEY_FILE).is_file():
            raise DamagedKey(_("The file \"{file}\" that this encrypted library is opened with is missing. Nothing was "
                               "changed. Copy it from the library's folder \"backups\", or from a backup.").format(
                                   file=KEY_FILE))
        return PLAIN
    require_extra()
    return unlock(key)


def is_begun(folder: Path) -> bool:
    """Whether there is a library in a folder, or something of one."""
    return any((folder / name).exists() for name in ("library.sqlite", KEY_FILE, "recordings", BACKUPS))


def encrypt_new(folder: Path, passphrase: str) -> None:
    """Makes the key of a library that is about to be made in a folder; the next `open_library` makes it encrypted.

    Raises LibraryError where there is a library already, for a passphrase that is too short, or without the extra.
    """
    if is_begun(folder):
        raise LibraryError(_("There is a library in this folder already. Encryption is chosen when a library is made: "
                             "choose another folder, make an encrypted one there and import the recordings into it."))
    key = wrap(new_data_key(), passphrase)
    with plain_errors():
        folder.mkdir(parents=True, exist_ok=True)
        keep_key(folder, key)


def keep_key(folder: Path, key: WrappedKey) -> None:
    """Puts the key file and its copy beside the backups in their places."""
    write_key(folder / KEY_FILE, key)
    (folder / BACKUPS).mkdir(exist_ok=True)
    write_key(folder / BACKUPS / KEY_FILE, key)


def rewrap(folder: Path, *, old: str, new: str) -> None:
    """Another passphrase for an encrypted library. Backups elsewhere still open with the one they were made under.

    Raises WrongPassphrase, or LibraryError for a library that is not encrypted; then the old one still holds.
    """
    key = read_key(folder / KEY_FILE)
    if key is None:
        raise LibraryError(_("This library is not encrypted."))
    fresh = wrap(unwrap(key, old), new)
    with plain_errors():
        keep_key(folder, fresh)
