"""A recording as a DICOM ECG object that names nobody: the 12-lead ECG where its limits allow, else a wider kind.

Limits of the kinds: DICOM PS3.3 A.34 (12-lead: 13 channels, 16,384 samples, 200 to 1000 Hz; General: 24 channels, 200
to 1000 Hz; Ambulatory: 12 channels, 50 to 1000 Hz; General 32-bit: none of these).
"""

import hashlib
import uuid
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from peace_model.ecg.age import DAYS_PER_MONTH, DAYS_PER_YEAR, Age, Precision
from peace_model.ecg.formats import large
from peace_model.ecg.formats.dicom_dataset import quiet
from peace_model.ecg.formats.dicom_files import ACQUISITION_EQUIPMENT, EXPORTED_FROM, UNKNOWN_RECORDER
from peace_model.ecg.formats.dicom_leads import lead_code
from peace_model.ecg.formats.dicom_person import OWN_METHOD, SUBJECT_AGE
from peace_model.ecg.formats.header_comments import SIMULATED_COMMENT
from peace_model.ecg.formats.provenance import exported_from
from peace_model.ecg.formats.quantise import Scale, digits, scale_of
from peace_model.ecg.formats.whole_file import whole
from peace_model.ecg.recording import DeclaredFilters, LeadRole, Recording, RoleKind

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

MAKER = "PEACE Desktop"
_TWELVE_LEAD, _GENERAL, _AMBULATORY, _GENERAL_32 = (f"1.2.840.10008.5.1.4.1.1.9.1.{kind}" for kind in range(1, 5))
_UNKNOWN_TIME = datetime(1800, 1, 1)
"""The standard wants a time of acquisition; this one stands for none, and is read back so."""
_MAX_TEXT = 1024
_ENCODING = "ISO_IR 192"


def write_dicom(recording: Recording, path: Path, *, version: str = "") -> Path:
    """Write one object and return its path; `version` is that of the exporting application.

    Samples keep the step of their source; NaN becomes the padding value. Patient ID holds the recording's pseudonymous
    key; nothing of its identity is written. Raises ValueError for an empty or infinite signal, or one of more bytes
    than an element of DICOM can hold; OSError where writing fails, and then no file is left.
    """
    scale = scale_of(recording)
    kind = _kind(recording, scale)
    if kind == _GENERAL_32:
        scale = replace(scale, bits=32)
    if recording.signal_mv.size * scale.bits // 8 >= 1 << 32:
        raise ValueError("the signal is longer than a DICOM element can be")
    with quiet():
        dataset = _dataset(recording, kind, scale, version)
        with whole(path) as partial:
            dataset.save_as(partial, enforce_file_format=True)
    return path


def _kind(recording: Recording, scale: Scale) -> str:
    n_leads, rate = len(recording.leads), recording.fs_hz
    if scale.bits == 16 and n_leads <= 24 and 200 <= rate <= 1000:
        return _TWELVE_LEAD if n_leads <= 13 and recording.n_samples <= 16_384 else _GENERAL
    if scale.bits == 16 and n_leads <= 12 and 50 <= rate <= 1000:
        return _AMBULATORY
    return _GENERAL_32


def _dataset(recording: Recording, kind: str, scale: Scale, version: str) -> "Dataset":
    import pydicom

    dataset = pydicom.Dataset()
    dataset.file_meta = pydicom.dataset.FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    dataset.SpecificCharacterSet = _ENCODING
    _put_patient(dataset, recording)
    _put_study(dataset, recording)
    _put_equipment(dataset, recording, version)
    dataset.AcquisitionContextSequence = _age_in_context(recording.age)
    if recording.source_statements:
        dataset.WaveformAnnotationSequence = [
            _item(ReferencedWaveformChannels=[1, 0], AnnotationGroupNumber=0,
                  UnformattedTextValue=" ".join(words.split())[:_MAX_TEXT]) for words in recording.source_statements]
    dataset.SOPClassUID = kind
    group = _group(recording, scale)
    dataset.WaveformSequence = [group]
    # The same recording written twice is the same object.
    content = hashlib.sha256(f"{dataset.to_json_dict()}".encode())
    group.WaveformData = _data(recording, scale)
    content.update(group.WaveformData)
    dataset.SOPInstanceUID, dataset.SeriesInstanceUID, dataset.StudyInstanceUID = (
        _uid(f"{level} {content.hexdigest()}") for level in ("instance", "series", "study"))
    return dataset


def _put_patient(dataset: "Dataset", recording: Recording) -> None:
    dataset.PatientName = f"{recording.patient_key}^" if recording.patient_key else ""
    dataset.PatientID = recording.patient_key
    dataset.PatientBirthDate = ""
    dataset.PatientSex = recording.sex or ""
    if recording.age is not None:
        dataset.PatientAge = _age_words(recording.age)
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = OWN_METHOD
    if recording.date_shifted or recording.recorded_at is None:
        dataset.LongitudinalTemporalInformationModified = "MODIFIED" if recording.date_shifted else "REMOVED"
    dataset.QualityControlSubject = "YES" if recording.simulated else "NO"


def _put_study(dataset: "Dataset", recording: Recording) -> None:
    time = recording.recorded_at or _UNKNOWN_TIME
    day, clock = f"{time.year:04d}{time:%m%d}", f"{time:%H%M%S.%f}"
    dataset.StudyDate, dataset.StudyTime = ("", "") if recording.recorded_at is None else (day, clock)
    dataset.ContentDate, dataset.ContentTime = day, clock
    dataset.AcquisitionDateTime = day + clock
    dataset.ReferringPhysicianName = dataset.AccessionNumber = ""
    dataset.Modality, dataset.StudyID = "ECG", "1"
    dataset.SeriesNumber = dataset.InstanceNumber = 1
    if recording.simulated:
        dataset.StudyDescription = dataset.SeriesDescription = SIMULATED_COMMENT


def _put_equipment(dataset: "Dataset", recording: Recording, version: str) -> None:
    """Who made this object, and among its contributors the recorder the samples come from."""
    dataset.Manufacturer = dataset.ManufacturerModelName = MAKER
    dataset.SoftwareVersions = version
    dataset.ContributingEquipmentSequence = [_item(
        PurposeOfReferenceCodeSequence=[_code(ACQUISITION_EQUIPMENT, "DCM", "Acquisition Equipment")],
        Manufacturer=" ".join(recording.source.producer.replace("\\", " ").split())[:64] or UNKNOWN_RECORDER,
        ContributionDescription=EXPORTED_FROM + exported_from(recording))]


def _age_words(age: Age) -> str:
    """Patient's Age: days where three digits hold them, months to the 18th birthday, no finer than the source."""
    if age.precision is Precision.DAY and age.days <= 999:
        return f"{age.days:03d}D"
    months, years = int((age.days + 0.5) / DAYS_PER_MONTH), int((age.days + 0.5) / DAYS_PER_YEAR)
    if age.precision is not Precision.YEAR and years < 18:
        return f"{months:03d}M"
    return f"{years:03d}Y"


def _age_in_context(age: Age | None) -> "list[Dataset]":
    """The age to the day, in the unit whose precision it has: 2740 days do not fit into Patient's Age."""
    if age is None:
        return []
    unit, words, days = {Precision.DAY: ("d", "day", 1.0), Precision.MONTH: ("mo", "month", DAYS_PER_MONTH),
                         Precision.YEAR: ("a", "year", DAYS_PER_YEAR)}[age.precision]
    return [_item(ValueType="NUMERIC", ConceptNameCodeSequence=[_code(*SUBJECT_AGE)],
                  NumericValue=_decimal(age.days / days), MeasurementUnitsCodeSequence=[_code(unit, "UCUM", words)])]


def _group(recording: Recording, scale: Scale) -> "Dataset":
    padding = scale.not_recorded.to_bytes(scale.bits // 8, "little", signed=True)
    roles = recording.roles[:len(recording.leads)]
    return _item(
        WaveformOriginality="ORIGINAL", MultiplexGroupLabel="RHYTHM",
        NumberOfWaveformChannels=len(recording.leads), NumberOfWaveformSamples=recording.n_samples,
        SamplingFrequency=_decimal(recording.fs_hz),
        ChannelDefinitionSequence=[_channel(role, scale, row, recording.source.filters)
                                   for row, role in enumerate(roles)],
        WaveformBitsAllocated=scale.bits, WaveformSampleInterpretation="SS" if scale.bits == 16 else "SL",
        WaveformPaddingValue=padding)


def _data(recording: Recording, scale: Scale) -> bytes:
    values = np.empty((recording.n_samples, len(recording.leads)), dtype=f"<i{scale.bits // 8}")
    for block in large.blocks(recording.n_samples, len(recording.leads)):
        values[block] = digits(recording.signal_mv[:, block], scale).T
    return values.tobytes()


def _channel(role: LeadRole, scale: Scale, row: int, filters: DeclaredFilters) -> "Dataset":
    step_uv = 1000 * scale.step_mv[row]
    channel = _item(
        ChannelLabel=role.lead, ChannelSourceSequence=[_code(*lead_code(role.lead))],
        ChannelSensitivity=_decimal(step_uv),
        ChannelSensitivityUnitsSequence=[_code("uV", "UCUM", "microvolt")], ChannelSensitivityCorrectionFactor="1",
        ChannelBaseline=_decimal(-step_uv * scale.zero[row]), ChannelSampleSkew="0", WaveformBitsStored=scale.bits)
    if role.kind is RoleKind.DERIVED:
        channel.ChannelDerivationDescription = f"Derived from {role.of or 'other leads'}"
    for keyword, value in (("FilterLowFrequency", filters.low_cut_hz), ("FilterHighFrequency", filters.high_cut_hz),
                           ("NotchFilterFrequency", filters.notch_hz)):
        if value is not None:
            setattr(channel, keyword, _decimal(value))
    return channel


def _code(value: str, scheme: str, meaning: str) -> "Dataset":
    return _item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def _item(**elements: Any) -> "Dataset":
    import pydicom

    item = pydicom.Dataset()
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    return item


def _decimal(value: float) -> str:
    """A decimal string of at most 16 characters, as exact as they allow."""
    return min((text for digits in range(17, 8, -1) if len(text := f"{value:.{digits}g}") <= 16),
               key=lambda text: (abs(float(text) - value), len(text)))


def _uid(words: str) -> str:
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, words).int}"
