"""What is answered at the first start, page after page."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Answers:
    """folder: the library's own, "" for the usual place. library_passphrase: "" is not encrypted.

    reader_passphrase: "" asks nobody to sign in. demo: to begin with. paths: recordings to begin with.
    """

    language: str = "system"
    accepted: bool = False
    folder: str = ""
    library_passphrase: str = ""
    reader_name: str = ""
    reader_passphrase: str = ""
    demo: bool = True
    paths: tuple[Path, ...] = ()
