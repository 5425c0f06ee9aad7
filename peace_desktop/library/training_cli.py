"""`peace-desktop library export --training`: reviewed recordings as a data set to learn from."""

import argparse
from pathlib import Path

from peace_desktop.library.errors import LibraryError
from peace_desktop.library.repository import Library
from peace_desktop.library.study_cli import study_named
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.library.training_set import write_training_set
from peace_desktop.library.training_words import next_steps, told
from peace_desktop.texts import _, listed


def add_training_options(exporting: argparse.ArgumentParser) -> None:
    """The options of `export` that concern training."""
    exporting.add_argument("--training", type=Path, metavar="DIR", help=_(
        "instead of a ZIP: the reviewed recordings of a study with their adjudicated or agreed labels, without names "
        "and dates, as a data set for peace-model train --recipe few_shot; with --study where there are several"))
    exporting.add_argument("--unencrypted", action="store_true", help=_(
        "with --training, of an encrypted library: yes, the ECGs are to stand there unencrypted"))


def whither_problem(given: argparse.Namespace) -> str:
    """What is wrong about the targets that were named, "" when nothing is."""
    if (given.to is None) == (given.training is None):
        return _("name a ZIP, or a folder with --training")
    if given.training is not None and (given.with_comments or given.with_names):
        return _("a data set for training holds no comments and no names: leave out --with-comments and --with-names")
    if given.unencrypted and given.training is None:
        return _("--unencrypted goes with --training")
    return ""


def export_training(library: Library, given: argparse.Namespace) -> int:
    """Writes the data set and says what is in it, what is not, and what comes next."""
    if library.at_rest.encrypted and not given.unencrypted:
        raise LibraryError(_("This library is encrypted, and a data set for training cannot be. Add --unencrypted if "
                             "the ECGs, without names and dates, may stand in that folder unencrypted."))
    done = write_training_set(library, _study(library, given.study), given.training)
    print(_("Written: {folder}").format(folder=done.folder))
    for line in told(done):
        print(f"  {line}")
    print()
    print("\n".join(next_steps(done.folder)))
    return 0


def _study(library: Library, named: str | None) -> str:
    """The study that is meant; the only one where none is named."""
    if named:
        return study_named(library, named)
    protocols = StudyRoom(library).protocols()
    if len(protocols) == 1:
        return protocols[0].study_id
    if not protocols:
        raise LibraryError(_("This library holds no study. What is learnt from is a study's reference; make a study, "
                             "have it read, and decide where its readers differ."))
    raise LibraryError(_("This library holds several studies; name one with --study: {studies}").format(
        studies=listed(f"{item.study_id[:12]} \"{item.name}\"" for item in protocols)))
