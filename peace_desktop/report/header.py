"""The head of the sheet (age, recording, status), the line under the paper and the foot."""

from dataclasses import replace

from peace_desktop.report.flow import Bar, Item, Text, cells, line, line_mm, text_width
from peace_desktop.report.fonts import REPLACEMENT, printable, shortened, wrapped
from peace_desktop.report.frame import LEGEND_LINE_MM
from peace_desktop.report.printed import ReportContent
from peace_desktop.report.wording import DOT
from peace_desktop.texts import _, listed
from peace_model.inference.prediction import Verdict

_AGE_PT = 22.0
_STATUS_PT = 15.0
_SMALL_PT = 7.6
_CAPTION_PT = 6.2
_TRUST_PT = 7.2
_LEAST_PT = 5.8
"""The map's legend and the lines of the person would rather be small than cut."""
_PAD_MM = 1.6
_AGE_MM = 84.0
_STATUS_MM = 66.0
_SIMULATED_MM = 42.0
_GAP_MM = 4.0
_STATUS_LINES = 3


def header(content: ReportContent, width: float, height: float) -> Item:
    """Age large at the left, the recording in the middle, the status at the right; SIMULATED between the last two."""
    marks = _age(content, height)
    right = width - _STATUS_MM
    marks += _moved(_status(content, _STATUS_MM, height), right)
    if content.simulated:
        right -= _SIMULATED_MM + _GAP_MM
        marks += _moved(_simulated(_SIMULATED_MM, height), right)
    left = _AGE_MM + _GAP_MM
    marks += _moved(_recording(content, right - _GAP_MM - left), left)
    return Item(height, marks)


def _age(content: ReportContent, height: float) -> tuple[Text | Bar, ...]:
    size = _AGE_PT
    age = printable(content.age)
    room = _AGE_MM - 2 * _PAD_MM - 1.0
    if (wide := text_width(age, size, bold=True)) > room:
        size *= room / wide
    ink = "text" if content.age_known else "warning"
    marks: tuple[Text | Bar, ...] = (
        Bar(0.0, 0.0, 1.2, height, "accent" if content.age_known else "warning"),
        Text(_PAD_MM + 1.2, 2.6, _("AGE AT RECORDING"), _CAPTION_PT, "muted"),
        Text(_PAD_MM + 1.2, 10.2, age, size, ink, True),
    )
    for index, words in enumerate(content.person[:2]):
        first = index == 0
        size = _SMALL_PT + (1.6 if first else 0.0)
        if (wide := text_width(printable(words), size, bold=first)) > room:
            size = max(_LEAST_PT, size * room / wide)
        marks += (Text(_PAD_MM + 1.2, 14.6 + 3.4 * index, shortened(printable(words), room, size, bold=first), size,
                       "text" if first else "muted", first),)
    return marks


def _recording(content: ReportContent, width: float) -> tuple[Text | Bar, ...]:
    title = shortened(printable(content.title), width, 10.5, bold=True)
    marks: tuple[Text | Bar, ...] = (Text(0.0, 3.4, title, 10.5, "text", True),)
    down = 3.4
    for words in content.recording[:5]:
        down += line_mm(_SMALL_PT)
        marks += (Text(0.0, down, shortened(printable(words), width, _SMALL_PT), _SMALL_PT),)
    return marks


def _status(content: ReportContent, width: float, height: float) -> tuple[Text | Bar, ...]:
    ink = "accent" if content.status.signed else "warning"
    marks: tuple[Text | Bar, ...] = (*_outline(width, height, ink), Text(
        _PAD_MM + 0.6, 6.6, printable(content.status.word), _STATUS_PT, ink, True))
    room = width - 2 * _PAD_MM - 0.6
    for index, words in enumerate(content.status.lines[:_STATUS_LINES]):
        line_marks = cells([(_PAD_MM + 0.6, room, words)], _SMALL_PT)
        marks += tuple(replace(mark, down=mark.down + 7.4 + index * line_mm(_SMALL_PT)) for mark in line_marks)
    return marks


def _simulated(width: float, height: float) -> tuple[Text | Bar, ...]:
    size = 17.0
    word = _("SIMULATED")
    if (wide := text_width(word, size, bold=True)) > width - 2 * _PAD_MM:
        size *= (width - 2 * _PAD_MM) / wide
    return (
        Bar(0.0, 0.0, width, height, "warning_paper"),
        *_outline(width, height, "simulated"),
        Text(_PAD_MM, 10.2, word, size, "simulated", True),
        Text(_PAD_MM, 14.6, _("not a patient"), _SMALL_PT + 1.0, "simulated"),
    )


def _outline(width: float, height: float, ink: str) -> tuple[Bar, ...]:
    thick = 0.35
    return (
        Bar(0.0, 0.0, width, thick, ink), Bar(0.0, height - thick, width, thick, ink),
        Bar(0.0, 0.0, thick, height, ink), Bar(width - thick, 0.0, thick, height, ink),
    )


def _moved(marks: tuple[Text | Bar, ...], x: float) -> tuple[Text | Bar, ...]:
    return tuple(replace(mark, x=mark.x + x) for mark in marks)


def trust_lines(content: ReportContent, width: float) -> list[str]:
    """How far the map has support, in lines of this width in mm; none without a map."""
    words = printable(content.trace.map_trust)
    return wrapped(words, width, _TRUST_PT) if words else []


def legend(content: ReportContent, width: float, height: float, *, cut: tuple[str, ...]) -> Item:
    """Scale at the left; at the right the map's legend, under both how far the map has support.

    Leads clipped at the paper's edge are named.
    """
    scale = printable(content.trace.scale)
    marks: list[Text | Bar] = [Text(0.0, 3.2, scale, 8.0, "text", True)]
    x = text_width(scale, 8.0, bold=True) + 3.0
    if cut:
        words = printable(_("cut at the paper's edge: {leads}").format(leads=listed(cut)))
        words = shortened(words, width - x, 7.2, bold=True)
        marks.append(Text(x, 3.2, words, 7.2, "warning", True))
        x += text_width(words, 7.2, bold=True) + 3.0
    if content.trace.map_legend:
        room = width - x - 26.0
        words = _without_last_parts(printable(content.trace.map_legend), max(room, 20.0))
        size = min(_TRUST_PT, max(_LEAST_PT, _TRUST_PT * room / text_width(words, _TRUST_PT)))
        words = shortened(words, max(room, 20.0), size)
        marks.append(Text(width - text_width(words, size) - 25.0, 3.2, words, size))
        marks += [Bar(width - 23.0 + 2.6 * k, 1.0, 2.6, 2.6, f"map:{(k + 0.5) / 8:.4f}") for k in range(8)]
        marks += [*(replace(b, x=b.x + width - 23.0, down=b.down + 1.0) for b in _outline(20.8, 2.6, "rule"))]
        supported = content.trace.map_verdict is Verdict.SUPPORTED
        marks += [Text(0.0, 3.2 + LEGEND_LINE_MM * (k + 1), words, _TRUST_PT, "muted" if supported else "warning")
                  for k, words in enumerate(trust_lines(content, width))]
    return Item(height, tuple(marks))


def _without_last_parts(words: str, room: float) -> str:
    """The legend without what stands last in it, where it has no room: the bar beside it says as much."""
    parts = words.split(DOT)
    while len(parts) > 1 and text_width(DOT.join(parts), _LEAST_PT) > room:
        parts.pop()
    return DOT.join(parts)


def unwritable(content: ReportContent) -> bool:
    """Whether a text that people typed holds characters that are printed as a box."""
    typed = (content.title, content.comment, *content.signature, *content.status.lines, *content.recording)
    return any(printable(text).count(REPLACEMENT) > text.count(REPLACEMENT) for text in typed)


def footer(content: ReportContent, width: float) -> list[Item]:
    """Versions and hashes in small print, then what this sheet is not."""
    size = 6.0
    items = [Item(0.8, (Bar(0.0, 0.0, width, 0.18, "rule"),))]
    items += [line(cells([(0.0, width, words)], size, ink="muted"), size) for words in content.versions[:2]]
    notice = _("Research use only \N{EM DASH} not a medical device")
    if content.simulated:
        notice = _("SIMULATED") + DOT + notice
    marks = cells([(0.0, width * 0.35, notice)], 7.6, bold=True)
    if unwritable(content):
        told = _("{box} stands for a character this report cannot write; the record has it").format(box=REPLACEMENT)
        marks += cells([(width * 0.36, width * 0.4, told)], size, ink="warning")
    marks += cells([(width, -width * 0.48, content.printed)], size, ink="muted")
    items.append(line(marks, 7.6))
    return items
