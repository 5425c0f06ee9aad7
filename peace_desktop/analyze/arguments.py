"""What `peace-desktop analyze` can be told, and what its help says."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from peace_desktop.texts import _, error_words
from peace_model.ecg.age import AGE_BANDS

if TYPE_CHECKING:
    from peace_model.ecg.formats.csv_profile import CsvProfile

_MAX_AGE_DAYS = AGE_BANDS[-1].max_days - 1

_EPILOG = """\
Every recording gives NAME.json and NAME.pdf (both unless one of --json, --pdf is asked for); recordings of equal
names keep their path below the folder that was given, and where a name holds something of the patient the results are
named after the recording's SHA-256. Results of an earlier run are replaced. The JSON is described in
resources/schema/analyze-1.json.

exit status:
  0  every recording worked
  1  some failed, each named with the reason on stderr (a path that does not exist and a folder without recordings
     count as failed), or Ctrl+C ended the work; everything else is finished
  2  wrong usage: an unknown option, a bundle or a table of limits that cannot be used, no result folder, no place for
     the secret that patients' keys are made with, a side-car table that cannot be read or that lists none of the
     recordings
"""


def argument_parser() -> argparse.ArgumentParser:
    """The parser of the command's arguments. Wrong values end it with argparse's own message."""
    parser = argparse.ArgumentParser(
        prog="peace-desktop analyze", description=_("Analyse recordings without a window. Research use only."),
        epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=_("recordings, or folders of them"))
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help=_("folder of the results"))
    parser.add_argument("--json", action="store_true", help=_("write JSON"))
    parser.add_argument("--pdf", action="store_true", help=_("write PDF reports"))
    parser.add_argument("--language", choices=("en", "zh_CN"), default="en",
                        help=_("language of reports, sentences in the JSON and messages (default: en)"))
    parser.add_argument("--age-days", type=_age_days, metavar="N",
                        help=_("age at recording in days, for every recording, in place of what the file says"))
    parser.add_argument("--sex", choices=("F", "M"), help=_("sex, for every recording, in place of the file's"))
    parser.add_argument("--bundle", type=Path, metavar="DIR", help=_("model bundle (default: the built-in one)"))
    parser.add_argument("--identified", action="store_true",
                        help=_("keep the file's patient number, true date and texts (default: a key and a date made "
                               "with a secret of this user's data folder, texts without names)"))
    parser.add_argument("--occlusion", type=_labels, default=(), metavar="LABEL[,LABEL]",
                        help=_("add an occlusion map, lead by time, of these labels; takes seconds a label"))
    parser.add_argument("--provider", choices=("auto", "cpu", "cuda", "directml", "coreml"), default="auto",
                        help=_("where the model runs (default: the best there is)"))
    parser.add_argument("--section", type=_time, default=0.0, metavar="START",
                        help=_("which minute of recordings longer than ten minutes: where it begins, in seconds or as "
                               "1:02:03 (default: the first; shorter ones are analysed whole)"))
    parser.add_argument("--fs", type=_rate, metavar="HZ", help=_("sampling rate of files that do not say it (CSV)"))
    parser.add_argument("--unit", choices=("mV", "uV", "nV", "V"), help=_("unit of files that do not say it"))
    parser.add_argument("--csv-profile", type=_profile, metavar="FILE",
                        help=_("profile of tables, saved by the import: columns, unit and rate of CSV and MAT files"))
    parser.add_argument("--sidecar", type=Path, metavar="CSV",
                        help=_("table with ages and sexes by record name (PTB-XL's ptbxl_database.csv); a recording it "
                               "does not list is analysed with that as a finding"))
    return parser


def _age_days(text: str) -> int:
    if not text.isdecimal() or int(text) > _MAX_AGE_DAYS:
        raise argparse.ArgumentTypeError(_("expected whole days from 0 to {most}").format(most=_MAX_AGE_DAYS))
    return int(text)


def _time(text: str) -> float:
    from peace_desktop.report.clock import time_of

    at_s = time_of(text)
    if at_s is None:
        raise argparse.ArgumentTypeError(_("expected seconds from the start, or a time such as 1:02:03"))
    return at_s


def _labels(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _profile(text: str) -> "CsvProfile":
    from peace_model.ecg.formats.csv_profile import ProfileError, load_profile

    try:
        return load_profile(Path(text))
    except ProfileError as error:
        raise argparse.ArgumentTypeError(error_words(error)) from None


def _rate(text: str) -> float:
    try:
        rate_hz = float(text)
    except ValueError:
        rate_hz = 0.0
    if not 0 < rate_hz < float("inf"):
        raise argparse.ArgumentTypeError(_("expected samples per second, above 0"))
    return rate_hz
