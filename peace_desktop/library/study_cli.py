"""`peace-desktop library export|import|statistics` for studies."""

import argparse
import json

from peace_desktop.library.errors import LibraryError
from peace_desktop.library.repository import Library
from peace_desktop.library.study_answers import material, study_statistics_of
from peace_desktop.library.study_bundle import write_study_bundle
from peace_desktop.library.study_merge import merge_study_bundle
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.texts import _, listed


def study_named(library: Library, given: str) -> str:
    """The id of the study with this id, beginning of an id, or name. Raises LibraryError for none or several."""
    protocols = StudyRoom(library).protocols()
    found = [item.study_id for item in protocols if item.name == given or item.study_id.startswith(given)]
    if len(found) == 1:
        return found[0]
    there = listed(f"{item.study_id[:12]} \"{item.name}\"" for item in protocols) or _("none")
    raise LibraryError(_("\"{given}\" names no single study of this library. There are: {studies}").format(
        given=given, studies=there))


def export_study(library: Library, given: argparse.Namespace) -> int:
    """Writes the bundle of one study."""
    done = write_study_bundle(library, study_named(library, given.study), given.to, with_names=given.with_names,
                              with_free_text=given.with_comments)
    print(_("Study bundle written: {file} (readings: {readings}, decisions: {decisions})").format(
        file=done.file, readings=done.readings, decisions=done.decisions))
    return 0


def import_study(library: Library, given: argparse.Namespace) -> int:
    """Joins a bundle to the library; 1 where something of it contradicts what is here."""
    done = merge_study_bundle(library, given.file)
    print(_("Study \"{study}\" ({what}): readings added {added}, moved on {moved}, known {known}; decisions added "
            "{decisions}").format(study=done.study, what=_("new here") if done.new_study else _("here already"),
                                  added=done.added, moved=done.moved_on, known=done.known, decisions=done.decisions))
    for conflict in done.conflicts:
        print(_("conflict: {text}").format(text=conflict))
    return 1 if done.conflicts else 0


def study_statistics(library: Library, given: argparse.Namespace) -> int:
    """Counts a study anew: the document of the bundle, or its table as lines."""
    from peace_desktop.review.statistics.document import to_csv_rows, to_document

    found = study_statistics_of(material(library, study_named(library, given.study)))
    if given.json:
        print(json.dumps(to_document(found), indent=1, ensure_ascii=False))
    else:
        for row in to_csv_rows(found):
            print("\t".join("" if cell is None else str(cell) for cell in row))
    return 0
