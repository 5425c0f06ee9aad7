"""A child's recording from the folder to the signed and amended reading, and on the next day."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from window_cases import READER, SHA256, SmallPredictor, import_all, listed_rows, open_titled

from peace_desktop.app import Application
from peace_desktop.review.reading import ReadingState
from peace_desktop.review.statements import Presence
from peace_desktop.ui.theme import is_dark


def test_read_disagree_sign_amend_and_find_it_again(
        qtbot: object, begin: Callable[[], Application], children: Path,
        confirm: Callable[[str], None]) -> None:
    first = begin()
    window = first.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    assert window.side.age_card.headline == "3 months 9 days · Female"
    assert window.side.predictions.banner == "The model was trained on adults only."
    top = window.side.predictions.rows[0]
    assert (top.key, top.positive, top.probability_text) == ("1", True, "90\N{NARROW NO-BREAK SPACE}%")

    QTest.keyClick(window, Qt.Key.Key_1)
    assert window.stage.trace.legend.text.startswith("Map: Normal ECG, Attention")
    QTest.keyClick(window, Qt.Key.Key_D)
    reading = window.readings.reading
    assert reading is not None
    statement = reading.statement(top.label)
    assert statement is not None
    assert (statement.presence, statement.via, statement.bundle_sha256) == (Presence.ABSENT, "disagree", SHA256)

    comment = window.findChild(QPlainTextEdit, "comment")
    assert comment is not None
    QTest.keyClick(window, Qt.Key.Key_M)
    QTest.keyClicks(comment, "Sinus rhythm. A J P are letters here.")
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.readings.final)  # type: ignore[attr-defined]
    assert READER in window.side.reading.line
    assert window.side.reading.line.startswith("Final.")
    signed = window.readings.reading
    QTest.keyClick(window, Qt.Key.Key_P)
    window.commands.comment("something else")
    assert window.readings.reading == signed

    confirm("saw it again with the echo")
    window.actions_["amend"].trigger()
    assert window.readings.reading is not None
    assert window.readings.reading.state is ReadingState.DRAFT
    QTest.keyClick(window, Qt.Key.Key_1)
    QTest.keyClick(window, Qt.Key.Key_U)
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.readings.final)  # type: ignore[attr-defined]
    first.close()

    second = begin()
    qtbot.waitUntil(lambda: len(listed_rows(second.window)) == 3, timeout=60_000)  # type: ignore[attr-defined]
    open_titled(qtbot, second.window, "infant")
    amended = second.window.readings.reading
    assert amended is not None
    assert amended.amendment_reason == "saw it again with the echo"
    assert amended.comment == "Sinus rhythm. A J P are letters here."
    assert [statement.presence for statement in amended.statements] == [Presence.UNCERTAIN]
    earlier = [other for other in second.window.readings.others if other.reading_id == amended.amends]
    assert [statement.presence for statement in earlier[0].statements] == [Presence.ABSENT]
    assert second.library.verify().problems == ()


def test_an_amendment_in_work_can_be_dropped(
        qtbot: object, running: Application, children: Path, confirm: Callable[[str], None]) -> None:
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    QTest.keyClick(window, Qt.Key.Key_1)
    QTest.keyClick(window, Qt.Key.Key_P)
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.readings.final)  # type: ignore[attr-defined]
    signed = window.readings.reading
    assert not window.actions_["discard"].isEnabled()
    confirm("pressed the wrong key")
    window.actions_["amend"].trigger()
    qtbot.waitUntil(lambda: window.actions_["discard"].isEnabled())  # type: ignore[attr-defined]
    window.actions_["discard"].trigger()
    qtbot.waitUntil(lambda: window.readings.final)  # type: ignore[attr-defined]
    assert window.readings.reading == signed
    assert running.library.readings(window.case.shown) == (signed,)
    assert running.library.verify().problems == ()


def test_draft_is_kept_without_a_save_button(qtbot: object, begin: Callable[[], Application], children: Path) -> None:
    first = begin()
    import_all(qtbot, first.window, children)
    open_titled(qtbot, first.window, "infant")
    QTest.keyClick(first.window, Qt.Key.Key_2)
    QTest.keyClick(first.window, Qt.Key.Key_P)
    first.close()
    second = begin()
    qtbot.waitUntil(lambda: len(listed_rows(second.window)) == 3, timeout=60_000)  # type: ignore[attr-defined]
    open_titled(qtbot, second.window, "infant")
    assert second.window.readings.reading is not None
    assert [item.presence for item in second.window.readings.reading.statements] == [Presence.PRESENT]


def test_entered_age_recomputes_everything(qtbot: object, running: Application, children: Path,
                                           predictor: SmallPredictor) -> None:
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "nameless")
    assert window.side.age_card.headline == "Age unknown · Female"
    label = window.services.labels[0].code
    assert not next(row for row in window.side.predictions.rows if row.label == label).positive
    from peace_model.ecg.age import Age, Precision

    window.case.correct_person(age=Age(100, Precision.DAY, "birth date"), sex="F", reader=READER, reason="passport",
                               gestational_age_weeks=None)
    qtbot.waitUntil(lambda: window.side.age_card.headline.startswith("3 months"), timeout=60_000)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: window.case.analysis is not None, timeout=60_000)  # type: ignore[attr-defined]
    assert next(row for row in window.side.predictions.rows if row.label == label).positive
    history = running.library.person_history(window.case.shown)
    assert [person.age is None for person in history] == [True, False]
    assert predictor.asked[-1] == 100


def test_no_answer_lands_on_the_wrong_child(qtbot: object, running: Application, children: Path,
                                            predictor: SmallPredictor) -> None:
    window = running.window
    import_all(qtbot, window, children)
    predictor.gate.clear()
    window.case.use_model("cpu")
    shown: list[tuple[str, float]] = []

    def look() -> None:
        if window.case.analysis is not None and window.case.analysis.prediction is not None:
            age = window.case.analysis.recording.age
            shown.append((window.side.age_card.headline, age.days if age is not None else -1))

    window.case.changed.connect(look)
    for title in ("infant", "mother", "nameless", "infant", "mother"):
        row = next(row for row in listed_rows(window) if row.title == title)
        window.open_recording(row.sha256)
        qtbot.waitUntil(lambda: window.case.loaded is not None, timeout=60_000)  # type: ignore[attr-defined]
    predictor.gate.set()
    qtbot.waitUntil(lambda: window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]
    assert shown
    assert all(headline.startswith("42 years") and days == 15_350 for headline, days in shown)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_theme_draws(qtbot: object, running: Application, children: Path, theme: str) -> None:
    from peace_desktop.settings import changed

    window = running.window
    import_all(qtbot, window, children)
    window.take(changed(window.settings, "theme", theme))
    assert is_dark() == (theme == "dark"), "whatever scheme the system knows"
    picture = window.grab().toImage()
    assert (picture.pixelColor(3, picture.height() - 3).lightness() < 128) == (theme == "dark")
    window.take(changed(window.settings, "theme", "system"))
