"""What a row of the worklist says: pure functions."""

from dataclasses import dataclass

from peace_desktop.library.records import RecordingRow
from peace_desktop.library.thumbnails import Thumbnail
from peace_desktop.report.terms import format_title
from peace_desktop.review.reading import ReadingState
from peace_desktop.texts import _, age_words, ngettext, put_together
from peace_desktop.ui.findings.person_view import sex_letter
from peace_desktop.ui.findings.reading_view import state_words

FLAG = "\N{BLACK FLAG}"
_SIGNED = "\N{CHECK MARK}"
_SHAPES = {
    None: "\N{WHITE CIRCLE}",
    ReadingState.DRAFT: "\N{CIRCLE WITH LEFT HALF BLACK}",
    ReadingState.LOCKED: "\N{FISHEYE}",
    ReadingState.REVEALED: "\N{CIRCLED DOT OPERATOR}",
    ReadingState.FINAL: "\N{BLACK CIRCLE}",
    ReadingState.AMENDED: "\N{BLACK DIAMOND}",
}


@dataclass(frozen=True)
class WorklistRow:
    """One recording's row: title with state and flag, age and sex, and signs of what there is to know besides.

    n_others: how many others have signed, 0 where that is not to be known; others: the same in words, "" for nobody.
    """

    sha256: str
    title: str
    age: str
    sex: str
    person: str
    source: str
    recorded: str
    n_findings: int
    state: str
    state_sign: str
    n_others: int
    others: str
    flagged: bool
    thumbnail: Thumbnail | None

    @property
    def findings(self) -> str:
        count = self.n_findings
        return ngettext("{n} finding", "{n} findings", count).format(n=count) if count else ""

    @property
    def findings_sign(self) -> str:
        return f"\N{WARNING SIGN}\N{NARROW NO-BREAK SPACE}{self.n_findings}" if self.n_findings else ""

    @property
    def others_sign(self) -> str:
        return f"{_SIGNED}\N{NARROW NO-BREAK SPACE}{self.n_others}" if self.n_others else ""

    @property
    def notes_sign(self) -> str:
        """Findings, and whether others have signed, in two signs."""
        return " ".join(part for part in (self.findings_sign, self.others_sign) if part)

    @property
    def accessible(self) -> str:
        return put_together(self.title, self.person, self.state, self.others, self.findings,
                            _("flagged") if self.flagged else "")


def state_sign(state: ReadingState | None) -> str:
    """The shape that stands for a state where there is no room for words."""
    return _SHAPES[state]


def worklist_row(row: RecordingRow) -> WorklistRow:
    shape, others = state_sign(row.reading_state), row.others_signed or 0
    age, sex = age_words(row.age), sex_letter(row.sex)
    known = row.age is not None or row.sex is not None
    return WorklistRow(
        sha256=row.sha256, title=row.title or row.patient_key, age=age, sex=sex,
        person=f"{age} \N{MIDDLE DOT} {sex}" if known else _("Age and sex unknown"),
        source=format_title(row.source_format),
        recorded=f"{row.recorded_at:%Y-%m-%d %H:%M}" if row.recorded_at is not None else "",
        n_findings=row.n_findings, state=f"{shape} {state_words(row.reading_state)}", state_sign=shape,
        n_others=others,
        others=ngettext("{n} other signed", "{n} others signed", others).format(n=others) if others else "",
        flagged=row.flagged, thumbnail=row.thumbnail)
