"""What an identity looks like in text: taking it out of statements, and looking whether any of it is left."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import pairwise

from peace_model.ecg.identity import Identity

REMOVED = "[\N{HORIZONTAL ELLIPSIS}]"
"""Stands where something was taken out, so that a reader knows of it."""

_LEAST_WHOLE = 4
"""Shorter numbers and codes ("2", "ICU") stand in half of all statements and point at nobody."""
_LEAST_NAME = 3
_LEAST_IN_BINARY = 6
"""Samples spell shorter words by chance; six letters once in millions of recordings."""
_MOST_WORDS = 5
"""Longer values are comments, whose single words are no names."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ECG_WORDS = re.compile(
    "abnormal|abnormality|anterior|arrhythmia|atrial|axis|beat|beats|block|borderline|bradycardia|branch|bundle|"
    "complete|conduction|consider|contour|criteria|degree|deviation|duration|ectopic|elevation|enlargement|"
    "fibrillation|first|flutter|hypertrophy|incomplete|infarct|infarction|inferior|interval|ischemia|junctional|"
    "lateral|lead|leads|left|long|nonspecific|normal|otherwise|pacemaker|paced|possible|premature|probable|"
    "prolonged|rate|repolarization|rhythm|right|second|segment|septal|short|sinus|supraventricular|tachycardia|"
    "third|undetermined|variant|ventricular|voltage|wave|waves|with|within|without", re.IGNORECASE)
"""A reason for the recording may be written in the words of its diagnosis; those stay readable."""
_LETTERS = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d{4,}")
_BETWEEN = re.compile(r"[\s^=,_./-]*")
"""What parts the words of one value, DICOM's ^ among it; quotes, colons and brackets part values."""
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts without spaces: a word of theirs has no ends to hold on to."""
_MONTH_NAMES = "(?:" + "|".join(_MONTHS) + ")[a-z]*"
_DATES = re.compile(
    r"(?<!\d)(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})"
    r"|(?:19|20)\d{2}[01]\d[0-3]\d(?:\d{4}|\d{6})?"
    r"|\d{4}\s?\u5e74\s?\d{1,2}\s?\u6708\s?\d{1,2}\s?\u65e5"
    rf"|\d{{1,2}}[-. ]\s?{_MONTH_NAMES}[-. ,]+\d{{2,4}}|{_MONTH_NAMES}\s\d{{1,2}},?\s\d{{4}})(?!\d)", re.IGNORECASE)

_Span = tuple[int, int]


class Traces:
    """The values of an identity, and the day a recording was made on where that is to be hidden, as searches."""

    def __init__(self, identity: Identity, *, hidden_day: datetime | None = None) -> None:
        number = identity.patient_id if len(identity.patient_id.strip()) >= _LEAST_WHOLE else ""
        self._values = {
            "patient number": _Values([number]), "name": _Values(_name_words(identity.name)),
            "other value": _Values(word for value in identity.others for word in _other_words(value))}
        self._days = {kind: day for kind, day in (
            ("birth date", identity.birth_date), ("date of recording", hidden_day.date() if hidden_day else None))
            if day is not None}

    def taken_out_of(self, text: str) -> str:
        """The text with a mark in the place of every value."""
        text = unicodedata.normalize("NFC", text)
        spans = sorted(span for spans in self._found(text).values() for span in spans)
        kept, end = [], 0
        for first, last in _joined(spans, text):
            kept += [text[end:first], REMOVED]
            end = last
        return "".join((*kept, text[end:]))

    def kinds_in(self, content: str | bytes, *, innocent: str = "") -> tuple[str, ...]:
        """Which kinds of values stand in a text or a file's bytes; never the values themselves.

        innocent: what the program would have written of anybody; as often as a value stands in there it is no trace.
        """
        binary = isinstance(content, bytes) and b"\0" in content
        texts = (content,) if isinstance(content, str) else _decoded(content)
        ours = self._counts(innocent, binary=binary)
        there = [self._counts(text, binary=binary) for text in texts]
        return tuple(kind for kind in (*self._values, *self._days) if any(found[kind] - ours[kind] for found in there))

    def _counts(self, text: str, *, binary: bool) -> dict[str, Counter[str]]:
        text = unicodedata.normalize("NFC", text)
        least = _LEAST_IN_BINARY if binary else 1
        return {kind: Counter(text[first:last].casefold() for first, last in spans if last - first >= least)
                for kind, spans in self._found(text).items()}

    def _found(self, text: str) -> dict[str, list[_Span]]:
        words = list(_WORD.finditer(text)) if any(self._values.values()) else []
        found = {kind: list(values.spans(text, words)) for kind, values in self._values.items()}
        dated = [(match.span(), _possible_days(match[0])) for match in _DATES.finditer(text)] if self._days else []
        return found | {kind: [span for span, days in dated if day in days] for kind, day in self._days.items()}


class _Values:
    """Values as runs of words, found by their first word, without case; those of unspaced scripts as they are."""

    def __init__(self, values: Iterable[str]) -> None:
        spelled = {spelling for value in values for spelling in _with_variants(unicodedata.normalize("NFC", value))}
        self._unspaced = {value.strip() for value in spelled if _UNSPACED.search(value)}
        self._runs: dict[str, set[tuple[str, ...]]] = {}
        for value in spelled - self._unspaced:
            words = tuple(word.casefold() for word in _WORD.findall(value))
            if words and not _UNSPACED.search(value):
                self._runs.setdefault(words[0], set()).add(words)

    def __bool__(self) -> bool:
        return bool(self._unspaced or self._runs)

    def spans(self, text: str, words: list[re.Match[str]]) -> Iterator[_Span]:
        """Where the values stand in a text whose words these are; a run of them once, at its longest."""
        for place, word in enumerate(words):
            lengths = [len(run) for run in self._runs.get(word[0].casefold(), ()) if _stands(run, text, words, place)]
            if lengths:
                yield word.start(), words[place + max(lengths) - 1].end()
        for value in self._unspaced:
            yield from (match.span() for match in re.finditer(re.escape(value), text))


def _stands(run: tuple[str, ...], text: str, words: list[re.Match[str]], place: int) -> bool:
    there = words[place:place + len(run)]
    if tuple(word[0].casefold() for word in there) != run:
        return False
    return all(_BETWEEN.fullmatch(text, one.end(), two.start()) for one, two in pairwise(there))


def without_dates(text: str) -> str:
    """The text with a mark in the place of every calendar date."""
    return _DATES.sub(REMOVED, text)


def _joined(spans: list[_Span], text: str) -> Iterator[_Span]:
    """Spans that overlap, or are parted by no more than parts a name, as one."""
    whole: _Span | None = None
    for first, last in spans:
        if whole is not None and (first <= whole[1] or _BETWEEN.fullmatch(text, whole[1], first)):
            whole = (whole[0], max(whole[1], last))
            continue
        if whole is not None:
            yield whole
        whole = (first, last)
    if whole is not None:
        yield whole


def _possible_days(words: str) -> set[date]:
    """The days a date as written can stand for: 03/04/2020 is two."""
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    month = next((place for place, name in enumerate(_MONTHS, 1) if name in words.casefold()), 0)
    if month:
        orders = [(max(numbers), month, min(numbers))] if max(numbers) > 31 else [(numbers[-1], month, numbers[0])]
    elif len(numbers) == 1:
        digits = re.sub(r"\D", "", words)
        orders = [(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))]
    else:
        one, two, three = numbers
        orders = [(one, two, three)] if one > 31 else [(three, two, one), (three, one, two)]
    years = {order: (order[0],) if order[0] > 99 else (1900 + order[0], 2000 + order[0]) for order in orders}
    return {day for order in orders for year in years[order] if (day := _day(year, *order[1:])) is not None}


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _decoded(content: bytes) -> tuple[str, ...]:
    texts = (content.decode("utf-8", "replace"),)
    return texts if "\N{REPLACEMENT CHARACTER}" not in texts[0] else (
        *texts, content.decode("latin-1"), content.decode("utf-16-le", "replace"))


def _name_words(name: str) -> list[str]:
    """A name as it stands and turned round, and its words; two letters alone are no name ("ST", "II")."""
    whole, words = name.strip(" ^=,"), _LETTERS.findall(name)
    parts = [word for word in words if len(word) >= _LEAST_NAME or not word.isascii()]
    return [*([whole] if len(whole) >= _LEAST_NAME or not whole.isascii() else []),
            *([" ".join(reversed(words))] if len(words) > 1 else []), *parts]


def _other_words(value: str) -> list[str]:
    whole, words = value.strip(" ^=,"), _LETTERS.findall(value)
    parts = [word for word in words if len(word) >= _LEAST_WHOLE and not _ECG_WORDS.fullmatch(word)]
    named = [whole] if len(whole) >= _LEAST_WHOLE and not _ECG_WORDS.fullmatch(whole) else []
    return [*named, *_NUMBER.findall(value), *(parts if len(words) <= _MOST_WORDS else [])]


def _with_variants(word: str) -> tuple[str, ...]:
    """A word as typed, without its accents, and with umlauts spelled out."""
    spelled = word
    for letter, letters in (("\u00e4", "ae"), ("\u00f6", "oe"), ("\u00fc", "ue"), ("\u00c4", "Ae"), ("\u00d6", "Oe"),
                            ("\u00dc", "Ue"), ("\u00df", "ss")):
        spelled = spelled.replace(letter, letters)
    plain = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    return word, spelled, plain
