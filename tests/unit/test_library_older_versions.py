"""Libraries that earlier versions wrote, kept as they wrote them (tests/golden/libraries), open without loss."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from library_cases import listed

from peace_desktop.library.at_rest import PLAIN
from peace_desktop.library.engine import open_library
from peace_desktop.library.restore import restore
from peace_desktop.library.schema import SCHEMA, revision_of
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.library.worklist import Worklist
from peace_desktop.review.blind_reading import reveal
from peace_desktop.review.reading import ReadingState, new_draft, sign, with_comment
from peace_desktop.review.statements import Presence

KEPT = Path(__file__).parents[1] / "golden" / "libraries"
SHA256 = "839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87"
VERSION = "9.0"


def as_written(schema: str, folder: Path) -> Path:
    """The library as that version left it: rows as SQL, files as they were."""
    shutil.copytree(KEPT / schema / "recordings", folder / "recordings")
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        connection.executescript((KEPT / schema / "library.sql").read_text("utf-8"))
    return folder


@pytest.mark.parametrize("schema", ["0001", "0003", "0006"])
def test_an_older_library_is_backed_up_and_brought_up_to_date(tmp_path, schema) -> None:
    folder = as_written(schema, tmp_path / "old")
    with open_library(folder, application_version=VERSION) as library:
        final, amendment, draft = library.readings(SHA256)
        assert [reading.state for reading in (final, amendment, draft)] == [
            ReadingState.FINAL, ReadingState.FINAL, ReadingState.DRAFT]
        assert (final.comment, final.confidence, amendment.amends) == ("tall R in V1", 4, final.reading_id)
        assert draft.statement("NORM").presence is Presence.UNCERTAIN
        assert len(library.measurement_edits(SHA256)) == (1 if schema >= "0003" else 0)
        assert (library.stored_person(SHA256).age.days, library.stored_person(SHA256).sex) == (420, "M")
        assert library.load_recording(SHA256).leads[:2] == ("I", "II")
        assert library.verify().problems == ()
        library.sign_reading(sign(with_comment(draft, "normal"), reader="Dr B", meaning="read",
                                  at=datetime(2026, 11, 2, tzinfo=UTC)))
        library.save_reading(new_draft(SHA256, "Dr C"))
        assert library.verify().problems == ()
    backups = [revision_of(file, PLAIN) for file in
               (folder / "backups").glob(f"before-{SCHEMA.head}-from-{schema}-*.sqlite")]
    assert (revision_of(folder / "library.sqlite", PLAIN), backups) == (
        SCHEMA.head, [schema] if schema != SCHEMA.head else [])


def test_a_study_and_what_readers_kept_come_along(tmp_path) -> None:
    with open_library(as_written("0006", tmp_path / "old"), application_version=VERSION) as library:
        room = StudyRoom(library)
        (protocol,) = room.protocols()
        study = room.study(protocol.study_id)
        assert [(reading.reader, reading.state, reading.locked.statement("RVH").presence) for reading in study.readings
                ] == [("Dr A", ReadingState.FINAL, Presence.PRESENT), ("Dr B", ReadingState.LOCKED, Presence.ABSENT)]
        assert [(item.stage, item.seconds, item.shown.model_output) for item in
                room.circumstances(study.readings[0].reading_id)] == [("locked", 41.5, False), ("signed", 41.5, True)]
        assert [item.presence for item in study.adjudications] == [Presence.PRESENT]
        assert [row.flagged for row in listed(library, reader="Dr A")] == [True, False]
        assert list(Worklist(library).kept_filters(reader="Dr A")) == ["boys with findings"]
        room.reveal(reveal(study.readings[1], bundle_sha256=protocol.bundle_sha256))
        assert library.verify().problems == ()
        with closing(sqlite3.connect(library.file)) as connection:
            connection.execute("UPDATE kept_filters SET document = replace(document, 'M', 'F')")
            connection.commit()
        assert "the kept filters of reader Dr A" in library.verify().problems[0]


@pytest.mark.parametrize("schema", ["0001", "0003", "0006"])
def test_an_older_backup_is_brought_back_and_brought_up_to_date(tmp_path, schema) -> None:
    kept = as_written(schema, tmp_path / "kept")
    with open_library(tmp_path / "other", application_version=VERSION):
        pass
    restored = restore(tmp_path / "other", kept / "library.sqlite", application_version=VERSION)
    assert revision_of(restored.file, PLAIN) == SCHEMA.head
    with open_library(tmp_path / "other", application_version=VERSION) as library:
        assert len(library.readings(SHA256)) == 3
        assert library.verify().problems == ()
