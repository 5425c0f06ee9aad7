"""Files built by hypothesis: every field at its extremes, elements repeated, unsorted, nested, empty or missing."""

import io
import struct
import zlib
from functools import lru_cache

import cart_files
import dicom_cases
import numpy as np
import pydicom
import scipy.io
from fuzz_case import Case
from fuzz_damage import EXTREMES
from fuzz_numbers import NUMBER_FORMS, _edf
from fuzz_texts import XML_FORMS
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element

BLOCK = 50
"""Cases are drawn so many at a time, each block from a seed of its own."""
_TEXTS = st.one_of(
    st.sampled_from(EXTREMES), st.text(max_size=20), st.floats().map(repr), st.integers().map(str),
    st.integers(-3, 3).map(str), st.sampled_from(["I", "II", "V1", "aVR", "X", "mV", "uV", "500", "1000", "16"]))
_INTS = st.one_of(st.sampled_from([0, 1, -1, 2, 255, 256, 32767, -32768, 65535, 2**31 - 1, -2**31, 2**32 - 1]),
                  st.integers(-40, 40), st.integers())
_NUMBERS = {form.name: form for form in NUMBER_FORMS}


def _ascii(text: str, width: int) -> bytes:
    return text.encode("latin-1", errors="replace")[:width].ljust(width)


@st.composite
def _xml(draw: st.DrawFn, name: str) -> Case:
    """The elements of a small document, in a tree of any shape."""
    form = next(one for one in XML_FORMS if one.name == name)
    text = form.text()
    for _ in range(draw(st.integers(1, 4))):
        begin = text.index(form.begin) if draw(st.booleans()) and form.begin in text else 0
        starts = [at for at in range(begin, len(text)) if text[at] == "<" and text[at + 1:at + 2].isalpha()][:400]
        if not starts:
            break
        start = draw(st.sampled_from(starts))
        tag = text[start + 1:].split(">", 1)[0].split()[0].rstrip("/")
        end = text.find(f"</{tag}>", start)
        end = end + len(tag) + 3 if end >= 0 else text.find(">", start) + 1
        part = text[start:end]
        value = draw(_TEXTS).replace("&", "").replace("<", "").replace("\0", "")
        parts = [part * draw(st.sampled_from([0, 2, 3, 40])), f"<{tag}>{value}</{tag}>", f"<{tag}/>",
                 f"<{tag}>{part}</{tag}>", part.split(">", 1)[0] + ">" + value + f"</{tag}>" + part,
                 "<x>" * 300 + part + "</x>" * 300]
        text = text[:start] + draw(st.sampled_from(parts)) + text[end:]
    return Case({form.file: text.encode("utf-8", errors="replace")}, f"{name}: structure")


@st.composite
def _wfdb(draw: st.DrawFn) -> Case:
    """A header word by word, beside a signal file of some length."""
    n_signals = draw(st.integers(0, 4))
    words = st.one_of(_TEXTS, st.sampled_from(["a", "a.dat", "16", "212", "80", "61", "160", "24", "32", "310", "311",
                                               "8", "508", "16x2", "16:3", "16+24", "200(0)/mV", "200", "1/0", "a/2"]))
    lines = [[draw(st.sampled_from(["a", draw(words)])), str(n_signals), draw(words), draw(words), draw(_TEXTS)]]
    for row in range(n_signals):
        line = ["a.dat", "16", "200(0)/mV", "16", "0", "0", "0", "0", ("I", "II", "V1", "V2")[row]]
        for _ in range(draw(st.integers(0, 3))):
            line[draw(st.integers(0, 8))] = draw(words)
        lines.append(line[:draw(st.integers(1, 9))] if draw(st.integers(0, 3)) == 0 else line)
    n_samples = draw(st.integers(0, 1200))
    lines[0][3] = draw(st.sampled_from([str(n_samples), lines[0][3]]))
    lines[0][2] = draw(st.sampled_from(["500", lines[0][2]]))
    comments = [f"#{draw(_TEXTS)}" for _ in range(draw(st.integers(0, 3)))]
    header = "\n".join([*(" ".join(line) for line in lines), *comments, ""]).encode("utf-8", errors="replace")
    return Case({"a.hea": header, "a.dat": bytes(2 * n_samples * n_signals + draw(st.sampled_from([0, 0, 1, 24])))},
                "wfdb: structure")


@st.composite
def _ishne(draw: st.DrawFn) -> Case:
    raw = bytearray(cart_files.ishne_bytes())
    for _ in range(draw(st.integers(1, 5))):
        at, size = draw(st.sampled_from([(8, 2), (10, 4), (14, 4), (18, 4), (22, 4), (26, 2), (128, 2), (132, 2),
                                         (134, 2), (138, 2), (140, 2), (150, 2), (156, 2), (158, 2), (160, 2), (182, 2),
                                         (206, 2), (208, 2), (230, 2), (272, 2)]))
        raw[at:at + size] = (draw(_INTS) & ((1 << 8 * size) - 1)).to_bytes(size, "little")
    for at, size in ((28, 40), (68, 40), (108, 20), (232, 40), (274, 80)):
        if draw(st.integers(0, 5)) == 0:
            raw[at:at + size] = draw(st.binary(min_size=size, max_size=size))
    return Case({"a.ecg": bytes(raw)}, "ishne: structure")


@st.composite
def _scp(draw: st.DrawFn) -> Case:
    """Sections of fields at their extremes, repeated, missing, with checksums that fit."""
    values = cart_files.digits(3, 600)
    tags = draw(st.dictionaries(st.integers(0, 255), st.binary(max_size=40), max_size=6))
    section_1 = b"".join(struct.pack("<BH", tag, len(value)) + value for tag, value in tags.items())
    section_1 += draw(st.sampled_from([b"\xff\0\0", b"", b"\xff", b"\x05\xff\xff"]))
    u16, u32 = _INTS.map(lambda value: value & 0xFFFF), _INTS.map(lambda value: value & 0xFFFFFFFF)
    section_3 = bytes((draw(st.sampled_from([3, 0, 1, 255])), draw(st.integers(0, 255)))) + b"".join(struct.pack(
        "<IIB", draw(st.sampled_from([1, draw(u32)])), draw(st.sampled_from([600, draw(u32)])),
        draw(st.integers(0, 255))) for _ in range(3))
    section_6 = struct.pack("<HHBB", draw(st.sampled_from([2500, draw(u16)])), draw(st.sampled_from([2000, draw(u16)])),
                            draw(st.integers(0, 3)), draw(st.integers(0, 2)))
    section_6 += struct.pack("<3H", *(draw(st.sampled_from([1200, draw(u16)])) for _ in range(3))) + values.tobytes()
    table = struct.pack("<2H", draw(u16), draw(u16)) + draw(st.binary(max_size=120))
    bodies = {1: section_1, 3: section_3, 6: section_6}
    for number in draw(st.lists(st.sampled_from([2, 4, 5, 7, 8, 10, 11, 12, 200]), max_size=3, unique=True)):
        bodies[number] = draw(st.sampled_from([table, struct.pack("<H", 19999), section_6, b"", section_3]))
    for number in draw(st.lists(st.sampled_from([1, 3, 6]), max_size=1)):
        del bodies[number]
    order = draw(st.permutations(list(bodies)))
    return Case({"a.scp": cart_files.scp_record({number: bodies[number] for number in order})}, "scp: structure")


@st.composite
def _edf_file(draw: st.DrawFn) -> Case:
    form = _NUMBERS["edf"]
    raw = bytearray(_edf(form.stated())["a.edf"])
    n_signals = 4
    fields = [(0, 8), (8, 80), (88, 80), (168, 8), (176, 8), (184, 8), (192, 44), (236, 8), (244, 8), (252, 4)]
    at = 256
    for width in (16, 80, 8, 8, 8, 8, 8, 80, 8, 32):
        fields += [(at + width * row, width) for row in range(n_signals)]
        at += width * n_signals
    words = st.one_of(_TEXTS, st.sampled_from(["EDF+C", "EDF+D", "EDF Annotations", "BDF Annotations", "-1", "1.5"]))
    for _ in range(draw(st.integers(1, 4))):
        start, width = draw(st.sampled_from(fields))
        raw[start:start + width] = _ascii(draw(words), width)
    if draw(st.integers(0, 3)) == 0:
        raw[:8] = b"\xffBIOSEMI"
    return Case({"a.edf": bytes(raw)}, "edf: structure")


_ITEM, _OPEN = b"\xfe\xff\x00\xe0", b"\xff\xff\xff\xff"
_END_OF_ITEM, _END_OF_SEQUENCE = b"\xfe\xff\x0d\xe0\0\0\0\0", b"\xfe\xff\xdd\xe0\0\0\0\0"
_Raw = dict[tuple[int, int], bytes]
"""Values written as they come, whatever the standard says of the element: (id of the data set, tag) -> bytes."""


def _encoded(dataset: pydicom.Dataset, raw: _Raw, *, marked: bool) -> bytes:
    """Explicit VR little endian, by hand where a value is raw: pydicom refuses to write most of them.

    marked: sequences and items end at a mark instead of after a length.
    """
    parts = []
    for element in dataset:
        value = raw.get((id(dataset), int(element.tag)))
        if element.VR == "SQ":
            items = [_encoded(item, raw, marked=marked) for item in element.value]
            value = b"".join(_ITEM + (_OPEN + item + _END_OF_ITEM if marked else struct.pack("<I", len(item)) + item)
                             for item in items)
            if marked:
                parts.append(struct.pack("<HH", element.tag.group, element.tag.element) + b"SQ\0\0" + _OPEN + value
                             + _END_OF_SEQUENCE)
                continue
        if value is None and isinstance(element.value, bytes):
            value = element.value
        if value is None:
            stream = DicomBytesIO()
            stream.is_little_endian, stream.is_implicit_VR = True, False
            write_data_element(stream, element)
            parts.append(stream.getvalue())
            continue
        kind = element.VR.split(" ")[-1]
        is_long = kind in ("OB", "OW", "SQ", "UN", "UT")
        length = struct.pack("<HI", 0, len(value)) if is_long else struct.pack("<H", len(value) & 0xFFFF)
        parts.append(struct.pack("<HH", element.tag.group, element.tag.element) + kind.encode() + length + value)
    return b"".join(parts)


def _put(raw: _Raw, item: pydicom.Dataset, keyword: str, value: bytes) -> None:
    tag = pydicom.datadict.tag_for_keyword(keyword)
    if keyword not in item:
        item.add_new(tag, pydicom.datadict.dictionary_VR(tag).split(" ")[-1], None)
    raw[id(item), int(pydicom.tag.Tag(tag))] = value + b" " * (len(value) % 2)


_OF_CHANNELS = ("ChannelSensitivity", "ChannelSensitivityCorrectionFactor", "ChannelBaseline", "ChannelSampleSkew",
                "WaveformBitsStored", "FilterLowFrequency", "FilterHighFrequency", "NotchFilterFrequency",
                "ChannelDerivationDescription", "ChannelLabel")
_OF_GROUPS = ("SamplingFrequency", "MultiplexGroupTimeOffset", "MultiplexGroupLabel", "WaveformOriginality",
              "WaveformSampleInterpretation", "TriggerTimeOffset")
_COUNTS = ("NumberOfWaveformChannels", "NumberOfWaveformSamples", "WaveformBitsAllocated", "WaveformPaddingValue")
_OF_OBJECTS = ("PatientAge", "PatientBirthDate", "PatientSex", "AcquisitionDateTime", "SpecificCharacterSet",
               "PatientName", "StudyDate", "SOPClassUID", "Modality", "Manufacturer", "SoftwareVersions",
               "TimezoneOffsetFromUTC")


@st.composite
def _dicom(draw: st.DrawFn) -> Case:
    """Elements of the object, of a group or of a channel at their extremes; groups and channels in any number."""
    n_channels, n_samples = draw(st.integers(0, 3)), draw(st.sampled_from([0, 1, 40, 600]))
    dtype = draw(st.sampled_from(["<i2", "<u2", "i1", "u1", "<i4", "<u4"]))
    raw: _Raw = {}

    def spoil(item: pydicom.Dataset, keywords: tuple[str, ...], most: int) -> pydicom.Dataset:
        for keyword in draw(st.lists(st.sampled_from(keywords), max_size=most)):
            _put(raw, item, keyword, draw(_TEXTS).encode("utf-8", errors="replace")[:60_000])
        return item

    def group() -> pydicom.Dataset:
        channels = [spoil(dicom_cases.channel(draw(st.sampled_from(["I", "II", "V1", "Lead II", "x", ""]))),
                          _OF_CHANNELS, 3) for _ in range(n_channels)]
        samples = np.abs(dicom_cases.ramp(n_samples, max(1, n_channels)))
        made = spoil(dicom_cases.group(channels, samples, dtype=dtype), _OF_GROUPS, 2)
        for keyword in draw(st.lists(st.sampled_from(_COUNTS), max_size=2)):
            size = draw(st.sampled_from([2, 4]))
            _put(raw, made, keyword, (draw(_INTS) & 0xFFFFFFFF).to_bytes(4, "little")[:size])
        return made

    groups = [group() for _ in range(draw(st.integers(0, 3)))]
    dataset = _encoded(spoil(dicom_cases.ecg(groups), _OF_OBJECTS, 4), raw, marked=draw(st.booleans()))
    deflated = draw(st.booleans())
    syntax = (dicom_cases.DEFLATED if deflated else dicom_cases.EXPLICIT).encode()
    syntax += b"\0" * (len(syntax) % 2)
    meta = b"\x02\0\x10\0UI" + struct.pack("<H", len(syntax)) + syntax
    if deflated:
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        dataset = packer.compress(dataset) + packer.flush()
    head = b"\0" * 128 + b"DICM" + b"\x02\0\0\0UL\x04\0" + struct.pack("<I", len(meta)) + meta
    return Case({"a.dcm": head + dataset}, "dicom: structure")


_ARRAYS = st.one_of(
    st.sampled_from([0, 1, -1, 500, 500.0, float("nan"), float("inf"), 1e308, "", "mV", "uV", "I,II,V1,V5", "F"]),
    st.builds(lambda rows, columns, kind: np.arange(rows * columns).reshape(rows, columns).astype(kind),
              st.sampled_from([0, 1, 2, 4, 100, 101, 300]), st.sampled_from([0, 1, 4, 65, 100, 300]),
              st.sampled_from(["i1", "u2", "i4", "i8", "f4", "f8", "bool", "c16"])),
    st.lists(st.sampled_from(["I", "II", "V1", "V5", "x", ""]), max_size=5).map(
        lambda names: np.array(names, dtype=object)), st.text(max_size=12), st.floats(), st.integers(-2**62, 2**62))


@st.composite
def _mat(draw: st.DrawFn) -> Case:
    keys = st.sampled_from(["ecg", "val", "data", "x", "fs", "Fs", "SamplingRate", "leads", "labels", "units", "unit",
                            "uV_per_LSB", "adu_per_mV", "gain", "sex", "age_days", "age_years", "name", "id", "note"])
    values = st.recursive(_ARRAYS, lambda inner: st.dictionaries(keys, inner, max_size=3), max_leaves=6)
    told = {"ecg": np.arange(1200.0).reshape(4, 300), "fs": 500, "leads": "I,II,V1,V5", "unit": "mV"}
    variables = {**(told if draw(st.booleans()) else {}), **draw(st.dictionaries(keys, values, max_size=4))}
    stream = io.BytesIO()
    try:
        scipy.io.savemat(stream, variables, do_compression=draw(st.booleans()))
    except (ValueError, TypeError, OverflowError, struct.error):
        return Case({"a.mat": b"MATLAB 5.0"}, "mat: structure that cannot be written")
    return Case({"a.mat": stream.getvalue()}, "mat: structure")


@st.composite
def _csv(draw: st.DrawFn) -> Case:
    separator = draw(st.sampled_from([",", ";", "\t", " "]))
    heads = st.sampled_from(["time (s)", "t_ms", "time", "I (mV)", "II (mV)", "V1_uV", "aVR [mV]", "III (foo)", "I",
                             '"V2"', ""])
    names = draw(st.lists(st.one_of(heads, _TEXTS), max_size=6))
    cells = st.one_of(st.sampled_from(["0", "1", "-0.5", "1e3", "1,5", "", "nan", "1e308", "inf", '"', '"1"', "abc"]),
                      _TEXTS) if draw(st.booleans()) else st.integers(-999, 999).map(str)
    shared = draw(st.lists(cells, min_size=len(names), max_size=len(names)))
    rows = []
    for at in range(draw(st.sampled_from([0, 1, 2, 30, 600]))):
        row = [str(at / 500) if name.startswith("t") else cell for name, cell in zip(names, shared, strict=True)]
        rows.append(row)
    for _ in range(draw(st.integers(0, 3)) if rows else 0):
        rows[draw(st.integers(0, len(rows) - 1))] = draw(st.lists(cells, max_size=7))
    text = "\r\n".join(separator.join(row) for row in [names, *rows])
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-16", "utf-8-sig", "cp1252"]))
    return Case({"a.csv": text.encode(encoding, errors="replace")}, "csv: structure")


STRATEGIES: dict[str, st.SearchStrategy[Case]] = {
    **{form.name: _xml(form.name) for form in XML_FORMS}, "wfdb": _wfdb(), "ishne": _ishne(), "scp": _scp(),
    "edf": _edf_file(), "dicom": _dicom(), "mat": _mat(), "csv": _csv()}


@lru_cache(maxsize=4)
def drawn(name: str, block_seed: str) -> tuple[Case, ...]:
    """A block of cases, the same for the same seed."""
    cases: list[Case] = []

    @seed(block_seed)
    @settings(max_examples=BLOCK, phases=[Phase.generate], database=None, deadline=None,
              suppress_health_check=list(HealthCheck))
    @given(STRATEGIES[name])
    def collect(case: Case) -> None:
        cases.append(case)

    collect()
    return tuple(cases)
