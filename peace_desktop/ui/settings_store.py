"""Settings and window state on disk, as INI files."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from peace_desktop.settings import SETTINGS, Settings, for_safe_mode, from_mapping


class SettingsStore:
    """Reads once, writes at every change. `settings` is what holds now."""

    def __init__(self, file: Path, *, safe_mode: bool = False) -> None:
        """safe_mode: looks like a fresh installation; what is not changed stays on the disk as it was."""
        self._file = QSettings(str(file), QSettings.Format.IniFormat)
        stored = from_mapping({key: self._file.value(key) for key in self._file.allKeys()})
        self.settings = for_safe_mode(stored) if safe_mode else stored

    def write(self, settings: Settings) -> None:
        """Keep what changed; what holds changes even where the disk refuses."""
        for line in SETTINGS:
            value = getattr(settings, line.key)
            if value != getattr(self.settings, line.key):
                self._file.setValue(line.key, value)
        self.settings = settings
        self._file.sync()


class WindowMemory:
    """Sizes and folded panels, in a file of their own so that losing it loses no setting."""

    def __init__(self, file: Path | None) -> None:
        """file: None remembers nothing beyond this run, as in safe mode."""
        self._file = QSettings(str(file) if file is not None else "", QSettings.Format.IniFormat)

    def bytes_of(self, key: str) -> QByteArray | None:
        value = self._file.value(key)
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    def names_of(self, key: str) -> frozenset[str]:
        value = self._file.value(key)
        names = value if isinstance(value, list) else [value] if isinstance(value, str) else []
        return frozenset(name for name in names if name)

    def keep(self, key: str, value: QByteArray | list[str]) -> None:
        self._file.setValue(key, value)

    def sync(self) -> None:
        self._file.sync()
