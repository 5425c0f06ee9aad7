"""The demo library's recipe: which recordings to simulate."""

import json
from dataclasses import dataclass, replace
from typing import Any

from peace_model.ecg.recording import Recording
from peace_model.ecg.simulation.simulate import simulate
from peace_model.ecg.simulation.spec import Disturbances, Pathology, SimulationSpec
from peace_model.resources import resource


@dataclass(frozen=True)
class DemoItem:
    """One demo recording: the record's file name, a title that gives no diagnosis away, and what to simulate.

    patient: a key that recordings of one child share, "" for a child with this recording alone.
    """

    name: str
    title: str
    spec: SimulationSpec
    patient: str = ""

    def recording(self) -> Recording:
        """The simulated recording."""
        made = simulate(self.spec).recording
        return replace(made, patient_key=self.patient) if self.patient else made


def demo_recipe() -> tuple[DemoItem, ...]:
    """The recordings of resources/demo/recipe.json. Raises ValueError for an entry that cannot be simulated."""
    content = json.loads(resource("demo", "recipe.json").read_text(encoding="utf-8"))
    return tuple(_item(entry) for entry in content["recordings"])


def _item(entry: dict[str, Any]) -> DemoItem:
    spec = dict(entry["spec"])
    try:
        spec["pathologies"] = frozenset(Pathology[name] for name in spec.get("pathologies", ()))
    except KeyError as error:
        raise ValueError(f"{entry['name']}: {error.args[0]} is no pathology of the simulation") from None
    disturbances: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value
                                    for key, value in spec.get("disturbances", {}).items()}
    spec["disturbances"] = Disturbances(**disturbances)
    return DemoItem(entry["name"], entry["title"], SimulationSpec(**spec), entry.get("patient", ""))
