"""The header of EDF, EDF+ and BDF files, judged before any sample is decoded.

Kemp B et al., Electroencephalogr Clin Neurophysiol 1992;82:391 (EDF); Kemp B, Olivan J, Clin Neurophysiol 2003;114:1755
(EDF+); BDF is BioSemi's form with 24 bits a sample. Fields are ASCII of fixed width; text is read as Latin-1, because
recorders write the micro sign that way.
"""

import math
import re
from dataclasses import dataclass, replace
from pathlib import Path

from peace_model.ecg.recording import RecordingError
from peace_model.words import mark, worded

EDF_MARK, BDF_MARK = b"0       ", b"\xffBIOSEMI"
FIXED_BYTES = 256
MAX_SIGNALS = 512
MAX_DATA_RECORD_BYTES = 64_000_000
"""The standard asks for at most 61,440; a record is the least that is decoded at once."""
_WIDTHS = {"label": 16, "transducer": 80, "unit": 8, "physical_min": 8, "physical_max": 8, "digital_min": 8,
           "digital_max": 8, "prefilter": 80, "samples": 8, "reserved": 32}
_WHOLE = re.compile(r"[-+]?\d{1,8}", re.ASCII)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?", re.ASCII)
_REMEDY = mark("export the recording again")


@dataclass(frozen=True)
class EdfSignal:
    """One signal as the header describes it; the ranges are text as written until a lead needs them."""

    label: str
    unit: str
    physical: tuple[str, str]
    digital: tuple[str, str]
    prefilter: str
    samples_per_record: int

    @property
    def is_annotations(self) -> bool:
        return self.label in ("EDF Annotations", "BDF Annotations")


@dataclass(frozen=True)
class EdfHeader:
    """n_records: as written, or counted where the file was never closed. continuity: "" (plain), "C" or "D" (EDF+).

    A file with annotations that does not say which kind it is counts as continuous; its time-keeping must bear it out.
    """

    is_bdf: bool
    continuity: str
    patient: str
    recording: str
    start_date: str
    start_time: str
    n_bytes: int
    n_records: int
    closed: bool
    record_duration_s: float
    signals: tuple[EdfSignal, ...]

    @property
    def bytes_per_sample(self) -> int:
        return 3 if self.is_bdf else 2

    @property
    def record_bytes(self) -> int:
        return self.bytes_per_sample * sum(signal.samples_per_record for signal in self.signals)

    def rate_hz(self, signal: EdfSignal) -> float:
        return signal.samples_per_record / self.record_duration_s


def parse_edf_header(path: Path, raw: bytes, *, file_bytes: int) -> EdfHeader:
    """Judge a header; `raw` holds the file's first 256 * (1 + MAX_SIGNALS) bytes or fewer. Raises RecordingError."""
    is_bdf = raw.startswith(BDF_MARK)
    if not is_bdf and not raw.startswith(EDF_MARK):
        raise RecordingError(path, "version", "the file does not begin as EDF or BDF files do", _REMEDY)
    if len(raw) < FIXED_BYTES:
        raise RecordingError(path, "header", "the file ends inside its header", _REMEDY)
    texts = _texts(raw, 8, (80, 80, 8, 8, 8, 44, 8, 8, 4))
    patient, recording, date, time, header_bytes, reserved, records, duration, signals = texts
    n_signals = _whole(path, "number of signals", signals)
    if not 1 <= n_signals <= MAX_SIGNALS:
        raise RecordingError(
            path, "number of signals", worded("{signals} signals are no ECG", signals=n_signals), _REMEDY)
    n_bytes = FIXED_BYTES * (1 + n_signals)
    if _whole(path, "bytes in header", header_bytes) != n_bytes:
        raise RecordingError(
            path, "bytes in header", worded("{signals} signals take {bytes} bytes, the header says {header_bytes}",
                   signals=n_signals, bytes=n_bytes, header_bytes=header_bytes), _REMEDY)
    if len(raw) < n_bytes:
        raise RecordingError(path, "header", "the file ends inside its header", _REMEDY)
    record_duration_s = _number(path, "duration of a data record", duration)
    if record_duration_s <= 0:
        raise RecordingError(
            path, "duration of a data record",
            worded("{seconds} s leave the samples without a rate", seconds=f"{record_duration_s:g}"), _REMEDY)
    described = _signals(path, raw, n_signals)
    header = EdfHeader(
        is_bdf=is_bdf, continuity=_continuity(reserved, described), patient=patient, recording=recording,
        start_date=date, start_time=time, n_bytes=n_bytes, n_records=_whole(path, "number of data records", records),
        closed=records.strip() != "-1", record_duration_s=record_duration_s, signals=described)
    return _measured_against_file(path, header, file_bytes)


def _signals(path: Path, raw: bytes, n_signals: int) -> tuple[EdfSignal, ...]:
    columns = {}
    start = FIXED_BYTES
    for name, width in _WIDTHS.items():
        columns[name] = _texts(raw, start, (width,) * n_signals)
        start += width * n_signals
    signals = []
    for n in range(n_signals):
        samples = _whole(path, f"samples of signal {n + 1}", columns["samples"][n])
        if samples < 1:
            raise RecordingError(
                path, worded("samples of signal {n}", n=n + 1),
                worded("a data record holds {samples}", samples=samples), _REMEDY)
        signals.append(EdfSignal(
            label=columns["label"][n], unit=columns["unit"][n],
            physical=(columns["physical_min"][n], columns["physical_max"][n]),
            digital=(columns["digital_min"][n], columns["digital_max"][n]),
            prefilter=columns["prefilter"][n], samples_per_record=samples))
    return tuple(signals)


def _measured_against_file(path: Path, header: EdfHeader, file_bytes: int) -> EdfHeader:
    """The header if its lengths and the file's agree; a file that was never closed gives its whole records."""
    if header.record_bytes > MAX_DATA_RECORD_BYTES:
        raise RecordingError(
            path, "data records",
            worded("one takes {mb} MB, far beyond the standard", mb=f"{header.record_bytes / 1e6:.0f}"),
            "export with data records of a second")
    held, rest = divmod(file_bytes - header.n_bytes, header.record_bytes)
    if header.n_records == -1:
        if held == 0:
            raise RecordingError(path, "samples", "the file holds no data record", _REMEDY)
        return replace(header, n_records=held)
    if header.n_records < 1:
        raise RecordingError(
            path, "number of data records", worded("the header says {records}", records=header.n_records), _REMEDY)
    if held != header.n_records or rest:
        found = worded("{held} and {rest} bytes", held=held, rest=rest) if rest else str(held)
        raise RecordingError(
            path, "length", worded("the header promises {records} data records, the file holds {found}",
                                   records=header.n_records, found=found),
            "copy the file again, or export the recording again")
    return header


def units_per_digit(path: Path, signal: EdfSignal, *, is_bdf: bool) -> float:
    """Physical units in one digital step, from ranges that must make sense. Raises RecordingError."""
    field = f"range of signal {signal.label}"
    physical_min, physical_max = (_number(path, f"physical {field}", text) for text in signal.physical)
    digital_min, digital_max = (_whole(path, f"digital {field}", text) for text in signal.digital)
    limit = 1 << (23 if is_bdf else 15)
    if not -limit <= digital_min < digital_max < limit:
        raise RecordingError(
            path, worded("digital {field}", field=field),
            worded("{digital_min} to {digital_max} is no range", digital_min=digital_min, digital_max=digital_max),
            _REMEDY)
    step = (physical_max - physical_min) / (digital_max - digital_min)
    if not 1e-12 < abs(step) < 1e12:
        raise RecordingError(
            path, worded("physical {field}", field=field),
            worded("{physical_min} to {physical_max} is no range: the gain is unknown",
                   physical_min=f"{physical_min:g}", physical_max=f"{physical_max:g}"),
            "restore the header from its source; a voltage cannot be guessed")
    return step


def _continuity(reserved: str, signals: tuple[EdfSignal, ...]) -> str:
    if reserved[:5] in ("EDF+C", "EDF+D", "BDF+C", "BDF+D"):
        return reserved[4]
    return "C" if any(signal.is_annotations for signal in signals) else ""


def _texts(raw: bytes, start: int, widths: tuple[int, ...]) -> list[str]:
    texts = []
    for width in widths:
        texts.append(raw[start:start + width].decode("latin-1").strip(" \0"))
        start += width
    return texts


def _whole(path: Path, field: str, text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise RecordingError(path, field, mark("this is no whole number") if text else mark("it is empty"), _REMEDY)
    return int(text)


def _number(path: Path, field: str, text: str) -> float:
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise RecordingError(path, field, mark("this is no number") if text else mark("it is empty"), _REMEDY)
    return float(text)
