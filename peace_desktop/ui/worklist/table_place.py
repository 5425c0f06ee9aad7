"""The worklist's table in the place of the ECG and the side column, and the way back."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peace_desktop.ui.main_window import MainWindow


def show_table(window: "MainWindow", *, shown: bool) -> None:
    """The keyboard goes with it."""
    window.actions_["worklist_table"].setChecked(shown)
    page = window.listing_commands.page
    window.stage.setVisible(not shown)
    window.side.setVisible(not shown and window.actions_["show_case"].isChecked())
    page.setVisible(shown)
    if shown:
        page.enter()
    else:
        window.worklist.focus_rows()


def open_from_table(window: "MainWindow", sha256: str) -> None:
    """Show a recording that was chosen in the table."""
    show_table(window, shown=False)
    window.open_recording(sha256)
