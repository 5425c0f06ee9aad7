"""Whom a DICOM ECG is of: age, sex and time for the recording, and every telling value for the identity.

The identity takes the text of every element, however deep, that is not known to be harmless: a tag nobody thought of
counts as telling.
"""

import re
from collections.abc import Iterator, MutableSequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from peace_model.ecg.age import Age
from peace_model.ecg.formats.demographics import age_from_text, age_of, agreed_age, sex_of
from peace_model.ecg.formats.dicom_values import first_item, items, number, one_line, text
from peace_model.ecg.formats.header_comments import SIMULATED_COMMENT, may_be_personal
from peace_model.ecg.identity import Identity
from peace_model.ecg.recording import Finding, Sex

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

OWN_METHOD = "PEACE Desktop export without names, numbers and birth date"
"""Stands in our own exports, whose Patient ID is a pseudonym."""
SUBJECT_AGE = ("121033", "DCM", "Subject Age")
NO_DATE_BEFORE = 1900
"""Years before that stand for "unknown": the standard wants a time of acquisition in every object."""
_TELLING = frozenset({"PN", "LO", "SH", "LT", "ST", "UT", "UC", "UR", "AE", "UI"})
_TO_BE_DECODED = _TELLING | {"SQ", "UN", None}
_HARMLESS = frozenset({
    "WaveformSequence",
    "CodeValue", "LongCodeValue", "URNCodeValue", "CodeMeaning", "CodingSchemeDesignator", "CodingSchemeVersion",
    "MappingResource", "ContextUID", "Manufacturer", "ManufacturerModelName", "SoftwareVersions", "ChannelLabel",
    "MultiplexGroupLabel", "ChannelDerivationDescription", "DeidentificationMethod", "StudyDescription",
    "SeriesDescription", "ProtocolName", "UnformattedTextValue", "ImplementationVersionName", "ImplementationClassUID"})
_LEAST = 3
"""Texts of fewer letters and digits tell nobody and would be found everywhere."""
_MAX_OTHERS = 500
_MAX_CHARACTERS = 1000
_UCUM_AGE = {"d": "d", "wk": "w", "mo": "m", "a": "y"}
_TIME = re.compile(r"(\d{2})(?::?(\d{2})(?::?(\d{2})(?:\.(\d{1,6}))?)?)?", re.ASCII)
_DATE = re.compile(r"(\d{4})\.?(\d{2})\.?(\d{2})", re.ASCII)


@dataclass(frozen=True)
class Person:
    """What the recording takes from the data set's patient, study and annotations."""

    age: Age | None
    sex: Sex | None
    recorded_at: datetime | None
    patient_key: str
    identity: Identity | None
    statements: tuple[str, ...]
    simulated: bool
    warnings: tuple[Finding, ...]


def person_of(dataset: "Dataset") -> Person:
    """Everything the data set says of the person, the time and the diagnosis."""
    recorded_on, recorded_at = _recorded(dataset)
    birth = _date(text(dataset, "PatientBirthDate"))
    said, warnings = _age_said(dataset)
    age, contradiction = agreed_age(birth, recorded_at or recorded_on, said)
    own = (text(dataset, "DeidentificationMethod") == OWN_METHOD
           and text(dataset, "PatientIdentityRemoved") == "YES")
    statements, personal = _statements(dataset)
    identity = None if own else Identity(
        text(dataset, "PatientID"), text(dataset, "PatientName"), birth, (*_others(dataset), *personal))
    return Person(
        age=age, sex=sex_of(text(dataset, "PatientSex")), recorded_at=recorded_at,
        patient_key=text(dataset, "PatientID") if own else "", identity=identity or None, statements=statements,
        simulated=text(dataset, "SeriesDescription") == SIMULATED_COMMENT, warnings=(*warnings, *contradiction))


def _age_said(dataset: "Dataset") -> tuple[Age | None, tuple[Finding, ...]]:
    """The age in the file's own words; the acquisition context can give it more finely than Patient's Age."""
    for item in items(dataset, "AcquisitionContextSequence"):
        name, unit = first_item(item, "ConceptNameCodeSequence"), first_item(item, "MeasurementUnitsCodeSequence")
        value = number(item, "NumericValue")
        if (name is not None and unit is not None and value is not None and text(unit, "CodeValue") in _UCUM_AGE
                and (text(name, "CodeValue"), text(name, "CodingSchemeDesignator")) == SUBJECT_AGE[:2]):
            return age_of(value, _UCUM_AGE[text(unit, "CodeValue")])
    return age_from_text(text(dataset, "PatientAge"))


def _recorded(dataset: "Dataset") -> tuple[datetime | None, datetime | None]:
    """The day, at midnight, and the full time of the recording; None for what the file does not tell."""
    both = text(dataset, "AcquisitionDateTime")
    pairs = [(both[:8], re.split(r"[-+]", both[8:])[0])] + [
        (text(dataset, f"{which}Date"), text(dataset, f"{which}Time")) for which in ("Acquisition", "Content", "Study")]
    days = [(day, time) for words, time in pairs if (day := _date(words)) is not None]
    if not days or days[0][0].year < NO_DATE_BEFORE:
        return None, None
    midnight = datetime.combine(days[0][0], datetime.min.time())
    match = _TIME.fullmatch(days[0][1])
    if match is None:
        return midnight, None
    hour, minute, second, fraction = match.groups()
    try:
        return midnight, midnight.replace(hour=int(hour), minute=int(minute or 0), second=min(59, int(second or 0)),
                                          microsecond=int((fraction or "").ljust(6, "0")))
    except ValueError:
        return midnight, None


def _date(words: str) -> date | None:
    match = _DATE.fullmatch(words)
    try:
        return None if match is None else date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _statements(dataset: "Dataset") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The annotations' texts without measurements, then those among them that may name a person."""
    texts = [text(item, "UnformattedTextValue")[:_MAX_CHARACTERS]
             for item in items(dataset, "WaveformAnnotationSequence") if "NumericValue" not in item]
    told = dict.fromkeys(filter(None, texts))
    return (tuple(words for words in told if not may_be_personal(words)), tuple(filter(may_be_personal, told)))


def _others(dataset: "Dataset") -> tuple[str, ...]:
    """Every other telling text, each once, in the file's order."""
    own = {"PatientID", "PatientName"}
    makers = {text(dataset, keyword) for keyword in ("Manufacturer", "ManufacturerModelName", "SoftwareVersions")}
    parts = [part for part in (getattr(dataset, "file_meta", None), dataset) if part is not None]
    found = dict.fromkeys(words for part in parts for words in _telling_texts(part, own) if words not in makers)
    return tuple(found)[:_MAX_OTHERS]


def _telling_texts(dataset: "Dataset", known: set[str]) -> Iterator[str]:
    from pydicom.datadict import keyword_for_tag
    from pydicom.uid import UID_dictionary

    passed_over = _HARMLESS | known
    for tag in sorted(dataset.keys()):
        # Decoding an element takes long; most can be told to be no text before.
        if keyword_for_tag(tag) in passed_over or dataset.get_item(tag).VR not in _TO_BE_DECODED:
            continue
        element = dataset[tag]
        if element.VR == "SQ":
            for item in element.value:
                yield from _telling_texts(item, set())
        elif element.VR in _TELLING and element.value is not None:
            for value in element.value if isinstance(element.value, MutableSequence) else [element.value]:
                words = one_line(str(value))[:_MAX_CHARACTERS]
                least = 2 if element.VR == "PN" else _LEAST
                if sum(map(str.isalnum, words)) >= least and words not in UID_dictionary:
                    yield words
