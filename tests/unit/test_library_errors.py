"""Every fault of disk and file becomes a sentence that says what is safe and what to do."""

import errno
import sqlite3

import pytest

from peace_desktop.library.errors import LibraryError, plain_errors


@pytest.mark.parametrize(("code", "sentence"), [
    (errno.ENOSPC, "disk is full"), (errno.EROFS, "cannot be written to"), (errno.EACCES, "cannot be written to"),
    (errno.EIO, "reported a fault"), (errno.ENOENT, "everything saved earlier is safe")])
def test_a_fault_of_the_disk_is_a_plain_sentence(code, sentence) -> None:
    with pytest.raises(LibraryError, match=sentence) as caught, plain_errors():
        raise OSError(code, "details", "/home/erika-musterfrau/ecg.dat")
    assert "musterfrau" not in str(caught.value)


def test_a_locked_file_is_said_to_be_in_use(tmp_path) -> None:
    first = sqlite3.connect(tmp_path / "x", isolation_level=None)
    second = sqlite3.connect(tmp_path / "x", timeout=0)
    try:
        first.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LibraryError, match="in use by another program"), plain_errors():
            second.execute("CREATE TABLE x (y)")
    finally:
        first.close()
        second.close()


def test_other_errors_are_not_dressed_up() -> None:
    with pytest.raises(ZeroDivisionError), plain_errors():
        raise ZeroDivisionError
