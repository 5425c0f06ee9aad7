"""From the statements of a data set to the labels of a profile: the mapping is data, one file a data set.

``labels`` names the statements of every label that the data set can state, ``uncertain`` those that leave a label
open, ``profiles`` what a profile maps otherwise. A label without statements is not stated by the data set: whether it
is present stays unknown. ``cancelled_by`` names the labels beside which another one does not stand. ``diagnosed`` names
labels that are diseases: of a recording without any diagnosis they are unknown.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from peace_model.labels.profile import LabelProfile
from peace_model.labels.tables import LabelError, as_bool, as_object, as_text, as_texts, label_file, read_table
from peace_model.labels.wording import DIAGNOSIS, Exact, Matcher, Wording


@dataclass(frozen=True)
class Reading:
    """What one statement says: labels it states, and labels of which it says that they may be there."""

    positive: frozenset[str]
    open: frozenset[str]


@dataclass(frozen=True)
class CodeMap:
    """Statements of one data set per label of one profile.

    codes: statements (or patterns) of each label of the profile, in its order. cancelled_by, diagnosed: see the module.
    """

    dataset: str
    profile: str
    codes: Mapping[str, tuple[str, ...]]
    cancelled_by: Mapping[str, frozenset[str]]
    matcher: Matcher
    diagnosed: frozenset[str] = frozenset()

    @property
    def stated(self) -> frozenset[str]:
        """Labels of the profile that this data set states at all; of the others it knows nothing."""
        return frozenset(label for label, codes in self.codes.items() if codes)

    @property
    def read_labels(self) -> tuple[str, ...]:
        """Labels that `read` may name: those of the profile, then those that only cancel one of them."""
        others = {label for labels in self.cancelled_by.values() for label in labels} - set(self.codes)
        return (*self.codes, *sorted(others))

    def plain(self, statement: str) -> str:
        """The statement as the map compares it: without modifiers, or in lower case, as the data set needs."""
        return self.matcher.plain(statement)

    def read(self, statement: str) -> Reading:
        """What one statement says; nothing when no label knows it."""
        return Reading(*self.matcher.match(self.plain(statement)))

    def labels_of(self, statements: Iterable[str]) -> frozenset[str]:
        """Labels of the profile that the statements of one recording imply."""
        found = frozenset[str]().union(*(self.read(statement).positive for statement in statements))
        cancelled = {label for label, others in self.cancelled_by.items() if others & found}
        return (found & set(self.codes)) - cancelled

    def open_labels(self, statements: Iterable[str]) -> frozenset[str]:
        """Labels of which the statements leave open whether they are present; always those not `stated`."""
        given = tuple(statements)
        found = frozenset[str]().union(*(self.read(statement).open for statement in given))
        silent = frozenset(self.codes) - self.stated
        if not any(is_diagnosis(statement) for statement in given):
            silent |= self.diagnosed
        return ((found & set(self.codes)) | silent) - self.labels_of(given)


def is_diagnosis(statement: str) -> bool:
    """Whether a statement is a disease of the patient, not one about the ECG."""
    return statement.startswith(DIAGNOSIS)


def load_code_map(dataset: str, profile: LabelProfile) -> CodeMap:
    """Read ``resources/labels/<dataset>.json``.

    Raises LabelError when the data set has no map for the profile, or the map leaves out a label of it.
    """
    path = label_file(dataset)
    table = read_table(path)
    profiles = as_object(path, "profiles", table.get("profiles"))
    if profile.name not in profiles:
        raise LabelError(f"{path.name}: no map for the profile {profile.name}; it has {', '.join(sorted(profiles))}")
    own = as_texts(path, f"profiles.{profile.name}", profiles[profile.name])
    known = as_texts(path, "labels", table.get("labels"))
    odd = sorted(set(own) - set(profile.codes))
    missing = sorted(set(profile.codes) - set(own) - set(known))
    if odd or missing:
        raise LabelError(f"{path.name}: profiles.{profile.name}: does not match the profile's labels "
                         f"({', '.join(odd + missing)})")
    cancelled = {label: frozenset(others)
                 for label, others in as_texts(path, "cancelled_by", table.get("cancelled_by", {})).items()}
    # A profile's own map replaces the common one, with what that leaves open.
    uncertain = {label: texts for label, texts in as_texts(path, "uncertain", table.get("uncertain", {})).items()
                 if label not in own}
    codes = {label: own.get(label, known.get(label, ())) for label in profile.codes}
    needed = {*profile.codes, *(other for label in profile.codes for other in cancelled.get(label, frozenset()))}
    everything = {**{label: texts for label, texts in known.items() if label in needed}, **codes}
    return CodeMap(
        as_text(path, "dataset", table.get("dataset")), profile.name, codes,
        {label: others for label, others in cancelled.items() if label in codes},
        _matcher(path, table, everything, {label: uncertain.get(label, ()) for label in everything}),
        frozenset(as_texts(path, "file", {"diagnosed": table.get("diagnosed", [])})["diagnosed"]) & set(codes))


def _matcher(
    path: Path, table: Mapping[str, object], codes: Mapping[str, tuple[str, ...]],
    uncertain: Mapping[str, tuple[str, ...]],
) -> Matcher:
    if not as_bool(path, "patterns", table.get("patterns", False)):
        return Exact(codes, uncertain, strips_modifiers=as_bool(
            path, "strips_modifiers", table.get("strips_modifiers", False)))
    words = as_texts(path, "file", {name: table.get(name, []) for name in ("uncertain_words", "negating_words")})
    try:
        return Wording.compiled(codes, uncertain, uncertain_words=words["uncertain_words"],
                                negating_words=words["negating_words"])
    except re.error as error:
        raise LabelError(f"{path.name}: {error.pattern!r}: not a regular expression ({error.msg})") from error
