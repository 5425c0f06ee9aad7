"""What the window is given to work with, put together by `app`."""

from collections.abc import Callable
from dataclasses import dataclass

from peace_desktop.jobs.bundle_shelf import SHIPPED, BundleShelf
from peace_desktop.jobs.lanes import Lanes
from peace_desktop.jobs.model import Model
from peace_desktop.jobs.table_profiles import TableProfiles
from peace_desktop.jobs.warm import open_predictor
from peace_desktop.library.repository import Library
from peace_desktop.paths import Places
from peace_desktop.ui.findings.prediction_view import LabelName
from peace_model.inference.session import Provider


@dataclass(frozen=True)
class Services:
    """make_model: the shipped model for a provider, loaded later in the work lane. labels: what statements are made on.

    profiles: of tables, as the import's wizard keeps them. is_demo: the library is a temporary one of simulated
    recordings. leads_on: from the demo there is a way to one's own library. home: settings, log and the usual library.
    """

    library: Library
    lanes: Lanes
    make_model: Callable[[Provider], Model]
    labels: tuple[LabelName, ...]
    profiles: TableProfiles
    version: str
    home: Places
    is_demo: bool = False
    leads_on: bool = False

    @property
    def shelf(self) -> BundleShelf:
        """The bundles that can be chosen."""
        return BundleShelf(self.home.bundles)

    def model(self, provider: Provider, choice: str) -> Model:
        """The chosen bundle for a provider, loaded later in the work lane; one that cannot be loaded says why."""
        if choice == SHIPPED:
            return self.make_model(provider)
        return Model(lambda: open_predictor(self.shelf.folder_of(choice), provider=provider))
