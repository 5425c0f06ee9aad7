"""Which case bears which number: the same seed, format and number always give the same files."""

import os
import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import cart_files
import fuzz_numbers
import fuzz_texts
from fuzz_case import Case
from fuzz_damage import damaged
from fuzz_escapes import escape
from fuzz_number_forms import NUMBER_FORMS
from fuzz_structures import BLOCK, drawn
from fuzz_text_forms import XML_FORMS, Text

from peace_model.ecg.formats.registry import FORMATS, find_recordings

_NUMBERS = {form.name: form for form in NUMBER_FORMS}
_TEXTS = {form.name: form for form in XML_FORMS}
_MOST_BYTES = 1_500_000
_OF_A_KIND = 6
"""Of so many consecutive cases two are damage, three changes of known meaning or escapes, one a structure."""


def case_of(name: str, seed: int, number: int, *, real: bool = True) -> Case:
    """One case of a format. real: the recordings in the data folder are spoilt, too, where there are any."""
    random_ = random.Random(f"{seed}/{name}/{number}")
    place = number % _OF_A_KIND
    if place == 0:
        block, at = divmod(number // _OF_A_KIND, BLOCK)
        cases = drawn(name, f"{seed}/{name}/{block}")
        return cases[at % len(cases)]
    if place <= 3:
        way_out = escape(whole(name), random_) if random_.randrange(5) == 0 else None
        if way_out is not None:
            return way_out
        if name in _TEXTS:
            return fuzz_texts.change(_TEXTS[name], random_)
        return fuzz_numbers.change(_NUMBERS[name], random_)
    sources = own_files(name) + (real_files(name) if real and random_.randrange(3) == 0 else ())
    source = random_.choice(sources[-12:])
    spoilt = random_.choice([source.name, *source.files])
    content, what = damaged(source.files[spoilt], random_)
    return source.spoilt(content, f"{source.about}: {what} of {spoilt}", name=spoilt)


@cache
def whole(name: str) -> Case:
    """A recording of this format that nobody has spoilt."""
    if name in _TEXTS:
        return Text(_TEXTS[name]).case("as it was")
    form = _NUMBERS[name]
    return form.case(form.stated())


@cache
def own_files(name: str) -> tuple[Case, ...]:
    """Recordings the tests write: the whole one, and what else the format knows."""
    first = whole(name)
    more: list[Case] = []
    if name == "sierra":
        more.append(replace(first, files={"a.xml": cart_files.sierra_xml(xli=True).encode()}))
    if name == "scp":
        values = cart_files.digits(8, 600)
        more += [replace(first, files={"a.scp": cart_files.scp_bytes(values, huffman=huffman)}) for huffman in (0, 1)]
    if name == "dicom":
        more.append(replace(first, files={"a.dcm": _dicom_of_two_groups()}))
    if name == "edf":
        more += [replace(first, files={file: content}) for file, content in _edf_plus()]
    if name == "csv":
        table = first.files["a.csv"]
        other = table.replace(b",", b";").replace(b".", b",")
        more += [replace(first, files={"a.csv": other}), replace(first, files={"a.txt": table.replace(b",", b"\t")})]
    return (first, *(replace(case, meaning=None) for case in more))


def _dicom_of_two_groups() -> bytes:
    import tempfile

    from dicom_cases import DEFLATED, channel, code, ecg, group, ramp, write

    leads = [channel("", source=code("2:1", "MDC", "Lead I")), channel("V1")]
    dataset = ecg([group(leads, ramp(600, 2), WaveformPaddingValue=b"\x00\x80"),
                   group(leads, ramp(300, 2), label="MEDIAN BEAT", originality="DERIVED")], PatientAge="002Y")
    with tempfile.TemporaryDirectory() as folder:
        return write(dataset, Path(folder), syntax=DEFLATED).read_bytes()


def _edf_plus() -> list[tuple[str, bytes]]:
    """EDF+ and BDF+ with annotations, by edfio."""
    import edfio

    made = []
    rows = cart_files.digits(3, 1500) / 1000
    for file, kind, signal in (("a.edf", edfio.Edf, edfio.EdfSignal), ("a.bdf", edfio.Bdf, edfio.BdfSignal)):
        signals = [signal(row, 500, label=f"ECG {label}", physical_dimension="mV", physical_range=(-5, 5))
                   for label, row in zip(("I", "II", "V1"), rows, strict=True)]
        made.append((file, kind(signals, annotations=[edfio.EdfAnnotation(1, None, "Sinus rhythm")]).to_bytes()))
    return made


@cache
def real_files(name: str) -> tuple[Case, ...]:
    """The data folder's recordings of this format; none where there is no such folder."""
    folder = Path(os.environ.get("PEACE_DATA_DIR", Path(__file__).parents[3] / "shared" / "data"))
    found = []
    for part in ("formats", "zzu_pecg", "cinc2021"):
        for one in find_recordings([folder / part]) if (folder / part).is_dir() else ():
            files = [one.path, *(sorted(one.path.parent.glob(f"{one.path.stem}.*")) if one.format == "wfdb" else ())]
            content = {file.name: file.read_bytes() for file in dict.fromkeys(files) if file.is_file()}
            if one.format == name and sum(map(len, content.values())) <= _MOST_BYTES:
                found.append(Case(content, f"{name} of the data folder {one.relative}", None))
    return tuple(found)


def format_names() -> tuple[str, ...]:
    """All registered formats; a format without cases fails the tests."""
    return tuple(form.name for form in FORMATS)

