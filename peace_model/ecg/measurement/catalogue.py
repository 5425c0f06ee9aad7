"""Everything that is measured, in the order in which window, report, JSON and CSV show it.

A quantity's name carries its unit; a quantity of one lead carries the lead's name in small letters before the unit.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from peace_model.ecg.leads import STANDARD_12
from peace_model.words import mark

Group = Literal["rate", "intervals", "axes", "shape", "leads"]

UNITS = {"_bpm": "bpm", "_ms": "ms", "_deg": "deg", "_mv": "mV"}

REGULARITY = {0: mark("regular"), 1: mark("irregular"), 2: mark("irregular, premature beats")}
T_POLARITY = {1: mark("upright"), 0: mark("flat"), -1: mark("inverted"), 2: mark("upright, then inverted"),
              -2: mark("inverted, then upright")}


@dataclass(frozen=True)
class Quantity:
    """One thing to measure.

    text: its name in words, English, to be translated. parameter: its name in the table of limits, "" where that has
    none. words: for a quantity of words, number -> word. decimals: how finely it is written.
    """

    name: str
    group: Group
    text: str
    unit: str
    parameter: str = ""
    lead: str | None = None
    decimals: int = 0
    words: tuple[tuple[int, str], ...] = ()

    def word(self, value: float) -> str:
        """The word a number of this quantity stands for, "" for a quantity of numbers."""
        return dict(self.words).get(round(value), "")


def _quantity(name: str, group: Group, text: str, parameter: str = "") -> Quantity:
    unit = next((unit for end, unit in UNITS.items() if name.endswith(end)), "")
    return Quantity(name, group, text, unit, parameter, decimals=2 if unit == "mV" else 0)


WHOLE: tuple[Quantity, ...] = (
    _quantity("heart_rate_bpm", "rate", mark("Heart rate"), "heart_rate"),
    _quantity("heart_rate_min_bpm", "rate", mark("Heart rate, lowest")),
    _quantity("heart_rate_max_bpm", "rate", mark("Heart rate, highest")),
    _quantity("rr_ms", "rate", mark("RR interval")),
    _quantity("rr_sd_ms", "rate", mark("RR standard deviation")),
    Quantity("rhythm_regularity", "rate", mark("Rhythm"), "", words=tuple(REGULARITY.items())),
    _quantity("beats_count", "rate", mark("Beats")),
    _quantity("premature_beats_count", "rate", mark("Premature beats")),
    _quantity("wide_beats_count", "rate", mark("Wide beats")),
    _quantity("paced_beats_count", "rate", mark("Paced beats")),
    _quantity("p_ms", "intervals", mark("P duration"), "p_duration"),
    _quantity("pr_ms", "intervals", mark("PR interval"), "pr_interval"),
    _quantity("pr_segment_ms", "intervals", mark("PR segment")),
    _quantity("qrs_ms", "intervals", mark("QRS duration"), "qrs_duration"),
    _quantity("qt_ms", "intervals", mark("QT interval")),
    _quantity("qtc_bazett_ms", "intervals", mark("QTc (Bazett)"), "qtc_bazett"),
    _quantity("qtc_fridericia_ms", "intervals", mark("QTc (Fridericia)"), "qtc_fridericia"),
    _quantity("qtc_hodges_ms", "intervals", mark("QTc (Hodges)"), "qtc_hodges"),
    _quantity("qtc_framingham_ms", "intervals", mark("QTc (Framingham)"), "qtc_framingham"),
    _quantity("p_axis_deg", "axes", mark("P axis"), "p_axis"),
    _quantity("qrs_axis_deg", "axes", mark("QRS axis"), "qrs_axis"),
    _quantity("t_axis_deg", "axes", mark("T axis")),
    _quantity("slow_onset_ms", "shape", mark("Slow beginning of QRS")),
    _quantity("r_peak_time_avl_ms", "shape", mark("R peak time in aVL")),
    _quantity("r_peak_time_v1_ms", "shape", mark("R peak time in V1")),
    _quantity("r_peak_time_v5_ms", "shape", mark("R peak time in V5")),
    _quantity("r_peak_time_v6_ms", "shape", mark("R peak time in V6")),
    _quantity("r_duration_i_ms", "shape", mark("R duration in I")),
    _quantity("s_duration_i_ms", "shape", mark("S duration in I")),
    _quantity("r_duration_v6_ms", "shape", mark("R duration in V6")),
    _quantity("s_duration_v6_ms", "shape", mark("S duration in V6")),
    _quantity("second_r_v1_mv", "shape", mark("Second R wave in V1")),
    _quantity("second_r_v2_mv", "shape", mark("Second R wave in V2")),
)
"""Quantities of the whole recording."""

PER_LEAD: tuple[tuple[str, str, str, int], ...] = (
    ("p_{lead}_mv", mark("P amplitude"), "p_amplitude", 2),
    ("q_{lead}_mv", mark("Q amplitude"), "q_amplitude", 2),
    ("r_{lead}_mv", mark("R amplitude"), "r_amplitude", 2),
    ("s_{lead}_mv", mark("S amplitude"), "s_amplitude", 2),
    ("rs_ratio_{lead}", mark("R/S ratio"), "rs_ratio", 1),
    ("st_j_{lead}_mv", mark("ST at J"), "", 2),
    ("st_j60_{lead}_mv", mark("ST at J + 60 ms"), "", 2),
    ("t_{lead}_mv", mark("T amplitude"), "", 2),
    ("t_polarity_{lead}", mark("T polarity"), "", 0),
)
"""Quantities of every lead: name, words, parameter, decimals. Q and S are depths, positive; P, ST and T have signs."""


def in_lead(template: str, lead: str) -> str:
    """A lead quantity's name: ("r_{lead}_mv", "aVL") -> "r_avl_mv"."""
    return template.format(lead=lead.casefold())


@lru_cache(maxsize=64)
def catalogue(leads: tuple[str, ...]) -> tuple[Quantity, ...]:
    """Every quantity for a recording of these leads: those of the whole, then the standard leads', then the others'."""
    return WHOLE + tuple(
        Quantity(in_lead(template, lead), "leads", text,
                 next((unit for end, unit in UNITS.items() if template.endswith(end)), ""), parameter, lead, decimals,
                 tuple(T_POLARITY.items()) if template.startswith("t_polarity") else ())
        for lead in (*STANDARD_12, *(lead for lead in leads if lead not in STANDARD_12))
        for template, text, parameter, decimals in PER_LEAD)


@lru_cache(maxsize=4096)
def quantity(name: str, lead: str | None = None) -> Quantity:
    """A quantity by its name. Raises KeyError for a name that is not in the catalogue."""
    return _by_name(() if lead is None or lead in STANDARD_12 else (lead,))[name]


@lru_cache(maxsize=64)
def _by_name(leads: tuple[str, ...]) -> dict[str, Quantity]:
    return {entry.name: entry for entry in catalogue(leads)}
