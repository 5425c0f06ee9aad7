"""The same ECG in two formats is the same millivolts: between libraries, and between a file and its exports."""

import importlib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file

from peace_model.ecg.formats.csv_writer import write_csv
from peace_model.ecg.formats.dicom_writer import write_dicom
from peace_model.ecg.formats.registry import find_recordings, read_recording
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.recording import GroupKind, Recording, RoleKind

CARTS = ("dicom/anonymous_ecg.dcm", "muse_xml/example1.xml", "philips_sierra/129DYPRG.XML", "scp_ecg/Example.scp",
         "hl7_aecg/subject1_0.xml")


def within_a_step(one: Recording, other: Recording) -> None:
    """Equal within one step of the samples where it is known, else within a thousandth of a millivolt."""
    assert (one.leads, one.fs_hz) == (other.leads, other.fs_hz)
    np.testing.assert_array_equal(np.isnan(one.signal_mv), np.isnan(other.signal_mv))
    known = [step for step in other.source.quantum_mv if step]
    np.testing.assert_allclose(one.signal_mv, other.signal_mv, rtol=0, atol=min([*known, 1e-3]))


def test_three_libraries_see_one_dicom_ecg() -> None:
    path = get_testdata_file("waveform_ecg.dcm", download=False)
    recording = read_recording(Path(str(path)))
    assert [(group.kind, group.chosen) for group in recording.source.groups] == [
        (GroupKind.RHYTHM, True), (GroupKind.MEDIAN, False)]
    dataset = pydicom.dcmread(str(path))
    np.testing.assert_allclose(recording.signal_mv, dataset.waveform_array(0).T / 1000, rtol=1e-6, atol=1e-9)
    kit = pytest.importorskip("ecgdatakit")
    leads = {lead.label: lead for lead in kit.FileParser().parse(str(path)).leads}
    assert tuple(leads) == recording.leads
    for name, lead in leads.items():
        np.testing.assert_allclose(recording.lead(name), lead.samples, rtol=1e-6, atol=1e-9)


def test_the_sample_of_the_archive_is_that_of_the_library(data_dir: Path) -> None:
    recording = read_recording(data_dir / "formats" / "dicom" / "anonymous_ecg.dcm")
    same = read_recording(Path(str(get_testdata_file("waveform_ecg.dcm", download=False))))
    np.testing.assert_array_equal(recording.signal_mv, same.signal_mv)
    assert recording.age is not None
    assert (recording.age.days, recording.sex, recording.fs_hz) == (15343, "F", 1000)
    assert recording.source.producer == "Mortara Instrument, Inc. el250 0.0.0"
    assert recording.source_statements == ("RITMO SINUSALE", "ECG NORMALE")


@pytest.fixture(scope="module")
def witness() -> Any:
    """The wfdb package; its import warns of its own tables."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("wfdb")


def test_children_survive_every_export(data_dir: Path, tmp_path: Path, witness: Any) -> None:
    for entry in find_recordings([data_dir / "zzu_pecg"])[::2]:
        child = read_recording(entry.path)
        record = read_recording(write_wfdb(child, tmp_path, "child"))
        dicom_path = write_dicom(child, tmp_path / "child.dcm")
        dicom = read_recording(dicom_path)
        for back in (record, dicom):
            within_a_step(back, child)
            assert (back.age, back.sex, back.patient_key) == (child.age, child.sex, child.patient_key)
            assert back.source_statements == child.source_statements
        assert dicom.source.version == "12-lead ECG"
        # The witnesses: each library alone, on the file as published and on the exports.
        published = witness.rdsamp(str(entry.path.with_suffix("")))[0].T
        exported = witness.rdsamp(str(tmp_path / "child"))[0].T
        by_pydicom = pydicom.dcmread(dicom_path).waveform_array(0).T / 1000
        for seen in (exported, by_pydicom):
            np.testing.assert_allclose(seen, published, rtol=1e-6, atol=1e-9)


def test_children_survive_a_table(data_dir: Path, tmp_path: Path) -> None:
    for entry in find_recordings([data_dir / "zzu_pecg"])[:2]:
        child = read_recording(entry.path)
        back = read_recording(write_csv(child, tmp_path / "child.csv"))
        np.testing.assert_array_equal(back.signal_mv, child.signal_mv)
        assert (back.leads, back.fs_hz) == (child.leads, child.fs_hz)


@pytest.mark.parametrize("name", CARTS)
def test_recordings_of_carts_survive_every_export(data_dir: Path, tmp_path: Path, name: str) -> None:
    pytest.importorskip("ecgdatakit")
    cart = read_recording(data_dir / "formats" / name)
    record = read_recording(write_wfdb(cart, tmp_path, "cart"))
    dicom = read_recording(write_dicom(cart, tmp_path / "cart.dcm"))
    for back in (record, dicom, read_recording(write_csv(cart, tmp_path / "cart.csv"))):
        within_a_step(back, cart)
        assert [role.lead for role in back.roles if role.kind is RoleKind.DERIVED] == [
            role.lead for role in cart.roles if role.kind is RoleKind.DERIVED]
    for back in (record, dicom):
        assert back.source.exported_from == f"{cart.source.format} {cart.source.sha256}"
        assert back.source.filters.high_cut_hz == cart.source.filters.high_cut_hz
        assert back.source.producer == cart.source.producer
    assert dicom.identity is None
    telling = [] if cart.identity is None else [cart.identity.patient_id, cart.identity.name, *cart.identity.others]
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not [value for value in telling if len(value) > 5 and value.encode() in written]
