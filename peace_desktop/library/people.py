"""Readers, the people behind the recordings, and every correction a reader made to age or sex."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Session

from peace_desktop.library.audit import Act, append
from peace_desktop.library.canonical import sha256_of
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.records import Person
from peace_desktop.library.tables import CorrectionRow, MetaRow, PersonNameRow, ReaderRow, StoredRecordingRow
from peace_desktop.texts import _
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.recording import Sex


@dataclass(frozen=True)
class PersonValues:
    """What holds of a person at the time of one recording."""

    age: Age | None
    sex: Sex | None
    gestational_age_weeks: int | None

    def sha256(self) -> str:
        age = None if self.age is None else [self.age.days, self.age.precision.value, self.age.origin]
        return sha256_of({"age": age, "sex": self.sex, "gestational_age_weeks": self.gestational_age_weeks})


def age_of(days: int | None, precision: str | None, origin: str | None) -> Age | None:
    """An age from its three columns."""
    return None if days is None or precision is None else Age(days, Precision(precision), origin or "")


def sex_of(value: str | None) -> Sex | None:
    """A sex from its column."""
    return "F" if value == "F" else "M" if value == "M" else None


_SALT = "pseudonym_salt"
PATIENT_SECRET = "patient_secret"
"""The meta table's entry that patient keys and shifts of dates are made with: in backups, never in exports."""


def patient_secret(session: Session) -> bytes:
    """The library's secret for `deidentification`."""
    return bytes.fromhex(session.scalars(select(MetaRow.value).where(MetaRow.name == PATIENT_SECRET)).one())


def pseudonym(session: Session, patient_key: str) -> str:
    """A patient key as it appears in audit entries and exports: not to be turned back without this library."""
    if not patient_key:
        return ""
    salt = session.info.get(_SALT)
    if salt is None:
        salt = session.info[_SALT] = session.scalars(select(MetaRow.value).where(MetaRow.name == _SALT)).one()
    return sha256_of([salt, patient_key])[:16]


def reader_names(session: Session) -> tuple[str, ...]:
    """All readers by name."""
    return tuple(session.scalars(select(ReaderRow.name).order_by(ReaderRow.name)))


def ensure_reader(session: Session, act: Act, name: str) -> None:
    """Adds a reader the library does not know yet."""
    if session.get(ReaderRow, name) is None:
        session.execute(insert(ReaderRow).values(name=name, added_at=act.at))
        append(session, act, action="reader.added", subject=name, payload={})


def access_sha256(row: ReaderRow) -> str:
    """Hash of what an administrator decides of a reader, for the audit trail."""
    return sha256_of({"name": row.name, "role": row.role, "active": row.active, "passphrase": row.passphrase})


def values_of(row: StoredRecordingRow | CorrectionRow) -> PersonValues:
    """What a recording or one of its corrections says holds."""
    return PersonValues(age_of(row.age_days, row.age_precision, row.age_origin), sex_of(row.sex),
                        row.gestational_age_weeks)


def _recording(session: Session, sha256: str) -> StoredRecordingRow:
    row = session.get(StoredRecordingRow, sha256)
    if row is None:
        raise LibraryError(_("This recording is not in the library."))
    return row


def _person(recording: StoredRecordingRow, values: PersonValues, correction: CorrectionRow | None) -> Person:
    file_age = age_of(recording.file_age_days, recording.file_age_precision, recording.file_age_origin)
    file_sex = sex_of(recording.file_sex)
    if correction is None:
        return Person(values.age, values.sex, corrected=False, file_age=file_age, file_sex=file_sex)
    return Person(values.age, values.sex, corrected=True, file_age=file_age, file_sex=file_sex,
                  gestational_age_weeks=values.gestational_age_weeks, corrected_by=correction.reader,
                  corrected_at=correction.at, reason=correction.reason)


def _corrections(session: Session, sha256: str) -> tuple[CorrectionRow, ...]:
    return tuple(session.scalars(select(CorrectionRow).where(CorrectionRow.recording_sha256 == sha256)
                                 .order_by(CorrectionRow.correction_id)))


def history(session: Session, sha256: str) -> tuple[Person, ...]:
    """What held, oldest first: the file's own words, then each correction."""
    recording = _recording(session, sha256)
    file_values = PersonValues(
        age_of(recording.file_age_days, recording.file_age_precision, recording.file_age_origin),
        sex_of(recording.file_sex), None)
    return (_person(recording, file_values, None),
            *(_person(recording, values_of(row), row) for row in _corrections(session, sha256)))


def correct(session: Session, act: Act, sha256: str, values: PersonValues, reason: str) -> None:
    """Stores what holds from now on; what held before stays in the history."""
    if not reason.strip():
        raise LibraryError(_("A correction needs a reason, in a few words."))
    before = values_of(_recording(session, sha256))
    ensure_reader(session, act, act.actor)
    columns = {
        "age_days": values.age.days if values.age is not None else None,
        "age_precision": values.age.precision.value if values.age is not None else None,
        "age_origin": values.age.origin if values.age is not None else None,
        "sex": values.sex,
        "gestational_age_weeks": values.gestational_age_weeks,
    }
    session.execute(insert(CorrectionRow).values(
        recording_sha256=sha256, reader=act.actor, reason=reason.strip(), at=act.at, **columns))
    session.execute(update(StoredRecordingRow).where(StoredRecordingRow.sha256 == sha256)
                    .values(person_corrected=True, **columns))
    changed = [name for name, old, new in (
        ("age", before.age, values.age), ("sex", before.sex, values.sex),
        ("gestational_age_weeks", before.gestational_age_weeks, values.gestational_age_weeks)) if old != new]
    append(session, act, action="person.corrected", subject=sha256,
           payload={"changed": changed, "person_sha256": values.sha256()})


def set_name(session: Session, act: Act, patient_key: str, name: str, *, birth_date: date | None = None) -> None:
    """Keeps a patient's name, and a birth date where one is given, in the table of names; what stood there is replaced.

    The audit trail learns only that it was set; setting the same again writes nothing.
    """
    if not patient_key:
        raise LibraryError(_("A name needs a patient key to belong to; this recording's file gives none."))
    row = session.get(PersonNameRow, patient_key)
    birth = birth_date or (row.birth_date if row is not None else None)
    if row is not None and (row.name, row.birth_date) == (name, birth):
        return
    session.execute(upsert(PersonNameRow).values(patient_key=patient_key, name=name, birth_date=birth)
                    .on_conflict_do_update(index_elements=["patient_key"], set_={"name": name, "birth_date": birth}))
    session.expire_all()
    append(session, act, action="person.named", subject=pseudonym(session, patient_key), payload={})


def unnamed(session: Session, sha256s: Sequence[str], *, birth_date: bool) -> frozenset[str]:
    """Which of these recordings are of a patient with a key but without a name, or, where asked for, a birth date."""
    kept = select(PersonNameRow.patient_key).where(PersonNameRow.name != "")
    if birth_date:
        kept = kept.where(PersonNameRow.birth_date.is_not(None))
    return frozenset(session.scalars(select(StoredRecordingRow.sha256).where(
        StoredRecordingRow.sha256.in_(sha256s), StoredRecordingRow.patient_key != "",
        StoredRecordingRow.patient_key.not_in(kept))))


def name_of(session: Session, patient_key: str) -> str:
    """The patient's name, "" when none was entered."""
    row = session.get(PersonNameRow, patient_key)
    return "" if row is None else row.name


def birth_date_of(session: Session, patient_key: str) -> date | None:
    """The patient's birth date, None unless somebody asked for it to be kept."""
    row = session.get(PersonNameRow, patient_key)
    return None if row is None else row.birth_date
