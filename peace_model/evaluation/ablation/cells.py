"""Cells of the tables on a grid's page."""

from typing import Any

from peace_model.evaluation.ablation.claims import p_text


def apart(found: dict[str, Any] | None) -> tuple[str, str]:
    if found is None:
        return "", ""
    patients = f"{found['value']:+.4f} ({found['low']:+.4f} to {found['high']:+.4f})"
    if found["seeds_low"] is None:
        return patients, "one seed" if len(found["per_seed"]) == 1 else "no spread"
    return patients, f"{found['seeds_low']:+.4f} to {found['seeds_high']:+.4f}, p {p_text(found['seeds_p'])}"


def table_head(*names: str) -> list[str]:
    return [table_row(*names), table_row(*["---"] * len(names))]


def table_row(*cells: Any) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def number(value: float | None, shape: str = ".4f") -> str:
    return "" if value is None else format(value, shape)
