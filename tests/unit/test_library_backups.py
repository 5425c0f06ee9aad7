"""Backups of a library's own, thinned out with age; damage found at the start; nothing newer lost without a word."""

import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from access_cases import cheap_scrypt
from hypothesis import given
from hypothesis import strategies as st
from library_cases import VERSION, listed, make_recording, open_at, with_recordings

from peace_desktop.library.at_rest import PLAIN
from peace_desktop.library.cli import main
from peace_desktop.library.contents import Contents, Newer, NewerReading, contents_of
from peace_desktop.library.damage import DamagedLibrary, newest_good
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.key_file import encrypt_new, with_passphrase
from peace_desktop.library.ladder import keep_backup, kept_backups, staying_of
from peace_desktop.library.repository import Library
from peace_desktop.library.restore import restore
from peace_desktop.review.reading import new_draft, sign, with_comment

__all__ = ["cheap_scrypt"]
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
WORDS = "a long way to the lake"


def opened(folder: Path, at: datetime, *, encrypted: bool = False) -> Library:
    return open_library(folder, application_version=VERSION, clock=lambda: at,
                        **({"unlock": with_passphrase(WORDS)} if encrypted else {}))


def draft_by(library: Library, sha256: str, reader: str) -> None:
    library.save_reading(with_comment(new_draft(sha256, reader), "said"))


@pytest.fixture(params=["plain", "encrypted"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, cheap_scrypt: None) -> tuple[Path, bool]:
    """A library with one recording and one signed reading, closed with a backup; and whether it is encrypted."""
    encrypted = request.param == "encrypted"
    place = tmp_path / "library"
    if encrypted:
        encrypt_new(place, WORDS)
    with opened(place, NOW, encrypted=encrypted) as library:
        sha256 = library.add_recording(make_recording(tmp_path / "source"), origin_path_name="x").sha256
        draft = library.save_reading(with_comment(new_draft(sha256, "Dr A"), "normal"))
        library.sign_reading(sign(draft, reader="Dr A", meaning="read", at=NOW))
        assert keep_backup(library) is not None
    return place, encrypted


def test_a_backup_is_kept_when_something_changed_and_not_too_often(folder) -> None:
    place, encrypted = folder
    for later, change, kept in (
            (timedelta(minutes=30), False, 1), (timedelta(minutes=5), True, 1), (timedelta(minutes=11), True, 2),
            (timedelta(days=-3), True, 3)):
        with opened(place, NOW + later, encrypted=encrypted) as library:
            if change:
                draft_by(library, listed(library)[0].sha256, f"Dr {later}")
            keep_backup(library)
            assert len(kept_backups(place)) == kept
            newest = kept_backups(place)[0]
            assert contents_of(newest.file, library.at_rest).recordings == 1
    assert sorted(path.name for path in (place / "backups").iterdir() if path.suffix != ".key") == sorted(
        kept.file.name for kept in kept_backups(place))


@given(st.lists(st.integers(-40_000, 700_000), min_size=1, max_size=120, unique=True))
def test_old_backups_thin_out_and_the_newest_and_every_recent_day_week_and_month_stay(minutes) -> None:
    times = [NOW - timedelta(minutes=minute) for minute in minutes]
    staying = staying_of(times, NOW)
    assert staying <= set(times)
    assert max(times) in staying
    assert {at for at in times if at > NOW - timedelta(days=1)} <= staying
    past = [at for at in staying if at <= NOW - timedelta(days=1)]
    assert len(past) <= 7 + 5 + 12
    for rung, count in (("%Y-%j", 7), ("%G-%V", 5), ("%Y-%m", 12)):
        recent = sorted({at.strftime(rung) for at in times}, reverse=True)[:count]
        assert set(recent) <= {at.strftime(rung) for at in staying}
    assert staying_of(staying, NOW) == staying


def harm(file: Path, how: str) -> None:
    content = file.read_bytes()
    if how == "missing":
        file.unlink()
    else:
        file.write_bytes({"cut": content[:len(content) // 2], "empty": b"", "header": b"x" * 16 + content[16:],
                          "middle": content[:8192] + b"\xff" * 4096 + content[12288:],
                          "zeros": b"\0" * len(content)}[how])


@pytest.mark.parametrize("how", ["missing", "cut", "empty", "header", "middle", "zeros"])
def test_a_damaged_library_is_noticed_kept_whole_and_the_newest_good_backup_named(folder, how) -> None:
    place, encrypted = folder
    file = place / "library.sqlite"
    harm(file, how)
    damaged = file.read_bytes() if file.exists() else None
    (place / "backups" / "library-20990101T000000.000000Z-99.sqlite").write_bytes(b"no backup at all")
    with pytest.raises(DamagedLibrary, match=r"Nothing was changed.*good backup is of 2026-11-21 09:00") as caught:
        opened(place, NOW, encrypted=encrypted)
    assert (file.read_bytes() if file.exists() else None) == damaged
    newest = caught.value.newest
    assert newest is not None
    done = restore(place, newest.file, application_version=VERSION, unlock=lambda _key: caught.value.at_rest)
    assert done.newer in (None, Newer((), 0)), "as far as it could be read"
    assert (done.replaced.read_bytes() if done.replaced else None) == damaged
    with opened(place, NOW, encrypted=encrypted) as library:
        (row,) = listed(library)
        assert library.reading_for(row.sha256, "Dr A").comment == "normal"
        assert library.verify().problems == ()


def test_without_a_good_backup_nothing_is_made_in_its_place(folder) -> None:
    place, encrypted = folder
    for kept in kept_backups(place):
        kept.file.write_bytes(b"spoilt")
    harm(place / "library.sqlite", "cut")
    with pytest.raises(DamagedLibrary, match="There is no backup") as caught:
        opened(place, NOW, encrypted=encrypted)
    assert caught.value.newest is None


def test_what_is_newer_than_the_backup_is_named_and_kept(folder, tmp_path) -> None:
    place, encrypted = folder
    with opened(place, NOW + timedelta(hours=1), encrypted=encrypted) as library:
        (row,) = listed(library)
        draft_by(library, row.sha256, "Dr B")
        library.add_recording(make_recording(tmp_path / "source", seed=2), origin_path_name="x")
        at_rest, (newest, *_) = library.at_rest, kept_backups(place)
    done = restore(place, newest.file, application_version=VERSION, unlock=lambda _key: at_rest)
    assert done.newer.readings == (NewerReading("Dr B", row.title, "draft"),)
    assert done.newer.recordings == 1
    assert contents_of(done.replaced, at_rest) == Contents(2, 2, 1)
    assert [(kept.kind, kept.head is None) for kept in kept_backups(place)][0] == ("replaced", True)
    with opened(place, NOW, encrypted=encrypted) as library:
        assert len(listed(library)) == 1
        assert library.verify().problems == ()
    back = restore(place, done.replaced, application_version=VERSION, unlock=lambda _key: at_rest)
    with opened(place, NOW, encrypted=encrypted) as library:
        assert len(listed(library)) == 2
        assert library.verify().problems == ()
    assert back.newer.readings == ()


def test_backups_stay_readable_when_the_disk_is_full(folder, monkeypatch) -> None:
    place, encrypted = folder
    with opened(place, NOW + timedelta(hours=1), encrypted=encrypted) as library:
        draft_by(library, listed(library)[0].sha256, "Dr B")

        def full(_file: Path) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("peace_desktop.library.snapshot.sync_file", full)
        with pytest.raises(LibraryError, match="disk is full"):
            keep_backup(library)
        assert len(kept_backups(place)) == 1
        assert newest_good(place, library.at_rest) is not None
        assert not list((place / "backups").glob("*.part"))


def test_the_command_line_makes_lists_and_brings_back(tmp_path, capsys, cheap_scrypt, monkeypatch) -> None:
    place, words, other = tmp_path / "library", tmp_path / "words", tmp_path / "other"
    words.write_text(f"{WORDS}\n", "utf-8")
    other.write_text("entirely different words", "utf-8")
    opening = ["--library", str(place), "--library-passphrase-file", str(words)]
    assert main(["create", "--encrypted", "--new-passphrase-file", str(words), "--library", str(place)]) == 0
    with opened(place, NOW, encrypted=True) as library:
        sha256 = library.add_recording(make_recording(tmp_path / "source"), origin_path_name="x").sha256
        keep_backup(library)
        draft_by(library, sha256, "Dr B")
    assert main(["backups", *opening]) == 0
    assert "recordings: 1, readings: 0, signed: 0" in capsys.readouterr().out
    assert main(["restore", "--newest", *opening]) == 0
    said = capsys.readouterr().out
    assert "readings: 1, recordings: 0" in said
    assert "Dr B" in said
    harm(place / "library.sqlite", "cut")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    assert main(["verify", *opening]) == 1
    (newest,) = (kept.file.name for kept in kept_backups(place) if kept.kind == "library")
    assert main(["restore", newest, *opening]) == 0
    assert main(["verify", *opening]) == 0
    assert main(["change-key", *opening, "--new-passphrase-file", str(other)]) == 0
    capsys.readouterr()
    assert main(["verify", *opening]) == 1
    assert "does not open the library" in capsys.readouterr().err
    assert main(["verify", "--library", str(place)]) == 1
    assert "--library-passphrase-file" in capsys.readouterr().err
    assert main(["verify", "--library", str(place), "--library-passphrase-file", str(other)]) == 0


def test_readers_of_an_encrypted_library_send_sealed_archives_that_its_passphrase_opens(
        tmp_path, capsys, cheap_scrypt) -> None:
    place, words, sealed = tmp_path / "library", tmp_path / "words", tmp_path / "readings.zip"
    words.write_text(WORDS, "utf-8")
    encrypt_new(place, WORDS)
    recording = make_recording(tmp_path / "source")
    with opened(place, NOW, encrypted=True) as library:
        sha256 = library.add_recording(recording, origin_path_name="x").sha256
        draft = library.save_reading(with_comment(new_draft(sha256, "Dr Wagner"), "normal"))
        library.sign_reading(sign(draft, reader="Dr Wagner", meaning="read", at=NOW))
    opening = ["--library", str(place), "--library-passphrase-file", str(words)]
    assert main(["export", str(sealed), *opening]) == 0
    content = sealed.read_bytes()
    assert not any(planted in content for planted in (b"Wagner", b"manifest.json", b"PK\x03\x04", sha256.encode()))
    with open_at(tmp_path / "elsewhere") as library:
        library.add_recording(recording, origin_path_name="x")
    taking = ["import", str(sealed), "--library", str(tmp_path / "elsewhere")]
    assert main(taking) == 1
    words.write_text("some other words", "utf-8")
    assert main([*taking, "--passphrase-file", str(words)]) == 1
    words.write_text(WORDS, "utf-8")
    sealed.write_bytes(content[:-1])
    assert main([*taking, "--passphrase-file", str(words)]) == 1
    assert "is damaged" in capsys.readouterr().err
    sealed.write_bytes(content)
    assert main([*taking, "--passphrase-file", str(words)]) == 0
    assert "Readings imported: 1" in capsys.readouterr().out
    with open_at(tmp_path / "elsewhere") as library:
        assert library.reading_for(sha256, "Dr Wagner") is not None


def test_all_passphrases_of_readers_can_be_taken_away_from_the_command_line(tmp_path, capsys, cheap_scrypt) -> None:
    from access_cases import with_three_readers

    from peace_desktop.library.access import Access

    with open_at(tmp_path) as library:
        with_three_readers(library)
    assert main(["forget-passphrases", "--library", str(tmp_path)]) == 0
    assert "taken away: 3" in capsys.readouterr().out
    with open_at(tmp_path) as library:
        assert not Access(library).guarded
        assert library.verify().problems == ()


def test_a_library_that_lost_only_its_file_is_found_by_its_backups(tmp_path) -> None:
    library, _ = with_recordings(tmp_path, 1)
    with library:
        keep_backup(library)
    (library.folder / "library.sqlite").unlink()
    shutil.rmtree(library.folder / "recordings")
    with pytest.raises(DamagedLibrary, match="is missing"):
        open_at_existing(library.folder)
    assert not (library.folder / "library.sqlite").exists()


def open_at_existing(folder: Path) -> Library:
    return open_library(folder, application_version=VERSION)


def test_a_large_library_that_ended_well_is_not_looked_through_at_every_start(tmp_path, monkeypatch) -> None:
    open_at(tmp_path).close()
    monkeypatch.setattr("peace_desktop.library.damage._LOOKED_THROUGH_BYTES", 0)
    asked: list[str] = []
    connect = PLAIN.connect

    def tracing(file: Path, mode: str) -> sqlite3.Connection:
        connection = connect(file, mode)  # type: ignore[arg-type]
        connection.set_trace_callback(asked.append)
        return connection

    monkeypatch.setattr("peace_desktop.library.at_rest.Plain.connect", lambda _self, file, mode: tracing(file, mode))
    open_at_existing(tmp_path).close()
    assert not any("quick_check" in query for query in asked)
    asked.clear()
    (tmp_path / "library.sqlite-wal").write_bytes(b"a log that was left behind")
    open_at_existing(tmp_path).close()
    assert any("quick_check" in query for query in asked)
