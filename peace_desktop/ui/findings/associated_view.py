"""What the panel of associated findings says: the words of report and panel alike, or why there are none."""

from dataclasses import dataclass

from peace_desktop.report.associated_words import AssociatedText


@dataclass(frozen=True)
class AssociatedView:
    """text: what is found, None where it is hidden; hidden: why, "" where it is not."""

    text: AssociatedText | None = None
    hidden: str = ""

    @property
    def count(self) -> int:
        """The findings that are shown as such."""
        return self.text.count if self.text is not None else 0
