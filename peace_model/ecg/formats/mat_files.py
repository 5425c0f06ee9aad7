"""MATLAB files (level 5, save -v7 and older) that hold one recording; decoded by scipy once every array is judged.

A numeric matrix and, where it is kind, fields that name rate, leads and unit. What the file does not say is asked for.
A PhysioNet record's .mat, which needs its .hea, is WFDB's.
"""

import hashlib
import io
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.age import Age
from peace_model.ecg.formats.contract import Format, ReadOptions, check_regular
from peace_model.ecg.formats.csv_header import CsvHeader
from peace_model.ecg.formats.csv_layout import Scale, header_of, scale_of
from peace_model.ecg.formats.demographics import age_of, sex_of
from peace_model.ecg.formats.library_warnings import library_warnings
from peace_model.ecg.formats.mat_contents import MatContents, contents_of
from peace_model.ecg.formats.mat_elements import MAX_UNPACKED_BYTES, unpacked
from peace_model.ecg.formats.table_recording import SampleTable, TablePerson, recording_of_table
from peace_model.ecg.formats.telling import identity_of
from peace_model.ecg.recording import Origin, Recording, RecordingError
from peace_model.words import mark, worded

NAME = "mat"
_HDF5_MARK = b"\x89HDF\r\n\x1a\n"
_PATIENT_KEYS = ("patientid", "patid", "patientnumber", "mrn", "subjectid", "subject", "id")
_NAME_KEYS = ("patientname", "patname", "name", "lastname", "firstname", "surname")
_SEX_KEYS = ("sex", "gender")
_AGE_UNITS = {"agedays": "d", "ageindays": "d", "agemonths": "m", "ageinmonths": "m", "ageyears": "y",
              "ageinyears": "y"}


def read(path: Path, options: ReadOptions) -> Recording:
    """Read one file. Raises RecordingError; fields "sampling rate", "unit" and "leads" can be answered."""
    raw = _bytes(path)
    contents = contents_of(path, _variables(path, unpacked(path, raw)))
    names = _names(path, contents, options)
    header = header_of(path, names, options.profile)
    columns = [lead.column for lead in header.leads] + ([header.time.column] if header.time else [])
    table = SampleTable(header, _scale(path, contents, header, options),
                        contents.samples[:, columns].astype(np.float64), fs_hz=contents.fs_hz)
    return recording_of_table(path, table, options, form=NAME, sha256=hashlib.sha256(raw).hexdigest(),
                              person=_person(contents))


def first_samples(path: Path, n_samples: int) -> tuple[tuple[str, ...], int, NDArray[np.float64]]:
    """The file's lead names or (), how many leads it holds, its first samples (n, n_leads). Raises RecordingError."""
    contents = contents_of(path, _variables(path, unpacked(path, _bytes(path))))
    return contents.labels, contents.samples.shape[1], contents.samples[:n_samples].astype(np.float64)


def _bytes(path: Path) -> bytes:
    check_regular(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_UNPACKED_BYTES + 1)
    except OSError as error:
        raise RecordingError(path, "file", "the file cannot be opened", "check that it may be read") from error
    if len(raw) > MAX_UNPACKED_BYTES:
        raise RecordingError(
            path, "file", worded("the file is larger than {mb} MB", mb=f"{MAX_UNPACKED_BYTES / 1e6:.0f}"),
            "cut out the part to be reviewed")
    if raw.startswith((b"MATLAB 7.3", _HDF5_MARK)) or raw[512:520] == _HDF5_MARK:
        raise RecordingError(path, "version", "this is a MATLAB 7.3 file, which is not read",
                             "save it again in MATLAB with: save(..., '-v7')")
    if not raw.startswith(b"MATLAB 5.0"):
        raise RecordingError(path, "version", "this is no MATLAB file of level 5",
                             "put a PhysioNet record's .hea beside it, or save it again with -v7")
    return raw


def _variables(path: Path, raw: bytes) -> dict[str, Any]:
    from scipy.io import loadmat
    from scipy.io.matlab import MatReadError

    try:
        with library_warnings("error"):
            variables: dict[str, Any] = loadmat(io.BytesIO(raw))
    except (MatReadError, Warning, ValueError, TypeError, KeyError, IndexError, AttributeError, OSError, EOFError,
            OverflowError, MemoryError, NotImplementedError, zlib.error) as error:
        raise RecordingError(path, "contents", "the file cannot be decoded", "copy or save the file again") from error
    return variables


def _names(path: Path, contents: MatContents, options: ReadOptions) -> list[str]:
    """One a column, with the unit in brackets as a header row has it; empty where a profile has to name them."""
    n_leads = contents.samples.shape[1]
    if not contents.labels:
        if options.profile is None:
            raise RecordingError(
                path, "leads", worded("the file does not name its {leads} leads", leads=n_leads),
                "tell which column is which lead")
        return [""] * n_leads
    if not contents.units or contents.step_mv or contents.doubtful_gain:
        return list(contents.labels)
    units = contents.units if len(contents.units) == n_leads else contents.units * n_leads
    return [f"{label} ({unit})" for label, unit in zip(contents.labels, units, strict=True)]


def _scale(path: Path, contents: MatContents, header: CsvHeader, options: ReadOptions) -> Scale:
    if contents.step_mv:
        steps = tuple(contents.step_mv[lead.column] for lead in header.leads)
        profile = options.profile
        rate_by_profile = profile is not None and profile.fs_hz is not None
        return Scale(steps, Origin.FILE, profile.fs_hz if profile and rate_by_profile else options.fs_hz,
                     Origin.PROFILE if rate_by_profile else Origin.HAND, steps, ())
    if contents.doubtful_gain and (options.profile is None or not options.profile.unit):
        raise RecordingError(path, "unit", "a gain stands in the file without saying of what; the samples may be "
                             "voltages or counts", "tell the unit, or the counts in a millivolt")
    return scale_of(path, header, options, file_rate=contents.fs_hz is not None)


def _person(contents: MatContents) -> TablePerson:
    """Sex, an age whose unit its name tells, and every text as something that may tell who it is of."""
    texts: dict[str, list[str]] = {}
    for key, text in contents.texts:
        texts.setdefault(key, []).append(text)
    numbers = contents.numbers
    number_id = next((f"{numbers[key]:.15g}" for key in _PATIENT_KEYS if key in numbers), "")
    text_id = next((texts[key][0] for key in _PATIENT_KEYS if key in texts), "")
    ages = [age_of(numbers[key], unit) for key, unit in _AGE_UNITS.items() if key in numbers]
    age: Age | None = ages[0][0] if ages else None
    sexes = {sex_of(texts[key][0]) for key in _SEX_KEYS if key in texts}
    told = [key for key in texts if key not in (*_PATIENT_KEYS, *_NAME_KEYS, *_SEX_KEYS)]
    return TablePerson(
        age=age, sex=sexes.pop() if len(sexes) == 1 else None, warnings=ages[0][1] if ages else (),
        identity=identity_of(patient_id=text_id or number_id,
                             names=[texts[key][0] for key in _NAME_KEYS if key in texts],
                             others=[text for key in told for text in texts[key]]))


def _claims(path: Path, head: bytes) -> bool:
    return path.suffix.casefold() == ".mat" and (head.startswith((b"MATLAB", _HDF5_MARK)) or not head)


FORMAT = Format(name=NAME, title=mark("MATLAB file"), suffixes=(".mat",), claims=_claims, read=read)
