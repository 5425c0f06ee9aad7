"""Taking a recording into the library: its files copied whole, its row listed, its copy mended when it was damaged."""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy.orm import Session

from peace_desktop.library import files, recordings
from peace_desktop.library.audit import Act, append
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.records import StoredRecording
from peace_desktop.library.tables import StoredRecordingRow
from peace_desktop.texts import _
from peace_model.ecg.formats.contract import ReadOptions
from peace_model.ecg.recording import Recording, Source


def take(session: Session, act: Act, root: Path, recording: Recording, *, origin_path_name: str, title: str,
         read_options: ReadOptions | None, finding_codes: Iterable[str]) -> StoredRecording:
    """Stores a recording that is new here; of one that is known, puts back files that are lost or damaged."""
    source = recording.source
    known = session.get(StoredRecordingRow, source.sha256)
    if known is not None:
        _mend(session, act, root, source)
        path = files.folder_of(root, source.sha256) / known.main_file
        return StoredRecording(source.sha256, known.title, path, duplicate=True)
    base = source.path.absolute().parent
    copied = _copied(root, source, files.named_beside(base, source.files))
    main_file = source.path.absolute().relative_to(base).as_posix()
    shown = title or source.path.stem
    recordings.add(session, act, recording, copied, title=shown, origin_name=origin_path_name, main_file=main_file,
                   read_fs_hz=read_options.fs_hz if read_options else None,
                   read_unit=read_options.unit if read_options else None, finding_codes=finding_codes)
    return StoredRecording(source.sha256, shown, files.folder_of(root, source.sha256) / main_file)


def _copied(root: Path, source: Source, named: tuple[files.Named, ...]) -> tuple[files.CopiedFile, ...]:
    root.mkdir(exist_ok=True)
    return files.copy_in(root, source.sha256, named, changed=LibraryError(
        _("{file} changed while it was imported; open it again.").format(file=source.path.name)))


def _mend(session: Session, act: Act, root: Path, source: Source) -> None:
    """The same bytes may come under other names: they take the names the library knows them by."""
    stored = recordings.files_of(session, source.sha256)
    if files.are_whole(files.folder_of(root, source.sha256), stored):
        return
    named = tuple((item.name, path.absolute()) for item, path in zip(stored, source.files, strict=True))
    _copied(root, source, named)
    append(session, act, action="recording.mended", subject=source.sha256, payload={})
