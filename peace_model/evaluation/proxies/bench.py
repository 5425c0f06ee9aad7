"""What every proxy works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from peace_model.datasets.store import Store
from peace_model.evaluation.ablation.grid import TRANSFER, Cell, Grid
from peace_model.evaluation.ablation.workshop import (
    AdaptingWorkshop,
    ComparingWorkshop,
    FrozenEncoder,
    Workshop,
)


@dataclass(eq=False)
class Bench:
    """folder: of the grid's results; trained networks lie under it. Mutable: the network of the last cell is kept,
    because the next cell often starts from it."""

    grid: Grid
    store: Store
    workshop: Workshop
    folder: Path
    _frozen: dict[str, FrozenEncoder] = field(default_factory=dict)

    @property
    def adapting(self) -> AdaptingWorkshop:
        """The workshop, where the proxy adapts networks or asks them in words."""
        assert isinstance(self.workshop, AdaptingWorkshop)
        return self.workshop

    @property
    def comparing(self) -> ComparingWorkshop:
        """The workshop, where networks of different kinds are compared."""
        assert isinstance(self.workshop, ComparingWorkshop)
        return self.workshop

    def model_folder(self, cell: Cell) -> Path:
        """Few-shot cells share their source network, and proxy G reads the networks of proxy A."""
        proxy = "A" if cell.proxy == "G" else cell.proxy
        share = f"share{cell.share:g}" if proxy == TRANSFER else ""
        parts = [proxy, cell.arm, f"seed{cell.seed}", share, cell.label]
        return self.folder / "models" / "-".join(part for part in parts if part)

    def kept(self, name: str, make: Callable[[], FrozenEncoder]) -> FrozenEncoder:
        """make() once, and again only after another name was asked for."""
        if name not in self._frozen:
            self._frozen = {name: make()}
        return self._frozen[name]
