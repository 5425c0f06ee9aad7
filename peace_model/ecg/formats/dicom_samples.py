"""From a multiplex group's bytes to millivolts: sensitivity times correction plus baseline, in the unit it is coded in.

Source: DICOM PS3.3 C.10.9. What is missing is refused: a voltage cannot be guessed.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.formats import large
from peace_model.ecg.formats.contract import check_rate, mv_per_unit
from peace_model.ecg.formats.dicom_groups import Group
from peace_model.ecg.formats.dicom_leads import ChannelName
from peace_model.ecg.formats.dicom_values import count, first_item, items, number, text
from peace_model.ecg.recording import RecordingError
from peace_model.words import mark, worded

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_REMEDY = mark("export the recording again from the recorder or archive")
_TYPES = {("SB", 8): "i1", ("UB", 8): "u1", ("SS", 16): "i2", ("US", 16): "u2", ("SL", 32): "i4", ("UL", 32): "u4"}
_UNIT_WORDS = {"microvolt": "uV", "microvolts": "uV", "millivolt": "mV", "millivolts": "mV", "volt": "V", "volts": "V",
               "nanovolt": "nV", "nanovolts": "nV"}
_SKEW_SAMPLES = 1.0


@dataclass(frozen=True)
class Channel:
    """One channel that is a lead. step_mv: millivolts in one digit; offset_mv: those of digit 0; filters as the file
    gives them, low, high and notch in Hz."""

    row: int
    name: ChannelName
    step_mv: float
    offset_mv: float
    low_cut_hz: float | None
    high_cut_hz: float | None
    notch_hz: float | None
    derived_from: str


def channels_of(path: Path, group: Group) -> tuple[Channel, ...]:
    """The leads of a group with their scales. Raises RecordingError for a lead whose voltage cannot be told."""
    definitions = items(group.item, "ChannelDefinitionSequence")
    if not group.n_samples or count(group.item, "NumberOfWaveformChannels") != len(definitions):
        raise RecordingError(path, "number of channels", "the channels described are not as many as the group is said "
                             "to hold, or it holds no samples", _REMEDY)
    check_rate(path, group.fs_hz, field="Sampling Frequency")
    found = [_channel(path, definition, row, name)
             for row, (definition, name) in enumerate(zip(definitions, group.names, strict=True))
             if name.lead is not None]
    names = [channel.name.lead for channel in found]
    twice = next((lead for lead in names if names.count(lead) > 1), None)
    if twice is not None:
        raise RecordingError(
            path, worded("lead {twice}", twice=twice), "two channels of one group bear this name", _REMEDY)
    _check_skew(path, definitions, [channel.row for channel in found])
    return tuple(found)


def _channel(path: Path, definition: "Dataset", row: int, name: ChannelName) -> Channel:
    shown = f"lead {name.lead}"
    sensitivity = number(definition, "ChannelSensitivity")
    correction = number(definition, "ChannelSensitivityCorrectionFactor")
    if sensitivity is None:
        raise RecordingError(path, worded("Channel Sensitivity of {lead}", lead=shown), "the gain is missing", _REMEDY)
    if "ChannelSensitivityCorrectionFactor" not in definition:
        correction = 1.0  # The standard lets it stand away where nothing is to be corrected.
    if not sensitivity or not correction:
        raise RecordingError(
            path, worded("Channel Sensitivity of {lead}", lead=shown), "the gain is zero or unreadable", _REMEDY)
    coded = first_item(definition, "ChannelSensitivityUnitsSequence")
    unit = "" if coded is None else text(coded, "CodeValue") or _UNIT_WORDS.get(
        text(coded, "CodeMeaning").casefold(), "")
    if not unit:
        raise RecordingError(path, worded("unit of {lead}", lead=shown), "the unit is missing", _REMEDY)
    scale = mv_per_unit(unit) or mv_per_unit(_UNIT_WORDS.get(unit.casefold(), ""))
    if scale is None:
        raise RecordingError(path, worded("unit of {lead}", lead=shown), "the unit is no voltage", _REMEDY)
    baseline = 0.0 if "ChannelBaseline" not in definition else number(definition, "ChannelBaseline")
    if baseline is None:
        raise RecordingError(path, worded("Channel Baseline of {lead}", lead=shown), "it is no number", _REMEDY)
    return Channel(
        row=row, name=name, step_mv=sensitivity * correction * scale, offset_mv=baseline * scale,
        low_cut_hz=_frequency(definition, "FilterLowFrequency"),
        high_cut_hz=_frequency(definition, "FilterHighFrequency"),
        notch_hz=_frequency(definition, "NotchFilterFrequency"),
        derived_from=text(definition, "ChannelDerivationDescription"))


def _frequency(definition: "Dataset", keyword: str) -> float | None:
    """A filter's corner; writers put 0 where there is no filter."""
    value = number(definition, keyword)
    return value if value is not None and value > 0 else None


def _check_skew(path: Path, definitions: "list[Dataset]", rows: list[int]) -> None:
    skews = [number(definitions[row], "ChannelSampleSkew") or 0.0 for row in rows]
    if max(skews, default=0.0) - min(skews, default=0.0) > _SKEW_SAMPLES:
        raise RecordingError(path, "Channel Sample Skew", "the leads are shifted in time against each other",
                             "export the recording with aligned leads")


def raw_samples(path: Path, group: Group, *, little_endian: bool) -> NDArray[np.integer]:
    """The digits of all channels, (n_samples, n_channels), without a copy. Raises RecordingError unless they are there
    to the last byte."""
    coding, bits = text(group.item, "WaveformSampleInterpretation"), count(group.item, "WaveformBitsAllocated")
    if (coding, bits) not in _TYPES:
        what = mark("speech coding") if coding in ("MB", "AB") else mark("it does not go with the number of bits")
        raise RecordingError(path, "Waveform Sample Interpretation", what, "export the samples as whole numbers of 16 "
                             "bits")
    if bits == 32 and not little_endian:
        raise RecordingError(path, "byte order", "samples of 32 bits in big endian order can be read in two ways",
                             "convert the file to little endian")
    kind = np.dtype(_TYPES[coding, bits]).newbyteorder("<" if little_endian else ">")
    data = group.item.get("WaveformData")
    n_channels = len(group.names)
    needed = group.n_samples * n_channels * kind.itemsize
    held = len(data) if isinstance(data, bytes) else 0
    if not isinstance(data, bytes) or held not in (needed, needed + needed % 2):
        raise RecordingError(
            path, "number of samples",
            worded("the group says {samples} samples of {channels} channels ({needed} bytes) and holds {held} bytes",
                   samples=group.n_samples, channels=n_channels, needed=needed, held=held),
            "copy the recording again from its source")
    digits: NDArray[np.integer] = np.frombuffer(data, dtype=kind, count=needed // kind.itemsize)
    return digits.reshape(group.n_samples, n_channels)


def padding_digit(path: Path, group: Group, kind: "np.dtype[np.integer]") -> int | None:
    """The digit that stands for "nothing recorded"; None where the group names none."""
    value = group.item.get("WaveformPaddingValue")
    if value is None or value == b"":
        return None
    if isinstance(value, bytes) and len(value) >= kind.itemsize:
        return int(np.frombuffer(value[:kind.itemsize], dtype=kind)[0])
    if isinstance(value, int):
        return value
    raise RecordingError(path, "Waveform Padding Value", "it cannot be understood", _REMEDY)


def fill(path: Path, into: NDArray[np.float32], digits: NDArray[np.integer], channels: tuple[Channel, ...],
         padding: int | None) -> None:
    """Write the channels' millivolts, NaN for the padding value, into `into` (n_channels, n_samples), in blocks."""
    for block in large.blocks(len(digits), len(channels)):
        for row, channel in zip(into, channels, strict=True):
            digit = digits[block, channel.row]
            values = digit * np.float64(channel.step_mv) + channel.offset_mv
            if padding is not None:
                values[digit == padding] = np.nan
            with np.errstate(over="ignore"):
                row[block] = values
            if np.isinf(row[block]).any():
                raise RecordingError(
                    path, worded("Channel Sensitivity of lead {lead}", lead=channel.name.lead),
                    "a value is too large to be a voltage", _REMEDY)
