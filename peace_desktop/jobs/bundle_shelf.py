"""The bundles a person can choose from: the one that comes with the application, and those they added.

An added one is copied into the user's data folder, so that it is still there when the disk it came from is not, and is
known by the SHA-256 of its graph, as everywhere.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from peace_desktop.texts import _, error_words
from peace_model.inference.bundle import Bundle, default_bundle_folder, load_bundle
from peace_model.inference.bundle_fields import BundleError
from peace_model.inference.predictor import Predictor

SHIPPED = ""
"""The choice of the bundle that comes with the application."""
_CARD, _PART = "card.md", ".part"


@dataclass(frozen=True)
class ShelvedBundle:
    """choice: what the settings keep, `SHIPPED` or the SHA-256. problem: why it cannot be used, "" when it can; of such
    a one nothing but its choice may be known. lists_seen: whether it names the own recordings it has seen."""

    choice: str
    folder: Path
    problem: str = ""
    name: str = ""
    version: str = ""
    sha256: str = ""
    labels: tuple[str, ...] = ()
    learnt_from: str = ""
    lists_seen: bool = False

    @property
    def shipped(self) -> bool:
        return self.choice == SHIPPED

    @property
    def title(self) -> str:
        return f"{self.name} {self.version}" if self.name else self.choice[:12]


class BundleShelf:
    """The bundles under one folder, which is made when the first one is added, after the one that is shipped."""

    def __init__(self, folder: Path, *, shipped: Callable[[], Path] = default_bundle_folder) -> None:
        self._folder = folder
        self._shipped = shipped

    def folder_of(self, choice: str) -> Path:
        """Where a chosen bundle lies, or would. Raises FileNotFoundError without the one that should be shipped."""
        return self._folder / choice if choice != SHIPPED else self._shipped()

    def all(self) -> tuple[ShelvedBundle, ...]:
        """The shipped one first, then the others by name; damaged ones with their problem. Off the window's thread."""
        found = []
        try:
            found.append(_looked_at(SHIPPED, self._shipped()))
        except FileNotFoundError as error:
            found.append(ShelvedBundle(SHIPPED, Path(), str(error)))
        kept = (path for path in self._folder.glob("*") if path.is_dir() and path.suffix != _PART)
        return (*found, *sorted((_looked_at(path.name, path) for path in kept),
                                key=lambda item: (item.name.casefold(), item.version, item.choice)))

    def add(self, folder: Path) -> ShelvedBundle:
        """Check a bundle, run its graph once and keep a copy, in place of an older one of the same graph; the shipped
        one is only named.

        Raises BundleError for one that cannot be used, or whose graph is here with other thresholds: their predictions
        could not be told apart. Raises OSError when it cannot be kept. Off the window's thread.
        """
        bundle = load_bundle(folder)
        Predictor(bundle, "cpu", threads=1)
        for here in self.all():
            if here.sha256 == bundle.sha256:
                _refuse_other_answers(here, bundle)
                if here.shipped:
                    return here
        place = self._folder / bundle.sha256
        building = place.with_suffix(_PART)
        shutil.rmtree(building, ignore_errors=True)
        try:
            building.mkdir(parents=True)
            for file in (folder / "bundle.json", bundle.graph_file, folder / _CARD):
                if file.is_file():
                    shutil.copyfile(file, building / file.name)
            if place.exists():
                shutil.rmtree(place)
            os.replace(building, place)
        finally:
            shutil.rmtree(building, ignore_errors=True)
        return _looked_at(bundle.sha256, place)

    def remove(self, choice: str) -> None:
        """Take an added bundle from the shelf; what it predicted stays in the libraries. Raises OSError."""
        if choice != SHIPPED:
            shutil.rmtree(self._folder / choice)



def _refuse_other_answers(here: ShelvedBundle, bundle: Bundle) -> None:
    """A library knows predictions by their graph: those of other thresholds or another signal path would mix."""
    known = load_bundle(here.folder)
    if (known.calibration, known.pipeline, known.labels) != (bundle.calibration, bundle.pipeline, bundle.labels):
        raise BundleError(bundle.folder / "bundle.json", "graph", _(
            "is that of {bundle}, with other thresholds, so that their predictions could not be told apart").format(
                bundle=here.title), _("remove that one first, or export the new one from another run"))


def _looked_at(choice: str, folder: Path) -> ShelvedBundle:
    try:
        bundle = load_bundle(folder)
    except BundleError as error:
        return ShelvedBundle(choice, folder, error_words(error))
    if choice not in (SHIPPED, bundle.sha256):
        return ShelvedBundle(choice, folder, _("This copy is not what was added. Remove it and add the bundle again."))
    return ShelvedBundle(choice, folder, "", bundle.name, bundle.version, bundle.sha256,
                         tuple(label.code for label in bundle.labels), bundle.training.data,
                         bundle.training.seen is not None)
