"""What the pages of figures let a reader choose from: boxes that are as wide as their words, and the ways to group."""

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QComboBox

from peace_desktop.texts import _, mark

_GROUPINGS = {"age_band": mark("by age band"), "sex": mark("by sex"), "leads": mark("by number of leads")}


def choice_box(words: str, name: str, chosen: Callable[[], None]) -> QComboBox:
    """words: what is chosen, in the tip and for assistive technology. chosen: called when the reader does."""
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(words)
    box.setToolTip(words)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.activated.connect(lambda _place: chosen())
    return box


def fill_groupings(box: QComboBox, groupings: Iterable[str]) -> None:
    """All recordings, whose data are "", and these ways to divide them, by name; what was chosen stays so."""
    before = box.currentData()
    box.clear()
    box.addItem(_("all recordings"), "")
    for grouping in groupings:
        box.addItem(_(_GROUPINGS[grouping]), grouping)
    box.setCurrentIndex(max(0, box.findData(before)))
