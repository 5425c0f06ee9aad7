"""An encrypted library: nothing that is known stands in any file, and only its passphrase opens it, without damage."""

import builtins
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from access_cases import cheap_scrypt
from library_cases import VERSION, make_recording, open_at

from peace_desktop.library.at_rest import SealedDamage
from peace_desktop.library.encryption import Encrypted
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.key_file import (
    DamagedKey,
    PassphraseNeeded,
    WrongPassphrase,
    encrypt_new,
    new_data_key,
    rewrap,
    with_passphrase,
)
from peace_desktop.library.records import Keep
from peace_desktop.library.repository import Library
from peace_desktop.library.restore import restore
from peace_desktop.library.taking import Incoming
from peace_desktop.review.reading import new_draft, sign, with_comment
from peace_model.ecg.identity import Identity
from peace_model.ecg.recording import Recording

__all__ = ["cheap_scrypt"]
pytestmark = pytest.mark.usefixtures("cheap_scrypt")

WORDS = "a long way to the lake"
PLANTED = ("Musterfrau", "Erika", "tall R in V1", "Dr Wagner", "ward 7b")


def encrypted_at(folder: Path, passphrase: str = WORDS) -> Library:
    """The encrypted library in a folder, a new one when there is none."""
    if not (folder / "library.key").exists():
        encrypt_new(folder, passphrase)
    return open_library(folder, application_version=VERSION, unlock=with_passphrase(passphrase))


def named_recording(folder: Path, seed: int = 1) -> Recording:
    """A recording of a person, in files that bear her name."""
    from dataclasses import replace

    recording = make_recording(folder / "Musterfrau", seed=seed)
    return replace(recording, identity=Identity("4711", "Musterfrau, Erika"))


def filled(folder: Path) -> tuple[Library, Recording, str]:
    """With a person's recording, her name and its original file kept, and a signed reading."""
    library = encrypted_at(folder / "library")
    recording = named_recording(folder)
    sha256 = library.add_recording(recording, origin_path_name=recording.source.path.name, keep=Keep.NAME).sha256
    draft = library.save_reading(with_comment(new_draft(sha256, "Dr Wagner"), "tall R in V1"))
    library.correct_person(sha256, age=None, sex="F", reader="Dr Wagner", reason="ward 7b")
    library.sign_reading(sign(draft, reader="Dr Wagner", meaning="read", at=datetime(2026, 11, 21, tzinfo=UTC)))
    return library, recording, sha256


def planted_in(folder: Path, recording: Recording) -> list[str]:
    """What of the planted things can be found in any file or file name below a folder."""
    samples = np.ascontiguousarray(recording.signal_mv[:, :64])
    patterns = {text: text.encode() for text in PLANTED}
    patterns |= {"samples": samples[0].tobytes(), "file of samples": recording.source.files[1].read_bytes()[:128],
                 "database header": b"SQLite format 3", "tables": b"CREATE TABLE", "npy": b"NUMPY"}
    found = []
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        found += [f"{what} in {path.name}" for what, pattern in patterns.items()
                  if pattern in content or pattern in path.name.encode()]
    return found


def test_nothing_planted_is_found_in_library_log_or_backups_while_it_is_open_and_after(tmp_path) -> None:
    library, recording, sha256 = filled(tmp_path)
    assert any(planted_in(recording.source.path.parent, recording)), "the search finds what is there"
    with library:
        library.backup(tmp_path / "backup")
        assert (library.folder / "library.sqlite-wal").stat().st_size > 0
        assert planted_in(library.folder, recording) == []
        assert library.person_name(library.load_recording(sha256).patient_key) == "Musterfrau, Erika"
    assert planted_in(tmp_path / "library", recording) == []
    assert planted_in(tmp_path / "backup", recording) == []
    assert WORDS.encode() not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_what_went_in_comes_out_and_is_verified(tmp_path) -> None:
    library, recording, sha256 = filled(tmp_path)
    library.close()
    with encrypted_at(tmp_path / "library") as again:
        loaded = again.load_recording(sha256)
        np.testing.assert_array_equal(loaded.signal_mv, recording.signal_mv)
        assert again.reading_for(sha256, "Dr Wagner").comment == "tall R in V1"
        assert again.whole([sha256]) == {sha256}
        assert again.verify().problems == ()
        assert again.add_recording(recording, origin_path_name="x").duplicate
    with open_library(tmp_path / "library", application_version=VERSION, read_only=True,
                      unlock=with_passphrase(WORDS)) as looking:
        assert looking.verify().problems == ()


def test_a_wrong_passphrase_is_refused_in_a_sentence_and_harms_nothing(tmp_path, capfd) -> None:
    library, _recording, _sha256 = filled(tmp_path)
    library.close()
    before = {path: path.read_bytes() for path in library.folder.rglob("*") if path.is_file()}
    for read_only in (False, True):
        with pytest.raises(WrongPassphrase, match="does not open the library. Nothing was changed"):
            open_library(library.folder, application_version=VERSION, read_only=read_only,
                         unlock=with_passphrase("a short way to the lake"))
        with pytest.raises(PassphraseNeeded, match="encrypted"):
            open_library(library.folder, application_version=VERSION, read_only=read_only)
    after = {path: path.read_bytes() for path in library.folder.rglob("*") if path.is_file()}
    assert after | {library.folder / "library.lock": b""} == before | {library.folder / "library.lock": b""}
    assert capfd.readouterr() == ("", "")
    encrypted_at(library.folder).close()


def test_another_passphrase_wraps_the_same_key_and_the_old_one_no_longer_opens(tmp_path) -> None:
    library, _recording, sha256 = filled(tmp_path)
    library.close()
    with pytest.raises(WrongPassphrase):
        rewrap(library.folder, old="a guess at it", new="entirely different words")
    with pytest.raises(LibraryError, match="at least 8 characters"):
        rewrap(library.folder, old=WORDS, new="short")
    encrypted_at(library.folder).close()
    database = (library.folder / "library.sqlite").read_bytes()
    rewrap(library.folder, old=WORDS, new="entirely different words")
    assert (library.folder / "library.sqlite").read_bytes() == database
    assert not list(library.folder.glob("*.new"))
    with pytest.raises(WrongPassphrase):
        encrypted_at(library.folder)
    with encrypted_at(library.folder, "entirely different words") as again:
        assert again.load_recording(sha256).leads[0] == "I"


def test_a_key_change_that_stops_half_way_leaves_a_key_that_opens(tmp_path, monkeypatch) -> None:
    library, _recording, _sha256 = filled(tmp_path)
    library.close()
    steps = 0

    def stop_at(after: int) -> None:
        nonlocal steps
        steps = 0

        def replace(source: object, target: object) -> None:
            nonlocal steps
            steps += 1
            if steps > after:
                raise OSError(28, "No space left on device")
            shutil.move(source, target)

        monkeypatch.setattr("peace_desktop.library.key_file.os.replace", replace)

    stop_at(0)
    with pytest.raises(LibraryError, match="disk is full"):
        rewrap(library.folder, old=WORDS, new="entirely different words")
    monkeypatch.undo()
    monkeypatch.setattr("peace_desktop.library.passphrases.COST", _cheap())
    encrypted_at(library.folder).close()
    stop_at(1)
    with pytest.raises(LibraryError, match="disk is full"):
        rewrap(library.folder, old=WORDS, new="entirely different words")
    monkeypatch.undo()
    encrypted_at(library.folder, "entirely different words").close()


def _cheap() -> object:
    from peace_desktop.library.passphrases import Cost

    return Cost(1 << 4, 8, 1)


@pytest.mark.parametrize("harm", [
    lambda data: data[:-1], lambda data: data[:100], lambda data: b"", lambda data: data + b"x",
    lambda data: data[:400] + bytes([data[400] ^ 1]) + data[401:], lambda data: b"x" + data[1:]])
def test_a_sealed_file_that_was_changed_or_cut_is_noticed(tmp_path, harm) -> None:
    library, _recording, sha256 = filled(tmp_path)
    with library:
        signal = max(library.recordings_folder.rglob("*"), key=lambda path: path.is_file() and path.stat().st_size)
        kept = signal.read_bytes()
        signal.write_bytes(harm(kept))
        assert any("was changed" in problem for problem in library.verify().problems)
        with pytest.raises(LibraryError):
            library.load_recording(sha256)
        signal.write_bytes(kept)
        assert library.verify().problems == ()


def test_sealed_files_cannot_change_places(tmp_path) -> None:
    with encrypted_at(tmp_path / "library") as library:
        first, second = (library.add_recording(recording, origin_path_name="x").sha256
                         for recording in (make_recording(tmp_path / "source", seed=seed) for seed in (1, 2)))
        files = [sorted((library.recordings_folder / sha256[:2] / sha256).iterdir(), key=size)
                 for sha256 in (first, second)]
        for one, other in zip(*files, strict=True):
            shutil.copy(other, one)
        with pytest.raises(LibraryError):
            library.load_recording(first)
        assert library.load_recording(second).source.sha256 == second


def size(path: Path) -> int:
    return path.stat().st_size


@pytest.mark.parametrize("n_bytes", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_a_file_of_any_length_is_sealed_and_read_in_pieces(tmp_path, n_bytes) -> None:
    at_rest, path = Encrypted(new_data_key()), tmp_path / "sealed"
    content = np.random.default_rng(n_bytes).bytes(n_bytes)
    with at_rest.create(path, sha256="a", name="b") as file:
        for start in range(0, n_bytes, 700_001):
            file.write(content[start:start + 700_001])
    assert path.stat().st_size == at_rest.size_on_disk(n_bytes)
    with at_rest.open(path, sha256="a", name="b") as file:
        pieces = []
        while piece := file.read(333_333):
            pieces.append(piece)
    assert b"".join(pieces) == content
    for other, name in ((Encrypted(new_data_key()), "b"), (at_rest, "c")):
        with pytest.raises(SealedDamage):
            read_all(other, path, name)
    whole = path.read_bytes()
    for cut in (whole[:-(1 << 20) - 16], whole[:-1], whole + whole[-20:]):
        path.write_bytes(cut)
        with pytest.raises(SealedDamage):
            read_all(at_rest, path, "b")


def read_all(at_rest: Encrypted, path: Path, name: str) -> None:
    with at_rest.open(path, sha256="a", name=name) as file:
        while file.read(1 << 20):
            pass


def test_a_signal_whose_samples_lie_lead_by_lead_or_time_by_time_comes_back_the_same(tmp_path) -> None:
    from dataclasses import replace

    with encrypted_at(tmp_path / "library") as library:
        recording = make_recording(tmp_path / "source")
        turned = replace(recording, signal_mv=np.asfortranarray(recording.signal_mv))
        sha256 = library.add_recording(turned, origin_path_name="x").sha256
        np.testing.assert_array_equal(library.load_recording(sha256).signal_mv, recording.signal_mv)


def test_a_backup_opens_by_itself_and_comes_back(tmp_path) -> None:
    library, recording, sha256 = filled(tmp_path)
    with library:
        done = library.backup(tmp_path / "backup")
        assert library.backup(tmp_path / "backup").copied == 0
    fresh = restore(tmp_path / "elsewhere", done.file, application_version=VERSION, unlock=with_passphrase(WORDS))
    assert fresh.copied == 1
    with encrypted_at(tmp_path / "elsewhere") as again:
        np.testing.assert_array_equal(again.load_recording(sha256).signal_mv, recording.signal_mv)
        assert again.verify().problems == ()
    shutil.rmtree(tmp_path / "library" / "recordings")
    (tmp_path / "library" / "library.key").unlink()
    with pytest.raises(DamagedKey, match="missing"):
        encrypted_at_existing(tmp_path / "library")
    restore(tmp_path / "library", done.file, application_version=VERSION, unlock=with_passphrase(WORDS))
    with encrypted_at(tmp_path / "library") as again:
        assert again.verify().problems == ()


def encrypted_at_existing(folder: Path) -> Library:
    return open_library(folder, application_version=VERSION, unlock=with_passphrase(WORDS))


def test_encrypted_and_plain_libraries_are_never_mixed(tmp_path) -> None:
    library, _recording, _sha256 = filled(tmp_path)
    with library, open_at(tmp_path / "plain") as plain:
        sealed, open_one = library.backup(tmp_path / "sealed"), plain.backup(tmp_path / "open")
        with encrypted_at(tmp_path / "other", "another passphrase") as other, pytest.raises(
                LibraryError, match='"sealed" holds backups of another library; choose another folder'):
            other.backup(tmp_path / "sealed")
        for at_site, folder in ((library, "open"), (plain, "sealed"), (library, "plain"), (plain, "library")):
            before = sorted((tmp_path / folder).rglob("*"))
            with pytest.raises(LibraryError, match=f'"{folder}" holds backups of another library'):
                at_site.backup(tmp_path / folder)
            assert sorted((tmp_path / folder).rglob("*")) == before
    refused = ((tmp_path / "library", open_one.file, "not encrypted, and the library"),
               (tmp_path / "plain", sealed.file, "encrypted, and the library in this folder is not"),
               (tmp_path / "other", sealed.file, "of another encrypted library"))
    for folder, file, said in refused:
        before = (folder / "library.sqlite").read_bytes()
        with pytest.raises(LibraryError, match=said):
            restore(folder, file, application_version=VERSION, unlock=with_passphrase(WORDS))
        assert (folder / "library.sqlite").read_bytes() == before
    shutil.copy(tmp_path / "sealed" / "library.key", tmp_path / "open")
    restore(tmp_path / "from a folder once mixed", open_one.file, application_version=VERSION)
    with pytest.raises(LibraryError, match="chosen when a library is made"):
        encrypt_new(tmp_path / "plain", WORDS)


@pytest.mark.parametrize("content", ["", "{}", "no JSON", '{"format": "peace-library-key", "version": 9}', "cost"])
def test_a_damaged_key_file_is_said_to_be_one_and_its_copy_opens(tmp_path, content) -> None:
    library, _recording, _sha256 = filled(tmp_path)
    library.close()
    file = library.folder / "library.key"
    if content == "cost":
        document = json.loads(file.read_text())
        document["kdf"]["n"] = 1 << 40
        content = json.dumps(document)
    file.write_text(content)
    with pytest.raises(DamagedKey, match=r"damaged.*backups"):
        encrypted_at(library.folder)
    shutil.copy(library.folder / "backups" / "library.key", file)
    encrypted_at(library.folder).close()


def test_without_the_extra_it_is_named_and_plain_libraries_need_none(tmp_path, monkeypatch) -> None:
    library, _recording, _sha256 = filled(tmp_path)
    library.close()
    really = builtins.__import__

    def absent(name: str, *rest: object) -> object:
        if name.split(".")[0] in ("sqlcipher3", "cryptography"):
            raise ImportError(name)
        return really(name, *rest)

    monkeypatch.setattr(builtins, "__import__", absent)
    for attempt in (lambda: encrypted_at(library.folder), lambda: encrypt_new(tmp_path / "new", WORDS)):
        with pytest.raises(LibraryError, match=r"extra \"encrypted\": pip install 'peace-desktop\[encrypted\]'"):
            attempt()
    assert not (tmp_path / "new" / "library.key").exists()
    monkeypatch.undo()
    program = ("import sys; from pathlib import Path; from peace_desktop.library.engine import open_library; "
               f"open_library(Path({str(tmp_path / 'plain')!r}), application_version='x').close(); "
               "print({'sqlcipher3', 'cryptography'} & sys.modules.keys())")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_an_import_that_fails_leaves_nothing_readable(tmp_path) -> None:
    with encrypted_at(tmp_path / "library") as library:
        recording = named_recording(tmp_path)
        recording.source.files[1].unlink()
        (refused,) = library.add_recordings([Incoming(recording, "x", Keep.NAME)])
        assert isinstance(refused, LibraryError)
        assert list(library.recordings_folder.iterdir()) == []


def test_a_long_signal_is_read_and_written_without_a_second_copy_of_it_in_memory(tmp_path) -> None:
    import tracemalloc

    with encrypted_at(tmp_path / "library") as library:
        recording = make_recording(tmp_path / "source", n_samples=1_000_000)
        sha256 = library.add_recording(recording, origin_path_name="x").sha256
        tracemalloc.start()
        try:
            loaded = library.load_recording(sha256)
            _now, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert loaded.signal_mv.nbytes == 48_000_000
        assert peak_bytes < 1.2 * loaded.signal_mv.nbytes
        np.testing.assert_array_equal(loaded.signal_mv, recording.signal_mv)
