"""What the panel about a recording says, as plain words: a pure function."""

from dataclasses import dataclass

from peace_desktop.library.records import RecordingRow
from peace_desktop.report.about import Fact, GroupRow, about_facts, group_rows
from peace_desktop.texts import _
from peace_model.ecg.recording import Recording


@dataclass(frozen=True)
class AboutView:
    """statements: what machine or header say the recording shows. hidden: why they are not told, "" where they are."""

    facts: tuple[Fact, ...]
    groups: tuple[GroupRow, ...]
    statements: tuple[str, ...] = ()
    hidden: str = ""


def about_view(recording: Recording, row: RecordingRow | None, *, blind: bool) -> AboutView:
    """row: the library's line of it, None where it is not listed now."""
    return AboutView(about_facts(recording, kept=_kept(recording, row)), group_rows(recording),
                     () if blind else recording.source_statements,
                     _("Blind reading: what the machine or the header says is hidden until it is revealed.")
                     if blind else "")


def _kept(recording: Recording, row: RecordingRow | None) -> str:
    if row is None or recording.simulated:
        return ""
    if row.identified:
        return _("kept: the original files are in the library")
    return _("removed on import: names, numbers, addresses and free comments")
