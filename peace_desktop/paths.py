"""Where the application keeps its files on this computer."""

from dataclasses import dataclass
from pathlib import Path

import platformdirs

APPLICATION = "peace-desktop"


@dataclass(frozen=True)
class Places:
    """The folders of one installation; everything lies under `data` except the log."""

    data: Path
    logs: Path

    @property
    def library(self) -> Path:
        return self.data / "library"

    @property
    def table_profiles(self) -> Path:
        return self.data / "table_profiles"

    @property
    def bundles(self) -> Path:
        return self.data / "bundles"

    @property
    def settings_file(self) -> Path:
        return self.data / "settings.ini"

    @property
    def window_file(self) -> Path:
        return self.data / "window.ini"

    @property
    def secret_file(self) -> Path:
        return self.data / "patient-secret"

    @property
    def log_file(self) -> Path:
        return self.logs / "peace-desktop.log"


def places(data_dir: Path | None = None) -> Places:
    """The user's own folders, or everything under `data_dir` when one is given. Nothing is created."""
    if data_dir is not None:
        return Places(data=data_dir, logs=data_dir / "logs")
    return Places(
        data=Path(platformdirs.user_data_dir(APPLICATION, appauthor=False)),
        logs=Path(platformdirs.user_log_dir(APPLICATION, appauthor=False)),
    )
