"""Opening a library: one writer, the right schema, and what is said when the disk or the file is not well."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from library_cases import VERSION, listed, make_recording, open_at, with_recordings

from peace_desktop.library.at_rest import PLAIN
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.records import Keep
from peace_desktop.library.schema import PACKAGED, SCHEMA, Schema, revision_of
from peace_desktop.library.tables import Base
from peace_desktop.review.reading import new_draft, sign, with_comment

NEXT = Schema((*SCHEMA.revisions, "next"), (*SCHEMA.folders, Path(__file__).parents[1] / "library_next_schema"))
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_the_migrations_make_the_tables_the_code_speaks_of(tmp_path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import create_engine

    open_library(tmp_path, application_version=VERSION).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'library.sqlite'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_the_schema_named_in_the_code_is_the_newest_migration() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(PACKAGED.parent))
    config.set_main_option("path_separator", "newline")
    script = ScriptDirectory.from_config(config)
    assert tuple(reversed([item.revision for item in script.walk_revisions()])) == SCHEMA.revisions


def test_a_current_library_opens_without_loading_alembic(tmp_path) -> None:
    open_at(tmp_path).close()
    program = ("import sys; from pathlib import Path; from peace_desktop.library.engine import open_library; "
               f"open_library(Path({str(tmp_path)!r}), application_version='x').close(); "
               "print({'alembic', 'wfdb', 'scipy.signal', 'PySide6', 'torch'} & sys.modules.keys())")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_second_writer_is_refused_in_a_sentence_and_readers_are_not(tmp_path) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    with library:
        with pytest.raises(LibraryError, match=rf"already open for writing \(process {os.getpid()}\)"):
            open_at(library.folder)
        with open_library(library.folder, application_version=VERSION, read_only=True) as looking:
            assert [row.sha256 for row in listed(looking)] == [sha256]
            with pytest.raises(LibraryError, match="reading only"):
                looking.save_reading(new_draft(sha256, "Dr A"))
    open_at(library.folder).close()


def test_one_thread_writes_while_another_reads(tmp_path) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    with library, ThreadPoolExecutor(2) as threads:
        draft = new_draft(sha256, "Dr A")

        def write() -> None:
            reading = draft
            for number in range(20):
                library.save_reading(reading := with_comment(reading, f"{number}"))

        writing = [threads.submit(write), threads.submit(library.add_reader, "Dr B")]
        while not all(future.done() for future in writing):
            assert [row.sha256 for row in listed(library)] == [sha256]
        for future in writing:
            future.result()
        assert library.reading_for(sha256, "Dr A").comment == "19"
        assert library.verify().problems == ()


def test_a_crashed_library_can_be_looked_at_without_opening_it_for_writing(tmp_path) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    with library:
        library.save_reading(with_comment(new_draft(sha256, "Dr A"), "only in the log"))
        crashed = shutil.copytree(library.folder, tmp_path / "crashed")
    with open_library(crashed, application_version=VERSION, read_only=True) as looking:
        assert looking.reading_for(sha256, "Dr A").comment == "only in the log"
        assert looking.verify().problems == ()


def test_the_lock_of_a_killed_process_does_not_last(tmp_path) -> None:
    program = ("import sys, time; from pathlib import Path; from peace_desktop.library.engine import open_library; "
               f"library = open_library(Path({str(tmp_path)!r}), application_version='{VERSION}'); "
               "print('open', flush=True); time.sleep(60)")
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "open\n"
    with pytest.raises(LibraryError, match=str(child.pid)):
        open_at(tmp_path)
    child.kill()
    child.communicate()
    open_at(tmp_path).close()


def test_the_trail_begins_with_the_library_and_tells_of_a_new_version(tmp_path) -> None:
    open_library(tmp_path, application_version="0.1.0").close()
    open_library(tmp_path, application_version="0.1.0").close()
    with open_library(tmp_path, application_version="0.2.0") as library, library.read() as session:
        rows = session.connection().exec_driver_sql("SELECT action FROM audit ORDER BY sequence").scalars().all()
    assert rows == ["library.created", "library.application"]


def test_a_newer_library_is_refused_and_left_alone(tmp_path) -> None:
    open_at(tmp_path).close()
    file = tmp_path / "library.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = file.read_bytes()
    for read_only in (False, True):
        with pytest.raises(LibraryError, match="newer version of the application"):
            open_library(tmp_path, application_version=VERSION, read_only=read_only)
    assert file.read_bytes() == before


def test_an_older_library_is_backed_up_and_brought_up_to_date(tmp_path) -> None:
    library, (sha256, _) = with_recordings(tmp_path, 2)
    with library:
        reading = with_comment(new_draft(sha256, "Dr A"), "normal")
        final = library.sign_reading(sign(reading, reader="Dr A", meaning="read", at=NOW))
        guards = triggers(library.file)
    with pytest.raises(LibraryError, match="older version"):
        open_library(library.folder, application_version=VERSION, read_only=True, schema=NEXT)
    with open_library(library.folder, application_version=VERSION, schema=NEXT) as later:
        assert later.readings(sha256) == (final,)
        assert later.verify().problems == ()
        assert triggers(later.file) == guards
    (backup,) = (library.folder / "backups").glob(f"before-next-from-{SCHEMA.head}-*.sqlite")
    assert (revision_of(library.file, PLAIN), revision_of(backup, PLAIN)) == ("next", SCHEMA.head)
    # The application of today does not touch what the later one made.
    with pytest.raises(LibraryError, match="newer version"):
        open_at(library.folder)


def triggers(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return sorted(row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'"))


def test_a_failing_migration_leaves_the_library_as_it_was(tmp_path) -> None:
    library, _ = with_recordings(tmp_path / "here", 1)
    library.close()
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "m_next_broken.py").write_text(
        f"from alembic import op\nrevision = 'next'\ndown_revision = '{SCHEMA.head}'\n"
        "def upgrade():\n    op.execute('DROP TABLE predictions')\n    op.execute('SELECT * FROM nowhere')\n", "utf-8")
    broken = Schema((*SCHEMA.revisions, "next"), (*SCHEMA.folders, folder))
    with pytest.raises(LibraryError, match="left as it was"):
        open_library(library.folder, application_version=VERSION, schema=broken)
    with open_at(library.folder) as again:
        assert again.verify().problems == ()
        assert len(listed(again)) == 1


@pytest.mark.parametrize("content", [b"no database at all, but long enough to look like something" * 40, b"\0" * 5000])
def test_a_damaged_file_is_said_to_be_damaged_and_not_touched(tmp_path, content) -> None:
    file = tmp_path / "library.sqlite"
    file.write_bytes(content)
    with pytest.raises(LibraryError, match="damaged|is not a library"):
        open_at(tmp_path)
    assert file.read_bytes() == content


def test_another_programs_database_is_not_taken_for_a_library(tmp_path) -> None:
    with closing(sqlite3.connect(tmp_path / "library.sqlite")) as connection:
        connection.execute("CREATE TABLE notes (text)")
    with pytest.raises(LibraryError, match=r"library\.sqlite is not a library"):
        open_at(tmp_path)


def test_a_missing_library_is_not_made_by_looking(tmp_path) -> None:
    with pytest.raises(LibraryError, match="no library in the folder"):
        open_library(tmp_path / "nowhere", application_version=VERSION, read_only=True)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("left", ["library.sqlite-wal", "recordings/ab/abcd/R00001.hea"])
def test_a_lost_library_is_not_replaced_by_an_empty_one(tmp_path, left) -> None:
    (tmp_path / left).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / left).write_bytes(b"x" * 100)
    with pytest.raises(LibraryError, match=r"\"library\.sqlite\" is missing.*library restore"):
        open_library(tmp_path, application_version=VERSION)
    assert not (tmp_path / "library.sqlite").exists()
    assert (tmp_path / left).read_bytes() == b"x" * 100


def test_a_disk_that_cannot_lock_is_not_said_to_be_in_use(tmp_path, monkeypatch) -> None:
    def refuse(_file: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("peace_desktop.process_lock._take", refuse)
    with pytest.raises(LibraryError, match="Choose a folder on a local disk"):
        open_library(tmp_path, application_version=VERSION)


def test_a_folder_may_have_any_name(tmp_path) -> None:
    folder = tmp_path / "Kinder & \N{LATIN SMALL LETTER A WITH DIAERESIS}ltere 100% #1 心电图"
    open_library(folder, application_version=VERSION).close()
    with open_library(folder, application_version=VERSION) as library:
        library.add_recording(make_recording(tmp_path / "source"), origin_path_name="x")
        assert library.verify().problems == ()
        library.backup(folder.with_name(folder.name + " 2"))
    with open_library(folder, application_version=VERSION, schema=NEXT) as later:
        assert later.verify().problems == ()


def test_a_half_built_new_library_is_built_again(tmp_path) -> None:
    (tmp_path / "library.sqlite.new").write_bytes(b"cut short")
    (tmp_path / "recordings" / "incoming-1").mkdir(parents=True)
    with open_library(tmp_path, application_version=VERSION) as library:
        assert library.verify().problems == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["library.lock", "library.sqlite", "recordings"]
    assert list((tmp_path / "recordings").iterdir()) == []


def test_a_full_disk_is_said_in_words_and_what_was_saved_stays(tmp_path) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    with library:
        kept = library.save_reading(with_comment(new_draft(sha256, "Dr A"), "kept"))
        # SQLite's own stand-in for a disk without room.
        with library.read() as session:
            session.connection().exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(LibraryError, match=r"disk is full.*Everything saved earlier is safe"):
            library.save_reading(with_comment(kept, "x" * 1_000_000))
        assert library.reading_for(sha256, "Dr A") == kept
        assert library.verify().problems == ()
    with open_at(library.folder) as again:
        assert again.save_reading(with_comment(kept, "x" * 1_000_000)).revision == kept.revision + 1
        assert again.verify().problems == ()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_may_not_be_written_is_said_so(tmp_path) -> None:
    open_at(tmp_path).close()
    (tmp_path / "library.lock").unlink()
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(LibraryError, match="cannot be written to"):
            open_at(tmp_path)
    finally:
        tmp_path.chmod(0o700)


def test_no_error_carries_a_path_a_name_or_a_value(tmp_path) -> None:
    library, (sha256,) = with_recordings(tmp_path, 1)
    with library:
        secret = with_comment(new_draft(sha256, "Dr A"), "Erika Musterfrau")
        with library.read() as session:
            session.connection().exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(LibraryError) as caught:
            library.save_reading(secret)
        with library.read() as session:
            session.connection().exec_driver_sql("PRAGMA query_only = OFF")
        recording = make_recording(tmp_path / "Musterfrau", seed=9)
        recording.source.files[1].unlink()
        with pytest.raises(LibraryError) as missing:
            library.add_recording(recording, origin_path_name="x", keep=Keep.NAME)
    for error in (caught, missing):
        assert "Muster" not in str(error.value)
        assert str(tmp_path) not in str(error.value)
