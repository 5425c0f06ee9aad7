"""Every dialog that can stand alone, in both languages: inputs have names, and a small screen shows all of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget
from test_window_access import nameless

from peace_desktop import texts
from peace_desktop.jobs.adjudicating import OpenCases
from peace_desktop.jobs.model import ModelStatus
from peace_desktop.settings import Settings
from peace_desktop.ui.adjudication.dialog import AdjudicationDialog
from peace_desktop.ui.agreement.dialog import AgreementDialog
from peace_desktop.ui.agreement.two_bundles_dialog import TwoBundlesDialog
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.bundles.dialog import BundlesDialog
from peace_desktop.ui.export_dialog import ExportDialog
from peace_desktop.ui.findings.prediction_view import LabelName
from peace_desktop.ui.findings.sign_dialog import LockDialog, NameDialog, SignDialog
from peace_desktop.ui.help_viewer import HelpViewer
from peace_desktop.ui.key_sheet import KeySheet
from peace_desktop.ui.note_dialog import NoteDialog
from peace_desktop.ui.notice import AboutDialog
from peace_desktop.ui.settings_dialog import SettingsDialog
from peace_desktop.ui.start.after_crash import AfterCrash
from peace_desktop.ui.study.bundle_dialog import BundleDialog
from peace_desktop.ui.study.new_study import NewStudyDialog
from peace_desktop.ui.study.studies_dialog import StudiesDialog
from peace_desktop.ui.study.training_dialog import TrainingDialog
from peace_desktop.ui.time_dialog import TimeDialog
from peace_desktop.ui.trace.calibration_dialog import CalibrationDialog
from peace_desktop.ui.trace.marked_time import MarkedTime
from peace_desktop.ui.trace.scale import ScreenScale
from peace_model.labels.profile import READERS_PROFILE, load_profile

SCREEN_PX = (960, 540)
"""A screen of 1920 x 1080 at 200 %: on one of 14 inches 3.1 of these points a millimetre."""


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    assert texts.use_language(request.param) == request.param
    yield request.param
    texts.use_language("en")


def dialogs(folder: Path, language: str) -> list[QDialog]:
    labels = tuple(LabelName(label.code, label.name) for label in load_profile(READERS_PROFILE).labels)
    names = {label.code: texts._(label.name) for label in labels}
    study, reader = "Ventricles in the first year", "Dr. Reader"
    said = "\n".join(f"{name}: {texts._('Present')}" for name in 2 * list(names.values()))
    return [
        AboutDialog(version="1.0", status=ModelStatus("small", "1", "ab" * 32, "cpu"), log_folder="/var/log",
                    library_folder="/home/reader/" + "library" * 19),
        AdjudicationDialog(OpenCases(study, ()), names=names, settings=Settings()),
        AfterCrash(folder / "crash.log"), AgreementDialog(study, names), TwoBundlesDialog(study, names),
        BundleDialog(study), BundlesDialog(), CalibrationDialog(ScreenScale(3.1, 3.1, measured=True)),
        ExportDialog(Bridge(), "wfdb", {"a" * 64: "P00001"}, shown="P00001", export=lambda *_given: None),
        HelpViewer(language), KeySheet(), LockDialog(reader=reader, person="3 months", said=said),
        NameDialog(), NoteDialog(MarkedTime(1.0, 2.0, "V1"), lead_only=False),
        NewStudyDialog({}, labels=labels, readers=(reader,), created_by=reader, bundle=("a" * 64, "small 1")),
        SettingsDialog(Settings()), SignDialog(reader=reader, person="3 months", said=said, meaning="read"),
        StudiesDialog(), TimeDialog(0.0, 3600.0), TrainingDialog(study, encrypted=True),
    ]


def troubles(dialog: QWidget) -> list[str]:
    """Inputs without a name, words that are cut, and a dialog larger than its screen."""
    found = nameless(dialog)
    dialog.show()
    dialog.grab()  # Lays everything out.
    taken = dialog.size().expandedTo(dialog.minimumSizeHint())
    if taken.width() > SCREEN_PX[0] or taken.height() > SCREEN_PX[1]:
        found.append(f"{taken.width()} x {taken.height()} px")
    for label in dialog.findChildren(QLabel):
        least = label.heightForWidth(label.width()) if label.wordWrap() else label.minimumSizeHint().height()
        if label.isVisible() and label.text() and label.height() < least:
            found.append(f"cut: {label.text()[:40]}")
    found += [f"cut: {button.text()}" for button in dialog.findChildren(QPushButton)
              if button.isVisible() and button.height() < button.minimumSizeHint().height() - 2]
    dialog.hide()
    return found


def test_inputs_have_names_and_a_small_screen_shows_all(qtbot: object, tmp_path: Path, language: str,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _screen: QRect(0, 0, *SCREEN_PX))
    made = dialogs(tmp_path, language)
    for dialog in made:
        qtbot.addWidget(dialog)  # type: ignore[attr-defined]
    assert {type(dialog).__name__: found for dialog in made if (found := troubles(dialog))} == {}
