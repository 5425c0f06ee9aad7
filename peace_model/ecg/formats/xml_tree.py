"""Carts' XML: which kind a file is by the name of its first element, and its tree where it is safe to build one.

Nothing outside the file is ever fetched, entities are refused, and a file is weighed before it is taken apart.
"""

import base64
import binascii
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from peace_model.ecg.formats.contract import check_regular
from peace_model.ecg.recording import RecordingError
from peace_model.words import worded

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_XML_BYTES = 12_000_000
"""Eight minutes of twelve leads as text; taken apart it takes some thirty times that in memory."""
_MAX_ELEMENTS = 200_000
_MAX_EQUAL_SIGNS = 500_000
"""An attribute has one; base64 has two at most."""
_BEFORE_ROOT = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_ROOT = re.compile(r"\s*<(?:[A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)")
_PROLOG = re.compile(r"\s*<\?xml[^>]*\?>")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?", re.ASCII)
KINDS = ("GE MUSE XML (RestingECG)", "Philips Sierra XML 1.03 to 1.04.02 (restingecgdata)",
         "HL7 aECG (AnnotatedECG)", "Mortara ELI XML (ECG)", "GE CardioSoft XML (CardiologyXML)",
         "Schiller EDI XML (SchillerEDI)")


def root_name(head: bytes) -> str:
    """The name of the first element without its namespace, from a file's first bytes; "" where there is none."""
    text = _as_text(head).removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    if not text.lstrip().startswith("<"):
        return ""
    found = _ROOT.match(_BEFORE_ROOT.sub("", text))
    return found[1] if found else ""


def _as_text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"<\0")):
        return head.decode("utf-16-le", errors="replace")
    if head.startswith((b"\xfe\xff", b"\0<")):
        return head.decode("utf-16-be", errors="replace")
    return head.decode("utf-8", errors="replace")


def read_bytes(path: Path, *, max_bytes: int) -> bytes:
    """The whole file. Raises RecordingError where it is no ordinary file, too large, or cannot be opened."""
    check_regular(path)
    try:
        size = path.stat().st_size
        if size <= max_bytes:
            return path.read_bytes()
    except FileNotFoundError:
        raise RecordingError(path, "file", "the file does not exist", "check the name") from None
    except OSError as error:
        raise RecordingError(path, "file", "the file cannot be opened", "check that it may be read") from error
    raise RecordingError(
        path, "file", worded("{size} MB are more than a file of this kind needs", size=f"{size / 1e6:.0f}"),
        "export a shorter part of the recording")


def read_xml(path: Path, *, root: str) -> "tuple[bytes, Element]":
    """The file's bytes and its tree, without namespaces; `root` is the expected end of the first element's name."""
    raw = read_bytes(path, max_bytes=MAX_XML_BYTES)
    if not raw.strip():
        raise RecordingError(path, "file", "the file is empty", "export the recording again")
    if raw.count(b"<") > _MAX_ELEMENTS or raw.count(b"=") > _MAX_EQUAL_SIGNS:
        raise RecordingError(path, "file", "the XML has more elements than any ECG", "export the recording again")
    tree = _tree(path, raw)
    if not tree.tag.endswith(root):
        raise RecordingError(
            path, "root element", worded("<{tag}> is no kind of XML that is read here", tag=tree.tag[:60]),
            worded("export the recording as one of these: {kinds}", kinds=", ".join(KINDS)))
    return raw, tree


def _tree(path: Path, raw: bytes) -> "Element":
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml import ElementTree as Safe

    try:
        try:
            tree: Element = Safe.fromstring(raw)
        except ParseError:
            # Western European bytes under a heading that promises UTF-8: carts write them in names.
            tree = Safe.fromstring(_PROLOG.sub("", raw.decode("latin-1"), count=1))
    except DefusedXmlException as error:
        raise RecordingError(path, "XML", "the file declares entities, which no recorder does",
                             "export the recording again from its source") from error
    except (ParseError, ValueError, LookupError) as error:
        raise RecordingError(path, "XML", "the file is cut short or no well-formed XML",
                             "copy or export the recording again") from error
    for element in tree.iter():
        element.tag = _bare(element.tag) if isinstance(element.tag, str) else ""
        if any("}" in name for name in element.attrib):
            element.attrib = {_bare(name): value for name, value in element.attrib.items()}
    return tree


def _bare(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def text_of(node: "Element | None", path: str = "") -> str:
    """The text of the element at `path` below a node, blanks folded; "" where there is none."""
    found = node if node is None or not path else node.find(path)
    return "" if found is None else " ".join("".join(found.itertext()).split())


def below(node: "Element | None", path: str) -> "Element | None":
    return None if node is None else node.find(path)


def attribute(node: "Element | None", name: str) -> str:
    return "" if node is None else (node.get(name) or "").strip()


def base64_of(path: Path, text: str, *, field: str, remedy: str) -> bytes:
    """The bytes of a payload, blanks and line ends aside. Raises RecordingError."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RecordingError(path, field, "this is no base64", remedy) from error


def number(text: str) -> float | None:
    """A plain finite decimal number; None for everything else."""
    stripped = text.strip()
    if len(stripped) > 40 or not _NUMBER.fullmatch(stripped):
        return None
    value = float(stripped)
    return value if math.isfinite(value) else None


def whole(text: str) -> int | None:
    value = number(text)
    return int(value) if value is not None and value == int(value) else None


def telling_texts(node: "Element | None", *, safe: Iterable[str] = ()) -> tuple[str, ...]:
    """Every text and attribute value inside a node, but for the elements named in `safe` and what they hold."""
    if node is None:
        return ()
    passed = frozenset(safe)
    found: list[str] = []
    waiting = [node]
    while waiting:
        element = waiting.pop()
        if element.tag in passed and element is not node:
            continue
        found += [element.text or "", *(element.attrib.values() if element is not node else ())]
        for child in element:
            found.append(child.tail or "")
            waiting.append(child)
    return tuple(" ".join(text.split()) for text in found if text.strip())
