"""Formats of carts: what a small file says is read in full, and who it is of stands in the identity alone."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import cart_files as carts
import numpy as np
import pytest

from peace_model.ecg.age import Precision
from peace_model.ecg.formats import ishne_files, large
from peace_model.ecg.formats.registry import ReadOptions, find_recordings, read_recording
from peace_model.ecg.mapped import mapped_file
from peace_model.ecg.recording import GroupKind, Recording, RoleKind

MAKERS: dict[str, tuple[Callable[[], str | bytes], carts.Digits, float]] = {
    "scp": (carts.scp_bytes, carts.digits(), 0.0025),
    "muse": (carts.muse_xml, carts.digits(), 0.00488),
    "sierra": (carts.sierra_xml, carts.twelve_digits(), 0.005),
    "aecg": (carts.aecg_xml, carts.digits(), 0.0025),
    "mortara": (carts.mortara_xml, carts.digits(), 0.005),
    "cardiosoft": (carts.cardiosoft_xml, carts.twelve_digits(), 0.005),
    "schiller": (carts.schiller_xml, carts.digits(), 0.005),
    "ishne": (carts.ishne_bytes, carts.digits(3), 0.005),
}
PRODUCERS = {"scp": "Mortara ELI2 v1", "muse": "MAC55 010A", "aecg": "Mortara ELI250 5.3", "mortara": "Mortara ELI 280",
             "sierra": "Philips Medical Products PageWriter Touch A.01", "cardiosoft": "CardioSoft 6.73",
             "schiller": "Schiller AT-102 1.7", "ishne": ""}


def written(folder: Path, content: str | bytes, name: str = "recording") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("latin-1"))
    return path


def opened(folder: Path, name: str) -> Recording:
    return read_recording(written(folder, MAKERS[name][0]()))


@pytest.mark.parametrize("name", MAKERS)
def test_millivolts_are_digits_times_the_step_the_file_gives(tmp_path: Path, name: str) -> None:
    recording = opened(tmp_path, name)
    _maker, digits, step_mv = MAKERS[name]
    assert recording.source.format == name
    assert recording.fs_hz == (200 if name == "ishne" else 500)
    assert recording.recorded_leads == recording.leads[:len(digits)]
    np.testing.assert_array_equal(recording.signal_mv[:len(digits)], (digits * step_mv).astype(np.float32))
    assert recording.source.quantum_mv[0] == pytest.approx(step_mv)
    assert recording.warnings == ()


@pytest.mark.parametrize("name", MAKERS)
def test_the_rhythm_is_chosen_and_the_median_beat_named(tmp_path: Path, name: str) -> None:
    groups = opened(tmp_path, name).source.groups
    chosen = [group for group in groups if group.chosen]
    if name == "ishne":
        assert groups == ()
        return
    assert [(group.kind, group.n_samples) for group in chosen] == [(GroupKind.RHYTHM, 1000)]
    medians = [group for group in groups if group.kind is GroupKind.MEDIAN]
    assert [group.n_samples for group in medians] == ([] if name == "scp" else [300])


@pytest.mark.parametrize("name", MAKERS)
def test_age_sex_and_time_come_with_the_signals(tmp_path: Path, name: str) -> None:
    recording = opened(tmp_path, name)
    assert recording.sex == "F"
    assert recording.recorded_at == datetime(2020, 5, 24, 8, 15, 30)
    assert recording.age is not None
    assert 88 <= recording.age.days <= 95
    assert recording.age.precision is (Precision.MONTH if name == "sierra" else Precision.DAY)
    assert recording.source.producer == PRODUCERS[name]


@pytest.mark.parametrize("name", MAKERS)
def test_who_it_is_of_stands_in_the_identity_and_nowhere_else(tmp_path: Path, name: str) -> None:
    recording = opened(tmp_path, name)
    identity = recording.identity
    assert identity is not None
    assert identity.patient_id == carts.PATIENT_ID
    assert identity.name == f"{carts.FIRST} {carts.LAST}"
    assert identity.birth_date in ((None,) if name == "sierra" else (date(2020, 2, 20), date(2020, 2, 24)))
    told = " | ".join((identity.patient_id, identity.name, *identity.others))
    assert [value for value in carts.TELLING if value not in told] == []
    source = recording.source
    shown = repr((source.version, source.producer, source.filters, source.groups, recording.source_statements,
                  recording.warnings, recording.patient_key, recording.leads))
    assert [value for value in carts.TELLING if value in shown] == []
    assert recording.patient_key == ""


@pytest.mark.parametrize("name", MAKERS)
def test_the_content_tells_the_format_whatever_the_name(tmp_path: Path, name: str) -> None:
    written(tmp_path, MAKERS[name][0](), "no suffix")
    assert [found.format for found in find_recordings([tmp_path])] == [name]


@pytest.mark.parametrize("name", [name for name in MAKERS if name not in ("scp", "ishne")])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_xml_opens_in_every_unicode_form(tmp_path: Path, name: str, encoding: str) -> None:
    text = str(MAKERS[name][0]())
    head, rest = text.split("?>", 1)
    path = written(tmp_path, f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>{rest}'.encode(encoding))
    assert head.startswith("<?xml")
    recording = read_recording(path)
    assert recording.source.format == name
    assert recording.n_samples == 1000


@pytest.mark.parametrize("name", ["muse", "mortara", "schiller", "aecg", "scp"])
def test_the_leads_a_cart_leaves_out_are_derived_and_marked(tmp_path: Path, name: str) -> None:
    recording = opened(tmp_path, name)
    derived = {role.lead for role in recording.roles if role.kind is RoleKind.DERIVED}
    assert derived == {"III", "aVR", "aVL", "aVF"}


def test_machine_statements_are_kept_with_their_reason(tmp_path: Path) -> None:
    assert opened(tmp_path, "mortara").source_statements == ("Sinus rhythm (P axis)",)
    assert opened(tmp_path, "sierra").source_statements == ("SINUS RHYTHM (normal P axis)",)
    assert opened(tmp_path, "muse").source_statements == ("Sinus rhythm",)


def test_a_statement_that_names_a_person_is_no_statement(tmp_path: Path) -> None:
    text = carts.muse_xml().replace("Sinus rhythm<", "Sinus rhythm, confirmed by HOLLOWAY, J<")
    recording = read_recording(written(tmp_path, text))
    assert recording.source_statements == ()
    assert recording.identity is not None
    assert "Sinus rhythm, confirmed by HOLLOWAY, J" in recording.identity.others


@pytest.mark.parametrize(("said", "age_days"), [("3", 94), ("2", 94), ("5", None), ("1", None)])
def test_an_infants_age_by_two_dates_must_agree_with_the_months_the_cart_says(
        tmp_path: Path, said: str, age_days: int | None) -> None:
    text = carts.muse_xml().replace("<PatientAge>3<", f"<PatientAge>{said}<")
    recording = read_recording(written(tmp_path, text))
    assert (recording.age.days if recording.age else None) == age_days
    assert [finding.code for finding in recording.warnings] == ([] if age_days else ["age_contradicted"])


@pytest.mark.parametrize(("written_age", "age_days", "precision"), [
    ("<years>4</years>", 1461, Precision.YEAR), ("<years>0</years><months>3</months>", 91, Precision.MONTH),
    ("<days>0</days>", 0, Precision.DAY), ("<hours>50</hours>", 2, Precision.DAY),
    ("<weeks>2</weeks>", 14, Precision.DAY), ("", None, None)])
def test_philips_ages_are_as_fine_as_they_are_written(
        tmp_path: Path, written_age: str, age_days: int | None, precision: Precision | None) -> None:
    text = carts.sierra_xml().replace("<months>3</months>", written_age)
    age = read_recording(written(tmp_path, text)).age
    assert (age.days if age else None, age.precision if age else None) == (age_days, precision)


def test_a_date_inside_a_statement_tells_the_patient_too(tmp_path: Path) -> None:
    text = carts.muse_xml().replace("Sinus rhythm", "When compared with ECG of 12-MAR-2019 09:12, no change")
    identity = read_recording(written(tmp_path, text)).identity
    assert identity is not None
    assert "12-MAR-2019 09:12" in identity.others


def test_declared_filters_are_those_of_the_stored_signal(tmp_path: Path) -> None:
    muse = opened(tmp_path, "muse").source.filters
    assert (muse.low_cut_hz, muse.high_cut_hz, muse.notch_hz) == (0.16, 150, 60)
    sierra = opened(tmp_path, "sierra").source.filters
    assert (sierra.low_cut_hz, sierra.high_cut_hz, sierra.notch_hz) == (0.05, 150, None)
    cardiosoft = opened(tmp_path, "cardiosoft").source.filters
    assert (cardiosoft.low_cut_hz, cardiosoft.high_cut_hz, cardiosoft.notch_hz) == (0.01, 150, 50)
    scp = opened(tmp_path, "scp").source.filters
    assert (scp.low_cut_hz, scp.high_cut_hz) == (0.05, 150)


def test_compressed_forms_hold_the_same_samples(tmp_path: Path) -> None:
    plain = read_recording(written(tmp_path, carts.sierra_xml(), "plain"))
    compressed = read_recording(written(tmp_path, carts.sierra_xml(xli=True), "compressed"))
    np.testing.assert_array_equal(plain.signal_mv, compressed.signal_mv)
    listed = " ".join(map(str, carts.twelve_digits().ravel()))
    text = carts.sierra_xml().replace('<parsedwaveforms dataencoding="Base64"', '<parsedwaveforms dataencoding="Plain"')
    begin = text.index(">", text.index("<parsedwaveforms")) + 1
    text = text[:begin] + listed + text[text.index("</parsedwaveforms>"):]
    np.testing.assert_array_equal(read_recording(written(tmp_path, text, "listed")).signal_mv, plain.signal_mv)
    scp = read_recording(written(tmp_path, carts.scp_bytes(huffman=True), "huffman"))
    np.testing.assert_array_equal(scp.signal_mv[:8], (carts.digits() * 0.0025).astype(np.float32))


def test_leads_recorded_one_after_another_are_laid_on_one_time_axis(tmp_path: Path) -> None:
    values = carts.digits(3)
    path = written(tmp_path, carts.scp_bytes(values, ("V1", "V2", "V3"), starts=(1, 1001, 2001)))
    recording = read_recording(path)
    assert recording.n_samples == 3000
    assert np.isnan(recording.lead("V2")[:1000]).all()
    np.testing.assert_array_equal(recording.lead("V2")[1000:2000], (values[1] * 0.0025).astype(np.float32))
    assert np.isnan(recording.lead("V1")[1000:]).all()


def test_ishne_against_the_package_that_reads_it_too(tmp_path: Path) -> None:
    kit = pytest.importorskip("ecgdatakit.parsing.parsers.ishne_holter")
    values = carts.digits(3, 5000)
    path = written(tmp_path, carts.ishne_bytes(values), "holter.ecg")
    recording, witness = read_recording(path), kit.ISHNEHolterParser().parse(path)
    assert witness.leads[0].sampling_rate == recording.fs_hz
    for lead in witness.leads:
        np.testing.assert_allclose(recording.lead(lead.label), lead.samples * lead.resolution / 1000, atol=1e-6)
    assert recording.identity is not None
    assert witness.patient.patient_id == recording.identity.patient_id


def test_a_long_record_is_decoded_a_stretch_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = carts.digits(3, 5000)
    path = written(tmp_path, carts.ishne_bytes(values), "holter.ecg")
    whole = ishne_files.read(path, ReadOptions())
    monkeypatch.setattr(large, "BLOCK_VALUES", 700)
    monkeypatch.setattr(large, "IN_MEMORY_VALUES", 1000)
    mapped = ishne_files.read(path, ReadOptions())
    assert mapped_file(mapped.signal_mv) is not None
    np.testing.assert_array_equal(mapped.signal_mv, whole.signal_mv)
    assert mapped.source.sha256 == whole.source.sha256


def test_samples_of_a_lead_that_came_off_are_not_recorded(tmp_path: Path) -> None:
    values = carts.digits(3)
    values[1, 200:300] = -32768
    recording = read_recording(written(tmp_path, carts.ishne_bytes(values)))
    assert np.isnan(recording.lead("II")[200:300]).all()
    assert np.isfinite(recording.lead("I")).all()


def test_the_calibration_pulse_behind_the_ecg_is_left_out(tmp_path: Path) -> None:
    values = np.concatenate([carts.twelve_digits(), np.zeros((12, 200), np.int16)], axis=1)
    values[:, 999] = np.arange(12)
    values[:, 1050:1150] = 200
    recording = read_recording(written(tmp_path, carts.sierra_xml(values)))
    assert recording.n_samples == 1000
    assert [finding.code for finding in recording.warnings] == ["calibration_pulse_left_out"]
    values[3, 1100] = 201
    assert read_recording(written(tmp_path, carts.sierra_xml(values))).n_samples == 1200, "that is no calibration pulse"


def test_orthogonal_leads_are_frank_only_where_the_file_says_so(tmp_path: Path) -> None:
    labels = ("X", "Y", "Z")
    unsaid = read_recording(written(tmp_path, carts.ishne_bytes(labels=labels)))
    assert unsaid.leads == ("Vx", "Vy", "Vz")
    assert [finding.code for finding in unsaid.warnings] == ["orthogonal_leads"]
    said = read_recording(written(tmp_path, carts.scp_bytes(carts.digits(3), labels, tags={33: b"\0\x01"})))
    assert said.leads == ("Vx", "Vy", "Vz")
    assert said.warnings == ()
