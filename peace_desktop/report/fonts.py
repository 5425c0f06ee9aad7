"""The report's two faces, embedded; what they cannot write is replaced by a box, never dropped."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from peace_model.resources import resource

REPLACEMENT = "\N{WHITE SQUARE}"
_FACES = {"ReportSans": "DejaVuSansCondensed.ttf", "ReportSans-Bold": "DejaVuSansCondensed-Bold.ttf"}
REGULAR, BOLD = _FACES
_ROUNDING_MM = 1e-6


@dataclass(frozen=True)
class Face:
    """One registered face: widths in thousandths of the size, by code point."""

    name: str
    widths: dict[int, float]
    default_width: float
    points: frozenset[int]

    def width_mm(self, text: str, size_pt: float) -> float:
        """Printed width of a text."""
        units = sum(self.widths.get(ord(character), self.default_width) for character in text)
        return units * size_pt / 1000 * 25.4 / 72


@cache
def faces() -> dict[bool, Face]:
    """The regular (False) and bold (True) face, registered with the PDF writer once per process.

    The writer is also told to keep streams binary: its base 85 text costs a third of the time and a quarter more bytes.
    """
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    rl_config.useA85 = 0
    made = {}
    for bold, (name, file) in enumerate(_FACES.items()):
        font = TTFont(name, str(resource("fonts", file)))
        pdfmetrics.registerFont(font)
        widths, points = dict(font.face.charWidths), frozenset(font.face.charToGlyph)
        made[bool(bold)] = Face(name, widths, font.face.defaultWidth, points)
    return made


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
        elif character == "\n" or (ord(character) in known and category != "Cf"):
            written.append(character)
        elif category != "Cf":
            written.append(REPLACEMENT)
    return "".join(written)


def wrapped(text: str, width_mm: float, size_pt: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than width_mm; a word that is too long by itself is cut."""
    return [line for line, _end in wrapped_with_ends(text, width_mm, size_pt, bold=bold)]


def wrapped_with_ends(text: str, width_mm: float, size_pt: float, *, bold: bool = False) -> list[tuple[str, str]]:
    """Lines as `wrapped`, each with what stood after it: a space, a line break, or nothing where a word was cut."""
    face = faces()[bold]
    lines: list[tuple[str, str]] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if face.width_mm(longer, size_pt) <= width_mm:
                line = longer
                continue
            if line:
                lines.append((line, " "))
            while face.width_mm(word, size_pt) > width_mm and len(word) > 1:
                head = _fitting(face, word, width_mm, size_pt)
                lines.append((word[:head], ""))
                word = word[head:]
            line = word
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
