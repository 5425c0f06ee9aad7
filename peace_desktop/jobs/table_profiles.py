"""The profiles of tables kept in the user's data folder: one JSON file each, told apart by their names."""

import os
import re
from dataclasses import replace
from pathlib import Path

from peace_model.ecg.formats.csv_profile import CsvProfile, ProfileError, load_profile, profile_text
from peace_model.words import mark, worded


class TableProfiles:
    """The profiles of one folder, which is made when the first one is saved."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> tuple[CsvProfile, ...]:
        """Those that can be used, by name. Damaged files are left alone and not offered."""
        return tuple(profile for _path, profile in self._kept())

    def named(self, name: str) -> CsvProfile | None:
        return next((profile for profile in self.all() if profile.name == name), None)

    def file_of(self, name: str) -> Path | None:
        """The file `analyze --csv-profile` takes."""
        return next((path for path, profile in self._kept() if profile.name == name), None)

    def save(self, profile: CsvProfile) -> Path:
        """Keep a profile, in place of one of the same name. Raises OSError, or ProfileError without a name."""
        if not profile.name.strip():
            raise ProfileError(mark("a profile needs a name"))
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self.file_of(profile.name) or self._free_path(profile.name)
        part = path.with_suffix(".part")
        part.write_text(profile_text(profile), "utf-8")
        os.replace(part, path)
        return path

    def rename(self, name: str, new_name: str) -> None:
        """Raises OSError, or ProfileError where another one has that name."""
        profile = self.named(name)
        if profile is None or name == new_name:
            return
        if self.named(new_name) is not None:
            raise ProfileError(worded("{name}: another profile has this name", name=new_name))
        self.save(replace(profile, name=new_name))
        self.delete(name)

    def delete(self, name: str) -> None:
        """Raises OSError."""
        path = self.file_of(name)
        if path is not None:
            path.unlink(missing_ok=True)

    def _kept(self) -> list[tuple[Path, CsvProfile]]:
        kept = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                kept.append((path, load_profile(path)))
            except ProfileError:
                continue
        return sorted(kept, key=lambda item: item[1].name.casefold())

    def _free_path(self, name: str) -> Path:
        stem = re.sub(r"[^\w-]+", "-", name).strip("-")[:40] or "profile"
        numbered = (self._folder / f"{stem}{n or ''}.json" for n in range(10_000))
        return next(path for path in numbered if not path.exists())
