"""The secret that `analyze` makes patient keys and shifts of dates with: a file of the user's own, made once."""

import os
from pathlib import Path
from secrets import token_hex

from peace_desktop.texts import _

_BYTES = 32


class SecretError(Exception):
    """The secret cannot be read or made. str() is one sentence with the remedy."""


def own_secret(file: Path) -> bytes:
    """The secret in a file, made when there is none; only its owner may read it. Raises SecretError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _make(file)
        secret = bytes.fromhex(file.read_text("ascii").strip())
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise SecretError(_("The file \"{file}\" with which patients get their keys cannot be read or made; check the "
                            "user's data folder, or keep numbers and dates with --identified.").format(
                                file=file.name)) from error
    if len(secret) != _BYTES:
        raise SecretError(_("The file \"{file}\" with which patients get their keys is not whole; bring it back from a "
                            "backup, or remove it to begin with new keys.").format(file=file.name))
    return secret


def _make(file: Path) -> None:
    """Whole or not at all, and never over another process's."""
    if file.exists():
        return
    building = file.with_name(f"{file.name}.{os.getpid()}")
    handle = os.open(building, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(token_hex(_BYTES) + "\n")
        if not file.exists():
            os.replace(building, file)
    finally:
        building.unlink(missing_ok=True)
