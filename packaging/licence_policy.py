"""Which licences may stand inside the installable folder: permissive ones, Qt's LGPL, and a few named run times.

The list is closed. A licence that is not on it is refused, whatever it says; GPL and AGPL are only what the named
components carry with an exception made for exactly this use.
"""

import re
from collections.abc import Mapping
from email.message import Message

from license_expression import ExpressionError, ParseError, get_spdx_licensing

PERMISSIVE = frozenset({
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "Bitstream-Vera",
    "blessing", "bzip2-1.0.6", "CC-BY-4.0", "CC0-1.0", "HPND", "IJG", "ISC", "libtiff", "MIT", "MIT-0", "MIT-CMU",
    "LicenseRef-Microsoft-redistributable", "LicenseRef-public-domain", "PSF-2.0", "Python-2.0", "Unicode-3.0",
    "Unlicense", "Zlib",
})
COPYLEFT_OF: Mapping[str, frozenset[str]] = {
    # Qt stands in files of its own, which may be replaced: what the LGPL asks for.
    "PySide6_Essentials": frozenset({"LGPL-3.0-only"}),
    "shiboken6": frozenset({"LGPL-3.0-only"}),
    # Compilers' run times: the exception is made for programs of any licence. libquadmath is a file of its own.
    "libgfortran": frozenset({"GPL-3.0-or-later WITH GCC-exception-3.1"}),
    "GCC run time": frozenset({"GPL-3.0-or-later WITH GCC-exception-3.1"}),
    "libquadmath": frozenset({"LGPL-2.1-or-later"}),
    # The program that starts Python: the exception is made for what it starts.
    "pyinstaller": frozenset({"GPL-2.0-or-later WITH Bootloader-exception"}),
}
_CLASSIFIED = {
    "MIT License": "MIT", "BSD License": "BSD-3-Clause", "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0", "zlib/libpng License": "Zlib",
}
_COPYLEFT_WORDS = re.compile(r"(?<![A-Z])A?GPL|general public license|SSPL|EUPL|CeCILL", re.IGNORECASE)
_KNOWN_SYMBOLS = get_spdx_licensing()


class LicenceError(Exception):
    """A licence that is unknown or may not enter; the text names the component."""


def declared(name: str, metadata: Message, *, noted: str | None) -> str:
    """A package's licence as an SPDX expression: its own, the one noted in third_party.toml, or its classifier's.

    Words of a copyleft licence in the metadata are never overruled by a note without them. Raises LicenceError where
    nothing is known.
    """
    if expression := metadata["License-Expression"]:
        return str(expression)
    field = str(metadata["License"] or "").strip()
    classifiers = [line.split("::")[-1].strip() for line in metadata.get_all("Classifier") or []
                   if line.startswith("License ::")]
    if field and "\n" not in field and _is_spdx(field):
        return field
    said = " ".join((field.splitlines()[0] if field else "", *classifiers))
    if _COPYLEFT_WORDS.search(said) and not (noted and _COPYLEFT_WORDS.search(noted)):
        raise LicenceError(f"{name}: its metadata says {said.strip()!r}, which may not enter the folder")
    if noted:
        return noted
    known = {_CLASSIFIED[line] for line in classifiers if line in _CLASSIFIED}
    if len(known) == 1:
        return known.pop()
    raise LicenceError(f"{name}: no licence is known; read the package's own and note it in third_party.toml")


def judge(name: str, expression: str) -> None:
    """Raises LicenceError unless one way of reading the expression is allowed for this component."""
    try:
        tree = _KNOWN_SYMBOLS.parse(expression)
    except (ExpressionError, ParseError) as error:
        raise LicenceError(f"{name}: {expression!r} is no SPDX expression") from error
    allowed = PERMISSIVE | COPYLEFT_OF.get(name, frozenset())
    if not _allows(tree, allowed):
        raise LicenceError(f"{name}: licence {expression!r} may not enter; leave the package out (contents.py)")


def _allows(tree: object, allowed: frozenset[str]) -> bool:
    kind = type(tree).__name__
    if kind in ("AND", "OR"):
        parts = [_allows(part, allowed) for part in tree.args]  # type: ignore[attr-defined]
        return all(parts) if kind == "AND" else any(parts)
    return str(tree) in allowed


def _is_spdx(text: str) -> bool:
    try:
        _KNOWN_SYMBOLS.parse(text, validate=True)
    except (ExpressionError, ParseError):
        return False
    return True
