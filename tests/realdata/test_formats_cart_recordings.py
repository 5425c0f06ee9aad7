"""Real files of carts, each held against a second witness that reads them without the package the readers use."""

import base64
import binascii
import re
import struct
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray

from peace_model.ecg.formats.registry import find_recordings, read_recording
from peace_model.ecg.leads import LIMB_FROM_I_AND_II, STANDARD_12
from peace_model.ecg.recording import GroupKind, Recording, RecordingError, RoleKind

FOLDERS = ("scp_ecg", "muse_xml", "philips_sierra", "hl7_aecg")
REFUSED = {"empty.xml": "series", "minimum_aecg.xml": "number of samples", "invalid-doc-type.xml": "document type"}


@pytest.fixture(scope="module")
def files(data_dir: Path) -> dict[str, Path]:
    found = find_recordings([data_dir / "formats" / folder for folder in FOLDERS])
    assert len(found) == 9
    return {entry.path.name: entry.path for entry in found}


def test_every_file_opens_or_is_refused_with_a_remedy(files: dict[str, Path]) -> None:
    for name, path in files.items():
        if name in REFUSED:
            with pytest.raises(RecordingError) as caught:
                read_recording(path)
            assert caught.value.field == REFUSED[name]
            assert caught.value.remedy
        else:
            recording = read_recording(path)
            assert set(STANDARD_12) <= set(recording.leads)
            assert recording.fs_hz == 500
            assert recording.duration_s >= 10
            assert [group.kind for group in recording.source.groups if group.chosen] == [GroupKind.RHYTHM]
            # Peaks of some millivolts, baselines near zero: a heart's voltages, not counts.
            assert 0.3 < np.abs(recording.signal_mv).max() < 6
            assert np.abs(np.median(recording.signal_mv, axis=1)).max() < 0.5


def test_philips_against_sierraecg(files: dict[str, Path]) -> None:
    sierraecg = pytest.importorskip("sierraecg")
    for name, n_samples in (("129DYPRG.XML", 5264), ("3191723_ZZDEMOPTONLY_1-04_orig.xml", 5300)):
        recording = read_recording(files[name])
        witness = sierraecg.read_file(str(files[name]))
        assert recording.n_samples == n_samples, "without the calibration pulse at 10.7 s"
        assert [finding.code for finding in recording.warnings] == ["calibration_pulse_left_out"]
        for lead in witness.leads[:12]:
            np.testing.assert_array_equal(
                recording.lead(lead.label), (lead.samples[:n_samples] * 0.005).astype(np.float32))


def test_philips_ages_sexes_and_the_same_patient_in_identity_only(files: dict[str, Path]) -> None:
    man = read_recording(files["3191723_ZZDEMOPTONLY_1-04_orig.xml"])
    assert man.age is not None
    assert (man.age.days, man.age.origin, man.sex) == (21933, "birth date", "M")
    assert man.recorded_at == datetime(2010, 1, 19, 15, 19, 22)
    assert man.identity is not None
    assert (man.identity.patient_id, man.identity.name) == ("9999", "ADULT ZZDEMOPTONLY")
    assert {"EKG1715", "VWJ", "120190145"} <= set(man.identity.others)
    assert "PROBABLE LEFT VENTRICULAR HYPERTROPHY ((RaVL+SV3)xQRSd >280)" in man.source_statements


def test_muse_against_base64_and_struct(files: dict[str, Path]) -> None:
    recording = read_recording(files["example1.xml"])
    root = ElementTree.parse(files["example1.xml"]).getroot()
    rhythm = next(node for node in root.iter("Waveform") if node.findtext("WaveformType") == "Rhythm")
    leads = rhythm.findall("LeadData")
    assert len(leads) == 8
    for node in leads:
        payload = base64.b64decode(node.findtext("WaveFormData") or "")
        assert binascii.crc32(payload) == int(node.findtext("LeadDataCRC32") or "")
        microvolts = np.array(struct.unpack("<5000h", payload)) * float(node.findtext("LeadAmplitudeUnitsPerBit") or "")
        np.testing.assert_allclose(recording.lead(node.findtext("LeadID") or ""), microvolts / 1000, atol=1e-6)
    assert recording.recorded_leads == ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
    for lead, (of_one, of_two) in LIMB_FROM_I_AND_II.items():
        made = of_one * recording.lead("I") + of_two * recording.lead("II")
        np.testing.assert_allclose(recording.lead(lead), made, atol=1e-6)
        assert next(role for role in recording.roles if role.lead == lead).kind is RoleKind.DERIVED
    assert recording.warnings == ()
    assert (recording.age, recording.sex, recording.recorded_at) == (None, None, None)


def test_aecg_against_the_digits_as_they_stand(files: dict[str, Path]) -> None:
    for name in ("Example aECG.xml", "subject1_0.xml"):
        recording = read_recording(files[name])
        space = {"v3": "urn:hl7-org:v3"}
        series = ElementTree.parse(files[name]).getroot().find("v3:component/v3:series", space)
        assert series is not None
        sequences = series.findall("v3:component/v3:sequenceSet/v3:component/v3:sequence", space)[1:]
        assert len(sequences) == 12
        for sequence in sequences:
            value = {part: sequence.find(f"v3:value/v3:{part}", space) for part in ("origin", "scale", "digits")}
            code = sequence.find("v3:code", space).get("code")
            lead = next(lead for lead in recording.leads if code == f"MDC_ECG_LEAD_{lead.upper()}")
            assert value["origin"].get("unit") == value["scale"].get("unit") == "uV"
            microvolts = float(value["origin"].get("value")) + float(value["scale"].get("value")) * np.array(
                "".join(value["digits"].itertext()).split(), dtype=float)
            np.testing.assert_allclose(recording.lead(lead), microvolts / 1000, atol=1e-6)
        assert recording.age is None, "46 years stated, 49 by the calendar"
        assert [finding.code for finding in recording.warnings] == ["age_contradicted"]


def test_scp_against_the_same_ecg_as_aecg_and_against_its_own_huffman_bits(files: dict[str, Path]) -> None:
    scp, aecg = read_recording(files["Example.scp"]), read_recording(files["Example aECG.xml"])
    for lead in STANDARD_12:
        np.testing.assert_array_equal(scp.lead(lead), aecg.lead(lead))
    raw = files["Example.scp"].read_bytes()
    _number, _length, index = next(
        entry for entry in struct.iter_unpack("<HII", raw[22:142]) if entry[0] == 6)
    body = raw[index + 15:]
    step_nv, _interval_us, differences = struct.unpack_from("<HHB", body)
    sizes = struct.unpack_from("<12H", body, 6)
    assert (step_nv, differences) == (2500, 2)
    first = _second_sums(_standard_huffman(body[30:30 + sizes[0]], 5000))
    np.testing.assert_allclose(scp.lead(scp.leads[0]), first * step_nv * 1e-6, atol=1e-6)


def _standard_huffman(data: bytes, count: int) -> list[int]:
    """The standard's default code: 0; then ones, a zero and a sign for 1 to 8; then eight or sixteen bits outright."""
    bits = "".join(f"{byte:08b}" for byte in data)
    pattern = re.compile(r"1111111110(?P<short>[01]{8})|1111111111(?P<long>[01]{16})|(?P<ones>1{1,8})0(?P<sign>[01])|0")
    values = []
    at = 0
    while len(values) < count:
        found = pattern.match(bits, at)
        assert found is not None
        at = found.end()
        outright = found["short"] or found["long"]
        if outright:
            value = int(outright, 2)
            values.append(value - (1 << len(outright)) if outright[0] == "1" else value)
        else:
            values.append(len(found["ones"] or "") * (-1 if found["sign"] == "1" else 1))
    return values


def _second_sums(differences: list[int]) -> NDArray[np.int64]:
    made = differences[:2]
    for difference in differences[2:]:
        made.append(difference + 2 * made[-1] - made[-2])
    return np.array(made)


def test_scp_person_and_recorder(files: dict[str, Path]) -> None:
    recording: Recording = read_recording(files["Example.scp"])
    assert recording.age is not None
    assert (recording.age.days, recording.sex) == (18095, "M")
    assert recording.source.producer == "ECGConversion ELI250"
    assert recording.identity is not None
    assert (recording.identity.patient_id, recording.identity.name) == ("SBJ-123", "Clark")
