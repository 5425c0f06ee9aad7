"""From the statements of a data set to the labels of a profile: the mapping is data, one file a data set."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from peace_model.labels.profile import (
    LabelError,
    LabelProfile,
    as_list,
    as_object,
    as_text,
    label_file,
    read_table,
)

_MODIFIER = re.compile(r"^([A-Z]\(?[\d+]*\)?)\+([A-Za-z].*)$")
"""An AHA statement followed by modifiers, as in "L145+Modifier362" (pattern of ECGBench)."""


@dataclass(frozen=True)
class CodeMap:
    """Codes of one data set per label of one profile."""

    dataset: str
    profile: str
    codes: Mapping[str, frozenset[str]]
    strips_modifiers: bool

    def labels_of(self, statements: Iterable[str]) -> frozenset[str]:
        """Label codes that the statements of one recording imply; statements that no label knows are passed over."""
        known = {self.plain(statement) for statement in statements}
        return frozenset(label for label, codes in self.codes.items() if codes & known)

    def plain(self, statement: str) -> str:
        """The statement without modifiers, when this data set has them."""
        text = statement.strip()
        if not self.strips_modifiers:
            return text
        found = _MODIFIER.match(text)
        return found.group(1) if found else text


def load_code_map(dataset: str, profile: LabelProfile) -> CodeMap:
    """Read ``resources/labels/<dataset>.json``.

    Raises LabelError when the data set has no map for the profile or the map names other labels than the profile.
    """
    path = label_file(dataset)
    table = read_table(path)
    maps = as_object(path, "profiles", table.get("profiles"))
    if profile.name not in maps:
        raise LabelError(f"{path.name}: no map for the profile {profile.name}; it has {', '.join(sorted(maps))}")
    entries = as_object(path, f"profiles.{profile.name}", maps[profile.name])
    if set(entries) != set(profile.codes):
        odd = ", ".join(sorted(set(entries) ^ set(profile.codes)))
        raise LabelError(f"{path.name}: profiles.{profile.name}: does not match the profile's labels ({odd})")
    codes = {
        label: frozenset(as_text(path, label, code) for code in as_list(path, label, entries[label]))
        for label in profile.codes
    }
    strips = table.get("strips_modifiers", False)
    if not isinstance(strips, bool):
        raise LabelError(f"{path.name}: strips_modifiers: expected true or false")
    return CodeMap(as_text(path, "dataset", table.get("dataset")), profile.name, codes, strips)
