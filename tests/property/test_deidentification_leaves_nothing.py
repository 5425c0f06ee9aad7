"""Whatever a file says of a person, and wherever it repeats it, none of it is left."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.deidentification import deidentified, traces_of
from peace_model.ecg.formats.stored_form import anybodys_text, document_text
from peace_model.ecg.identity import Identity
from peace_model.ecg.recording import Finding, Recording, Source, roles_of
from peace_model.ecg.traces import Traces

SECRET = b"s" * 32
LETTERS = st.characters(categories=("Lu", "Ll", "Lo"), codec="utf-8")
NAMES = st.lists(st.text(LETTERS, min_size=3, max_size=9), min_size=1, max_size=3).map("^".join)
NUMBERS = st.from_regex(r"[A-Z]{0,3}[1-9][0-9]{4,9}", fullmatch=True)
OTHERS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40), max_size=4).map(tuple)
DAYS = st.dates(date(1930, 1, 1), date(2026, 1, 1))
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2026, 1, 1)).map(lambda at: at.replace(microsecond=0))
JOINTS = st.sampled_from([" ", ", ", "; ", "/", " (", ")", ": ", "\n", ""])
IDENTITIES = st.builds(Identity, NUMBERS, NAMES, DAYS, OTHERS)


def recording_of(identity: Identity | None, at: datetime, *, statements: tuple[str, ...] = (),
                 sha256: str = "ab" * 32) -> Recording:
    source = Source(Path("x"), "scp", sha256, ())
    age = Age(100, Precision.DAY, "birth date")
    return Recording(np.zeros((1, 4), np.float32), 500.0, ("I",), roles_of(("I",)), age, "F", at, "", source,
                     statements, identity=identity)


@given(identity=IDENTITIES, at=MOMENTS, joint=JOINTS, case=st.sampled_from([str, str.upper, str.lower, str.title]))
@settings(max_examples=40)
def test_nothing_a_statement_repeats_is_left(identity: Identity, at: datetime, joint: str, case) -> None:
    birth = identity.birth_date
    values = [identity.patient_id, identity.name, *identity.name.split("^"), birth.isoformat(), f"{birth:%Y%m%d}",
              f"{at:%d.%m.%Y}", at.date().isoformat(), *identity.others]
    # Letters whose capitals are other letters ("\u00df" and "SS") are another word once their case is changed.
    assume(all(value.upper().lower() == value.lower() and len(value.upper()) == len(value) for value in values))
    said = tuple(case(f"seen: {joint}{value}{joint or ' '}end") for value in values)
    recording = recording_of(identity, at, statements=said)
    recording = replace(recording, warnings=(Finding("x", (), "{v}", (("v", identity.name),)),),
                        source=replace(recording.source, producer=f"cart of {identity.name}"))
    clean = deidentified(recording, SECRET)
    text, anybodys = document_text(clean, signal_sha256="0"), anybodys_text(clean, signal_sha256="0")
    assert traces_of(recording).kinds_in(text, innocent=anybodys) == ()
    for told in (*clean.source_statements, clean.source.producer, clean.warnings[0].text):
        assert Traces(Identity(identity.patient_id, identity.name, birth)).kinds_in(told) == ()
    assert (clean.age, clean.sex) == (recording.age, recording.sex)


@settings(max_examples=40)
@given(identity=IDENTITIES, first=MOMENTS, second=MOMENTS)
def test_intervals_of_one_patient_hold_and_dates_do_not(identity: Identity, first: datetime, second: datetime) -> None:
    one, two = (deidentified(recording_of(identity, at, sha256=f"{place:064d}"), SECRET)
                for place, at in enumerate((first, second)))
    assert one.patient_key == two.patient_key
    assert two.recorded_at - one.recorded_at == second - first
    assert timedelta(days=366) <= first - one.recorded_at <= timedelta(days=3652)
    assert (first - one.recorded_at) % timedelta(days=1) == timedelta(0)
    assert deidentified(one, SECRET).recorded_at == one.recorded_at


@settings(max_examples=20)
@given(identity=IDENTITIES)
def test_the_secret_alone_leads_from_a_patient_to_a_key(identity: Identity) -> None:
    recording = recording_of(identity, datetime(2020, 1, 1))
    keys = {deidentified(recording, secret).patient_key for secret in (SECRET, b"t" * 32)}
    assert len(keys) == 2
    assert all(len(key) == 16 and identity.patient_id.casefold() not in key for key in keys)
