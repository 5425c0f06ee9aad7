"""A declared grid of controls: which arms are trained on which proxy, how often, and with what settings.

A grid is data (``resources/ablation/<name>.json``), so that what was tried stands in the repository, also what failed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

SHARED_LABELS, AGE_SHIFT, HELD_OUT, SIMULATED, TRANSFER, JOURNAL = "A", "B", "C", "G", "T", "J"
PROXIES = (SHARED_LABELS, AGE_SHIFT, HELD_OUT, SIMULATED, TRANSFER, JOURNAL)
SIMULATED_SETTINGS = {"bands", "recordings", "seed"}
OF_OTHER_PROXIES = ("network", "training", "adaptation", "simulated")
"""Settings of a grid of A, B, C and G; empty in one of T or J."""
REFERENCE = "peace"
ALL_SHOTS = -1
"""The number of shots that stands for every labelled recording there is ("all" in a grid)."""

ARMS = {
    "peace": "PEACE: text queries, tri-axial descriptors, LSBC, curriculum gate; no age",
    "ecg_only": "the same encoder with a linear head, no text",
    "random_queries": "label queries drawn at random and fixed instead of the labels' names",
    "shuffled": "names and descriptors shuffled among the labels",
    "no_lsbc": "without the contrastive loss (LSBC)",
    "no_caf": "the curriculum gate fixed at 1 (no CAF)",
    "fused": "one fused descriptor a label instead of three axes",
    "age": "PEACE with age (FiLM on the queries)",
    "dann": "ECG-only trained against a domain discriminator (DANN), with unlabelled target recordings",
    "mmd": "ECG-only trained with a maximum mean discrepancy penalty (MMD), with unlabelled target recordings",
}
PLAIN = "ecg_only"
"""What the arms of UNLABELLED_TARGET are without their adaptation."""
UNLABELLED_TARGET = ("dann", "mmd")
"""Arms that see the target population's training recordings, without labels, while the source model is trained."""
WITHOUT_LABEL_TEXTS = ("ecg_only", "random_queries", *UNLABELLED_TARGET)
"""Arms that cannot be asked for a label by its text."""


TRANSFER_REFERENCE = "signal_only"
TRANSFER_ARMS = {
    "signal_only": "the encoder from fresh weights, diagnoses alone",
    "transfer": "begun with the joint embedding of ECG and clinical context, early parts of the encoder frozen",
    "unfrozen": "as transfer, nothing frozen",
    "frozen": "as transfer, the whole encoder frozen; the linear head that alone learns, from mean tokens of small "
              "spread, has a higher rate of its own (frozen_head_rate)",
    "shuffled_context": "as transfer, each ECG joined with another recording's context",
    "text_supervised": "as transfer, reports and stated axis among the context: they contain the diagnoses",
    "signal_only_abnormalities": "as signal_only, with the head for abnormalities beside the diagnoses",
    "transfer_abnormalities": "as transfer, with the head for abnormalities beside the diagnoses",
}
SHUFFLED, TEXT_SUPERVISED = "shuffled_context", "text_supervised"
"""Arms that begin with a joint embedding of their own; the others that begin with one share one a seed."""
TRANSFER_PAIRS = (
    ("transfer", SHUFFLED), ("unfrozen", "transfer"), ("frozen", "transfer"), ("transfer_abnormalities", "transfer"),
    (TEXT_SUPERVISED, "transfer"))
"""What is compared beside every arm and TRANSFER_REFERENCE: the former minus the latter."""
TRANSFER_SETTINGS = {"encoder", "recordings", "subset_seed", "frozen_depth", "frozen_head_rate",
                     "abnormalities_weight", "epochs_at_most", "steps_at_most", "dropout", "joint", "training",
                     "joint_training"}
"""Of a grid of proxy T. recordings: of the one subset that every arm shares, drawn with subset_seed; frozen_head_rate:
peak rate of the head of the arm whose encoder is frozen whole; joint: further fields of `JointConfig`; training and
joint_training: fields of `TrainConfig`, the former's epochs being as many as both limits allow."""
TRANSFER_BUDGET = {"training": {"batch"}, "joint_training": {"batch", "epochs"}}
"""What these name at least, so that a page can say what an arm was given."""

JOURNAL_REFERENCE = "resnet1d"
JOURNAL_ARMS = {
    "resnet1d": "ResNet-1D of the pediatric ML journal, small, a linear head on its mean token",
    "age_aware": "the same with an embedding of the age beside the ECG's",
    "age_unknown": "the age-aware network, its head and all, told no age in training and after it",
    "hybrid": "the same with measurements, rule results, age and lead mask beside the ECG's",
    "hybrid_unmeasured": "the hybrid with every measurement and rule result missing, in training and after it",
    "s4d": "S4D, a linear head on its mean token",
    "xresnet1d": "xresnet1d, a linear head on its mean token",
    "peace": "PEACE with a small pyramid: text queries, descriptors, LSBC, curriculum gate",
}
JOURNAL_AGAINST = {"age_aware": "age_unknown", "hybrid": "hybrid_unmeasured"}
"""What an arm is compared with, where that is not JOURNAL_REFERENCE."""
JOURNAL_SETTINGS = {"recordings", "subset_seed", "networks", "training", "knowledge"}
"""Of a grid of proxy J. recordings: of the one subset that every arm learns from, drawn with subset_seed; networks: of
each arm, as in a recipe; training: fields of `TrainConfig`, the same for every arm; knowledge: weights of the losses
that only PEACE has."""
OWN_SETTINGS = {TRANSFER: ("transfer", TRANSFER_SETTINGS), JOURNAL: ("journal", JOURNAL_SETTINGS)}
"""Proxies with settings of their own, whose grids hold nothing else: the settings' name and what they are."""


PAIR = "pair"
"""The kind of a row that holds nothing but a comparison beside the one in its arm's own row."""


class GridError(Exception):
    """A grid that cannot be run; str() says which entry and what is expected."""


@dataclass(frozen=True)
class Cell:
    """One result to get. shots: labelled target recordings a label, 0 none, ALL_SHOTS every one; label: held out.

    draw: which draw of the few shots; 0 where nothing is drawn. share: of the labels that are learnt from.
    """

    proxy: str
    arm: str
    seed: int
    shots: int = 0
    draw: int = 0
    label: str = ""
    share: float = 1.0

    @property
    def name(self) -> str:
        parts = [self.proxy, self.arm, f"seed{self.seed}"]
        if self.proxy == AGE_SHIFT:
            parts += [f"n{shots_text(self.shots)}", f"draw{self.draw}"]
        if self.proxy == TRANSFER:
            parts.append(f"share{self.share:g}")
        return "-".join([*parts, self.label] if self.label else parts)


@dataclass(frozen=True, eq=False)
class Grid:
    """profile: of labels. network, training, adaptation: settings as the grid's file gives them. simulated: age bands
    that proxy G imitates, recordings it edits, the seed they are drawn with. A grid of proxy T or J has transfer or
    journal in their place (`OWN_SETTINGS`)."""

    name: str
    about: str
    profile: str
    network: dict[str, Any]
    training: dict[str, Any]
    adaptation: dict[str, Any]
    simulated: dict[str, Any]
    cells: tuple[Cell, ...]
    transfer: dict[str, Any] = field(default_factory=dict)
    journal: dict[str, Any] = field(default_factory=dict)

    def fingerprint(self, proxy: str) -> str:
        """Over the settings that a result of this proxy depends on, but not over which cells there are."""
        if proxy in OWN_SETTINGS:
            return _digest([self.profile, self.transfer or self.journal])
        settings: list[Any] = [self.profile, self.network, self.training]
        if proxy == AGE_SHIFT:
            settings.append(self.adaptation)
        if proxy == SIMULATED:
            settings.append(self.simulated)
        return _digest(settings)


class TransferSteps(NamedTuple):
    """Of a training on labels: recordings of a batch, batches of an epoch, epochs."""

    batch: int
    per_epoch: int
    epochs: int


def transfer_steps(settings: Mapping[str, Any], recordings: int) -> TransferSteps:
    """What so many labelled recordings are given: as many epochs as both limits allow. settings: of proxy T."""
    batch = min(settings["training"]["batch"], recordings)
    per_epoch = max(1, recordings // batch)
    return TransferSteps(
        batch, per_epoch, max(1, min(settings["epochs_at_most"], -(-settings["steps_at_most"] // per_epoch))))


def joint_run(arm: str, seed: int) -> str | None:
    """Name of the run of the joint embedding that an arm of proxy T begins with; None where it begins with none."""
    if arm.startswith(TRANSFER_REFERENCE):
        return None
    return f"{TRANSFER}-joint-{arm if arm in (SHUFFLED, TEXT_SUPERVISED) else 'clinical'}-seed{seed}"


def _digest(settings: list[Any]) -> str:
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:16]


def shots_text(shots: int) -> str:
    return "all" if shots == ALL_SHOTS else str(shots)


def load_grid(path: Path) -> Grid:
    """Raises GridError naming the entry that is missing, unknown or wrong."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise GridError(f"{path.name}: not JSON ({error})") from error
    own = next((proxy for proxy, (name, _) in OWN_SETTINGS.items() if isinstance(content, dict) and name in content),
               None)
    of, settings = ("simulated", SIMULATED_SETTINGS) if own is None else OWN_SETTINGS[own]
    wanted = {"name", "about", "profile", "proxies", *(OF_OTHER_PROXIES if own is None else (of,))}
    if not isinstance(content, dict) or set(content) != wanted:
        differing = sorted(wanted ^ set(content)) if isinstance(content, dict) else sorted(wanted)
        raise GridError(f"{path.name}: missing or unknown: {', '.join(differing)}")
    if set(content[of]) != settings:
        raise GridError(f"{path.name}: {of}: expected {', '.join(sorted(settings))}")
    for part, named in TRANSFER_BUDGET.items() if own == TRANSFER else ():
        if missing := sorted(named - set(content[of][part])):
            raise GridError(f"{path.name}: {of}.{part}: name {' and '.join(missing)}")
    cells: list[Cell] = []
    for proxy, entry in content.pop("proxies").items():
        if proxy not in PROXIES:
            raise GridError(f"{path.name}: proxy {proxy} is not one of {', '.join(PROXIES)}")
        if own is not None and proxy != own or own is None and proxy in OWN_SETTINGS:
            needed = own if own is not None else proxy
            raise GridError(f"{path.name}: proxy {needed} and the settings {OWN_SETTINGS[needed][0]} go together, "
                            "without others")
        try:
            cells += _cells(proxy, dict(entry))
        except (KeyError, TypeError, ValueError) as error:
            raise GridError(f"{path.name}: proxy {proxy}: {error}") from error
    return Grid(cells=tuple(cells), **{**dict.fromkeys(OF_OTHER_PROXIES, {}), **content})


def _cells(proxy: str, entry: dict[str, Any]) -> list[Cell]:
    seeds, arms = entry.pop("seeds"), entry.pop("arms")
    known = {TRANSFER: TRANSFER_ARMS, JOURNAL: JOURNAL_ARMS}.get(proxy, ARMS)
    unknown = [arm for arm in arms if arm not in known]
    if unknown:
        raise ValueError(f"arm {unknown[0]} is not one of {', '.join(known)}")
    if proxy != AGE_SHIFT and set(arms) & set(UNLABELLED_TARGET):
        raise ValueError(f"{' and '.join(UNLABELLED_TARGET)} need a target population, which only proxy B has")
    if proxy == HELD_OUT and set(arms) & set(WITHOUT_LABEL_TEXTS):
        raise ValueError(f"{', '.join(WITHOUT_LABEL_TEXTS)} cannot be asked for a label by its text")
    cells = []
    if proxy == AGE_SHIFT:
        shots, draws = [ALL_SHOTS if n == "all" else int(n) for n in entry.pop("shots")], int(entry.pop("draws"))
        for seed in seeds:
            for arm in arms:
                cells += [Cell(proxy, arm, seed, n, draw) for n in shots for draw in range(1 if n == 0 else draws)]
    elif proxy == TRANSFER:
        shares = [float(share) for share in entry.pop("shares")]
        if not all(0 < share <= 1 for share in shares):
            raise ValueError("shares lie above 0 and are 1 at the most")
        cells += [Cell(proxy, arm, seed, share=share) for seed in seeds for arm in arms for share in shares]
    elif proxy == HELD_OUT:
        labels = entry.pop("labels")
        cells += [Cell(proxy, arm, seed, label=label) for seed in seeds for label in labels for arm in arms]
    else:
        cells += [Cell(proxy, arm, seed) for seed in seeds for arm in arms]
    if entry:
        raise ValueError(f"unknown: {', '.join(sorted(entry))}")
    return cells
