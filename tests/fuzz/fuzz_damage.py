"""Damage of unknown meaning: bytes put, taken, doubled and turned over, and the elements of a text torn apart."""

import random
import re

EXTREMES = ("", "0", "-1", "1", "-0", "NaN", "nan", "inf", "-inf", "1e308", "-1e308", "1e-308", "5e-324", "1e999",
            "4294967295", "4294967296", "2147483647", "-2147483648", "32768", "65535", "9" * 40, "9" * 400,
            "0x7fffffff", "1,5", "\u0661\u0662", "\ud83d\ude00", "\u00b5V", "%s%n", "{0}{x}", "{", "}",
            "../../outside/secret", "a\tb", "  ", "None", "true", "x" * 5000, "1 2 3", "1;2", "'", '"', "\u202e",
            "\N{NULL}", "-", ".", "e", "1e", "+")
_WIDE = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_ELEMENT = re.compile(r"<([A-Za-z][\w:.\-]*)(?:\s[^<>]*)?(?:/>|>[^<]*(?:</\1>)?)")
_VALUE = re.compile(r'>([^<>]{1,200}?)<|="([^"]{0,200})"|(?<![\w.])([-+]?\d+(?:\.\d+)?)(?![\w.])')
_WORD = re.compile(r"[^\s,;()/]+")
_ENCODINGS = ("utf-16", "utf-16-be", "utf-32", "utf-7", "latin-1", "cp1252", "utf-8-sig", "cp037", "shift_jis")


def damaged(content: bytes, random_: random.Random) -> tuple[bytes, str]:
    """Spoilt bytes and what was done."""
    is_text = b"\0" not in content[:400] and sum(byte > 126 for byte in content[:400]) < 20
    tools = [_bytes, _bytes, _bytes, _numbers, _cut, _doubled] + ([_values] * 4 + [_elements] * 3 + [_encoding]
                                                                 if is_text else [])
    tool = random_.choice(tools)
    return tool(content, random_), tool.__name__.strip("_")


def _bytes(content: bytes, random_: random.Random) -> bytes:
    spoilt = bytearray(content)
    near = random_.choice([len(spoilt), min(len(spoilt), 2000), min(len(spoilt), 300)])
    for _ in range(random_.randint(1, 8)):
        at, span = random_.randrange(max(1, near)), random_.randint(1, 12)
        kind = random_.randrange(6)
        if kind == 0:
            spoilt[at:at + 1] = bytes([random_.randrange(256)])
        elif kind == 1 and at < len(spoilt):
            spoilt[at] ^= 1 << random_.randrange(8)
        elif kind == 2:
            spoilt[at:at] = random_.randbytes(span)
        elif kind == 3:
            del spoilt[at:at + span]
        elif kind == 4:
            other = random_.randrange(max(1, len(spoilt)))
            spoilt[at:at + span] = spoilt[other:other + span]
        else:
            spoilt[at:at + 4] = random_.choice([b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f"])
    return bytes(spoilt)


def _numbers(content: bytes, random_: random.Random) -> bytes:
    """Numbers of extreme size, in either order, where fields use to stand."""
    spoilt = bytearray(content)
    for _ in range(random_.randint(1, 3)):
        size = random_.choice([1, 2, 4, 8])
        at = random_.randrange(max(1, min(len(spoilt), random_.choice([64, 600, 3000, len(spoilt)])) // size)) * size
        value = random_.choice(_WIDE) & ((1 << 8 * size) - 1)
        spoilt[at:at + size] = value.to_bytes(size, random_.choice(["little", "big"]))
    return bytes(spoilt)


def _cut(content: bytes, random_: random.Random) -> bytes:
    return content[:random_.choice([0, 1, random_.randrange(200), random_.randrange(len(content) + 1)])]


def _doubled(content: bytes, random_: random.Random) -> bytes:
    one, two = sorted(random_.randrange(len(content) + 1) for _ in range(2))
    return content[:two] + content[one:two] * random_.choice([1, 2, 20] if two - one < 20_000 else [1]) + content[two:]


def _values(content: bytes, random_: random.Random) -> bytes:
    """Values replaced by extreme ones."""
    text = content.decode("latin-1")
    pattern = _VALUE if text.lstrip()[:1] == "<" else _WORD
    places = [found.span(found.lastindex or 0) for found in pattern.finditer(text)]
    short = [place for place in places if place[1] - place[0] < 200] or [(0, 0)]
    few = random_.choice([short, short[:60], short[-200:]])
    for start, end in sorted(random_.sample(few, min(len(few), random_.randint(1, 4))), reverse=True):
        value = random_.choice(EXTREMES).encode("utf-8", errors="surrogatepass").decode("latin-1")
        text = text[:start] + value + text[end:]
    return text.encode("latin-1")


def _elements(content: bytes, random_: random.Random) -> bytes:
    """Elements or lines doubled, taken away, moved, nested in themselves."""
    text = content.decode("latin-1")
    is_xml = text.lstrip()[:1] == "<"
    places = [found.span() for found in (_ELEMENT if is_xml else re.compile(r"[^\n]*\n")).finditer(text)]
    for start, end in sorted(random_.sample(places, min(len(places), random_.randint(1, 4))), reverse=True):
        part = text[start:end]
        other = text[slice(*random_.choice(places))]
        many = random_.choice([1, 3, 50, 500 if len(part) < 200 else 2])
        deep = _nested(part, many) if is_xml else part
        new = random_.choice(["", part + part, part * many, other, other + part, deep])
        text = text[:start] + new + text[end:]
    return text.encode("latin-1")


def _nested(part: str, depth: int) -> str:
    name = re.match(r"<([\w:.\-]+)", part)
    return f"<{name[1]}>" * depth + part + f"</{name[1]}>" * depth if name else part


def _encoding(content: bytes, random_: random.Random) -> bytes:
    """Another encoding than the text says, or one it says and does not keep."""
    name = random_.choice(_ENCODINGS)
    text = content.decode("latin-1")
    if random_.randrange(2):
        text = re.sub(r'encoding="[^"]*"', f'encoding="{name}"', text, count=1)
        if random_.randrange(2):
            return text.encode("latin-1")
    return text.encode(name, errors="replace")
