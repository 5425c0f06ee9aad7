"""The log never holds what could name a patient."""

import logging
from pathlib import Path

from peace_desktop.logs import Log, describe_exception, without_paths
from peace_desktop.paths import places


def test_paths_are_cut() -> None:
    assert "Smith" not in without_paths("cannot read /home/ward/Smith_Anna/rec.hea now")
    assert "Smith" not in without_paths(r"cannot read C:\ward\Smith\rec.hea")
    assert without_paths("3/4 of 12 leads") == "3/4 of 12 leads"


def test_exception_texts_stay_out_and_places_stay_in(tmp_path: Path) -> None:
    home = places(tmp_path)
    log = Log(home)
    logger = logging.getLogger("peace_desktop.test")
    try:
        try:
            raise ValueError("Anna Smith, born 2020")
        except ValueError as error:
            described = describe_exception(error)
            logger.exception("an operation failed on %s", "/data/Smith/rec.hea")
    finally:
        log.close()
    written = home.log_file.read_text("utf-8")
    for text in (written, described):
        assert "Anna" not in text
        assert "Smith" not in text
        assert "ValueError" in text
        assert "test_window_logs.py" in text
