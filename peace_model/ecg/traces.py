"""What an identity looks like in text: taking it out of statements, and looking whether any of it is left."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

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
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d{4,}")
_MONTH_NAMES = "(?:" + "|".join(_MONTHS) + ")[a-z]*"
_DATES = re.compile(
    r"(?<!\d)(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})"
    r"|(?:19|20)\d{2}[01]\d[0-3]\d(?:\d{4}|\d{6})?"
    r"|\d{4}\s?\u5e74\s?\d{1,2}\s?\u6708\s?\d{1,2}\s?\u65e5"
    rf"|\d{{1,2}}[-. ]\s?{_MONTH_NAMES}[-. ,]+\d{{2,4}}|{_MONTH_NAMES}\s\d{{1,2}},?\s\d{{4}})(?!\d)", re.IGNORECASE)


class Traces:
    """The values of an identity, and the day a recording was made on where that is to be hidden, as searches."""

    def __init__(self, identity: Identity, *, hidden_day: date | None = None) -> None:
        words: dict[str, list[str]] = {
            "patient number": [identity.patient_id] if len(identity.patient_id.strip()) >= _LEAST_WHOLE else [],
            "name": _name_words(identity.name),
            "other value": [word for value in identity.others for word in _other_words(value)],
            "birth date": _spellings(identity.birth_date),
            "date of recording": _spellings(hidden_day),
        }
        spelled = {kind: _spelled(listed) for kind, listed in words.items()}
        long = {kind: {word for word in listed if len(word) >= _LEAST_IN_BINARY} for kind, listed in spelled.items()}
        self._searches, self._long = (
            {kind: _search(listed) for kind, listed in chosen.items() if listed} for chosen in (spelled, long))

    def taken_out_of(self, text: str) -> str:
        """The text with a mark in the place of every value."""
        text = unicodedata.normalize("NFC", text)
        for search in self._searches.values():
            text = search.sub(REMOVED, text)
        return text

    def kinds_in(self, content: str | bytes, *, innocent: str = "") -> tuple[str, ...]:
        """Which kinds of values stand in a text or a file's bytes; never the values themselves.

        innocent: what the program would have written of anybody; as often as a value stands in there it is no trace.
        """
        texts, searches = ((content,), self._searches) if isinstance(content, str) else (
            _decoded(content), self._long if b"\0" in content else self._searches)
        return tuple(kind for kind, search in searches.items()
                     if any(_counts(search, text) - _counts(search, innocent) for text in texts))


def without_dates(text: str) -> str:
    """The text with a mark in the place of every calendar date."""
    return _DATES.sub(REMOVED, text)


def _counts(search: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(found.casefold() for found in search.findall(unicodedata.normalize("NFC", text)))


def _decoded(content: bytes) -> tuple[str, ...]:
    texts = (content.decode("utf-8", "replace"),)
    return texts if "\N{REPLACEMENT CHARACTER}" not in texts[0] else (
        *texts, content.decode("latin-1"), content.decode("utf-16-le", "replace"))


def _name_words(name: str) -> list[str]:
    """A name as it stands, and its words."""
    whole = name.strip(" ^=,")
    parts = [word for word in _WORD.findall(name) if len(word) >= _LEAST_NAME or not word.isascii()]
    return [*([whole] if len(whole) >= _LEAST_NAME or not whole.isascii() else []), *parts]


def _other_words(value: str) -> list[str]:
    whole = value.strip(" ^=,")
    words = _WORD.findall(value)
    parts = [word for word in words if len(word) >= _LEAST_WHOLE and not _ECG_WORDS.fullmatch(word)]
    named = [whole] if len(whole) >= _LEAST_WHOLE and not _ECG_WORDS.fullmatch(whole) else []
    return [*named, *_NUMBER.findall(value), *(parts if len(words) <= _MOST_WORDS else [])]


def _spellings(day: date | None) -> list[str]:
    """A day as files write it."""
    if day is None:
        return []
    if isinstance(day, datetime):
        day = day.date()
    month = _MONTHS[day.month - 1]
    year, two = f"{day.year:04d}", f"{day.year % 100:02d}"
    spelled = [f"{year}{day.month:02d}{day.day:02d}", f"{day.day} {month} {year}", f"{day.day:02d} {month} {year}",
               f"{day.day:02d}-{month}-{year}", f"{day.day:02d}-{month}-{two}",
               f"{year}\u5e74{day.month}\u6708{day.day}\u65e5"]
    for mark in "-./":
        spelled += [f"{year}{mark}{day.month:02d}{mark}{day.day:02d}", f"{year}{mark}{day.month}{mark}{day.day}"]
        for first, second in ((day.day, day.month), (day.month, day.day)):
            spelled += [f"{first:02d}{mark}{second:02d}{mark}{year}", f"{first}{mark}{second}{mark}{year}"]
    return spelled


def _spelled(words: Iterable[str]) -> set[str]:
    return {spelling for word in words for spelling in _with_variants(unicodedata.normalize("NFC", word.strip()))
            if any(map(str.isalnum, spelling))}


def _search(words: set[str]) -> re.Pattern[str]:
    """Whole words, any case, the longest first."""
    return re.compile("|".join(_bounded(word) for word in sorted(words, key=lambda word: (-len(word), word))),
                      re.IGNORECASE)


def _with_variants(word: str) -> tuple[str, ...]:
    """A word as typed, without its accents, and with umlauts spelled out."""
    spelled = word
    for letter, letters in (("\u00e4", "ae"), ("\u00f6", "oe"), ("\u00fc", "ue"), ("\u00c4", "Ae"), ("\u00d6", "Oe"),
                            ("\u00dc", "Ue"), ("\u00df", "ss")):
        spelled = spelled.replace(letter, letters)
    plain = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    return word, spelled, plain


def _bounded(word: str) -> str:
    """The word between marks that are no letters or digits; marks that part names (DICOM's ^) stand for each other.

    A script without spaces has no word ends to hold on to; a date may be followed by a time.
    """
    inner = r"[\s^=,_./-]+".join(re.escape(part) for part in re.split(r"[\s^=,]+", word) if part)
    if re.search("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", word):
        return inner
    time = r"(?:\d{4}|\d{6})?" if re.fullmatch(r"(?:19|20)\d{6}", word) else ""
    return rf"(?<![^\W_]){inner}{time}(?![^\W_])"
