"""The study's side of the window: its list, its card, the map that is rated, and what is recorded as shown."""

from typing import TYPE_CHECKING

from peace_desktop.review.circumstances import Display, PersonThen, Versions, Visit
from peace_desktop.review.map_ratings import MapRating, Rating
from peace_desktop.review.measurement_edits import measured_with
from peace_desktop.texts import _
from peace_desktop.ui.case_view import shown_labels
from peace_desktop.ui.findings.prediction_view import LabelName
from peace_desktop.ui.study.card_view import MapToRate, StudyCard, map_words, study_card
from peace_desktop.ui.study.shown import shown_now
from peace_model.ecg.norms import load_norms
from peace_model.inference.prediction import Explanation

if TYPE_CHECKING:
    from peace_desktop.ui.main_window import MainWindow


class StudyDesk:
    """Between StudyCommands, which know the study, and the parts of the window that show it."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window

    def labels(self) -> tuple[LabelName, ...]:
        """The labels that are asked for now, in the order of their keys."""
        window = self._window
        return shown_labels(window.services.labels, window.readings.study, window.commands.prediction)

    def card(self) -> StudyCard | None:
        """What the card over the side column says now."""
        window = self._window
        loaded = window.case.loaded
        if loaded is None:
            return None
        names = {label.code: _(label.name) for label in self.labels()}
        return study_card(window.studies.session, loaded.sha256, loaded.blindness, window.readings.reading,
                          self._map_to_rate(names))

    def _map_to_rate(self, names: dict[str, str]) -> MapToRate | None:
        """The map on the screen, where a reading of a study may rate it."""
        window = self._window
        result, reading = window.commands.prediction, window.readings.reading
        label, method = window.selected, window.settings.map_method
        if result is None or reading is None or label not in names or not result.maps(label, method):
            return None
        rating = next((item.rating for item in reading.map_ratings if (item.label, item.method) == (label, method)),
                      None)
        return MapToRate(label, method, result.bundle_sha256, map_words(names[label], method), rating,
                         editable=window.readings.editable)

    def rate_map(self, rating: Rating) -> None:
        """Rate the map on the screen."""
        card = self.card()
        if card is not None and card.map is not None and card.map.editable:
            self._window.readings.rate_map(MapRating(card.map.label, card.map.method, rating, card.map.bundle_sha256))

    def note(self, maps: tuple[Explanation, ...]) -> None:
        """Record what can be seen at this moment. maps: those drawn."""
        window, loaded = self._window, self._window.case.loaded
        if loaded is not None:
            window.surroundings.note(shown_now(loaded, window.case.analysis, window.studies.item(loaded.sha256),
                                               reader=window.settings.reader_name, maps=maps))

    def display(self) -> Display:
        """How the traces are drawn now."""
        settings, sheet = self._window.settings, self._window.stage.trace.sheet()
        page = sheet.page if sheet is not None else None
        return Display(
            settings.layout, settings.speed_mm_per_s, settings.gain_mm_per_mv, settings.half_standard, settings.filter,
            drawn_layout=page.kind.value if page is not None else "",
            drawn_leads=tuple(dict.fromkeys(strip.lead for strip in page.strips if strip.present)) if page else (),
            own_gains=sheet.gain.own if sheet is not None else (),
            measured_with=measured_with(self._window.edits.in_force))

    def person(self) -> PersonThen | None:
        """What holds of the person now."""
        loaded = self._window.case.loaded
        return PersonThen(loaded.person.age, loaded.person.sex,
                          loaded.person.gestational_age_weeks) if loaded is not None else None

    def keep_visit(self, visit: Visit, sha256: str, reader: str, study_id: str) -> None:
        """Keep the time in front of a recording with its draft."""
        library, lanes = self._window.services.library, self._window.services.lanes
        if not library.read_only:
            self._window.bridge.watch(
                lanes.library.submit(library.keep_visit, sha256, visit, reader=reader, study_id=study_id),
                done=lambda _none: None, failed=lambda error: self._window.fail(
                    _("The reading time was not kept."), error))

    def versions(self) -> Versions:
        """Of what computes what is shown."""
        window, result = self._window, self._window.commands.prediction
        return Versions(window.services.version, result.bundle_sha256 if result is not None else "",
                        result.pipeline_version if result is not None else "", load_norms().version, window.case.shown)

    def opened(self, sha256: str) -> None:
        """Another recording is in front: its time begins, and nothing may be written until it is there."""
        window, study = self._window, self._window.studies.protocol_of(sha256)
        reader = window.settings.reader_name
        window.readings.take(sha256, None, reader=reader, study=study)
        window.surroundings.open(sha256, reader=reader, study_id=study.study_id if study is not None else "")
        window.study_list.select(sha256)

    def loaded(self) -> None:
        """What the library knows of the recording is there."""
        window, loaded = self._window, self._window.case.loaded
        if loaded is not None:
            window.surroundings.resume(loaded.visits)
        window.readings.take(window.case.shown, loaded.readings if loaded is not None else None,
                             reader=window.settings.reader_name,
                             study=window.studies.protocol_of(window.case.shown), barred=window.studies.barred(loaded))

    def read(self, sha256: str) -> None:
        """The list of a study in the place of the worklist, and on with this recording."""
        window, session = self._window, self._window.studies.session
        if session is None:
            return
        window.study_list.show_session(session, sha256)
        window.lists.setCurrentWidget(window.study_list)
        window.study_list.focus_rows()
        if sha256 == window.case.shown:
            window.case.open_again()
        else:
            window.open_recording(sha256)

    def leave(self) -> None:
        """The worklist again."""
        self._window.lists.setCurrentWidget(self._window.worklist)
        self._window.case.open_again()

    def moved(self) -> None:
        """Where the reader stands in the study has changed."""
        window, session = self._window, self._window.studies.session
        if session is not None:
            window.study_list.show_session(session, window.case.shown)
            window.refresh()
