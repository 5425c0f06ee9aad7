"""DICOM files that name a child, as a hospital's archive holds them, for tests of what must not be left of it."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pydicom import dcmread

from peace_model.ecg.formats.dicom_writer import write_dicom
from peace_model.ecg.simulation.simulate import simulate
from peace_model.ecg.simulation.spec import SimulationSpec

AT = datetime(2024, 3, 5, 10, 31, 7)
VALUES = ("musterfrau", "erika", "mrn471108", "20190203", "2019-02-03", "weber", "musterstadt", "acc0012345",
          "20240305", "2024-03-05")
"""What stands in such a file and in nothing that is made from it, without capitals."""


def write_identified(path: Path, *, seed: int = 1, at: datetime = AT, name: str = "MUSTERFRAU^ERIKA",
                     number: str = "MRN471108") -> Path:
    """A 12-lead ECG object of a five-year-old with name, number, birth date, staff, institution and order number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    heart = simulate(SimulationSpec(age_days=1857, sex="F", seed=seed)).recording
    write_dicom(replace(heart, simulated=False), path)
    dataset = dcmread(path)
    del dataset.DeidentificationMethod, dataset.PatientIdentityRemoved
    dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate = name, number, "20190203"
    dataset.ReferringPhysicianName, dataset.InstitutionName = "Weber^Hans", "Kinderklinik Musterstadt"
    dataset.AccessionNumber = "ACC0012345"
    dataset.AcquisitionDateTime = f"{at:%Y%m%d%H%M%S}"
    dataset.StudyDate = dataset.ContentDate = f"{at:%Y%m%d}"
    dataset.StudyTime = dataset.ContentTime = f"{at:%H%M%S}"
    dataset.save_as(path)
    return path
