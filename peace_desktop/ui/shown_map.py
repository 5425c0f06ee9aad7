"""The map behind the traces: that of the selected label by the chosen method, or the place kept for one to come."""

from typing import TYPE_CHECKING

from peace_desktop.report.terms import method_words
from peace_desktop.texts import _
from peace_desktop.ui.map_legend import map_legend
from peace_desktop.ui.trace.legend import Legend
from peace_model.explanation.occlusion import METHOD as OCCLUSION
from peace_model.inference.prediction import Explanation

if TYPE_CHECKING:
    from peace_desktop.ui.main_window import MainWindow


def show_map(window: "MainWindow", *, banner: str) -> tuple[Explanation, ...]:
    """Lay the map behind the traces; returns what is drawn. banner: the prediction's, "" where it has none."""
    result, method, label = window.commands.prediction, window.settings.map_method, window.selected
    prediction = window.commands.prediction_of(label)
    maps = result.maps(label, method) if result is not None else ()
    awaited = method == OCCLUSION and prediction is not None and not maps
    window.occlusion.want(label if awaited else "")
    legend = None
    if result is not None and prediction is not None and maps:
        adult_trained = any(reason.code == "adult_trained" for reason in result.general_reasons)
        legend = map_legend(result, label=label, method=method, label_name=_(prediction.name), banner=banner,
                            adult_trained=adult_trained)
    elif prediction is not None and awaited:
        legend = Legend(_(prediction.name), method_words(method), work=window.occlusion.work)
    window.stage.show_map(maps, opacity=window.settings.map_opacity, legend=legend)
    return maps
