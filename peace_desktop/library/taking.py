"""Taking a recording into the library: written in the stored form without its identity, read back, then listed.

What an identified import keeps besides is kept apart: the original files in a folder of their own beside the stored
form, the name in the table of names. Rows, stored form, titles and audit trail are the same in both.
"""

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from peace_desktop.library import files, people, recordings
from peace_desktop.library.at_rest import Readable, opened
from peace_desktop.library.audit import Act, append
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.records import AuditHead, Keep, StoredRecording
from peace_desktop.library.tables import AuditRow, StoredRecordingRow
from peace_desktop.texts import _, listed
from peace_model.ecg.deidentification import NOBODY, deidentified, neutral_title, shown_name, traces_of
from peace_model.ecg.formats.contract import ReadOptions
from peace_model.ecg.formats.stored_form import DOCUMENT, SIGNAL, anybodys_text, document_text, write_signal
from peace_model.ecg.recording import Recording
from peace_model.ecg.traces import Traces

ORIGINAL = "original"
"""The folder of an identified recording's own files, inside its folder."""


@dataclass(frozen=True, eq=False)
class Incoming:
    """One recording on its way in, as its file was read.

    origin_name: the base name of the file it came from. title: "" for the record's own pseudonym or a neutral one.
    read_options: what a person had to say to read it. finding_codes: of what is wrong with it.
    """

    recording: Recording
    origin_name: str
    keep: Keep = Keep.NOTHING
    title: str = ""
    read_options: ReadOptions | None = None
    finding_codes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, eq=False)
class Prepared:
    """A recording whose files are written, checked and forced to the disk, in a folder that is not yet in its place."""

    incoming: Incoming
    clean: Recording
    title: str
    origin_name: str
    traces: Traces
    folder: Path
    copied: tuple[files.CopiedFile, ...]

    @property
    def sha256(self) -> str:
        return self.clean.source.sha256


def prepare(stack: ExitStack, kept: files.RecordingFiles, secret: bytes, incoming: Incoming) -> Prepared:
    """Writes a recording's files aside, until the stack is closed, and looks whether anything of its identity is left.

    Raises LibraryError when something is, or when the original's files are no longer those that were read.
    """
    recording, identified = incoming.recording, incoming.keep is not Keep.NOTHING
    clean = deidentified(recording, secret, keep_date=identified)
    traces = traces_of(recording, keep_date=identified)
    own = shown_name(recording, Path(incoming.origin_name).stem)
    folder = stack.enter_context(kept.incoming())
    sha256 = clean.source.sha256
    signal = kept.written(folder, sha256, SIGNAL, lambda stream: write_signal(clean, stream))
    # Nothing but samples can stand in the signal's file: its hash is the one the document names.
    innocent, text = (made(clean, signal_sha256=signal.sha256) for made in (anybodys_text, document_text))
    _refuse_traces(traces.kinds_in(text, innocent=innocent))
    document = kept.written(folder, sha256, DOCUMENT, lambda stream: stream.write(text.encode()))
    originals = _originals(kept, folder, recording) if identified else ()
    files.sync_folder(folder)
    return Prepared(incoming, clean, incoming.title or own or neutral_title(clean), incoming.origin_name if own else "",
                    traces, folder, (document, signal, *originals))


def _originals(kept: files.RecordingFiles, folder: Path, recording: Recording) -> tuple[files.CopiedFile, ...]:
    base = recording.source.path.absolute().parent
    named = files.named_beside(base, recording.source.files)
    sha256 = recording.source.sha256
    copied = kept.copied(folder, sha256, [replace(file, name=f"{ORIGINAL}/{file.name}") for file in named])
    if files.joined_sha256([kept.named(sha256, item.name, folder) for item in copied]) != sha256:
        raise LibraryError(_("{file} changed while it was imported; open it again.").format(
            file=recording.source.path.name))
    if (folder / ORIGINAL).is_dir():
        files.sync_folder(folder / ORIGINAL)
    return copied


def enlist(session: Session, act: Act, kept: files.RecordingFiles, prepared: Prepared) -> StoredRecording:
    """Puts a prepared recording in its place and lists it.

    Of one that is known, mends what is lost or damaged, and adds the name or birth date that is kept now and was not;
    its files and dates stay as they were taken, since readings may stand on them.
    """
    known = session.get(StoredRecordingRow, prepared.sha256)
    if known is not None:
        _mend(session, act, kept, known, prepared)
        return StoredRecording(known.sha256, known.title, kept.folder_of(known.sha256) / known.main_file,
                               duplicate=True, named=_add_name(session, act, known.patient_key, prepared))
    incoming, options = prepared.incoming, prepared.incoming.read_options
    entry = recordings.add(
        session, act, prepared.clean, prepared.copied, title=prepared.title, origin_name=prepared.origin_name,
        main_file=DOCUMENT, identified=incoming.keep is not Keep.NOTHING,
        read_fs_hz=options.fs_hz if options else None, read_unit=options.unit if options else None,
        finding_codes=incoming.finding_codes)
    _read_back(session, prepared, entry)
    if incoming.keep is not Keep.NOTHING:
        _keep_name(session, act, prepared)
    kept.put_in_place(prepared.folder, prepared.sha256)
    return StoredRecording(prepared.sha256, prepared.title, kept.folder_of(prepared.sha256) / DOCUMENT)


def _keep_name(session: Session, act: Act, prepared: Prepared) -> None:
    name, birth_date = _kept(prepared.incoming)
    if prepared.clean.patient_key and (name or birth_date):
        people.set_name(session, act, prepared.clean.patient_key, name, birth_date=birth_date)


def _add_name(session: Session, act: Act, patient_key: str, prepared: Prepared) -> bool:
    """Whether something was added to what is known of the patient; nothing that stands there is replaced."""
    known_name, known_birth = people.name_of(session, patient_key), people.birth_date_of(session, patient_key)
    name, birth_date = _kept(prepared.incoming)
    adds = (name and not known_name) or (birth_date and not known_birth)
    if not patient_key or not adds:
        return False
    people.set_name(session, act, patient_key, known_name or name, birth_date=known_birth or birth_date)
    return True


def _kept(incoming: Incoming) -> tuple[str, date | None]:
    """Name and birth date as far as they are to be kept."""
    identity = incoming.recording.identity or NOBODY
    return ("" if incoming.keep is Keep.NOTHING else identity.name,
            identity.birth_date if incoming.keep is Keep.NAME_AND_BIRTH_DATE else None)


def _read_back(session: Session, prepared: Prepared, entry: AuditHead) -> None:
    """Looks at what the database holds of the recording now, its entry in the audit trail included."""
    table = StoredRecordingRow
    said = session.execute(select(table.title, table.origin_name, table.file_statements)
                           .where(table.sha256 == prepared.sha256)).one()
    payload = json.loads(session.scalars(select(AuditRow.payload).where(AuditRow.sequence == entry.sequence)).one())
    _refuse_traces(prepared.traces.kinds_in("\n".join((*said, *map(str, payload.values()))),
                                            innocent=neutral_title(prepared.clean)))


def _refuse_traces(kinds: Iterable[str]) -> None:
    if found := listed(kinds):
        raise LibraryError(_("This recording was not imported: something that was to be removed ({kinds}) was still in "
                             "what would have been stored.").format(kinds=found))


def _mend(session: Session, act: Act, kept: files.RecordingFiles, known: StoredRecordingRow,
          prepared: Prepared) -> None:
    """The same content may come under other names: its files take the names the library knows them by."""
    stored = recordings.files_of(session, known.sha256)
    if kept.are_whole(known.sha256, stored):
        return
    source = prepared.incoming.recording.source
    cannot = LibraryError(_("The library's copy of this recording is damaged, and what was read now differs from it. "
                            "Bring it back from a backup."))
    originals = [item for item in stored if known.main_file != DOCUMENT or item.name.startswith(f"{ORIGINAL}/")]
    if originals and len(originals) != len(source.files):
        raise cannot
    fresh: dict[str, Callable[[], AbstractContextManager[Readable]]] = {
        item.name: kept.named(known.sha256, item.name, prepared.folder).open for item in prepared.copied
        if item.name in (DOCUMENT, SIGNAL)}
    fresh |= {item.name: partial(opened, path) for item, path in zip(originals, source.files, strict=False)}
    if any(item.name not in fresh for item in stored):
        raise cannot
    # Each file from where it is whole: the library's own, or what was read now.
    best = [kept.named(known.sha256, item.name) if kept.are_whole(known.sha256, (item,))
            else files.Named(item.name, fresh[item.name]) for item in stored]
    kept.copy_again(known.sha256, best, stored, changed=cannot)
    append(session, act, action="recording.mended", subject=known.sha256, payload={})
