"""What a reader says of one label, and whether it was said by answering a model."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Presence(StrEnum):
    """A reader's answer for one label."""

    PRESENT = "present"
    ABSENT = "absent"
    UNCERTAIN = "uncertain"
    NOT_ASSESSABLE = "not_assessable"


Via = Literal["direct", "agree", "disagree"]


@dataclass(frozen=True)
class Statement:
    """One label's answer.

    via: "direct" when the reader chose the presence, "agree" or "disagree" when it follows from a model's decision.
    bundle_sha256, model_positive: the bundle and its decision the reader answered; both None without a model.
    Raises ValueError when an answer to a model names no model, or contradicts the decision it claims to follow.
    """

    label: str
    presence: Presence
    via: Via = "direct"
    bundle_sha256: str | None = None
    model_positive: bool | None = None

    def __post_init__(self) -> None:
        if not self.label:
            raise ValueError("a statement needs a label")
        object.__setattr__(self, "presence", Presence(self.presence))
        if (self.bundle_sha256 is None) != (self.model_positive is None):
            raise ValueError(f"{self.label}: a statement names the bundle and its decision, or neither")
        if self.via == "direct":
            return
        if self.model_positive is None:
            raise ValueError(f"{self.label}: {self.via} needs the bundle and the decision it answers")
        if self.presence is not _implied(self.via, positive=self.model_positive):
            raise ValueError(f"{self.label}: {self.via} does not imply {self.presence}")


def _implied(via: Via, *, positive: bool) -> Presence:
    return Presence.PRESENT if positive == (via == "agree") else Presence.ABSENT


def agree(label: str, positive: bool, bundle_sha256: str) -> Statement:
    """The statement of a reader who agrees with a bundle's decision: present where it was positive, else absent."""
    return Statement(label, _implied("agree", positive=positive), "agree", bundle_sha256, positive)


def disagree(label: str, positive: bool, bundle_sha256: str) -> Statement:
    """The statement of a reader who disagrees with a bundle's decision: absent where it was positive, else present."""
    return Statement(label, _implied("disagree", positive=positive), "disagree", bundle_sha256, positive)
