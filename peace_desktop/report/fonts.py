"""The report's faces, embedded; what they cannot write is replaced by a box, never dropped.

Han characters and what is printed among them come from a face of their own, which is loaded by the first of them.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from peace_model.resources import resource

REPLACEMENT = "\N{WHITE SQUARE}"
_FACES = {"ReportSans": "DejaVuSansCondensed.ttf", "ReportSans-Bold": "DejaVuSansCondensed-Bold.ttf"}
REGULAR, BOLD = _FACES
HAN = "ReportHan"
_HAN_FILE = "DroidSansFallback.ttf"
_HAN_FROM = 0x3000
"""No code point below is asked of the Han face."""
_ROUNDING_MM = 1e-6
_CLOSING = "\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff01\uff1f\uff09\u300d\u300f\u3011\u300b\uff05"
_OPENING = "\uff08\u300c\u300e\u3010\u300a"
_UNIT = re.compile(rf"[{_OPENING}]*(?:[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+)[{_CLOSING}]*")
"""What a line is not broken within: a word, or one Han character with the marks that belong to it."""


@dataclass(frozen=True)
class Face:
    """One registered face: widths in thousandths of the size, by code point."""

    name: str
    widths: dict[int, float]
    default_width: float
    points: frozenset[int]

    def width_mm(self, text: str, size_pt: float) -> float:
        """Printed width of a text, its Han characters included."""
        units = sum(self._units(ord(character)) for character in text)
        return units * size_pt / 1000 * 25.4 / 72

    def _units(self, point: int) -> float:
        own = self.widths.get(point)
        if own is None and point >= _HAN_FROM:
            own = han().widths.get(point)
        return self.default_width if own is None else own


@cache
def faces() -> dict[bool, Face]:
    """The regular (False) and bold (True) face, registered with the PDF writer once per process.

    The writer is also told to keep streams binary: its base 85 text costs a third of the time and a quarter more bytes.
    """
    from reportlab import rl_config

    rl_config.useA85 = 0
    return {bool(bold): _registered(name, file) for bold, (name, file) in enumerate(_FACES.items())}


@cache
def han() -> Face:
    """The face of Han characters, regular for bold text too, registered when it is first needed."""
    return _registered(HAN, _HAN_FILE)


def _registered(name: str, file: str) -> Face:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(name, str(resource("fonts", file)))
    pdfmetrics.registerFont(font)
    return Face(name, dict(font.face.charWidths), font.face.defaultWidth, frozenset(font.face.charToGlyph))


def runs(text: str, *, bold: bool) -> tuple[tuple[str, str], ...]:
    """The text in stretches of one face each: (the face's name, the stretch)."""
    own = faces()[bold]
    return tuple((name, "".join(characters)) for name, characters in groupby(text, lambda character: (
        HAN if ord(character) >= _HAN_FROM and ord(character) not in own.points else own.name)))


@cache
def _known() -> frozenset[int]:
    return faces()[False].points & faces()[True].points


def printable(text: str) -> str:
    """The text as the faces can write it: composed, every space plain, anything unknown as a box. Line breaks stay.

    Invisible format characters are left out: they could turn the reading direction of what stands beside them.
    """
    if text.isascii() and text.isprintable():
        return text
    known = _known()
    written = []
    for character in unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n"):
        category = unicodedata.category(character)
        if character == "\t" or category == "Zs":
            written.append(" ")
        elif character == "\n" or (_is_known(ord(character), known) and category != "Cf"):
            written.append(character)
        elif category != "Cf":
            written.append(REPLACEMENT)
    return "".join(written)


def _is_known(point: int, known: frozenset[int]) -> bool:
    return point in known or (point >= _HAN_FROM and point in han().points)


def wrapped(text: str, width_mm: float, size_pt: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than width_mm; a word that is too long by itself is cut."""
    return [line for line, _end in wrapped_with_ends(text, width_mm, size_pt, bold=bold)]


def wrapped_with_ends(text: str, width_mm: float, size_pt: float, *, bold: bool = False) -> list[tuple[str, str]]:
    """Lines as `wrapped`, each with what stood after it: a space, a line break, or nothing where a word was cut."""
    face = faces()[bold]
    lines: list[tuple[str, str]] = []
    for paragraph in text.split("\n"):
        line = ""
        for match in _UNIT.finditer(paragraph):
            before = " " if paragraph[:match.start()][-1:].isspace() else ""
            unit = match.group()
            longer = f"{line}{before}{unit}" if line else unit
            if face.width_mm(longer, size_pt) <= width_mm:
                line = longer
                continue
            if line:
                lines.append((line, before))
            while face.width_mm(unit, size_pt) > width_mm and len(unit) > 1:
                head = _fitting(face, unit, width_mm, size_pt)
                lines.append((unit[:head], ""))
                unit = unit[head:]
            line = unit
        lines.append((line, "\n"))
    return lines


def shortened(text: str, width_mm: float, size_pt: float, *, bold: bool = False) -> str:
    """The text, its end replaced by … when it is wider than width_mm."""
    face = faces()[bold]
    if face.width_mm(text, size_pt) <= width_mm + _ROUNDING_MM:
        return text
    room = width_mm - face.width_mm("…", size_pt)
    return text[: _fitting(face, text, room, size_pt)].rstrip() + "…"


def _fitting(face: Face, text: str, width_mm: float, size_pt: float) -> int:
    """How many characters of the text fit; at least one."""
    count = 1
    while count < len(text) and face.width_mm(text[: count + 1], size_pt) <= width_mm:
        count += 1
    return count
