"""`peace-desktop library`: check, back up, bring back, exchange and count, without a window.

Exit codes: 0 done, 1 not done or problems found, 2 wrong usage.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from peace_desktop import __version__, paths
from peace_desktop.library.backup_cli import backup, backups, bring_back
from peace_desktop.library.bundles import bundle_at
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.export import export
from peace_desktop.library.import_ import import_readings
from peace_desktop.library.passphrase_cli import (
    add_passphrase_commands,
    bundle_unlock_of,
    change_key,
    create,
    forget_passphrases,
    unlock_of,
)
from peace_desktop.library.statistics import Statistics
from peace_desktop.library.study_cli import export_study, import_study, study_statistics
from peace_desktop.library.study_merge import is_study_bundle
from peace_desktop.library.training_cli import add_training_options, export_training, whither_problem
from peace_desktop.texts import _

_Name = TypeVar("_Name", bound=str)


def _verify(folder: Path, given: argparse.Namespace) -> int:
    with open_library(folder, application_version=__version__, read_only=True, unlock=unlock_of(given)) as library:
        report = library.verify(expected_head=_head(given.head))
    for problem in report.problems:
        print(_("problem: {text}").format(text=problem))
    for note in report.notes:
        print(_("note: {text}").format(text=note))
    print(_("recordings: {recordings}, readings: {readings}, audit entries: {entries}").format(
        recordings=report.recordings, readings=report.readings, entries=report.entries))
    print(_("audit head: {sequence} {sha256}").format(sequence=report.head.sequence, sha256=report.head.sha256))
    print(_("The library is sound.") if not report.problems else _("Problems found: {count}.").format(
        count=len(report.problems)))
    return 1 if report.problems else 0


def _head(given: str | None) -> str | None:
    """The hash of a head as it stands on a report, with or without its number."""
    return given.split()[-1].lower() if given and given.strip() else None


def _export(folder: Path, given: argparse.Namespace) -> int:
    with open_library(folder, application_version=__version__, read_only=True, unlock=unlock_of(given)) as library:
        if given.training is not None:
            return export_training(library, given)
        if given.study:
            return export_study(library, given)
        done = export(library, given.to, with_free_text=given.with_comments)
    print(_("Written: {file} (readings: {readings}, recordings: {recordings})").format(
        readings=done.readings, recordings=done.recordings, file=done.file))
    return 0


def _import(folder: Path, given: argparse.Namespace) -> int:
    with open_library(folder, application_version=__version__, unlock=unlock_of(given)) as library:
        given.file = bundle_at(given.file, bundle_unlock_of(given))
        if is_study_bundle(given.file):
            return import_study(library, given)
        done = import_readings(library, given.file)
    print(_("Readings imported: {added}; here already: {known}; left out as drafts: {drafts}; left out because their "
            "recording is not in this library: {absent}").format(
                added=done.added, known=done.known, drafts=done.drafts, absent=done.absent))
    return 0


def _statistics(folder: Path, given: argparse.Namespace) -> int:
    with open_library(folder, application_version=__version__, read_only=True, unlock=unlock_of(given)) as library:
        if given.study:
            return study_statistics(library, given)
        counts = library.statistics()
    print(json.dumps(_as_json(counts), indent=2, ensure_ascii=False) if given.json else _as_text(counts))
    return 0


def _as_json(counts: Statistics) -> dict[str, object]:
    return {
        "recordings": counts.recordings, "simulated": counts.simulated, "patients": counts.patients,
        "by_age_band": counts.by_age_band, "by_sex": counts.by_sex, "by_state": counts.by_state,
        "signed_by_reader": counts.signed_by_reader, "statements": counts.statements,
        "agreement": [{"bundle_sha256": bundle, "label": label, **answers}
                      for (bundle, label), answers in counts.agreement.items()],
        "edits_by_reader": counts.edits_by_reader, "edited_recordings": counts.edited_recordings,
        "audit_entries": counts.audit_entries,
    }


def _as_text(counts: Statistics) -> str:
    lines = [
        _("recordings: {recordings} ({simulated} simulated), patients with a key: {patients}").format(
            recordings=counts.recordings, simulated=counts.simulated, patients=counts.patients),
        _counted(_("age band"), counts.by_age_band), _counted(_("sex"), counts.by_sex),
        _counted(_("state"), counts.by_state), _counted(_("signed by"), counts.signed_by_reader)]
    lines += [_counted(_("statements on {label}").format(label=label), answers)
              for label, answers in counts.statements.items()]
    lines += [_counted(_("{label} against bundle {bundle}").format(label=label, bundle=bundle[:12]), answers)
              for (bundle, label), answers in counts.agreement.items()]
    lines += [_counted(_("measurement edits by"), counts.edits_by_reader),
              _("recordings with edited measurements: {count}").format(count=counts.edited_recordings)]
    lines.append(_("audit entries: {count}").format(count=counts.audit_entries))
    return "\n".join(lines)


def _counted(title: str, counts: Mapping[_Name, int]) -> str:
    return f"{title}: " + (", ".join(f"{name} {count}" for name, count in counts.items() if count) or "-")


_COMMANDS: Mapping[str, Callable[[Path, argparse.Namespace], int]] = {
    "verify": _verify, "backup": backup, "backups": backups, "restore": bring_back, "create": create,
    "change-key": change_key, "forget-passphrases": forget_passphrases, "export": _export, "import": _import,
    "statistics": _statistics,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="peace-desktop library", description=_(
        "Check, back up, bring back, exchange and count the library. Research use only."))
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--library", type=Path, metavar="DIR", help=_("library folder (default: the application's own)"))
    where.add_argument("--library-passphrase-file", type=Path, metavar="FILE", help=_(
        "a file whose first line is the passphrase of an encrypted library; without it, it is asked for"))
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, parents=[where], help=text, description=text)

    add("verify", _("check database, audit trail and recordings")).add_argument(
        "--head", metavar="SHA256", help=_("an earlier audit head, for example from a printed report, that must be in "
                                           "the trail"))
    add("backup", _("write a checked copy into a folder")).add_argument("to", type=Path, metavar="FOLDER")
    add("backups", _("list the backups in the library's own folder"))
    restoring = add("restore", _("bring a backup back; what it replaces is kept")).add_mutually_exclusive_group(
        required=True)
    restoring.add_argument("backup", type=Path, metavar="FILE", nargs="?", help=_(
        "a library-....sqlite file of a backup folder, or the name of one of the library's own backups"))
    restoring.add_argument("--newest", action="store_true", help=_("the newest good one of the library's own backups"))
    add_passphrase_commands(commands, where)
    exporting = add("export", _("write readings and audit trail as JSON into a zip, with readers' and without "
                                  "patients' names"))
    exporting.add_argument("to", type=Path, metavar="ZIP", nargs="?", help=_("the zip to write"))
    exporting.add_argument("--with-comments", action="store_true",
                           help=_("also comments and reasons, in which a name may stand"))
    exporting.add_argument("--study", metavar="ID", help=_("the bundle of one study, by id or name"))
    exporting.add_argument("--with-names", action="store_true", help=_(
        "with readers' names in a study's bundle, so that it can be joined to the same study elsewhere"))
    add_training_options(exporting)
    importing = add("import", _("add the signed readings of an export, or join a study's bundle"))
    importing.add_argument("file", type=Path, metavar="ZIP")
    importing.add_argument("--passphrase-file", type=Path, metavar="FILE", help=_(
        "a file whose first line is the passphrase of the encrypted library the ZIP came from"))
    counting = add("statistics", _("count recordings, readings, statements, agreement and measurement edits"))
    counting.add_argument("--json", action="store_true", help=_("as JSON"))
    counting.add_argument("--study", metavar="ID", help=_("the statistics of one study, by id or name"))
    return parser


def main(argv: Sequence[str]) -> int:
    """Runs one subcommand; returns the exit code."""
    try:
        parser = _parser()
        given = parser.parse_args(argv)
        if given.command == "export" and (problem := whither_problem(given)):
            parser.error(problem)
    except SystemExit as stop:
        return 0 if stop.code in (None, 0) else 2
    folder = given.library if given.library is not None else paths.places().library
    try:
        return _COMMANDS[given.command](folder, given)
    except LibraryError as error:
        print(error, file=sys.stderr)
        return 1
