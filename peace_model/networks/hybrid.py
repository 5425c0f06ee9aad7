"""Rules and network together, as the pediatric ML journal (stevetodman/peds-ecg-viewer) describes its hybrid: an
encoder's mean token beside measurements and rule results, the age and the mask of leads, and one head on all of them.

What the journal's own hybrid never got (its code passes zeros for every rule) this one cannot do without: it refuses to
read an ECG without a row of measurements. A measurement that is missing is zero after standardisation and says so in
an indicator of its own; so is one of a lead that the network is not given.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any

import torch
from torch import Tensor, nn

from peace_model.ecg.leads import STANDARD_12
from peace_model.networks.age_embedding import AgeEmbedding
from peace_model.networks.ecg_network import Beside, EcgNetwork, Encoded
from peace_model.networks.masks import mean_weights

FURTHEST_SD = 8.0
"""A standardised measurement is cut off here: one misread amplitude must not outweigh a batch."""


@dataclass(frozen=True)
class Column:
    """A measurement, by its name in ecg.measurement, or "rule_" and a rule's code; "_cos" and "_sin" after an angle's
    name stand for its two parts. leads: without one of which it is not there."""

    name: str
    leads: tuple[str, ...] = ()


_LIMBS = ("I", "II", "III", "aVR", "aVL", "aVF")
_CHEST = ("V1", "V2", "V3", "V4", "V5", "V6")
COLUMNS = (
    *(Column(name) for name in (
        "heart_rate_bpm", "rr_ms", "rr_sd_ms", "premature_beats_count", "p_ms", "pr_ms", "qrs_ms", "qt_ms",
        "qtc_bazett_ms")),
    *(Column(f"{axis}_axis_deg_{part}", _LIMBS) for axis in ("p", "qrs", "t") for part in ("cos", "sin")),
    *(Column(f"{wave}_{lead.casefold()}_mv", (lead,)) for lead in ("V1", "V6") for wave in ("r", "s")),
    Column("r_avl_mv", ("aVL",)), Column("s_v3_mv", ("V3",)), Column("r_v5_mv", ("V5",)),
    *(Column(f"rule_{code}") for code in (
        "rate_high", "rate_low", "pr_long", "pr_short", "qrs_wide", "qtc_bazett_high", "qtc_bazett_460")),
    Column("rule_axis_left", _LIMBS), Column("rule_axis_right", _LIMBS), Column("rule_lafb", _LIMBS),
    Column("rule_rbbb_complete", ("I", "V1", "V6")), Column("rule_rbbb_incomplete", ("I", "V1", "V6")),
    Column("rule_lbbb", ("I", "V1", "V6")),
    Column("rule_rvh_r_v1", ("V1",)), Column("rule_rvh_s_v6", ("V6",)), Column("rule_rvh_sokolow", ("V1", "V5", "V6")),
    Column("rule_lvh_r_v6", ("V6",)), Column("rule_lvh_s_v1", ("V1",)), Column("rule_lvh_sokolow", ("V1", "V5", "V6")),
    Column("rule_lvh_cornell", ("aVL", "V3")),
    Column("rule_low_voltage_limb", _LIMBS), Column("rule_low_voltage_chest", _CHEST))
"""What the journal lists (rates, intervals, axis, R and S of V1 and V6, its flags) as this package measures and judges
it. Limits that depend on the age stand in the rules, in place of the journal's scores of them."""


@dataclass(frozen=True)
class HybridConfig:
    """encoder: a name of `ENCODERS`. labels: how many. rules, age_width, leads_width: of the three vectors that stand
    beside the ECG's; hidden: of the head. statements: targets of the auxiliary head; 0 = none."""

    encoder: str
    labels: int
    columns: tuple[Column, ...] = COLUMNS
    rules: tuple[int, int] = (64, 32)
    age_width: int = 16
    leads_width: tuple[int, int] = (24, 8)
    hidden: tuple[int, int] = (128, 64)
    dropout: float = 0.3
    statements: int = 0

    def __post_init__(self) -> None:
        unknown = {lead for column in self.columns for lead in column.leads} - set(STANDARD_12)
        if unknown:
            raise ValueError(f"columns: no leads named {', '.join(sorted(unknown))}")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> "HybridConfig":
        columns = tuple(Column(item["name"], tuple(item["leads"])) for item in given["columns"])
        pairs = {field.name: tuple(given[field.name]) for field in fields(cls) if field.name in (
            "rules", "leads_width", "hidden")}
        return cls(**{**given, **pairs, "columns": columns})


class Hybrid(EcgNetwork):
    """Logits (B, C) and mean-pooling weights (B, C, T), the same for every label.

    mean, spread (F,): of the measurements among the recordings that are learnt from; `standardise` sets them.
    """

    mean: Tensor
    spread: Tensor
    needed: Tensor

    def __init__(self, config: HybridConfig) -> None:
        super().__init__(config.encoder, config.statements)
        self.config = config
        count = len(config.columns)
        self.register_buffer("mean", torch.zeros(count))
        self.register_buffer("spread", torch.ones(count))
        self.register_buffer("needed", torch.tensor(
            [[float(lead in column.leads) for lead in STANDARD_12] for column in config.columns]), persistent=False)
        self.rules = _mlp(2 * count, config.rules, config.dropout)
        self.age = AgeEmbedding(config.age_width)
        self.leads = _mlp(len(STANDARD_12), config.leads_width, 0.0)
        into = self.encoder.width + config.rules[-1] + config.age_width + config.leads_width[-1]
        first, second = config.hidden
        self.head = nn.Sequential(
            nn.Linear(into, first), nn.LayerNorm(first), nn.ReLU(), nn.Dropout(config.dropout),
            nn.Linear(first, second), nn.LayerNorm(second), nn.ReLU(), nn.Dropout(config.dropout),
            nn.Linear(second, config.labels))

    def standardise(self, measured: Tensor) -> None:
        """Take mean and spread of each column from (n, F), NaN where one is missing; a column that never varies keeps
        the spread 1."""
        there = ~torch.isnan(measured)
        count = there.sum(dim=0).clamp(min=1)
        values = torch.where(there, measured, 0.0).double()
        mean = values.sum(dim=0) / count
        spread = (torch.where(there, values - mean, 0.0).square().sum(dim=0) / count).sqrt()
        self.mean.copy_(mean)
        self.spread.copy_(torch.where(spread > 1e-6, spread, torch.ones_like(spread)))

    def read_ecg(self, encoded: Encoded, age_days: Tensor, beside: Beside | None = None) -> tuple[Tensor, Tensor]:
        if beside is None:
            raise ValueError("this network reads measurements beside the ECG; give them, never zeros in their place")
        # A column is there when it was measured and no lead that it needs is masked.
        lacking = (1 - beside.lead_mask.clamp(max=1.0)) @ self.needed.T > 0
        there = ~torch.isnan(beside.measured) & ~lacking
        standard = ((beside.measured - self.mean) / self.spread).clamp(-FURTHEST_SD, FURTHEST_SD)
        rules = self.rules(torch.cat([torch.where(there, standard, 0.0), there.to(standard.dtype)], dim=1))
        pooled = torch.cat([encoded.mean(), rules, self.age(age_days), self.leads(beside.lead_mask)], dim=1)
        return self.head(pooled), mean_weights(encoded.padding, self.config.labels, like=encoded.features)


def _mlp(into: int, widths: tuple[int, int], dropout: float) -> nn.Sequential:
    first, second = widths
    return nn.Sequential(nn.Linear(into, first), nn.ReLU(), nn.Dropout(dropout), nn.Linear(first, second), nn.ReLU())


def fresh_hybrid(config: HybridConfig, seed: int) -> Hybrid:
    torch.manual_seed(seed)
    return Hybrid(config)
