"""Files built by hypothesis: every field at its extremes, elements repeated, unsorted, nested, empty or missing."""

import struct
from functools import lru_cache

import cart_files
import numpy as np
from fuzz_case import Case
from fuzz_dicom_objects import dicom_objects
from fuzz_number_forms import NUMBER_FORMS, mat_bytes
from fuzz_text_forms import XML_FORMS
from fuzz_values import INTS, TEXTS
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

BLOCK = 50
"""Cases are drawn so many at a time, each block from a seed of its own."""
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
        value = draw(TEXTS).replace("&", "").replace("<", "").replace("\0", "")
        parts = [part * draw(st.sampled_from([0, 2, 3, 40])), f"<{tag}>{value}</{tag}>", f"<{tag}/>",
                 f"<{tag}>{part}</{tag}>", part.split(">", 1)[0] + ">" + value + f"</{tag}>" + part,
                 "<x>" * 300 + part + "</x>" * 300]
        text = text[:start] + draw(st.sampled_from(parts)) + text[end:]
    return Case({form.file: text.encode("utf-8", errors="replace")}, f"{name}: structure")


@st.composite
def _wfdb(draw: st.DrawFn) -> Case:
    """A header word by word, beside a signal file of some length."""
    n_signals = draw(st.integers(0, 4))
    words = st.one_of(TEXTS, st.sampled_from(["a", "a.dat", "16", "212", "80", "61", "160", "24", "32", "310", "311",
                                               "8", "508", "16x2", "16:3", "16+24", "200(0)/mV", "200", "1/0", "a/2"]))
    lines = [[draw(st.sampled_from(["a", draw(words)])), str(n_signals), draw(words), draw(words), draw(TEXTS)]]
    for row in range(n_signals):
        line = ["a.dat", "16", "200(0)/mV", "16", "0", "0", "0", "0", ("I", "II", "V1", "V2")[row]]
        for _ in range(draw(st.integers(0, 3))):
            line[draw(st.integers(0, 8))] = draw(words)
        lines.append(line[:draw(st.integers(1, 9))] if draw(st.integers(0, 3)) == 0 else line)
    n_samples = draw(st.integers(0, 1200))
    lines[0][3] = draw(st.sampled_from([str(n_samples), lines[0][3]]))
    lines[0][2] = draw(st.sampled_from(["500", lines[0][2]]))
    comments = [f"#{draw(TEXTS)}" for _ in range(draw(st.integers(0, 3)))]
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
        raw[at:at + size] = (draw(INTS) & ((1 << 8 * size) - 1)).to_bytes(size, "little")
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
    u16, u32 = INTS.map(lambda value: value & 0xFFFF), INTS.map(lambda value: value & 0xFFFFFFFF)
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
    raw = bytearray(form.write(form.stated())["a.edf"])
    n_signals = 4
    fields = [(0, 8), (8, 80), (88, 80), (168, 8), (176, 8), (184, 8), (192, 44), (236, 8), (244, 8), (252, 4)]
    at = 256
    for width in (16, 80, 8, 8, 8, 8, 8, 80, 8, 32):
        fields += [(at + width * row, width) for row in range(n_signals)]
        at += width * n_signals
    words = st.one_of(TEXTS, st.sampled_from(["EDF+C", "EDF+D", "EDF Annotations", "BDF Annotations", "-1", "1.5"]))
    for _ in range(draw(st.integers(1, 4))):
        start, width = draw(st.sampled_from(fields))
        raw[start:start + width] = _ascii(draw(words), width)
    if draw(st.integers(0, 3)) == 0:
        raw[:8] = b"\xffBIOSEMI"
    return Case({"a.edf": bytes(raw)}, "edf: structure")


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
    try:
        content = mat_bytes(variables, compressed=draw(st.booleans()))
    except (ValueError, TypeError, OverflowError, struct.error):
        return Case({"a.mat": b"MATLAB 5.0"}, "mat: structure that cannot be written")
    return Case({"a.mat": content}, "mat: structure")


@st.composite
def _csv(draw: st.DrawFn) -> Case:
    separator = draw(st.sampled_from([",", ";", "\t", " "]))
    heads = st.sampled_from(["time (s)", "t_ms", "time", "I (mV)", "II (mV)", "V1_uV", "aVR [mV]", "III (foo)", "I",
                             '"V2"', ""])
    names = draw(st.lists(st.one_of(heads, TEXTS), max_size=6))
    cells = st.one_of(st.sampled_from(["0", "1", "-0.5", "1e3", "1,5", "", "nan", "1e308", "inf", '"', '"1"', "abc"]),
                      TEXTS) if draw(st.booleans()) else st.integers(-999, 999).map(str)
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
    "edf": _edf_file(), "dicom": dicom_objects(), "mat": _mat(), "csv": _csv()}


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
