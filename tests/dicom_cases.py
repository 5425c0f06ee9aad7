"""DICOM ECG objects built piece by piece, so that a test can bend one thing at a time."""

from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import ArrayLike

TWELVE_LEAD = "1.2.840.10008.5.1.4.1.1.9.1.1"
IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN = (
    f"1.2.840.10008.1.2{tail}" for tail in ("", ".1", ".1.99", ".2"))


def item(**elements: Any) -> pydicom.Dataset:
    made = pydicom.Dataset()
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


def code(value: str, scheme: str, meaning: str = "") -> pydicom.Dataset:
    return item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def channel(lead: str, *, source: pydicom.Dataset | None = None, sensitivity: str | None = "5", unit: str = "uV",
            **more: Any) -> pydicom.Dataset:
    """One channel named by its code, or by words where no code is given."""
    made = item(ChannelSourceSequence=[source or item(CodeMeaning=lead)], WaveformBitsStored=16, **more)
    if sensitivity is not None:
        made.ChannelSensitivity = sensitivity
        made.ChannelSensitivityUnitsSequence = [code(unit, "UCUM")]
        made.setdefault("ChannelSensitivityCorrectionFactor", "1")
        made.setdefault("ChannelBaseline", "0")
    return made


def group(channels: list[pydicom.Dataset], samples: ArrayLike, *, dtype: str = "<i2", fs_hz: str = "500",
          label: str = "RHYTHM", originality: str = "ORIGINAL", **more: Any) -> pydicom.Dataset:
    """One multiplex group; samples (n_samples, n_channels)."""
    values = np.asarray(samples).astype(dtype)
    kind = np.dtype(dtype)
    coding = {"i": "S", "u": "U"}[kind.kind] + {1: "B", 2: "S", 4: "L"}[kind.itemsize]
    made = item(
        WaveformOriginality=originality, MultiplexGroupLabel=label, NumberOfWaveformChannels=len(channels),
        NumberOfWaveformSamples=len(values), SamplingFrequency=fs_hz, ChannelDefinitionSequence=channels,
        WaveformBitsAllocated=8 * kind.itemsize, WaveformSampleInterpretation=coding, WaveformData=values.tobytes())
    for keyword, value in more.items():
        setattr(made, keyword, value)
    return made


def ecg(groups: list[pydicom.Dataset], *, kind: str = TWELVE_LEAD, **more: Any) -> pydicom.Dataset:
    """A whole object; `more` adds or replaces elements."""
    made = item(
        SOPClassUID=kind, SOPInstanceUID="1.2.3.4.5.6.7", Modality="ECG", PatientName="Doe^Jane", PatientID="HOSP-4711",
        PatientBirthDate="20180301", PatientSex="F", AcquisitionDateTime="20200301081500", WaveformSequence=groups)
    for keyword, value in more.items():
        setattr(made, keyword, value)
    return made


def write(dataset: pydicom.Dataset, folder: Path, *, syntax: str = EXPLICIT, name: str = "ecg.dcm") -> Path:
    path = folder / name
    dataset.file_meta = pydicom.dataset.FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.UID(syntax)
    dataset.save_as(path, enforce_file_format=True)
    return path


def ramp(n_samples: int = 1000, n_channels: int = 1) -> Any:
    """Samples unlike in every place, int (n_samples, n_channels)."""
    return (np.arange(n_samples * n_channels).reshape(n_samples, n_channels) * 7) % 101 - 50
