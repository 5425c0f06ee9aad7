"""DICOM objects with any bytes in any element, drawn by hypothesis and written by hand."""

import struct
import zlib

import dicom_cases
import numpy as np
import pydicom
from fuzz_case import Case
from fuzz_values import INTS, TEXTS
from hypothesis import strategies as st
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element

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
def dicom_objects(draw: st.DrawFn) -> Case:
    """Elements of the object, of a group or of a channel at their extremes; groups and channels in any number."""
    n_channels, n_samples = draw(st.integers(0, 3)), draw(st.sampled_from([0, 1, 40, 600]))
    dtype = draw(st.sampled_from(["<i2", "<u2", "i1", "u1", "<i4", "<u4"]))
    raw: _Raw = {}

    def spoil(item: pydicom.Dataset, keywords: tuple[str, ...], most: int) -> pydicom.Dataset:
        for keyword in draw(st.lists(st.sampled_from(keywords), max_size=most)):
            _put(raw, item, keyword, draw(TEXTS).encode("utf-8", errors="replace")[:60_000])
        return item

    def group() -> pydicom.Dataset:
        channels = [spoil(dicom_cases.channel(draw(st.sampled_from(["I", "II", "V1", "Lead II", "x", ""]))),
                          _OF_CHANNELS, 3) for _ in range(n_channels)]
        samples = np.abs(dicom_cases.ramp(n_samples, max(1, n_channels)))
        made = spoil(dicom_cases.group(channels, samples, dtype=dtype), _OF_GROUPS, 2)
        for keyword in draw(st.lists(st.sampled_from(_COUNTS), max_size=2)):
            size = draw(st.sampled_from([2, 4]))
            _put(raw, made, keyword, (draw(INTS) & 0xFFFFFFFF).to_bytes(4, "little")[:size])
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
