"""The secret of `analyze`: made once, kept, for its owner only, and never replaced when it is damaged."""

import os
import stat

import pytest

from peace_desktop.jobs.patient_secret import SecretError, own_secret


def test_it_is_made_once_and_kept(tmp_path) -> None:
    file = tmp_path / "data" / "patient-secret"
    secret = own_secret(file)
    assert len(secret) == 32
    assert own_secret(file) == secret
    assert own_secret(tmp_path / "other") != secret
    assert [path.name for path in file.parent.iterdir()] == ["patient-secret"]


@pytest.mark.skipif(os.name != "posix", reason="Windows guards the user's folder instead")
def test_only_its_owner_may_read_it(tmp_path) -> None:
    own_secret(tmp_path / "s")
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"abcd\n", b"not hex\n", b"\xff\xfe"])
def test_a_damaged_one_is_said_and_left(tmp_path, content) -> None:
    (tmp_path / "s").write_bytes(content)
    with pytest.raises(SecretError, match='"s"'):
        own_secret(tmp_path / "s")
    assert (tmp_path / "s").read_bytes() == content


def test_a_place_that_cannot_be_made_is_said(tmp_path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SecretError, match="--identified"):
        own_secret(tmp_path / "file" / "s")
