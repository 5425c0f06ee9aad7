"""Passphrases: what is kept of one is a scrypt hash (RFC 7914) with its own salt and the cost it was made with."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from peace_desktop.library.errors import LibraryError
from peace_desktop.texts import _

MIN_LENGTH = 8
_SALT_BYTES, _HASH_BYTES = 16, 32
_MAX_N, _MAX_R, _MAX_P = 1 << 20, 16, 16
"""A file that asks for more than a gigabyte of memory was not written here."""
_SPARE_BYTES = 1 << 20


@dataclass(frozen=True)
class Cost:
    """scrypt's parameters; n is a power of two. Memory: 128 * r * n bytes."""

    n: int
    r: int
    p: int

    def __post_init__(self) -> None:
        """Raises ValueError outside of what this application writes or can afford to read."""
        if not (1 < self.n <= _MAX_N and self.n & (self.n - 1) == 0 and 0 < self.r <= _MAX_R and 0 < self.p <= _MAX_P):
            raise ValueError("scrypt parameters")


COST = Cost(1 << 17, 8, 1)
"""128 MiB and a moment's work, as OWASP's Password Storage Cheat Sheet asks of scrypt."""


def derived(passphrase: str, salt: bytes, cost: Cost, n_bytes: int = _HASH_BYTES) -> bytes:
    """A key of n_bytes from a passphrase; the same text typed on any keyboard gives the same key."""
    return hashlib.scrypt(canonical(passphrase).encode(), salt=salt, n=cost.n, r=cost.r, p=cost.p, dklen=n_bytes,
                          maxmem=128 * cost.r * (cost.n + cost.p) + _SPARE_BYTES)


def canonical(passphrase: str) -> str:
    """NFKC: accents come composed from one keyboard and apart from another."""
    import unicodedata

    return unicodedata.normalize("NFKC", passphrase)


def refuse_weak(passphrase: str) -> None:
    """Raises LibraryError for a passphrase that is too short."""
    if len(canonical(passphrase).strip()) < MIN_LENGTH:
        raise LibraryError(_("A passphrase needs at least {count} characters; several words are best.").format(
            count=MIN_LENGTH))


def record_of(passphrase: str) -> str:
    """What is kept of a passphrase. Raises LibraryError for one that is too short."""
    refuse_weak(passphrase)
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"scrypt${COST.n}${COST.r}${COST.p}${salt.hex()}${derived(passphrase, salt, COST).hex()}"


def matches(passphrase: str, record: str) -> bool:
    """Whether a passphrase is the one a record was made of. Raises ValueError for what is no record."""
    kind, n, r, p, salt, kept = record.split("$")
    if kind != "scrypt":
        raise ValueError("not a scrypt record")
    made = derived(passphrase, bytes.fromhex(salt), Cost(int(n), int(r), int(p)))
    return hmac.compare_digest(made, bytes.fromhex(kept))
