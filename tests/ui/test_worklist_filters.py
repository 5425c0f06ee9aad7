"""The dialog of the worklist's filters alone: what a kept filter asks for is listed, still there or not."""

from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox

from peace_desktop.jobs.worklist import FilterChoices
from peace_desktop.library.worklist_filter import WorklistFilter
from peace_desktop.ui.worklist.filter_dialog import FilterDialog
from peace_desktop.ui.worklist.listing import Listing

KEPT = WorklistFilter(finding="mains", study_id="a study that was left", sources=frozenset({"mfer"}))
CHOICES = FilterChoices(sources=("wfdb",), finding_codes=("noise",), studies=(("s1", "Ventricles"),))


@pytest.mark.parametrize("first", [WorklistFilter(), KEPT])
def test_what_a_kept_filter_asks_for_is_listed_although_nothing_has_it_any_more(
        qtbot: Any, monkeypatch: pytest.MonkeyPatch, first: WorklistFilter) -> None:
    monkeypatch.setattr(Listing, "read", lambda listing: listing.listed.emit())
    listing = Listing(SimpleNamespace(), SimpleNamespace(), reader=lambda: "Dr. Reader")  # type: ignore[arg-type]
    listing.chosen = first
    dialog = FilterDialog(listing, CHOICES, keep=lambda: None)
    qtbot.addWidget(dialog)
    listing.choose(KEPT)
    finding, study = (dialog.findChild(QComboBox, name) for name in ("filter_finding", "filter_study"))
    gone = dialog.findChild(QCheckBox, "source_mfer")
    assert (finding.currentText(), study.currentText(), gone.isChecked()) == ("Mains interference", "A study", True)
    dialog.findChild(QCheckBox, "sex_F").click()
    assert listing.chosen.sources == KEPT.sources, "another choice leaves it as it is"
    assert (listing.chosen.finding, listing.chosen.study_id) == (KEPT.finding, KEPT.study_id)
    gone.click()
    assert listing.chosen.sources == frozenset()
