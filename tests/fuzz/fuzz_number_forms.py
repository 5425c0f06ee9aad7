"""Formats of bytes in fixed places or of objects a library writes, each with what it can state and what it cannot."""

import binascii
import io
import struct
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import cart_files
import dicom_cases
import numpy as np
import pydicom
import scipy.io
from fuzz_case import Case, Meaning, Truth
from fuzz_text_forms import Digits
from fuzz_texts import NAMES, NO_NAMES

from peace_model.ecg.leads import canonical_lead

_LABELS = ("I", "II", "V1", "V5")
_UNITS = {"mV": 1.0, "uV": 1e-3, "V": 1e3, "nV": 1e-6}
_FRANK = {"X": "Vx", "Y": "Vy", "Z": "Vz"}


@dataclass(frozen=True, eq=False)
class Stated:
    """What a file is to state, written by `write`; said: the warning that must come with it, refused: it must not open.

    gains: of each lead, as the format counts them. units: of each lead. more: what else the format's writer takes.
    """

    labels: tuple[str, ...]
    digits: Digits
    gains: tuple[float, ...]
    units: tuple[str, ...]
    fs_hz: float = 500.0
    said: tuple[str, ...] = ()
    refused: bool = False
    more: dict[str, Any] = field(default_factory=dict)
    about: str = "as it was"

    def with_one(self, lead: int, *, gain: float | None = None, unit: str | None = None,
                 label: str | None = None) -> "Stated":
        def put(values: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
            return values if value is None else (*values[:lead], value, *values[lead + 1:])

        return replace(self, gains=put(self.gains, gain), units=put(self.units, unit), labels=put(self.labels, label))


@dataclass(frozen=True)
class NumberForm:
    """gains, units: those a lead may be given. steps_mv: millivolts of one digit of each lead, given what is stated.

    no_gains: none of them is a voltage. rates: the format can state. write: the files, the one to open first.
    whole_gain: one for all leads. cuts: what a file that ends early may come to.
    swaps: bytes of the first file, others in their place, and what that makes of the recording (see `swapped`).
    """

    name: str
    write: Callable[[Stated], dict[str, bytes]]
    steps_mv: Callable[[Stated], list[float]]
    gain: float
    gains: tuple[float, ...]
    no_gains: tuple[float, ...]
    rates: tuple[float, ...]
    no_rates: tuple[float, ...]
    units: tuple[str, ...] = ("mV",)
    no_units: tuple[str, ...] = ()
    whole_gain: bool = False
    checksum: bool = False
    names: tuple[str, ...] = NAMES
    no_names: tuple[str, ...] = NO_NAMES
    cuts: str = "refused"
    counts: bool = True
    labels: tuple[str, ...] = _LABELS
    swaps: tuple[tuple[bytes, bytes, str], ...] = ()
    full: int = 15

    def stated(self) -> Stated:
        n_leads = len(self.labels)
        return Stated(self.labels, cart_files.digits(n_leads, 1000).astype(np.int64), (self.gain,) * n_leads,
                      (self.units[0],) * n_leads)

    def case(self, stated: Stated) -> Case:
        return Case(self.write(stated), f"{self.name}: {stated.about}",
                    Meaning(None if stated.refused else self.truth(stated), stated.said))

    def truth(self, stated: Stated) -> Truth | None:
        named = [(row, _FRANK.get(label) or canonical_lead(label)) for row, label in enumerate(stated.labels)]
        rows, leads = zip(*((row, lead) for row, lead in named if lead), strict=True)
        if len(set(leads)) < len(leads):
            return None
        digits = stated.digits.astype(np.float64)
        if self.name == "ishne":
            digits[stated.digits == -32768] = np.nan
        signal_mv = digits * np.array(self.steps_mv(stated))[:, None] + stated.more.get("offset_mv", 0.0)
        return Truth(stated.fs_hz, leads, signal_mv[list(rows)])


def _count_of(stated: Stated) -> int:
    return int(stated.more.get("count", stated.digits.shape[1]))


def _wfdb(stated: Stated) -> dict[str, bytes]:
    lines = [f"a {len(stated.labels)} {stated.fs_hz!r} {_count_of(stated)} 08:15:30 24/05/2020"]
    for label, row, gain, unit in zip(stated.labels, stated.digits, stated.gains, stated.units, strict=True):
        lines.append(f"a.dat 16 {gain!r}(0)/{unit} 16 0 {row[0]} {int(row.sum()) % 65536} 0 {label}")
    header = "\n".join([*lines, "# Female 1200", "# fell off a swing", ""])
    return {"a.hea": header.encode(), "a.dat": stated.digits.T.astype("<i2").tobytes()}


def _ishne(stated: Stated) -> dict[str, bytes]:
    raw = bytearray(cart_files.ishne_bytes(
        stated.digits.astype(np.int16), stated.labels, declared=_count_of(stated)))
    for row, gain in enumerate(stated.gains):
        struct.pack_into("<h", raw, 206 + 2 * row, int(gain))
    struct.pack_into("<h", raw, 272, int(stated.fs_hz))
    begins = struct.unpack_from("<i", raw, 22)[0]
    struct.pack_into("<H", raw, 8, binascii.crc_hqx(bytes(raw[10:begins]), 0xFFFF))
    return {"a.ecg": bytes(raw)}


def _scp(stated: Stated) -> dict[str, bytes]:
    values = stated.digits.astype(np.int16)
    return {"a.scp": cart_files.scp_bytes(
        values, stated.labels, step_nv=int(stated.gains[0]), huffman=bool(len(stated.about) % 2),
        interval_us=round(1e6 / stated.fs_hz) if stated.fs_hz else 0)}


def _edf(stated: Stated) -> dict[str, bytes]:
    """Four data records; a gain is half the physical range, a rate the length of a record."""
    n_signals, width = len(stated.labels), stated.digits.shape[1] // 4
    columns: list[tuple[int, list[str]]] = [
        (16, [f"ECG {label}" for label in stated.labels]), (80, ["AgCl"] * n_signals), (8, list(stated.units)),
        (8, [f"{-gain:g}" for gain in stated.gains]), (8, [f"{gain:g}" for gain in stated.gains]),
        (8, ["-32767"] * n_signals), (8, ["32767"] * n_signals), (80, ["HP:0.05Hz"] * n_signals),
        (8, [str(width)] * n_signals), (32, [""] * n_signals)]
    duration = width / stated.fs_hz if stated.fs_hz else 0
    fixed = [(8, "0"), (80, "X F 20-FEB-2020 X"), (80, "Startdate 24-MAY-2020 X X X"), (8, "24.05.20"),
             (8, "08.15.30"), (8, str(256 * (1 + n_signals))), (44, ""),
             (8, str(int(stated.more.get("count", 4000)) // 1000)), (8, f"{duration:.8g}"[:8]), (4, str(n_signals))]
    texts = [*fixed, *((width, value) for width, values in columns for value in values)]
    header = b"".join(value[:width].ljust(width).encode("latin-1") for width, value in texts)
    records = stated.digits.reshape(n_signals, 4, -1).transpose(1, 0, 2)
    return {"a.edf": header + records.astype("<i2").tobytes()}


def _dicom(stated: Stated) -> dict[str, bytes]:
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Of numbers that are none.
        channels = [dicom_cases.channel(label, sensitivity=f"{gain:.10g}", unit=unit)
                    for label, gain, unit in zip(stated.labels, stated.gains, stated.units, strict=True)]
        group = dicom_cases.group(channels, stated.digits.T, fs_hz=f"{stated.fs_hz:.10g}",
                                  NumberOfWaveformSamples=_count_of(stated))
        dataset = dicom_cases.ecg([group], PatientAge="002Y")
        dataset.file_meta = pydicom.dataset.FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = pydicom.uid.UID(dicom_cases.EXPLICIT)
        dataset.save_as(stream, enforce_file_format=True)
    return {"a.dcm": stream.getvalue()}


def _mat(stated: Stated) -> dict[str, bytes]:
    return {"a.mat": mat_bytes({
        "ecg": stated.digits.astype(np.int16), "fs": stated.fs_hz, "leads": np.array(stated.labels, dtype=object),
        "units": np.array(["adu"] * len(stated.labels), dtype=object), "uV_per_LSB": np.array(stated.gains),
        "sex": "F"}, compressed=bool(len(stated.about) % 2))}


def mat_bytes(variables: dict[str, Any], *, compressed: bool) -> bytes:
    """A MATLAB file without the time of its making, so that the same variables give the same bytes."""
    stream = io.BytesIO()
    scipy.io.savemat(stream, variables, do_compression=compressed)
    return b"MATLAB 5.0 MAT-file".ljust(116) + stream.getvalue()[116:]


def _csv(stated: Stated) -> dict[str, bytes]:
    times = np.arange(stated.digits.shape[1]) / stated.fs_hz if stated.fs_hz else np.zeros(stated.digits.shape[1])
    rows = [f"{at!r}," + ",".join(map(str, row)) for at, row in zip(times.tolist(), stated.digits.T, strict=True)]
    head = ",".join(["time (s)", *(f"{label} ({unit})" if unit else label for label, unit in zip(
        stated.labels, stated.units, strict=True))])
    return {"a.csv": "\r\n".join([head, *rows, ""]).encode()}


def _by_unit(stated: Stated) -> list[float]:
    return [gain * _UNITS.get(unit, 0.0) for gain, unit in zip(stated.gains, stated.units, strict=True)]


_NAN, _INF = float("nan"), float("inf")
_NO_UNITS = ("", "mmHg", "counts", "%", "LSB", "m")
NUMBER_FORMS = (
    NumberForm("wfdb", _wfdb, lambda one: [_UNITS.get(unit, 0.0) / gain if gain else 0.0 for gain, unit in zip(
        one.gains, one.units, strict=True)], 200.0, (1.0, 1000.0, 204.8, -200.0, 0.5), (0.0, _NAN, _INF),
        (250.0, 1000.0, 360.0, 999.5), (0.0, -500.0, _NAN, _INF, 1e9, 5.0, 1e308), tuple(_UNITS), _NO_UNITS,
        full=14, swaps=(
            (b"200.0(0)/mV", b"200.0(20)/mV", "offset -0.1 first"), (b" 16 200", b" 61 200", ""),
            (b" 16 200", b" 16:3 200", ""), (b" 16 200", b" 16x2 200", ""), (b" 16 200", b" 16+2 200", ""),
            (b" 16 200", b" 212 200", ""), (b" 16 200", b" 508 200", ""), (b"a 4 ", b"a 3 ", ""),
            (b"a 4 ", b"a 5 ", ""), (b"(0)/mV", b"(x)/mV", ""), (b" 500.0 1000 ", b" 500.0 ", ""))),
    NumberForm("ishne", _ishne, lambda one: [gain * 1e-6 for gain in one.gains], 5000, (1, 2500, 32767), (0, -1, -5000),
               (250.0, 1000.0, 128.0), (0.0, -200.0, 5.0), labels=("I", "II", "V1"), names=("aVF", "V6", "X"),
               no_names=("Foo",), cuts="said", checksum=True),
    NumberForm("scp", _scp, lambda one: [one.gains[0] * 1e-6] * len(one.labels), 2500, (1, 5000, 1250, 65535), (0,),
               (250.0, 1000.0), (0.0, 15.5), whole_gain=True, labels=cart_files.EIGHT, no_names=("Foo",),
               checksum=True, counts=False, full=12, names=("III", "aVF")),
    NumberForm("edf", _edf, lambda one: [gain * _UNITS.get(unit, 0.0) / 32767 for gain, unit in zip(
        one.gains, one.units, strict=True)], 5.0, (1.0, 20.0, 3.2767, -5.0), (0.0, _NAN, _INF),
        (250.0, 1000.0, 125.0), (0.0, 5.0), tuple(_UNITS), _NO_UNITS, swaps=(
            (b"-32767  ", b"32767   ", ""), (b"-32767  ", b"-99999  ", ""),
            (b"250     " * 4, b"250     " * 3 + b"251     ", ""),
            (b"1280".ljust(52), b"1280    EDF+C".ljust(52), ""),
            (b"4       0.5     ", b"-1      0.5     ", "said recording_not_closed"))),
    NumberForm("dicom", _dicom, _by_unit, 5.0, (1.0, 2.44, -5.0, 0.25), (0.0, _NAN, _INF), (250.0, 1000.0, 999.5),
               (0.0, -500.0, _NAN, 1e9, 5.0), ("uV", "mV", "V", "nV"), _NO_UNITS, cuts="same", swaps=(
                   (b"CS\x02\0SS", b"CS\x02\0UL", ""), (b"CS\x02\0SS", b"CS\x02\0MB", ""),
                   (b"\x12\x02DS\x02\x001 ", b"\x12\x02DS\x02\x002 ", "times 2 first"),
                   (b"\x12\x02DS\x02\x001 ", b"\x12\x02DS\x02\x00- ", ""),
                   (b"\x13\x02DS\x02\x000 ", b"\x13\x02DS\x02\x007 ", "offset 0.007 first"),
                   (b"\x13\x02DS\x02\x000 ", b"\x13\x02DS\x02\x00x ", ""))),
    NumberForm("mat", _mat, lambda one: [gain * 1e-3 for gain in one.gains], 5.0, (1.0, 2.44, 0.5),
               (0.0, -5.0, _NAN, _INF), (250.0, 1000.0, 999.5), (0.0, -500.0, _NAN, 1e9, 5.0), cuts="same",
               counts=False),
    NumberForm("csv", _csv, _by_unit, 1.0, (), (), (250.0, 1000.0, 100.0), (0.0, 5.0), tuple(_UNITS), _NO_UNITS,
               counts=False, cuts=""))
