"""What `library statistics` counts of readers' edits."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from library_cases import with_recordings

from peace_desktop.library.cli import main
from peace_desktop.review.measurement_edits import edit_in
from peace_desktop.review.reading import new_draft, with_comment
from peace_model.ecg.boundaries import Boundaries

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
AUTOMATIC = Boundaries(-150.0, -70.0, -36.0, 40.0, 120.0, 300.0)
MOVED = replace(AUTOMATIC, p_on=-160.0)


def test_statistics_count_edits_by_reader_and_the_recordings_they_are_of(tmp_path, capsys) -> None:
    library, (first, second, _third) = with_recordings(tmp_path, 3)
    with library:
        assert (library.statistics().edits_by_reader, library.statistics().edited_recordings) == ({}, 0)
        for sha256, reader in ((first, "Dr A"), (second, "Dr A"), (second, "Dr B")):
            draft = library.save_reading(with_comment(new_draft(sha256, reader), "P is early"))
            library.add_measurement_edit(edit_in(draft, MOVED, automatic=AUTOMATIC, at=NOW))
        library.add_measurement_edit(edit_in(draft, None, automatic=AUTOMATIC, at=NOW))
        counts = library.statistics()
        assert counts.edits_by_reader == {"Dr A": 2, "Dr B": 2}
        assert counts.edited_recordings == 2
    words = ["--library", str(library.folder)]
    assert main(["statistics", *words]) == 0
    said = capsys.readouterr().out
    assert "measurement edits by: Dr A 2, Dr B 2" in said
    assert "recordings with edited measurements: 2" in said
    assert main(["statistics", *words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["edits_by_reader"] == {"Dr A": 2, "Dr B": 2}
