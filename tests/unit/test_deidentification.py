"""What de-identification takes out, what it keeps exactly, and how what is left is found."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.deidentification import deidentified, neutral_title, patient_key_of, shown_name
from peace_model.ecg.identity import Identity
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import DeclaredFilters, Finding, GroupKind, Recording, SignalGroup, Source, roles_of
from peace_model.ecg.traces import REMOVED, Traces

SECRET = bytes(range(32))
CHILD = Identity("4711-08", "MUSTERFRAU^ERIKA", date(2019, 2, 3),
                 ("Weber^Hans", "Kinderklinik Musterstadt", "ACC0012345", "Marktplatz 1, 12345 Musterstadt", "sinus"))
AT = datetime(2024, 3, 5, 10, 31, 7)


def recording_of(identity: Identity | None = CHILD, *, at: datetime | None = AT, statements: tuple[str, ...] = (),
                 sha256: str = "ab" * 32, **other: object) -> Recording:
    source = Source(Path("Musterfrau_Erika.dcm"), "dicom", sha256, (Path("Musterfrau_Erika.dcm"),),
                    producer="GE MAC 5500", filters=DeclaredFilters(other="by Weber"),
                    groups=(SignalGroup("RHYTHM Musterfrau", GroupKind.RHYTHM, STANDARD_12, 500.0, 10, True),))
    age = Age(1857, Precision.DAY, "birth date")
    return replace(Recording(
        np.zeros((12, 10), np.float32), 500.0, STANDARD_12, roles_of(STANDARD_12), age, "F", at, "", source, statements,
        identity=identity), **other)  # type: ignore[arg-type]


def test_nothing_of_the_identity_is_left_and_the_rest_is_as_it_was() -> None:
    said = ("Sinus rhythm, normal ECG", "Confirmed by Dr. WEBER on 05-MAR-2024 10:40", "Frau Müsterfrau/Erika 4711-08",
            "compared with 2023-12-01", "pat.4711-08.")
    warning = Finding("channels_left_out", (), "Left out: {channels}.", (("channels", "ERIKA, RESP"),))
    clean = deidentified(recording_of(statements=said, warnings=(warning,)), SECRET)
    assert clean.identity is None
    assert clean.source_statements == (
        said[0], f"Confirmed by Dr. {REMOVED} on {REMOVED} 10:40", f"Frau Müsterfrau/{REMOVED}",
        f"compared with {REMOVED}", f"pat.{REMOVED}.")
    assert clean.warnings[0].text == f"Left out: {REMOVED}, RESP."
    assert "Muster" not in repr(clean)
    assert "Weber" not in repr(clean)
    assert clean.source.producer == "GE MAC 5500"
    assert clean.source.groups[0].name == f"RHYTHM {REMOVED}"
    assert (clean.age, clean.sex, clean.source.sha256) == (Age(1857, Precision.DAY, "birth date"), "F", "ab" * 32)


def test_umlauts_and_accents_are_found_in_every_spelling() -> None:
    child = Identity(name="Müller^Zoé")
    clean = deidentified(recording_of(child, statements=("MUELLER, Zoe", "Muller zoé", "Mu\u0308ller")), SECRET)
    assert clean.source_statements == (REMOVED,) * 3


def test_short_names_are_found_as_a_whole_either_way_round() -> None:
    said = ("Li Na", "Na, Li", "ST elevation in II", "Na 140")
    clean = deidentified(recording_of(Identity(name="LI^NA"), statements=said), SECRET)
    assert clean.source_statements == (REMOVED, REMOVED, *said[2:])


def test_names_without_word_ends_are_found() -> None:
    clean = deidentified(recording_of(Identity(name="张伟"), statements=("患儿张伟窦性心律", "2024年3月5日")), SECRET)
    assert clean.source_statements == (f"患儿{REMOVED}窦性心律", REMOVED)


def test_words_of_a_diagnosis_stay_though_a_comment_repeats_them() -> None:
    clean = deidentified(recording_of(statements=("Sinus tachycardia", "T wave inversion")), SECRET)
    assert clean.source_statements == ("Sinus tachycardia", "T wave inversion")


def test_the_same_patient_has_one_key_and_one_shift_and_keeps_its_intervals() -> None:
    later = AT + timedelta(days=40, hours=2)
    first = deidentified(recording_of(), SECRET)
    second = deidentified(recording_of(replace(CHILD, name="", birth_date=None), at=later, sha256="cd" * 32), SECRET)
    assert first.patient_key == second.patient_key != ""
    assert second.recorded_at - first.recorded_at == later - AT
    assert (AT - first.recorded_at).days >= 366
    assert first.recorded_at.time() == AT.time()
    assert first.date_shifted
    other = deidentified(recording_of(), b"another secret")
    assert other.patient_key != first.patient_key
    assert other.recorded_at != first.recorded_at


def test_doing_it_twice_changes_nothing() -> None:
    once = deidentified(recording_of(), SECRET)
    assert deidentified(once, SECRET).recorded_at == once.recorded_at
    assert deidentified(once, SECRET).patient_key == once.patient_key


@pytest.mark.parametrize(("identity", "has_key"), [
    (Identity("4711"), True), (Identity(name="A^B", birth_date=date(2020, 1, 1)), True),
    (Identity(name="A^B"), False), (Identity(birth_date=date(2020, 1, 1)), False),
    (Identity("UNKNOWN"), False), (Identity("0000"), False), (Identity(), False)])
def test_only_what_tells_one_patient_from_another_makes_a_key(identity, has_key) -> None:
    assert bool(patient_key_of(identity, SECRET)) is has_key


def test_a_number_is_the_same_however_it_is_padded_or_spelled() -> None:
    keys = {patient_key_of(Identity(number), SECRET) for number in ("ab 47", " AB  47 ", "\uff21\uff22 47")}
    assert len(keys) == 1


def test_a_published_pseudonym_stays_the_key_and_a_recording_of_nobody_moves_by_itself() -> None:
    pseudonym = deidentified(recording_of(None, patient_key="P02222"), SECRET)
    assert pseudonym.patient_key == "P02222"
    nobody, another = (deidentified(recording_of(None, sha256=sha256), SECRET) for sha256 in ("ab" * 32, "cd" * 32))
    assert nobody.patient_key == another.patient_key == ""
    assert nobody.recorded_at != another.recorded_at


@pytest.mark.parametrize("at", [None, datetime(1, 1, 1, 12)])
def test_a_clock_that_was_never_set_gives_no_date(at) -> None:
    assert deidentified(recording_of(at=at), SECRET).recorded_at is None


def test_a_simulated_recording_keeps_its_date() -> None:
    assert deidentified(recording_of(None, simulated=True), SECRET).recorded_at == AT


def test_keeping_the_date_keeps_it_and_nothing_else() -> None:
    clean = deidentified(recording_of(statements=("Erika, seen 2024-03-05",)), SECRET, keep_date=True)
    assert (clean.recorded_at, clean.date_shifted) == (AT, False)
    assert clean.source_statements == (f"{REMOVED}, seen 2024-03-05",)
    assert clean.identity is None


@pytest.mark.parametrize(("content", "kinds"), [
    (b"a MusterFrau b", ("name",)), (b"PN=MUSTERFRAU^ERIKA\0\0", ("name",)), (b"born 03.02.2019.", ("birth date",)),
    (b"20190203101500", ("birth date",)), ("id 4711-08, müsterfrau".encode(), ("patient number",)),
    ("Weber".encode("utf-16-le"), ()), ("xx\0Musterfrau xx".encode("utf-16"), ("name",)),
    (b"HANS ACC0012345 erika", ("name", "other value")), (b"sinus rhythm 4711-081 Erikas", ())])
def test_what_is_left_is_told_by_kind_and_never_by_value(content, kinds) -> None:
    assert Traces(CHILD).kinds_in(content) == kinds


@pytest.mark.parametrize(("format_name", "name", "shown"), [
    ("wfdb", "P02222_E01", True), ("wfdb", "00001_lr", True), ("wfdb", "JS20008", True),
    ("wfdb", "Muster_Erika", False), ("wfdb", "mueller1984", False), ("dicom", "P02222_E01", False),
    ("wfdb", "4711-08", False)])
def test_only_a_published_pseudonym_is_shown_as_a_title(format_name, name, shown) -> None:
    recording = recording_of()
    recording = replace(recording, source=replace(recording.source, format=format_name))
    assert shown_name(recording, name) == (name if shown else "")
    assert shown_name(replace(recording, identity=None, simulated=True), name) == name


def test_a_neutral_title_tells_recordings_of_one_patient_apart() -> None:
    clean = deidentified(recording_of(), SECRET)
    assert neutral_title(clean) == f"{clean.patient_key[:8]} ~{clean.recorded_at:%Y-%m-%d %H:%M}"
    assert neutral_title(deidentified(recording_of(None, at=None), SECRET)) == "#abababab"
